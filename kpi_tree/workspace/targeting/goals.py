"""A goal in a sentence, made into a target whose baseline comes from the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kpi_tree.catalogue import Kpi, find_kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import DEFAULT_CALENDAR, Calendar, Period, parse_period, period_id
from kpi_tree.plan.goal import Goal, baseline_period, understand
from kpi_tree.plan.model import Node, Plan, Target
from kpi_tree.plan.targets import after_change
from kpi_tree.store import Home
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment, today_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import free_id
from kpi_tree.workspace.figuring.figures import series_for

ANSWERS = ("kpi", "change", "change_kind", "direction", "value", "period", "baseline", "baseline_value")
Edit = dict[str, Any]


@verb
def goal(home: Home, who: Asker, sentence: str, *, on: date | None = None, lang: str | None = None) -> Goal:  # noqa: ARG001
    """What a sentence such as "Increase sales 10% next quarter" asks for, and what it leaves open.

    Args:
        on: the day it is said; today if not given.
        lang: the sentence's language where it is known; else it is found.

    Raises:
        Refused: nothing in it reads as a goal.
    """
    calendar = calendar_of(current_settings(home))
    return understand(sentence, on or today_of(home), catalogue_of(home), calendar, lang)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a target is measured from: its value, and the period or word that names it."""

    value: float | None
    label: str
    period: Period | None = None


@verb
def set_goal(
    home: Home,
    who: Asker,
    /,
    goal: Goal,
    *,
    plan_id: str | None = None,
    today: date,
    base_revision: int | None = None,
    trajectory: str = "linear",
    now: datetime | None = None,
    **answers: Any,
) -> Plan:
    """Make a goal into a target on the node that measures its KPI; the plan and the node are made if need be.

    Args:
        answers: what the goal left open: ``kpi change change_kind direction value period baseline
            baseline_value``. Questions with a default may stay open.
        today: decides which period is the last whole one.

    Returns:
        The plan with the target, one revision later.

    Raises:
        Refused: a question without default is open, or there are no data for the baseline.
        NotFound: no such plan or KPI.
    """
    ready = answered(goal, calendar_of(current_settings(home)), **answers)
    kpi = find_kpi(str(ready.kpi), catalogue_of(home))
    period = ready.period
    assert period is not None, "answered() refuses a goal without a period"
    baseline = baseline_of(home, ready, today)
    value = target_value(ready, baseline)
    at = moment(now)
    chosen = plan_id or _first_plan(home) or _fresh_plan(home, who, kpi, ready.language, at)

    def draw_up(plan: Plan) -> list[Edit]:
        node, edits = _node_for(plan, kpi, ready.language)
        target = Target(
            id=_target_id(plan, node, period),
            node=node,
            period=period,
            value=value,
            baseline=baseline.value,
            baseline_label=baseline.label,
            trajectory=trajectory,
            change=ready.change,
            change_kind=ready.change_kind,
            sentence=ready.sentence,
            low=ready.low,
            high=ready.high,
        )
        return [*edits, {"op": "set_target", "target": target.id, "after": target.to_dict()}]

    return kept.change(
        home, chosen, draw_up, action="edit", who=who.name, now=at, base_revision=base_revision
    )


def answered(goal: Goal, calendar: Calendar = DEFAULT_CALENDAR, /, **answers: Any) -> Goal:
    """The goal with its questions answered, by the person or by their defaults.

    Raises:
        Refused: an answer fits no question's field, or a question without a default stays open.
    """
    for name in answers:
        if name not in ANSWERS:
            raise Refused(
                msg("A goal has no field {name}.", name=name[:40]),
                remedy=msg("Its fields are: {names}.", names=", ".join(ANSWERS)),
            )
    given = {name: value for name, value in answers.items() if value is not None}
    if isinstance(given.get("period"), str):
        given["period"] = parse_period(given["period"], calendar)
    if isinstance(given.get("period"), dict):
        ends = given["period"]
        given["period"] = Period(date.fromisoformat(ends["start"]), date.fromisoformat(ends["end"]))
    if "baseline_value" in given:
        given.setdefault("baseline", "number")
    for question in goal.questions:
        if question.field not in given and getattr(goal, question.field, None) is None:
            if question.default is None:
                raise Refused(question.text, place=question.field, remedy=msg("Answer this question first."))
            given[question.field] = question.default
    ready = replace(goal, questions=(), **given)
    if ready.kpi is None:
        raise _open("kpi", msg("Which KPI is meant?"))
    if ready.period is None:
        raise _open("period", msg("By when, or in which period?"))
    if ready.value is None and ready.low is None and (ready.change is None or ready.change_kind is None):
        raise _open("change", msg("How much is it to change?"))
    return ready


def _open(field: str, text: Msg) -> Refused:
    return Refused(text, place=field, remedy=msg("Answer this question first."))


def baseline_of(home: Home, goal: Goal, today: date) -> Baseline:
    """The value that a goal is measured from, computed from the data and named.

    Raises:
        Refused: a change is asked for, and there are no data for the period it is measured against.
    """
    assert goal.kpi is not None, "the goal is answered"
    assert goal.period is not None, "the goal is answered"
    if goal.baseline == "number" or (goal.baseline is None and goal.baseline_value is not None):
        if goal.baseline_value is None:
            raise _open("baseline_value", msg("Which number is it measured from?"))
        return Baseline(float(goal.baseline_value), "number")
    if goal.low is not None:
        return Baseline(None, "")  # a range is kept, not reached: there is no way to measure
    span = baseline_period(goal.baseline or "previous_period", goal.period, today)
    if span is None:
        raise Refused(
            msg("{value} is not a baseline.", value=str(goal.baseline)[:40]),
            place="baseline",
            remedy=msg("Choose previous_period, same_period_last_year or number."),
        )
    series = series_for(home, [goal.kpi], start=span.start, end=span.end)[goal.kpi]
    value = series.total.get("value")
    whole = (
        series.data_from is not None
        and series.data_through is not None
        and series.data_from <= span.start
        and series.data_through >= span.last
    )
    if value is None or not whole:
        if goal.value is not None:
            return Baseline(None, "")
        raise Refused(
            msg("There are no whole data of {kpi} for {period}, which the goal is measured against.",
                kpi=goal.kpi, period=span),
            place="baseline",
            remedy=msg("Load the data of that period, or give the baseline as a number."),
        )  # fmt: skip
    return Baseline(float(value), period_id(span), span)


def target_value(goal: Goal, baseline: Baseline) -> float:
    """The value to reach: the one named, or the baseline with the change.

    Raises:
        Refused: a change is asked for and there is no baseline to change.
    """
    if goal.value is not None:
        return float(goal.value)
    if goal.low is not None and goal.high is not None:
        return (goal.low + goal.high) / 2
    if goal.change is None or baseline.value is None:
        raise _open("change", msg("How much is it to change?"))
    return after_change(baseline.value, goal.change, goal.change_kind)


def _first_plan(home: Home) -> str | None:
    found = kept.names(home)
    return found[0][0] if found else None


def _fresh_plan(home: Home, who: Asker, kpi: Kpi, lang: str, at: datetime) -> str:
    """A plan of one node, for the first goal in an empty home."""
    name = kpi.text("name", lang)
    node = Node(kpi.id, "kgi", name, kpi=kpi.id, unit=kpi.unit, direction=kpi.direction)
    made = Plan(free_id(f"{kpi.id}_plan", kept.ids(home)), name, nodes={kpi.id: node}, language=lang)
    return kept.create(home, made, who=who.name, now=at).id


def _node_for(plan: Plan, kpi: Kpi, lang: str) -> tuple[str, list[Edit]]:
    """The node that measures a KPI; where there is none, the edit that adds it under the root."""
    for node in plan.nodes.values():
        if node.kind != "action" and (node.kpi == kpi.id or (node.kpi is None and node.id == kpi.id)):
            return node.id, []
    root = plan.root()
    node_id = free_id(kpi.id, plan.nodes)
    after = Node(
        node_id,
        "kpi" if root else "kgi",
        kpi.text("name", lang),
        kpi=kpi.id,
        unit=kpi.unit,
        direction=kpi.direction,
    )
    edit: Edit = {"op": "add_node", "node": node_id, "after": after.to_dict()}
    if root is not None:
        edit["edges"] = [{"parent": root, "child": node_id, "kind": "influence"}]
    return node_id, [edit]


def _target_id(plan: Plan, node: str, period: Period) -> str:
    """The id of the node's target of that period, or a new one made from both."""
    for target in plan.targets_of(node):
        if target.period == period:
            return target.id
    return free_id(f"{node}_{period_id(period)}", plan.targets)
