"""A file read in pieces gives what it gives when it is read at once: rows, records, faults and figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.errors import Refused
from kpi_tree.ingest import Limits, numbered_rows, read
from kpi_tree.records import leftovers
from kpi_tree.records.parquet import RowsFile
from tests.ingest.corpus import Case, cases

TINY = Limits(whole_bytes=0, part_bytes=64, drawer_bytes=200)
CASES = [case for case in cases() if not case.name.startswith(("xlsx", "zip"))]


@pytest.fixture(autouse=True)
def _nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What lies between the passes is gone when the reading is."""
    between = tmp_path / "between"
    between.mkdir()
    monkeypatch.setattr(leftovers.tempfile, "tempdir", str(between))
    yield
    assert list(between.iterdir()) == []


def _issues(issues: list[Any]) -> list[Any]:
    return sorted(tuple(sorted(issue.to_dict().items(), key=str)) for issue in issues)


def _content(found: Any) -> list[dict[str, Any]]:
    table = found.slice(0, found.num_rows) if isinstance(found, RowsFile) else found
    return list(table.to_pylist())


def same(data: bytes, limits: Limits = TINY, **how: Any) -> None:
    """Both ways of reading give the same, or refuse with the same words."""
    words = ""
    try:
        whole = read(data, "file.csv", today=date(2024, 6, 1), **how)
    except Refused as refused:
        words = str(refused)
    if words:
        with pytest.raises(Refused) as again:
            read(data, "file.csv", limits=limits, today=date(2024, 6, 1), **how)
        assert str(again.value) == words
        return
    with read(data, "file.csv", limits=limits, today=date(2024, 6, 1), **how) as parts:
        assert {name: _content(found) for name, found in parts.tables.items()} == {
            name: _content(found) for name, found in whole.tables.items()
        }
        assert _content(parts.quarantine) == _content(whole.quarantine)
        assert _issues(parts.issues) == _issues(whole.issues)
        assert parts.rows == whole.rows
        seen, wanted = parts.inspection.to_dict(), whole.inspection.to_dict()
        for name in ("issues", "kind", "members"):
            del seen[name], wanted[name]
        assert seen == wanted


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_rows_of_a_file_are_the_same(case: Case) -> None:
    assert list(numbered_rows(case.data, "a.csv", limits=TINY)) == list(numbered_rows(case.data, "a.csv"))


@pytest.mark.parametrize("case", [case for case in CASES if case.typed][::3], ids=lambda case: case.name)
def test_its_records_are_the_same(case: Case) -> None:
    same(case.data, mapping=case.mapping(), timezone="UTC")
