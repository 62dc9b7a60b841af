"""Observations on their way between a file, the store and a series."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa

_VALUES = ("value", "numerator", "denominator")


def rows_of(table: pa.Table | None) -> list[dict[str, Any]]:
    """A reading's observations as the store keeps them; columns that are none of ours are dimensions.

    >>> rows_of(pa.table({"kpi": ["sales"], "start": [date(2026, 1, 1)], "grain": ["day"], "value": [2.0]}))[0]["value"]
    2.0
    """
    if table is None or not table.num_rows:
        return []
    known = {"kpi", "start", "end", "period", "grain", "_row", "row", "note", "dimensions", *_VALUES}
    dims = [name for name in table.column_names if name not in known]
    return [_row(row, dims) for row in table.to_pylist()]


def _row(row: dict[str, Any], dims: list[str]) -> dict[str, Any]:
    start = row.get("start") or row.get("period")
    start = start.date() if isinstance(start, datetime) else start
    given = row.get("dimensions") or {}
    dimensions = dict(given) if isinstance(given, dict | list) else {}
    dimensions.update({name: str(row[name]) for name in dims if row[name] is not None})
    number = row.get("_row", row.get("row"))
    return {
        "kpi": row["kpi"],
        "start": start.isoformat() if isinstance(start, date) else str(start),
        "grain": str(row.get("grain") or "day"),
        "dimensions": dimensions,
        **{name: None if row.get(name) is None else float(row[name]) for name in _VALUES},
        "row_number": None if number is None else int(number),
        "note": row.get("note"),
    }
