"""Why a node's value differs between two periods, by a dimension: each segment's part of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.contribution import mix_and_rate
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics import Series
from kpi_tree.periods import Period
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.naming import NodeName, name_of
from kpi_tree.workspace.base.nodes import find_node
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.causes.explained import Explained, Part
from kpi_tree.workspace.causes.explaining_days import BY_DAYS, STAGES, calendar_part, calendars_of
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.figuring.figures import known_span, series_for
from kpi_tree.workspace.judged.sides import Side, as_long, no_value

Key = tuple[str, ...]
Row = tuple[float, float, float]
Amounts = dict[Key, Row]
"""Segment, a value for each dimension → value, numerator, denominator."""


@dataclass(frozen=True)
class Split:
    """A measured KPI over two spans, and what the calendar made of its difference."""

    kpi: Kpi
    top: Node
    then: Side
    now: Side
    currency: str | None
    calendar: tuple[Part, ...]
    factors: tuple[float, float]

    @property
    def ratio(self) -> bool:
        """Whether its segments are weighed rather than added."""
        return kind_of(self.kpi.rollup) == "rate"


@verb
def explain_by(
    home: Home,
    who: Asker,
    node: str,
    *,
    by: str,
    after: Period,
    before: Period,
    at: date,
    plan_id: str | None = None,
    same_days: bool = False,
) -> Explained:
    """A measured node's difference between two periods, by the segments of a dimension.

    What adds up is split by plain differences; a ratio by mix and rate, centred. Where segments do not make
    up the whole (people counted in several of them) the rest is unexplained.

    Args:
        by: the dimension. Others as :func:`kpi_tree.workspace.explain_change`; ``before`` must be given.

    Raises:
        NotFound: no such node or dimension. Refused: it has no data of its own, or a side has no value.
    """
    plan = plan_of(home, who, plan_id)
    split, amounts = split_of(home, plan, node, (by,), after, before, at, same_days)
    parts = parts_of(split, *amounts)
    made = Explained(
        node=split.top.id,
        name=name_of(split.top, catalogue_of(home)),
        unit=split.kpi.unit,
        currency=split.currency,
        direction=split.kpi.direction,
        before=split.then,
        after=split.now,
        parts=(),
        method="mix-rate" if split.ratio else "difference",
        notes=(BY_DAYS,) if split.calendar else (),
    )
    return _whole(made, split.top.id, [*parts, *split.calendar], split.kpi)


def split_of(
    home: Home, plan: Plan, node: str, by: Key, after: Period, before: Period, at: date, same_days: bool
) -> tuple[Split, tuple[Amounts, Amounts]]:
    """A measured node over two periods, and its segments of both: earlier, later.

    Raises:
        NotFound: no such node or dimension. Refused: it has no data of its own, or a side has no value.
    """
    top, kpis = find_node(plan, node), catalogue_of(home)
    kpi = kpis.get(top.kpi or "")
    if kpi is None:
        raise Refused(
            msg("{name} is computed from what stands below it.", name=name_of(top, kpis)),
            place=top.id,
            remedy=msg("Ask for one that is measured, or leave the dimension out."),
        )
    now, new, series = amounts_of(home, kpi, after, by, at)
    if same_days:
        before = as_long(before, after, now.span.days)
    then, old, _ = amounts_of(home, kpi, before, by, at)
    lines = [] if kind_of(kpi.rollup) == "rate" else _calendar(home, plan, kpi, then, now, kpis)
    split = Split(kpi, top, then, now, series.currency, tuple(lines), _factors(lines, then, now))
    return split, (old, new)


def amounts_of(home: Home, kpi: Kpi, period: Period, by: Key, at: date) -> tuple[Side, Amounts, Series]:
    """The value of the whole and of each segment, up to the last day with data."""
    known = known_span(home, [kpi.id], None)
    last = min(period.last, at, known[1]) if known else period.start - timedelta(days=1)
    days = period.elapsed(last) if last >= period.start else 0
    if not days:
        raise no_value(NodeName(kpi.id, kpi.name), period)
    span = period if days == period.days else period.head(days)
    series = series_for(home, [kpi.id], start=span.start, end=span.end, grain="year", by=by)[kpi.id]
    total = series.total.get("value")
    if total is None or not np.isfinite(total) or series.totals is None:
        raise no_value(NodeName(kpi.id, kpi.name), period)
    rows = series.totals
    keys = zip(*(rows[dim].astype(str) for dim in by), strict=True)
    figures = rows[["value", "numerator", "denominator"]].to_numpy(dtype=np.float64)
    found = {key: (float(a), float(b), float(c)) for key, (a, b, c) in zip(keys, figures, strict=True)}
    return Side("actual", span, float(total)), found, series


def parts_of(split: Split, then: Amounts, now: Amounts) -> list[Part]:
    """Each segment's part of the difference, that of the calendar left out."""
    return _rates(now, then) if split.ratio else _amounts(now, then, split.factors)


def _calendar(home: Home, plan: Plan, kpi: Kpi, then: Side, now: Side, kpis: Mapping[str, Kpi]) -> list[Part]:
    """What days, weekdays and holidays made of the whole, from both sides and the mean taken."""
    spans = (then.span, now.span)
    calendars = calendars_of(home, plan, (kpi.id,), spans, now.span.last, kpis)
    old, new = [then.value], [now.value]
    for stage in STAGES:
        old.append(then.value * calendars.factor(kpi.id, *spans, stage))
        new.append(now.value * calendars.factor(kpi.id, *spans[::-1], stage))
    values = [(b - a + c - d) / 2 for (a, b), (c, d) in zip(pairwise(old), pairwise(new), strict=True)]
    size = max(abs(then.value), abs(now.value))
    return [
        calendar_part(stage, "", value, spans, calendars)
        for stage, value in zip(STAGES, values, strict=True) if abs(value) > 1e-9 * size
    ]  # fmt: skip


def _factors(lines: list[Part], then: Side, now: Side) -> tuple[float, float]:
    """What the earlier and the later amounts count for: their changes then leave what the days made."""
    made = math.fsum(part.value or 0.0 for part in lines)
    whole = then.value + now.value
    by = made / whole if whole else 0.0
    return 1.0 + by, 1.0 - by


def _amounts(now: Amounts, then: Amounts, factors: tuple[float, float]) -> list[Part]:
    return [
        _part(key, _zero(now.get(key)) * factors[1] - _zero(then.get(key)) * factors[0],
              _first(then.get(key)), _first(now.get(key)))
        for key in sorted({*now, *then})
    ]  # fmt: skip


def _rates(now: Amounts, then: Amounts) -> list[Part]:
    keys = sorted({*now, *then})
    sides = [[_pair(side.get(key)) for key in keys] for side in (then, now)]
    names = [named(key) for key in keys]
    return [
        _part(key, one.mix + one.rate, _first(then.get(key)), _first(now.get(key)), one.mix, one.rate)
        for key, one in zip(keys, mix_and_rate(names, sides[0], sides[1]) or [], strict=False)
    ]


def named(key: Key) -> str:
    """A segment of one or more dimensions in words."""
    return " · ".join(key)


def _part(
    key: Key,
    value: float,
    before: float | None,
    after: float | None,
    mix: float | None = None,
    rate: float | None = None,
) -> Part:
    came = "new" if not before and after else "gone" if before and not after else ""
    said = named(key)
    return Part(said, "", said, "", value, None, before, after, leaf=True, mix=mix, rate=rate, came=came)


def _whole(made: Explained, node: str, parts: list[Part], kpi: Kpi) -> Explained:
    """The parts with their shares, and what they leave unexplained on a line of its own."""
    delta = made.delta
    rest = delta - sum(part.value or 0.0 for part in parts)
    size = max(abs(made.after.value), abs(made.before.value))
    done = [
        replace(
            part,
            parent=node,
            share=part.value / delta if delta and part.value is not None else None,
            unit=part.unit or kpi.unit,
        )
        for part in parts
    ]
    if abs(rest) > 1e-9 * size:
        share = rest / delta if delta else None
        done.append(Part(node, node, made.name, "", rest, share, unit=kpi.unit, unexplained=True))
    return replace(made, parts=tuple(done))


def _first(row: tuple[float, float, float] | None) -> float | None:
    return row[0] if row is not None and np.isfinite(row[0]) else None


def _zero(row: tuple[float, float, float] | None) -> float:
    return _first(row) or 0.0


def _pair(row: tuple[float, float, float] | None) -> tuple[float, float]:
    return (0.0, 0.0) if row is None else (float(np.nan_to_num(row[1])), float(np.nan_to_num(row[2])))
