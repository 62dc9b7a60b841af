"""A target carried over to the period after its own, with the baseline taken anew and the lines beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period, period_id
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Plan, Target
from kpi_tree.plan.targets import after_change
from kpi_tree.store import Home
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.targeting.aiming import baseline_from, free_target_id, in_calendar, target_in

Edit = dict[str, Any]


@verb
def copy_target(
    home: Home,
    who: Asker,
    target: str,
    *,
    keep: str = "change",
    plan_id: str | None = None,
    why: str = "",
    today: date,
    now: datetime | None = None,
    base_revision: int | None = None,
) -> Plan:
    """The same target for the period after its own, with its baseline taken anew from the data.

    Args:
        keep: ``change``: the same percent (or amount) from the new baseline; ``value``: the same value. The
            floor and the stretch beside a goal come along, as far from it as they were.

    Raises:
        NotFound: no such target. Refused: that period has one already, or has no baseline yet.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    old = target_in(plan, target)
    if keep not in ("change", "value"):
        raise Refused(
            msg("{value} is not something to keep.", value=keep[:40]),
            place="keep",
            remedy=msg("Choose change or value."),
        )
    period = in_calendar(home, old.period).next()
    _refuse_second(plan, old, period)
    made = _carried(home, plan, old, period, keep, today)
    lines = _lines_along(plan, old, made) if old.kind == "goal" else []
    edits = [
        {"op": "set_target", "target": one.id, "after": one.to_dict(), "why": why} for one in (made, *lines)
    ]
    return kept.edit(home, plan.id, edits, who=who.name, now=moment(now), base_revision=base_revision)


def _refuse_second(plan: Plan, old: Target, period: Period) -> None:
    same = [
        one
        for one in plan.targets.values()
        if (one.node, one.kind, one.where) == (old.node, old.kind, old.where)
        and (one.period.start, one.period.end) == (period.start, period.end)
        and one.in_force
    ]
    if same:
        raise Refused(
            msg("There is a target for {period} already.", period=period),
            place=same[0].id,
            remedy=msg("Change that one, or take it out first."),
        )


def _carried(home: Home, plan: Plan, old: Target, period: Period, keep: str, today: date) -> Target:
    """The target for another period: baseline anew, then the change or the value kept."""
    bare = replace(
        old, id=free_target_id(plan, old.node, period, {"kind": old.kind}),
        period=Period(period.start, period.end),
        promise=None, of=None, counter=None, reason="", answered_by="", answered_on=None, answered_for="",
        override=None, sentence="",
    )  # fmt: skip
    said: Edit = {"baseline": None, "baseline_label": ""}
    if old.baseline is not None and not old.is_range:
        word = _compared_with(home, old)
        try:
            said = baseline_from(home, plan, plan.nodes[old.node], word, period, today)
        except Refused:
            if keep == "change":
                raise
    value = old.value
    if keep == "change" and said["baseline"] is not None:
        value = _same_change(old, float(said["baseline"]))
    if said["baseline"] == value:
        said = {"baseline": None, "baseline_label": ""}
    if keep == "value" or said["baseline"] is None:
        said |= {"change": None, "change_kind": None}  # it would be another change now
    points = _points_along(old, period, said["baseline"], value)
    return replace(bare, value=value, custom=points, **said)


def _compared_with(home: Home, old: Target) -> str:
    """Whether a target was measured from the year before or from the period before."""
    if old.baseline_label in ("same_period_last_year", "previous_period"):
        return old.baseline_label
    year_ago = period_id(in_calendar(home, old.period).same_last_year())
    return "same_period_last_year" if old.baseline_label == year_ago else "previous_period"


def _same_change(old: Target, base: float) -> float:
    assert old.baseline is not None
    if old.change is not None and old.change_kind == "percent":
        return after_change(base, old.change, "percent")
    if old.change is not None or old.baseline <= 0:
        return base + (old.value - old.baseline)
    return base * (old.value / old.baseline)


def _points_along(
    old: Target, period: Period, base: float | None, value: float
) -> tuple[tuple[date, float], ...]:
    """The milestones at the same share of the period, as far along the way as they were."""
    made: dict[date, float] = {}
    start, new_start = old.baseline or 0.0, base or 0.0
    for day, amount in old.custom:
        place = round((old.period.elapsed(day) - 1) / max(old.period.days - 1, 1) * (period.days - 1))
        far = (amount - start) / (old.value - start) if old.value != start else 1.0
        made[list(period)[place]] = new_start + far * (value - new_start)
    return tuple(made.items())


def _lines_along(plan: Plan, old: Target, made: Target) -> list[Target]:
    """The lines beside a goal for the next period: floors and stretches as far from it."""
    found: list[Target] = []
    for line in plan.lines_of(old.node):
        if line.period != old.period or line.where != old.where:
            continue
        share = (
            made.value / old.value if old.value and line.kind != "guardrail" and not line.is_range else 1.0
        )
        name = free_target_id(plan, line.node, made.period, {"kind": line.kind})
        if name in {one.id for one in found}:
            name = id_from_name(name, {**plan.targets, **{one.id: one for one in found}})
        found.append(
            replace(line, id=name, period=made.period, value=line.value * share, override=None, custom=())
        )
    return found
