"""Why a node's value differs between two periods, by a dimension: each segment's part of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from kpi_tree.analysis import kind_of
from kpi_tree.analysis.contribution import mix_and_rate
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.metrics import Series
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.explained import Explained, Part, Side
from kpi_tree.workspace.explaining import as_long, find_node, no_value
from kpi_tree.workspace.explaining_days import BY_DAYS, STAGES, calendar_part, calendars_of
from kpi_tree.workspace.figures import known_span, series_for
from kpi_tree.workspace.naming import NodeName, name_of
from kpi_tree.workspace.own import catalogue_of
from kpi_tree.workspace.planning import plan as plan_of
from kpi_tree.workspace.rights import Asker, verb

Amounts = dict[str, tuple[float, float, float]]
"""Segment → value, numerator, denominator."""


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
    top = find_node(plan, node)
    kpis = catalogue_of(home)
    kpi = kpis.get(top.kpi or "")
    if kpi is None:
        raise Refused(
            msg("{name} is computed from what stands below it.", name=name_of(top, kpis)),
            place=top.id,
            remedy=msg("Ask for one that is measured, or leave the dimension out."),
        )
    now = _measured(home, kpi, after, by, at)
    if same_days:
        before = as_long(before, after, now[0].span.days)
    then = _measured(home, kpi, before, by, at)
    ratio = kind_of(kpi.rollup) == "rate"
    lines = [] if ratio else _calendar(home, plan, kpi, then[0], now[0], kpis)
    factors = _factors(lines, then[0], now[0])
    parts = _rates(now[1], then[1]) if ratio else _amounts(now[1], then[1], factors)
    made = Explained(
        node=top.id,
        name=name_of(top, kpis),
        unit=kpi.unit,
        currency=now[2].currency,
        direction=kpi.direction,
        before=then[0],
        after=now[0],
        parts=(),
        method="mix-rate" if ratio else "difference",
        notes=tuple(_notes(bool(lines))),
    )
    return _whole(made, top.id, [*parts, *lines], kpi)


def _measured(home: Home, kpi: Kpi, period: Period, by: str, at: date) -> tuple[Side, Amounts, Series]:
    """The value of the whole and of each segment, up to the last day with data."""
    known = known_span(home, [kpi.id], None)
    last = min(period.last, at, known[1]) if known else period.start - timedelta(days=1)
    days = period.elapsed(last) if last >= period.start else 0
    if not days:
        raise no_value(NodeName(kpi.id, kpi.name), period)
    span = period if days == period.days else period.head(days)
    series = series_for(home, [kpi.id], start=span.start, end=span.end, grain="year", by=(by,))[kpi.id]
    total = series.total.get("value")
    if total is None or not np.isfinite(total) or series.totals is None:
        raise no_value(NodeName(kpi.id, kpi.name), period)
    rows = series.totals
    columns = (rows[name].to_numpy(dtype=np.float64) for name in ("value", "numerator", "denominator"))
    found = dict(zip(rows[by].astype(str), zip(*columns, strict=True), strict=True))
    return (
        Side("actual", span, float(total)),
        {key: (float(row[0]), float(row[1]), float(row[2])) for key, row in found.items()},
        series,
    )


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
    return [
        _part(one.segment, one.mix + one.rate, _first(then.get(one.segment)), _first(now.get(one.segment)),
              one.mix, one.rate)
        for one in mix_and_rate(keys, sides[0], sides[1]) or []
    ]  # fmt: skip


def _part(
    key: str,
    value: float,
    before: float | None,
    after: float | None,
    mix: float | None = None,
    rate: float | None = None,
) -> Part:
    came = "new" if not before and after else "gone" if before and not after else ""
    return Part(key, "", key, "", value, None, before, after, leaf=True, mix=mix, rate=rate, came=came)


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


def _notes(calendar: bool) -> Iterator[Msg]:
    if calendar:
        yield BY_DAYS


def _first(row: tuple[float, float, float] | None) -> float | None:
    return row[0] if row is not None and np.isfinite(row[0]) else None


def _zero(row: tuple[float, float, float] | None) -> float:
    return _first(row) or 0.0


def _pair(row: tuple[float, float, float] | None) -> tuple[float, float]:
    return (0.0, 0.0) if row is None else (float(np.nan_to_num(row[1])), float(np.nan_to_num(row[2])))
