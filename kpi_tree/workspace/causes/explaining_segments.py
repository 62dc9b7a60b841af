"""The few segments that explain most of a difference, looked for over one and two dimensions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import numpy as np

from kpi_tree.analysis.scenario import spread
from kpi_tree.analysis.segments import Cell, Finding, smallest_set
from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.nodes import find_node
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.causes.explained import Part
from kpi_tree.workspace.causes.explaining_checks import SURE
from kpi_tree.workspace.causes.explaining_parts import Amounts, Key, Split, parts_of, split_of
from kpi_tree.workspace.causes.foundsegments import Found, Segments
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.figuring.figures import series_for

NOT_LOOKED_AT = frozenset({"hour", "weekday", "currency"})
"""Dimensions of time, which are the calendar's, and one that no total is made over."""
PAIRED = 3
"""Dimensions that tell most are looked at two by two."""
FULL = 400
"""Segments of a dimension beyond which a pair with it is not looked at."""
SHOWN = 3
PULLS = 0.4
"""The share of the difference from which a rise or a fall counts, where others pull the other way."""
WEEKS = 53


@verb
def find_segments(
    home: Home,
    who: Asker,
    node: str,
    *,
    after: Period,
    before: Period,
    at: date,
    plan_id: str | None = None,
    same_days: bool = False,
) -> Found:
    """The smallest sets of segments that explain most of a measured node's difference.

    Every dimension is looked at alone, and those that tell most two by two. Segments of a set never overlap.

    Raises:
        NotFound: no such node. Refused: it has no data of its own, or is split by nothing.
    """
    plan = plan_of(home, who, plan_id)
    search = _Search(home, plan, node, after, before, at, same_days)
    dims = _dims(home, plan, node)
    alone: dict[Key, dict[Key, Cell]] = {(dim,): search.cells((dim,)) for dim in dims}
    split = search.split
    if split is None:
        raise search.refusal or Refused(msg("Nothing splits this indicator."), place=node)
    delta = split.now.value - split.then.value - math.fsum(one.value or 0.0 for one in split.calendar)
    known = {key: cells for key, cells in alone.items() if cells}
    ranked = sorted(known, key=lambda key: (-_telling(known[key], delta), key))
    best = [key[0] for key in ranked if len(known[key]) <= FULL][:PAIRED]
    for one, other in combinations(sorted(best), 2):
        if cells := search.cells((one, other)):
            known[(one, other)] = cells
    findings = _different(smallest_set(known, delta))
    return Found(
        node=split.top.id, name=name_of(split.top, catalogue_of(home)), unit=split.kpi.unit,
        currency=split.currency, before=split.then, after=split.now,
        sets=tuple(search.told(finding, delta) for finding in findings[:SHOWN]),
        looked=tuple(dims), new=tuple(search.came("new")), gone=tuple(search.came("gone")),
        against=None if findings or not ranked else search.pulled(ranked[0], delta),
    )  # fmt: skip


def _dims(home: Home, plan: Plan, node: str) -> list[str]:
    kpi = catalogue_of(home).get(find_node(plan, node).kpi or "")
    return [dim for dim in (kpi.dimensions if kpi else ()) if dim not in NOT_LOOKED_AT]


def _telling(cells: Mapping[Key, Cell], delta: float) -> float:
    """How unevenly a dimension shares the difference: 0 where each segment has its size of it."""
    before = math.fsum(abs(cell.before) for cell in cells.values()) or 1.0
    return math.fsum(abs(cell.value / (delta or 1.0) - abs(cell.before) / before) for cell in cells.values())


def _different(findings: Sequence[Finding]) -> list[Finding]:
    """Each dimension told once: what a pair says better is not said again alone, and the other way round."""
    found: list[Finding] = []
    for one in findings:
        if not any(set(one.dims) & set(other.dims) for other in found):
            found.append(one)
    return found


class _Search:
    """The segments of one difference, a query a split."""

    def __init__(
        self, home: Home, plan: Plan, node: str, after: Period, before: Period, at: date, same_days: bool
    ) -> None:
        self.home, self.plan, self.node = home, plan, node
        self.after, self.before, self.at, self.same_days = after, before, at, same_days
        self.split: Split | None = None
        self.refusal: KpiTreeError | None = None
        self.parts: dict[Key, dict[Key, Part]] = {}

    def cells(self, dims: Key) -> dict[Key, Cell]:
        """The segments of some dimensions; none where they do not make up the whole."""
        try:
            split, (old, new) = split_of(
                self.home, self.plan, self.node, dims, self.after, self.before, self.at, self.same_days
            )
        except KpiTreeError as error:
            self.refusal = self.refusal or error
            return {}
        self.split = split
        keys = sorted({*old, *new})
        parts = dict(zip(keys, parts_of(split, old, new), strict=True))
        self.parts[dims] = parts
        made = math.fsum(part.value or 0.0 for part in parts.values()) + math.fsum(
            one.value or 0.0 for one in split.calendar
        )
        delta = split.now.value - split.then.value
        if abs(made - delta) > 1e-6 * max(abs(split.now.value), abs(split.then.value)):
            return {}  # people counted in several segments: a share of the difference would be no share
        return {key: Cell(parts[key].value or 0.0, *_sizes(split, old, new, key)) for key in keys}

    def told(self, finding: Finding, delta: float) -> Segments:
        """A set with what chance alone does to its segments."""
        parts = [self.parts[finding.dims][key] for key in finding.keys]
        weeks = self._weeks(finding)
        made = [
            replace(part, share=(part.value or 0.0) / delta if delta else None, noise=noise)
            for part, noise in zip(parts, (self._noise(part, weeks.get(key)) for part, key in
                                           zip(parts, finding.keys, strict=True)), strict=True)
        ]  # fmt: skip
        where = tuple(dict(zip(finding.dims, key, strict=True)) for key in finding.keys)
        return Segments(finding.dims, tuple(made), where, finding.share, finding.size)

    def came(self, way: str) -> Iterator[tuple[str, Part]]:
        """New or gone segments of single dimensions, the biggest first."""
        found = [
            (dims[0], part) for dims, parts in self.parts.items() if len(dims) == 1
            for part in parts.values() if part.came == way
        ]  # fmt: skip
        yield from sorted(found, key=lambda one: (-abs(one[1].value or 0.0), one[0], one[1].id))

    def pulled(self, dims: Key, delta: float) -> tuple[str, Part, Part] | None:
        """The biggest rise and the biggest fall of a dimension; None where not both count."""
        parts = sorted(self.parts[dims].values(), key=lambda part: (-(part.value or 0.0), part.id))
        if not parts:
            return None
        up, down = parts[0].value or 0.0, parts[-1].value or 0.0
        if up < PULLS * abs(delta) or -down < PULLS * abs(delta):
            return None
        return dims[0], parts[0], parts[-1]

    def _noise(self, part: Part, weeks: np.ndarray | None) -> bool | None:
        """Whether it changed no more than two such spans differ by chance."""
        split = self.split
        if split is None or weeks is None or not part.before or part.after is None:
            return None
        days = split.now.span.days, split.then.span.days
        usual = spread(weeks, math.sqrt(days[0] * days[1]) / 7)
        longer = 1.0 if split.ratio else days[0] / days[1]
        return None if usual is None else abs(part.after / (part.before * longer) - 1) <= SURE * usual

    def _weeks(self, finding: Finding) -> dict[Key, np.ndarray]:
        """A year of weeks of the segments of a set."""
        split = self.split
        assert split is not None
        last = split.now.span.last
        start = last - timedelta(days=7 * WEEKS - 1)
        where = {dim: sorted({key[n] for key in finding.keys}) for n, dim in enumerate(finding.dims)}
        with suppress(KpiTreeError):
            series = series_for(
                self.home, [split.kpi.id], start=start, end=last + timedelta(days=1), grain="day",
                by=finding.dims, where=where,
            )[split.kpi.id]  # fmt: skip
            return dict(_by_week(series.frame, finding, start))
        return {}


def _by_week(frame: Any, finding: Finding, start: date) -> Iterator[tuple[Key, np.ndarray]]:
    """Key → its weeks, each the seven days from ``start`` on; of a ratio sum over sum."""
    from_ = np.datetime64(start)
    for key in finding.keys:
        rows = frame
        for dim, wanted in zip(finding.dims, key, strict=True):
            rows = rows[rows[dim].astype(str) == wanted]
        place = ((rows["period"].to_numpy().astype("datetime64[D]") - from_).astype(int)) // 7
        whole, above, below = (
            np.bincount(place, np.nan_to_num(rows[name].to_numpy(dtype=np.float64)), minlength=WEEKS)[:WEEKS]
            for name in ("value", "numerator", "denominator")
        )
        with np.errstate(all="ignore"):
            yield key, np.where(below > 0, above / below, np.nan) if below.any() else whole


def _sizes(split: Split, old: Amounts, new: Amounts, key: Key) -> tuple[float, float]:
    """How much of the whole a segment is: its amount, or the weight that its ratio has."""
    place = 2 if split.ratio else 0
    one, other = (float(np.nan_to_num(side.get(key, (0.0, 0.0, 0.0))[place])) for side in (old, new))
    return one, other
