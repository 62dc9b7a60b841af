"""What was asked of the owners below a goal, as the faces show it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import Msg, Quantity, apart, msg, translate
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan, Target
from kpi_tree.workspace.base.naming import name_of, own_names
from kpi_tree.workspace.base.nodes import unit_of

STATES: Mapping[str, Msg] = {
    "asked": msg("asked"),
    "accepted": msg("accepted"),
    "countered": msg("another value offered"),
}


@dataclass(frozen=True, slots=True)
class AskedView:
    """One target laid upon an owner: what was asked, and what was said."""

    id: str
    node: str
    name: str
    owner: str
    unit: str | None
    asked: float
    base: float | None
    state: str
    counter: float | None
    reason: str
    answered_by: str
    answered_on: date | None
    answered_for: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> Msg:
        """The state in words."""
        return STATES[self.state]

    def named(self, lang: str) -> str:
        """The node's name in a language, where it carries a KPI's own name."""
        return self.names.get(lang) or self.name

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        kept_as_is = (
            "id",
            "node",
            "owner",
            "unit",
            "asked",
            "base",
            "state",
            "counter",
            "reason",
            "answered_by",
            "answered_for",
        )
        made = {name: getattr(self, name) for name in kept_as_is}
        on = self.answered_on.isoformat() if self.answered_on else None
        return {**made, "name": self.named(lang), "answered_on": on}


@dataclass(frozen=True, slots=True)
class Promises:
    """How far what was promised carries a goal.

    Attributes:
        reached: the goal's value with what is accepted, all else as in ``base``.
        offered: the same with the counter-offers too; None where there are none.
        gap: what is left to the target, in the direction asked; zero or less once all is promised.
    """

    node: str
    period: Period
    base: Period
    target: float
    start: float
    reached: float
    offered: float | None
    gap: float
    currency: str | None
    asked: tuple[AskedView, ...]
    words: Msg

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON, texts in a language."""
        return {
            "node": self.node,
            "period": {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()},
            "base_period": {"start": self.base.start.isoformat(), "end": self.base.end.isoformat()},
            "target": self.target,
            "start": self.start,
            "reached": self.reached,
            "offered": self.offered,
            "gap": self.gap,
            "words": translate(self.words, lang),
            "asked": [one.to_dict(lang) for one in self.asked],
        }


def asked_view(plan: Plan, one: Target, known: Mapping[str, Kpi]) -> AskedView:
    """A target laid upon an owner, with its node's name and unit."""
    node = plan.nodes[one.node]
    return AskedView(
        one.id, node.id, node.name, node.owner, unit_of(node, known), one.value, one.baseline,
        one.promise or "", one.counter, one.reason, one.answered_by, one.answered_on,
        one.answered_for, own_names(node, known),
    )  # fmt: skip


def promise_words(
    plan: Plan, root: str, target: float, reached: float, offered: float | None, gap: float,
    currency: str | None, known: Mapping[str, Kpi],
) -> Msg:  # fmt: skip
    """How far it carries the goal, and what nobody promised, in a sentence."""
    node = plan.nodes[root]
    unit = unit_of(node, known)

    def value(number: float, beside: float | None = None) -> Quantity:
        return Quantity(number, unit, currency, beside=beside)

    said = {
        "name": name_of(node, known),
        "reached": value(reached, target),
        "target": value(target),
        "gap": Quantity(gap, apart(unit), currency),
    }
    if not math.isfinite(reached):
        return msg("With what is accepted {name} has no value.", **said)
    if gap <= 1e-9 * max(abs(target), 1e-12):
        return msg("With what is accepted {name} reaches {reached}: all of {target} is promised.", **said)
    if offered is None:
        return msg(
            "With what is accepted {name} reaches {reached} of {target}; {gap} is not promised by anyone.",
            **said,
        )
    return msg(
        "With what is accepted {name} reaches {reached} of {target}; {gap} is not promised by anyone. "
        "With what is offered instead it would be {offered}.",
        **said,
        offered=value(offered, target),
    )
