"""The best plan under a budget as every face shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kpi_tree.i18n import InLanguage, Msg, msg, translate
from kpi_tree.periods import Period
from kpi_tree.workspace.acting.ledger import ActionView
from kpi_tree.workspace.base.types import plain

RULE = msg(
    "Each action counts with its expected effect × the confidence in it, put through the formulas to the "
    "goal by itself; the set with the highest sum is chosen, and then put through them all at once."
)


@dataclass(frozen=True, slots=True)
class Option:
    """An action that can be taken: what it adds to the goal alone, and whether the best plan takes it."""

    action: ActionView
    gain: float | None
    taken: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A point of the curve: the cheapest plan that brings so much; ``names`` of its actions."""

    cost: float
    gain: float
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BestPlan:
    """The set of actions with the highest expected effect on a goal within a budget and hours.

    Attributes:
        under_way: actions already being done: kept, their cost and hours taken as spent.
        gain: sum of what the chosen ones add alone; exact: what they add all at once, on top of those under
            way. cost, hours: what they take. gap: what is missing of the goal.
        curve: best gain for each budget. next: the first better plan beyond the budget; None where none is.
    """

    node: str
    name: str | InLanguage
    unit: str | None
    currency: str | None
    period: Period
    budget: float | None
    options: tuple[Option, ...]
    under_way: tuple[ActionView, ...]
    gain: float
    exact: float
    cost: float
    hours: float
    curve: tuple[Step, ...]
    next: Step | None
    notes: tuple[Msg, ...] = ()

    @property
    def interaction(self) -> float:
        """What the chosen ones add together beyond the sum of what each adds alone."""
        return self.exact - self.gain

    @property
    def chosen(self) -> tuple[ActionView, ...]:
        """The actions that the plan takes."""
        return tuple(one.action for one in self.options if one.taken)

    @property
    def comes_in(self) -> tuple[str, ...]:
        """Ids of the actions that the next step adds; those it leaves are :attr:`goes_out`."""
        now = {one.id for one in self.chosen}
        return tuple(one for one in (self.next.ids if self.next else ()) if one not in now)

    @property
    def goes_out(self) -> tuple[str, ...]:
        """Ids of the actions that the next step does without."""
        then = self.next.ids if self.next else tuple(one.id for one in self.chosen)
        return tuple(one.id for one in self.chosen if one.id not in then)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "node": self.node,
            "unit": self.unit,
            "period": {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()},
            "budget": plain(self.budget),
            "chosen": [one.id for one in self.chosen],
            "under_way": [one.id for one in self.under_way],
            "gain": plain(self.gain),
            "exact": plain(self.exact),
            "interaction": plain(self.interaction),
            "cost": plain(self.cost),
            "hours": plain(self.hours),
            "options": [
                {**one.action.to_dict(lang), "gain": plain(one.gain), "taken": one.taken}
                for one in self.options
            ],
            "curve": [_step(one) for one in self.curve],
            "next": {**_step(self.next), "in": list(self.comes_in), "out": list(self.goes_out),
                     "more_money": plain(self.next.cost - self.cost),
                     "more_gain": plain(self.next.gain - self.gain)} if self.next else None,
            "rule": translate(RULE, lang),
            "notes": [translate(note, lang) for note in self.notes],
        }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    return {"cost": plain(step.cost), "gain": plain(step.gain), "actions": list(step.ids)}
