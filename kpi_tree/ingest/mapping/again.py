"""Sales that another file tells too: what is taken of them, by the option ``again``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

SALES = ("orders", "order_lines", "refunds")
"""Tables that tell what was sold."""
LEFT_OUT, COUNTED_TOO = "sales", "count"
"""Leave the sales of this file out, or count both."""
AGAIN: Mapping[str, Sequence[str]] = {LEFT_OUT: SALES, "refunds": ("refunds",)}
"""What is left out, by the option."""


def kept_of(table: str, rows: pa.Table, again: str | None) -> pa.Table:
    """The rows of a record table that are taken.

    >>> kept_of("orders", pa.table({"order_id": ["1"]}), "sales").num_rows
    0
    """
    return rows.slice(0, 0) if table in AGAIN.get(again or "", ()) else rows
