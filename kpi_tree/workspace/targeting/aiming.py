"""Setting a target: its value or change, its baseline from the data, its path, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Calendar, Period, parse_period, period_id
from kpi_tree.plan.goal import baseline_period
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Node, Plan, Target
from kpi_tree.plan.reading import target_from_dict
from kpi_tree.store import Home
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment
from kpi_tree.workspace.base.nodes import find_node
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.judged.evaluation import Evaluated

BASELINES = ("same_period_last_year", "previous_period", "number", "none")
Edit = dict[str, Any]


@verb
def set_target(
    home: Home,
    who: Asker,
    /,
    node: str,
    *,
    period: Period | str | None = None,
    target: str | None = None,
    plan_id: str | None = None,
    baseline: str | float | None = None,
    change: float | None = None,
    why: str = "",
    today: date,
    now: datetime | None = None,
    base_revision: int | None = None,
    **fields: Any,
) -> Plan:
    """A target of a node: a new one, or other values for one that is there (``target``, its id).

    Args:
        node: the node, or the KPI that it measures.
        period: a period, or its name (``2026-Q4``); needed for a new one.
        baseline: ``same_period_last_year`` or ``previous_period`` (from the data), a number, ``none``.
        change: instead of ``value``: with ``change_kind`` percent 0.1 for 10 % more than the baseline; points
            or absolute an amount more.
        fields: any other field of :class:`kpi_tree.plan.model.Target`: ``value kind low high trajectory
            weekdays months events custom bands``.
        why: the reason, kept with who and when.

    Returns:
        The plan, one revision later.

    Raises:
        NotFound: no such node or target. Refused: no value or period, no data for the baseline.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    here = find_node(plan, node)
    before = target_in(plan, target) if target else None
    span = _period(home, period) or (before.period if before else None)
    if span is None:
        raise Refused(msg("By when, or in which period?"), place="period", remedy=msg("Say it: 2026-Q4."))
    made = drawn_target(
        home, plan, here, before, period=span, baseline=baseline, change=change, today=today, fields=fields
    )
    edit = {"op": "set_target", "target": made.id, "after": made.to_dict(), "why": why}
    return kept.edit(home, plan.id, [edit], who=who.name, now=moment(now), base_revision=base_revision)


def drawn_target(
    home: Home, plan: Plan, here: Node, before: Target | None, *, period: Period,
    baseline: str | float | None = None, change: float | None = None, today: date,
    fields: Mapping[str, Any],
) -> Target:  # fmt: skip
    """The target that these fields make, as :func:`set_target` takes them; nothing is kept.

    Raises:
        Refused: no value, a field that cannot be, no data for the baseline.
    """
    said: Edit = before.to_dict() if before else {"node": here.id}
    if before is None:
        said["id"] = free_target_id(plan, here.id, period, fields)
    given = {name: value for name, value in fields.items() if value is not None}
    if "low" in given and "value" not in given:
        said.pop("value", None)
    elif "value" in given and "low" not in given:
        said |= {"low": None, "high": None}
    said |= given
    said["period"] = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    if baseline is not None:
        said |= baseline_from(home, plan, here, baseline, period, today)
    if change is not None:
        said |= _changed(said, change)
    elif before is not None and "value" in given and given["value"] != before.value:
        said |= {"change": None, "change_kind": None, "sentence": ""}
    return target_from_dict(_with_value(said), here.name)


@verb
def drop_target(
    home: Home, who: Asker, target: str, *, plan_id: str | None = None, why: str = "",
    now: datetime | None = None, base_revision: int | None = None,
) -> Plan:  # fmt: skip
    """Take a target out; undo, or restoring one of its versions, brings it back.

    Raises:
        NotFound: no such target.
    """
    chosen = plan_id_of(home, plan_id)
    one = target_in(plan_cached(home, chosen), target)
    edit = {"op": "remove_target", "target": one.id, "why": why}
    return kept.edit(home, chosen, [edit], who=who.name, now=moment(now), base_revision=base_revision)


def target_in(plan: Plan, target: str | None) -> Target:
    """A target by its id. Raises NotFound, naming the nearest."""
    if target in plan.targets:
        return plan.targets[str(target)]
    raise NotFound(
        msg("There is no target {id}.", id=str(target)[:80]),
        place=plan.name or plan.id,
        remedy=did_you_mean(str(target), plan.targets, msg("Look at the plan's targets.")),
    )


def _period(home: Home, period: Period | str | None) -> Period | None:
    if isinstance(period, str):
        return parse_period(period, calendar_of(current_settings(home)))
    return period


def free_target_id(plan: Plan, node: str, period: Period, fields: Mapping[str, Any]) -> str:
    """An id for a new target, made from its node, its period and, unless it is a goal, its kind."""
    kind = fields.get("kind") or "goal"
    words = [node, period_id(period)] + ([] if kind == "goal" else [str(kind)])
    return id_from_name("_".join(words).replace("-", "_").replace("..", "_").lower(), plan.targets)


def _with_value(said: Edit) -> Edit:
    """A range's value is its middle, where none is said."""
    low, high = said.get("low"), said.get("high")
    if said.get("value") is None and low is not None and high is not None:
        return {**said, "value": (low + high) / 2}
    if said.get("value") is None:
        raise Refused(
            msg("What is to be reached?"),
            place="value",
            remedy=msg("Give a value, a change from a baseline, or the two ends of a range."),
        )
    return said


def _changed(said: Edit, change: float) -> Edit:
    """The value that a change of the baseline comes to."""
    base, kind = said.get("baseline"), said.get("change_kind") or "percent"
    if base is None:
        raise Refused(
            msg("A change needs a baseline."),
            place="baseline",
            remedy=msg("Say what it is compared with: last year, the period before, or a number."),
        )
    value = base + abs(base) * change if kind == "percent" else base + change
    return {"value": value, "change": change, "change_kind": kind}


def baseline_from(
    home: Home, plan: Plan, node: Node, asked: str | float, period: Period, today: date
) -> Edit:
    """Baseline and its name: a number as it is, else the value of the days that the word names."""
    if asked == "none":
        return {"baseline": None, "baseline_label": ""}
    if not isinstance(asked, str):
        return {"baseline": float(asked), "baseline_label": "number"}
    span = baseline_period(asked, in_calendar(home, period), today)
    if span is None:
        raise Refused(
            msg("{value} is not a baseline.", value=asked[:40]),
            place="baseline",
            remedy=msg("Choose one of {names}, or give a number.", names=", ".join(BASELINES)),
        )
    value = value_over(home, plan, node, span)
    if value is None:
        raise Refused(
            msg("There are no whole data of {kpi} for {period}, which the goal is measured against.",
                kpi=node.name, period=span),
            place="baseline",
            remedy=msg("Load the data of that period, or give the baseline as a number."),
        )  # fmt: skip
    return {"baseline": value, "baseline_label": period_id(span)}


def in_calendar(home: Home, period: Period) -> Period:
    """A period that steps and is named by the shop's own calendar."""
    calendar: Calendar = calendar_of(current_settings(home))
    return Period(period.start, period.end, period.grain, calendar)


def value_over(home: Home, plan: Plan, node: Node, period: Period) -> float | None:
    """A node's value over a whole period, measured or by its formula; None where its data do not fill it."""
    seen = Evaluated(home, plan, period, period.last, None).seen(node)
    whole = seen.through == period.last and (seen.first is None or seen.first <= period.start)
    return seen.actual if whole else None
