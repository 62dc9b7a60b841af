"""Engines that are used again: quick, and nobody finds what another one left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from kpi_tree.ingest.mapping import engines
from kpi_tree.ingest.mapping.engines import borrowed, close_idle
from kpi_tree.records import leftovers


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of temporary files, with no engine at rest before or after."""
    close_idle()
    monkeypatch.setattr(leftovers.tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    close_idle()
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_one_use_is_there_in_the_next(temporary: Path) -> None:
    with borrowed() as con:
        con.execute("SET VARIABLE secret = 5").fetchall()
        con.execute("CREATE TEMP TABLE marked AS SELECT 1 AS x")
        con.execute("CREATE TEMP VIEW good AS SELECT * FROM marked")
        con.register("given", pa.table({"x": [1]}))
    (folder,) = temporary.iterdir()
    with borrowed() as con:
        assert [*temporary.iterdir()] == [folder], "it is the same engine"
        assert con.execute("SELECT getvariable('secret')").fetchall() == [(None,)]
        for name in ("marked", "good", "given"):
            with pytest.raises(duckdb.CatalogException):
                con.execute(f"SELECT * FROM {name}")
        with borrowed() as other:
            assert len([*temporary.iterdir()]) == 2, "two at once share none"
            other.execute("SELECT 1")


def test_it_reads_nothing_else_and_cannot_be_unlocked(tmp_path: Path) -> None:
    for _ in range(2):
        with borrowed() as con:
            with pytest.raises(duckdb.PermissionException):
                con.execute(f"SELECT * FROM read_csv('{tmp_path}/x.csv')")
            with pytest.raises(duckdb.InvalidInputException):
                con.execute("SET enable_external_access = true")


@pytest.mark.parametrize("fault", ["failed", "spilled", "old"])
def test_one_that_is_not_as_it_was_is_not_used_again(
    temporary: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def use() -> None:
        with borrowed():
            (folder,) = temporary.iterdir()
            if fault == "spilled":
                (folder / "duckdb_temp_storage-0.tmp").touch()
            if fault == "failed":
                raise ZeroDivisionError

    if fault == "old":
        with borrowed():
            pass
        (before,) = temporary.iterdir()
        monkeypatch.setattr(engines, "REST", 0.0)
        with borrowed():
            assert before not in [*temporary.iterdir()]
    elif fault == "failed":
        with pytest.raises(ZeroDivisionError):
            use()
    else:
        use()
    assert [*temporary.iterdir()] == []
