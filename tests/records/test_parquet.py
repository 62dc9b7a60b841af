"""Records survive the way to disk and back, exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from kpi_tree.errors import Refused
from kpi_tree.records import arrow_schema, conform, read, write


def test_write_and_read_give_the_same_rows(tmp_path: Path) -> None:
    rows = pa.table({"month": [date(2026, 1, 1)], "value": [0.1 + 0.2], "currency": ["NOK"]})
    path = write("market_size", rows, tmp_path / "market_size" / "b1.parquet")
    back = read(path)
    assert back.schema == arrow_schema("market_size")
    assert back.to_pylist() == [
        {"market": "", "month": date(2026, 1, 1), "value": Decimal("0.3000"), "currency": "NOK", "_row": 1}
    ]
    assert [p.name for p in path.parent.iterdir()] == ["b1.parquet"]


def test_an_instant_keeps_its_point_in_time() -> None:
    rows = pa.table({"order_id": ["1"], "ordered_at": ["2026-03-02T00:30:00+01:00"]})
    stored = conform("orders", rows).to_pylist()[0]
    assert stored["ordered_at"] == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert stored["status"] == "placed"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"month": [date(2026, 1, 1)]}, "value"),
        ({"month": [date(2026, 1, 1)], "value": ["a lot"]}, "money"),
        ({"month": [date(2026, 1, 1)], "value": [1], "colour": ["red"]}, "colour"),
        ({"month": [date(2026, 1, 1), None], "value": [1, 2]}, "1 rows"),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_nothing_is_written(
    rows: dict[str, list[object]], words: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=words):
        write("market_size", pa.table(rows), tmp_path / "b.parquet")
    assert list(tmp_path.iterdir()) == []
