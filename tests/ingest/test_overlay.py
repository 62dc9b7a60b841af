"""A corrected row is read as if it had stood in the file, whether the file is read at once or in pieces."""

from __future__ import annotations

import pytest

from kpi_tree.ingest import LIMITS, Limits, read
from kpi_tree.records.parquet import held

HEAD = "Ordrenr;Ordredato;Varenr;Antall;Pris\n"
ROWS = [f"{n // 2};{n % 28 + 1:02}.04.2026;A;1;1.{n:03},50\n" for n in range(1, 200)]
BROKEN, LINE = "99;03.04.2026;B;one;5,00\n", 101
WIDE = "99;03.04.2026;B;1;5,00;more\n"
RIGHT = ["99", "03.04.2026", "B", "1", "5,00"]
TINY = Limits(whole_bytes=0, part_bytes=512, drawer_bytes=2000)


def _file(row: str) -> bytes:
    return (HEAD + "".join([*ROWS[: LINE - 2], row, *ROWS[LINE - 2 :]])).encode()


@pytest.mark.parametrize("limits", [LIMITS, TINY])
@pytest.mark.parametrize("row", [BROKEN, WIDE])
def test_corrected_is_as_if_it_had_been_right(row: str, limits: Limits) -> None:
    plain = read(_file(row), "x.csv", limits=limits)
    assert plain.quarantine.num_rows == 1
    options = {"corrections": {LINE: RIGHT}}
    corrected = read(_file(row), "x.csv", mapping={"options": options}, limits=limits)
    right = read(_file(";".join(RIGHT) + "\n"), "x.csv")
    assert corrected.quarantine.num_rows == 0
    assert list(corrected.tables) == list(right.tables)
    for name, rows in right.tables.items():
        found = held(corrected.tables[name]).sort_by("_row")
        assert found.equals(held(rows).sort_by("_row").cast(found.schema)), name
