"""Every file of the corpus is read right: its rows as text, its dates and amounts as values."""

from __future__ import annotations

import pytest

from kpi_tree.ingest import inspect, numbered_rows, read
from kpi_tree.ingest.answers.limits import Limits
from tests.ingest.corpus import Case, cases

CASES = cases()
PIECES = Limits(whole_bytes=0, part_bytes=64, drawer_bytes=3000)
VALUES = [case.name for case in CASES if case.name.startswith(("date-", "number-"))]
"""Cases that differ in what their cells say, not in how they are cut: some of them are enough in pieces."""
WHOLE = {case.name for case in CASES if case.name.startswith(("xlsx", "zip"))} | {*VALUES} - {*VALUES[::8]}


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 200
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file(case: Case) -> None:
    numbered = list(numbered_rows(case.data, "file.csv"))
    found = [cells for _, cells in numbered]
    assert found[0] == case.header
    assert found[1:] == case.rows
    if case.name not in WHOLE:
        assert list(numbered_rows(case.data, "file.csv", limits=PIECES)) == numbered
    if case.delimiter is not None:
        assert inspect(case.data, "file.csv").delimiter == case.delimiter
    if not case.typed:
        return
    done = read(case.data, "file.csv", mapping=case.mapping(), timezone="UTC")
    costs = done.tables["costs"].to_pylist()
    wanted = [(d, a) for d, a in zip(case.days, case.amounts, strict=True) if a is not None]
    assert [(row["incurred_on"], row["amount"]) for row in costs] == wanted
