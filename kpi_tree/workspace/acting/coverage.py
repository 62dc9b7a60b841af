"""How much of a goal's gap has an action behind it, and which driver has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_tree.i18n import InLanguage
from kpi_tree.periods import Period
from kpi_tree.plan.action_fields import OPEN_STATES
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.acting.ledger import ActionView, actions
from kpi_tree.workspace.acting.levels import Whole, whole_period
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.nodes import find_node
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.sides import no_value
from kpi_tree.workspace.judged.trees import seen_through


@dataclass(frozen=True, slots=True)
class Brought:
    """An open action and its effect on the goal; None where it says none, or no formula leads there.

    Attributes:
        part: share of the effect that falls into what is left of the goal's period.
    """

    action: ActionView
    effect: float | None
    part: float = 1.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """A goal, what is missing of it, and what the open actions are expected to bring.

    Attributes:
        gap: target less where the period is likely to end (less the value so far where nothing is foretold);
            above zero where something is missing, whichever way is better. None without a target.
        brought: the open actions below it, those that bring most first.
        together: what they bring all at once (effects on a product are no sum); None where none says.
        likely: the same with each effect times the confidence in it.
        bare: drivers that no open action works on: their ids and names.
    """

    node: str
    name: str | InLanguage
    unit: str | None
    currency: str | None
    gap: float | None
    brought: tuple[Brought, ...]
    together: float | None
    bare: tuple[tuple[str, str | InLanguage], ...]
    likely: float | None = None

    @property
    def share(self) -> float | None:
        """Share of the gap that the actions are expected to close; None where nothing is missing or said."""
        if self.gap is None or self.gap <= 0 or self.together is None:
            return None
        return self.together / self.gap

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "node": self.node,
            "gap": plain(self.gap),
            "together": plain(self.together),
            "likely": plain(self.likely),
            "share": plain(self.share),
            "actions": [
                {**one.action.to_dict(lang), "effect_on_goal": plain(one.effect), "part": plain(one.part)}
                for one in self.brought
            ],
            "without_action": [one for one, _ in self.bare],
        }


@verb
def gap_coverage(home: Home, who: Asker, node: str, *, at: date, plan_id: str | None = None) -> Coverage:
    """The gap of a goal beside what the open actions below it are expected to bring.

    An action's expected effect is on the KPI that it supports. As much of it as falls into what is left of
    the goal's period is put through the formulas up to the goal, with everything else where it is foretold to
    be at the end.

    Raises:
        NotFound: there is no such node. Refused: it has no value yet.
    """
    plan = plan_of(home, who, plan_id)
    top = find_node(plan, node)
    kpis = catalogue_of(home)
    view = next(one for one in seen_through(home, plan.id, at, Lens()) if one.id == top.id)
    assert view.start is not None
    assert view.end is not None
    if view.actual is None:
        raise no_value(name_of(top, kpis), Period(view.start, view.end))
    whole = whole_period(home, plan, top, Period(view.start, view.end), at)
    sign = -1.0 if view.direction == "down" else 1.0
    open_ones = open_below(home, who, plan, top.id, at)
    moved = effects(whole, top.id, sign, at)
    brought = [Brought(one, moved([one]), whole.part(one, at)) for one in open_ones]
    worked_on = {one.kpi for one in open_ones}
    leaves = [one for one in whole.ground.leaves(top.id) if one in plan.nodes]
    bare = [one for one in leaves if not _worked(plan, one, worked_on, top.id)]
    return Coverage(
        node=top.id,
        name=name_of(top, kpis),
        unit=view.unit,
        currency=view.currency,
        gap=_gap(view, sign),
        brought=tuple(sorted(brought, key=lambda one: (-(one.effect or 0.0), one.action.id))),
        together=moved(open_ones),
        bare=tuple((one, name_of(plan.nodes[one], kpis)) for one in bare),
        likely=effects(whole, top.id, sign, at, likely=True)(open_ones),
    )


def open_below(home: Home, who: Asker, plan: Plan, top: str, at: date) -> list[ActionView]:
    """The actions planned or under way that support a node or one below it."""
    below = {top, *_under(plan, top)}
    return [
        one for one in actions(home, who, plan.id, at=at) if one.state in OPEN_STATES and one.kpi in below
    ]


def effects(
    whole: Whole, top: str, sign: float, at: date, *, likely: bool = False
) -> Callable[[Sequence[ActionView]], float | None]:
    """What a set of actions brings at the top, all at once, above zero where it is better.

    Args:
        likely: each effect times the confidence in it.
    """

    def moved(found: Sequence[ActionView]) -> float | None:
        more: dict[str, float] = {}
        for one in found:
            amount = one.likely if likely else one.expected
            if amount is not None:
                more[one.kpi] = more.get(one.kpi, 0.0) + amount * whole.part(one, at)
        value = whole.moved(top, more)
        return value * sign if value else None

    return moved


def _gap(view: NodeView, sign: float) -> float | None:
    """What is missing at the end of the period, as far as it can be foretold."""
    if view.target is None or view.actual is None:
        return None
    lands = view.outlook.value if view.outlook is not None and view.outlook.value is not None else view.actual
    return (view.target - lands) * sign


def _under(plan: Plan, top: str) -> set[str]:
    """All nodes below one, by any line."""
    found: set[str] = set()
    pending = [top]
    while pending:
        for child in plan.children(pending.pop()):
            if child not in found:
                found.add(child)
                pending.append(child)
    return found


def _worked(plan: Plan, leaf: str, worked_on: set[str], top: str) -> bool:
    """Whether an action works on a driver, on what moves it, or on what it is part of, short of the goal."""
    if worked_on & {leaf, *_under(plan, leaf)}:
        return True
    pending, seen = list(plan.parents(leaf)), set()
    while pending:
        above = pending.pop()
        if above == top or above in seen:
            continue
        if above in worked_on and leaf in plan.formula_children(above):
            return True
        seen.add(above)
    return False
