"""A large file into a table of the shop's own: the same table, rows and words as from a small one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.errors import Cancelled, Refused
from kpi_tree.ingest import Limits
from kpi_tree.ingest.own.own_table import Wish, design_of, read_own
from kpi_tree.records.parquet import held
from kpi_tree.steps import Watch

TINY = Limits(whole_bytes=0, part_bytes=500, drawer_bytes=3000)


@pytest.fixture(autouse=True)
def between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What lies between the passes is gone when the reading is."""
    folder = tmp_path / "between"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


def visits(count: int, *, days: int, doors: int) -> bytes:
    """Counts of people at doors, some of them said again, with bad cells, wide and blank rows and a total."""
    lines = ["Dag;Dør;Besøk;Andel;Åpent"]
    for n in range(count):
        seen = "mange" if n % 19 == 7 else str(n * 7 % 90)
        lines.append(f"2026-03-{n % days + 1:02};Dør {n % doors};{seen};{n % 60},5 %;{n % 12:02}:30:00")
        if n % 29 == 11:
            lines.append("2026-03-01;Dør 1;5;1,0 %;01:00:00;one too many")
        if n % 23 == 5:
            lines.append(";;;;")
    return ("\n".join([*lines, "Totalt;;9999;;"]) + "\n").encode()


def issues(found: list[Any]) -> list[Any]:
    return sorted(tuple(sorted(issue.to_dict().items(), key=str)) for issue in found)


def same(data: bytes, wish: Wish) -> None:
    whole, parts = (design_of(data, "a.csv", wish, limits=limits) for limits in (Limits(), TINY))
    assert parts == whole
    small = read_own(data, "a.csv", whole.table)
    with read_own(data, "a.csv", whole.table, limits=TINY) as large:
        assert held(large.tables["visits"]).to_pylist() == held(small.tables["visits"]).to_pylist()
        assert held(large.quarantine).to_pylist() == held(small.quarantine).to_pylist()
        assert issues(large.issues) == issues(small.issues)
        assert (large.rows, large.inspection.table) == (small.rows, "visits")


@pytest.mark.parametrize(
    ("days", "doors", "key"),
    [(7, 5, ()), (28, 31, ()), (7, 5, ("Dag", "Dør")), (28, 31, ("Dør", "Dag"))],
    ids=["rows without a key", "key found", "key said, repeated", "key said"],
)
def test_a_table_of_ones_own_is_the_same_from_parts(days: int, doors: int, key: tuple[str, ...]) -> None:
    same(visits(90, days=days, doors=doors), Wish("visits", key))


def test_what_is_missing_is_refused_in_the_same_words() -> None:
    data = visits(60, days=28, doors=31)
    table = design_of(data, "a.csv", Wish("visits", ("Dag", "Dør"))).table
    other = data.replace(b"Dag;", b"Tur;")
    said = []
    for limits in (Limits(), TINY):
        with pytest.raises(Refused) as refused:
            read_own(other, "a.csv", table, limits=limits)
        said.append(str(refused.value))
    assert said[0] == said[1]


def test_stopping_leaves_nothing() -> None:
    data = visits(60, days=28, doors=31)
    table = design_of(data, "a.csv", Wish("visits")).table
    for stop in (0, 3, 12):
        left = iter(range(stop))
        watch = Watch(None, lambda left=left: next(left, None) is None)  # type: ignore[misc]
        with pytest.raises(Cancelled):
            read_own(data, "a.csv", table, limits=replace(TINY), watch=watch)
