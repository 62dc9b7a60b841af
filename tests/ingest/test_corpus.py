"""Every file of the corpus is read right: its rows as text, its dates and amounts as values."""

from __future__ import annotations

import pytest

from kpi_tree.ingest import inspect, read, rows
from kpi_tree.ingest.limits import Limits
from tests.ingest.corpus import Case, cases

CASES = cases()


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 200
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file(case: Case) -> None:
    found = list(rows(case.data, "file.csv"))
    assert found[0] == case.header
    assert found[1:] == case.rows
    if not case.values:
        assert list(rows(case.data, "file.csv", limits=Limits(whole_bytes=20, part_bytes=80))) == found
    if case.delimiter is not None:
        assert inspect(case.data, "file.csv").delimiter == case.delimiter
    if not case.typed:
        return
    done = read(case.data, "file.csv", mapping=case.mapping(), timezone="UTC")
    costs = done.tables["costs"].to_pylist()
    wanted = [(d, a) for d, a in zip(case.days, case.amounts, strict=True) if a is not None]
    assert [(row["incurred_on"], row["amount"]) for row in costs] == wanted
