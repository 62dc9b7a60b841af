"""The columns of a file of KPI values with dates down: what each one is, by its header alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpi_tree.ingest.cells.words import is_total_label
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.values.dimensions import dimension_named
from kpi_tree.ingest.values.kpinames import kpi_of
from kpi_tree.ingest.values.kpiwords import words_for
from kpi_tree.ingest.values.observed import DATE_HEADERS, UNIT_HEADERS
from kpi_tree.ingest.values.observedspans import without_span
from kpi_tree.ingest.values.observedtimes import YEARS
from kpi_tree.ingest.values.observedunits import split_unit


@dataclass(frozen=True, slots=True)
class Heads:
    """What the columns beside the dates are.

    Attributes:
        values: header -> the KPI of its values, and the member that they are of (``Oslo``) or "".
        unmeasured: headers of targets, plans and other years. totals: of sums of others.
        others: dimensions, units and remarks.
    """

    values: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unmeasured: Sequence[str] = ()
    totals: Sequence[str] = ()
    others: Sequence[str] = ()


def heads_of(
    names: Sequence[str], ids: Mapping[str, str], *, two_rows: bool = False, also: bool = True
) -> Heads | None:
    """What each column beside the dates is; None where one of them is nothing that is known here.

    Args:
        ids: as :func:`~kpi_tree.ingest.values.kpinames.kpi_ids` gives them.
        also: whether what KPIs are called besides their names counts.
        two_rows: the headers stand in two rows, the one of them joined with the other.

    >>> from kpi_tree.ingest.values.kpinames import kpi_ids
    >>> heads_of(["Date", "Oslo sales", "Bergen sales"], kpi_ids(None), two_rows=True).values
    {'Oslo sales': ('sales', 'Oslo'), 'Bergen sales': ('sales', 'Bergen')}
    >>> heads_of(["Date", "Colour", "sales"], kpi_ids(None)) is None
    True
    """
    names = without_span(names)
    dated = {name for name in names if normal(name) in DATE_HEADERS} or {
        n for n in names if normal(n) in YEARS
    }
    rest = [name for name in names if name not in dated]
    if len(rest) != len(names) - 1:
        return None
    values = {name: (kpi, "") for name in rest if (kpi := kpi_of(ids, name, also=also))}
    unmeasured = [name for name in rest if name not in values and is_unmeasured(ids, name)]
    others = [name for name in rest if _is_beside(name) and name not in values]
    known = {*values, *unmeasured, *others}
    totals = [name for name in rest if name not in known and is_total_label(name)]
    left = [name for name in rest if name not in known and name not in totals]
    grid = _grid(left, ids, two_rows=two_rows)
    values.update(grid)
    if not values or any(name not in grid for name in left) or (totals and not grid):
        return None
    return Heads(values, unmeasured, totals, others)


def _is_beside(name: str) -> bool:
    return bool(dimension_named(name)) or normal(name) in UNIT_HEADERS | YEARS or is_remark(name)


def is_remark(header: str) -> bool:
    """Whether a header is that of remarks.

    >>> is_remark("Min kommentar"), is_remark("Store")
    (True, False)
    """
    said, words = normal(header), words_for("remarks")
    return said in words or any(word in words for word in said.split())


def is_unmeasured(ids: Mapping[str, str], text: str) -> bool:
    """Whether a text names a target, a plan or another year, perhaps of a KPI.

    >>> from kpi_tree.ingest.values.kpinames import kpi_ids
    >>> [is_unmeasured(kpi_ids(None), text) for text in ("Budget", "Sales budget", "Sales", "Fritz budget")]
    [True, True, False, False]
    """
    said, words = normal(text).replace("(", "").replace(")", ""), words_for("unmeasured")
    if said in words or normal(split_unit(text)[0]) in words:
        return True
    parts = said.split()
    for size in range(1, len(parts)):
        for end, rest in ((parts[-size:], parts[:-size]), (parts[:size], parts[size:])):
            if " ".join(end) in words and kpi_of(ids, " ".join(rest)):
                return True
    return False


def _grid(names: Sequence[str], ids: Mapping[str, str], *, two_rows: bool) -> dict[str, tuple[str, str]]:
    """Headers that are each a KPI and a member: the same KPIs for every one of several members."""
    for first in (True, False):
        found = {name: cut for name in names if (cut := _cut(name, ids, member_first=first))}
        if not found or len(found) != len(names):
            continue
        members = {member for _, member in found.values()}
        kpis = {kpi for kpi, _ in found.values()}
        whole = len(set(found.values())) == len(found) == len(members) * len(kpis)
        if whole and len(members) > 1 and (len(kpis) > 1 or two_rows):
            return found
    return {}


def _cut(name: str, ids: Mapping[str, str], *, member_first: bool) -> tuple[str, str] | None:
    parts = name.split()
    for at in range(1, len(parts)):
        one, other = " ".join(parts[:at]), " ".join(parts[at:])
        kpi = kpi_of(ids, other if member_first else one)
        if kpi:
            return kpi, (one if member_first else other).strip(" -–:/|")
    return None
