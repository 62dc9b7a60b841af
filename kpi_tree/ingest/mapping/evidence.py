"""What the values of columns say where their names leave it open: a sum of a line or of an order, a survey's
scale, the channel of what was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.quantities import NumberColumn
from kpi_tree.ingest.mapping.composed import ORDER_TABLE
from kpi_tree.ingest.mapping.fixed import OPTION, values_of
from kpi_tree.ingest.mapping.mapping import FileMapping, replaced

MOST = 0.9
"""Share of rows that must agree."""


_CALLS = re.compile(
    r"\bcall(?:s|er)?\b|\banruf|samtale|\bsamtal|\banrop|\bopkald|\bappel|通話|着信", re.IGNORECASE
)
"""Words of headers that only telephones have."""


def sums_of_lines(proposal: FileMapping, columns: Sequence[Column]) -> FileMapping:
    """A proposal whose order total is one of lines, where it is quantity times price in the rows of orders
    that have several: an order's own total would be that of its last line."""
    by_field = {field: name for name, field in proposal.columns.items()}
    if proposal.table != ORDER_TABLE or "line_total" in by_field or "total" not in by_field:
        return proposal
    looked = {column.name: column for column in columns}
    known = [looked.get(by_field.get(field, "")) for field in ("total", "quantity", "unit_price", "order_id")]
    total, quantity, price = (_numbers(column) for column in known[:3])
    orders = known[3]
    if total is None or quantity is None or price is None or orders is None:
        return proposal
    several = orders.cells.counts[orders.cells.index] > 1
    if not several.any() or np.mean(np.isclose(total, quantity * price, atol=0.02)[several]) < MOST:
        return proposal
    return replaced(proposal, by_field["total"], "line_total")


def _numbers(column: Column | None) -> npt.NDArray[np.float64] | None:
    if column is None or column.numbers is None:
        return None
    found: npt.NDArray[np.float64] = _amounts(column.numbers)[column.cells.index]
    return found


def _amounts(numbers: NumberColumn) -> npt.NDArray[np.float64]:
    """The distinct numbers of a column; one that is none is no number."""
    values = np.asarray(numbers.mantissa, np.float64) / np.power(
        10.0, np.asarray(numbers.decimals, np.float64)
    )
    return np.where(np.asarray(numbers.ok, bool), values, np.nan)


def values_by(proposal: FileMapping, columns: Sequence[Column]) -> Mapping[str, str]:
    """What the file says of all its rows, for fields that it has no column for; only ever proposed.

    Returns:
        Field -> value: a survey's kind and scale by its highest answers, e-mail where mails were opened.
    """
    fields = set(proposal.columns.values())
    found: dict[str, str] = {}
    if proposal.table == "surveys":
        found = _survey(proposal, columns)
    elif proposal.table == "message_sends" and "unique_opens" in fields:
        found = {"channel": "email"}
    elif proposal.table == "tickets" and any(_CALLS.search(column.name) for column in columns):
        found = {"channel": "phone"}
    said = values_of(proposal.options)
    return {**{field: value for field, value in found.items() if field not in fields}, **said}


def _survey(proposal: FileMapping, columns: Sequence[Column]) -> dict[str, str]:
    name = next((name for name, field in proposal.columns.items() if field == "score"), None)
    column = next((column for column in columns if column.name == name), None)
    if column is None or column.numbers is None or not np.asarray(column.numbers.ok, bool).any():
        return {}
    given = _amounts(column.numbers)
    given = given[~np.isnan(given)]
    if given.min() >= 1 and given.max() <= 5:
        return {"kind": "csat", "scale": "5"}
    return {"kind": "nps", "scale": "10"} if given.min() >= 0 and 5 < given.max() <= 10 else {}


def with_evidence(proposal: FileMapping, columns: Sequence[Column]) -> FileMapping:
    """A proposal with what the values say beside it."""
    if proposal.table is None:
        return proposal
    values = values_by(proposal, columns)
    options = {**proposal.options, **({OPTION: dict(values)} if values else {})}
    return FileMapping(proposal.table, proposal.columns, options, proposal.confidence)
