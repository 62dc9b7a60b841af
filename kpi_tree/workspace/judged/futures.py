"""The days behind a forecast: each node's own value of every day, about two years back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from kpi_tree.analysis import kind_of, landing
from kpi_tree.analysis.forecast import to_rows
from kpi_tree.analysis.methods import CHOICES, NAMES, STOPPED
from kpi_tree.catalogue import Kpi, find_kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg, translate
from kpi_tree.metrics import Series
from kpi_tree.periods import Period
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.holiday import Unlike, countries_of, day_words
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.nodes import rollup_of, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plans
from kpi_tree.workspace.figuring.figures import Where, series_for
from kpi_tree.workspace.judged.driving import Driven, drivers_below
from kpi_tree.workspace.judged.evaluation import Evaluated
from kpi_tree.workspace.judged.outlook import ALONE, HISTORY_DAYS, LEVEL, Around, Floats, ahead

ADDS_UP = 1e-3
"""How far the sum of the days may lie from the total, as a share: a few visits around midnight."""


@dataclass(frozen=True)
class Days:
    """One value a day, the last one of ``last``.

    Attributes:
        adds_up: whether the days of a count make its total; people who come back on several days do not.
        around: what a forecast may know beside the days.
    """

    values: Floats
    last: date
    adds_up: bool = True
    around: Around = ALONE


def histories(
    home: Home,
    plan: Plan,
    nodes: Iterable[Node],
    at: date,
    where: Where | None,
    as_known: datetime | None = None,
    *,
    drivers: bool = False,
) -> Mapping[str, Days]:
    """Node → its daily values up to the end of its data, at most up to ``at``.

    A node that is measured takes its KPI's days; any other its formula over the days of what it is made of.
    With ``drivers`` the leaves below formula nodes come along, for forecasts.
    """
    wanted = list(nodes)
    known = catalogue_of(home)
    kpis = sorted({node.kpi for node in wanted if node.kpi and node.kpi in known})
    span = Period(at - timedelta(days=HISTORY_DAYS - 1), at + timedelta(days=1))
    series = (
        series_for(
            home, kpis, start=span.start, end=span.end, where=where, keep_refusals=True, as_known=as_known
        )
        if kpis
        else {}
    )
    found: dict[str, Days] = {}
    for node in wanted:
        measured = series.get(node.kpi or "")
        days = _days(measured, span) if measured is not None else None
        if days is not None:
            found[node.id] = days
    rest = [node for node in wanted if node.id not in found and node.formula]
    if rest:
        computed = Evaluated(home, plan, span, at, where, as_known).daily()
        found |= {node.id: _until_known(computed[node.id], span) for node in rest if node.id in computed}
    below = drivers_below(home, plan, wanted, known, span, where, as_known) if drivers else {}
    unlike = Unlike(countries_of(current_settings(home)), plan.events)
    return {
        name: replace(days, around=_around(plan.nodes[name], known, unlike, below.get(name)))
        for name, days in found.items()
    }


def _around(node: Node, known: Mapping[str, Kpi], unlike: Unlike, driven: Driven | None) -> Around:
    share = unit_of(node, known) == "percent"
    unlike = replace(unlike, weighted=kind_of(rollup_of(node, known)) == "flow")
    if driven is None:
        return Around(share, unlike)
    return Around(share, unlike, driven.drivers, driven.through, driven.mark)


def _days(series: Series, span: Period) -> Days | None:
    """A series' days between the ends of its data: outside them a zero would be no zero."""
    if series.data_from is None or series.data_through is None:
        return None
    last = min(series.data_through, span.last)
    size = (last - span.start).days + 1
    if size < 1:
        return None
    values = series.frame["value"].to_numpy(dtype=np.float64)[:size]
    unknown = (series.data_from - span.start).days
    total = series.total.get("value")
    adds_up = total is None or bool(np.isclose(np.nansum(values), total, rtol=ADDS_UP))
    return Days(np.where(np.arange(values.size) < unknown, np.nan, values), last, adds_up)


def _until_known(values: Floats, span: Period) -> Days:
    known = np.flatnonzero(np.isfinite(values))
    size = int(known[-1]) + 1 if known.size else 0
    return Days(values[:size], span.start + timedelta(days=size - 1))


@verb
def kpi_forecast(
    home: Home,
    who: Asker,
    name: str,
    *,
    end: date,
    at: date,
    level: float = LEVEL,
    method: str | None = None,
    lang: str = "en",
) -> dict[str, Any]:
    """A KPI's, or a plan node's, next days before ``end``.

    Args:
        name: id of a KPI or of a node of a plan.
        at: the day looked at; data of later days are left out.
        level: share of outcomes the interval should hold.
        method: short name of the method to take; None takes the one that erred least on earlier days.

    Returns:
        ``method``, ``rows`` (period, value, low, high), ``total`` of these days, ``history``,
        ``backtest``, and ``withheld`` where something is missing.

    Raises:
        NotFound: there is neither such a KPI nor such a node.
        Refused: no data, an end that lies before theirs, a level or method that is none.
    """
    if not 0.5 <= level <= 0.99:
        raise Refused(
            msg("The level must lie between 0.5 and 0.99."),
            place="level",
            remedy=msg("0.8 means that four outcomes of five should lie within the interval."),
        )
    if method is not None and method not in CHOICES:
        raise Refused(
            msg("There is no such method."),
            place=method[:80],
            remedy=msg("The methods are: {names}.", names=", ".join(CHOICES)),
        )
    days, rollup, unit = _named(home, who, name, at)
    if end <= days.last + timedelta(days=1):
        raise Refused(
            msg("The data go through {day}; there is nothing to forecast before.", day=days.last),
            place=(end - timedelta(days=1)).isoformat(),
            remedy=msg("Ask for a later day."),
        )
    made = ahead(
        days.values,
        days.last,
        end,
        days.adds_up or kind_of(rollup) != "flow",
        level=level,
        around=days.around,
        method=method,
    )
    if method is not None and made.value.size and made.method not in (method, STOPPED):
        raise Refused(
            msg("{method} says nothing of {name}.", method=NAMES[method], name=name),
            place=method,
            remedy=msg("Drivers need a formula in the plan, now-and-then demand needs days without any."),
        )
    rows = [
        {"period": (days.last + timedelta(days=n + 1)).isoformat(), **row}
        for n, row in enumerate(to_rows(made))
    ]
    total = landing(made, kind=kind_of(rollup), actual=None, elapsed=0)
    return {
        "id": name,
        "unit": unit,
        "method": translate(made.named(), lang),
        "level": level,
        "rows": rows,
        "total": {"value": total.value, "low": total.low, "high": total.high},
        "history": made.history,
        "data_through": days.last.isoformat(),
        "backtest": made.backtest.to_dict(lang) if made.backtest else None,
        "widened": made.widened,
        "known_days": day_words(made.days, lang),
        "withheld": translate(made.withheld, lang) if made.withheld else None,
    }


def _named(home: Home, who: Asker, name: str, at: date) -> tuple[Days, str, str | None]:
    """The days of a KPI, or of the first plan's node of that id; its rollup and unit."""
    node, plan = _node(home, who, name)
    kpi: Kpi | None = None
    if node is None:
        kpi = find_kpi(name, catalogue_of(home))
        node = Node(name, "kpi", name, kpi=name)
        plan = Plan("alone", nodes={name: node})
    assert plan is not None
    days = histories(home, plan, [node], at, None, drivers=True).get(node.id)
    if days is None or not np.isfinite(days.values).any():
        raise Refused(
            msg("{name} has no values by day to forecast from.", name=name),
            place=name[:80],
            remedy=msg("Load records for it, or values by day."),
        )
    kpi = kpi or catalogue_of(home).get(node.kpi or "")
    return days, rollup_of(node, catalogue_of(home)), node.unit or (kpi.unit if kpi else None)


def _node(home: Home, who: Asker, name: str) -> tuple[Node | None, Plan | None]:
    """The first plan's node of that id; a KPI's own only where its formula gives it drivers."""
    is_kpi = name in catalogue_of(home)
    for plan in plans(home, who):
        node = plan.nodes.get(name)
        if node is not None and node.kind != "action" and (not is_kpi or (node.kpi == name and node.formula)):
            return node, plan
    return None, None
