"""An allocation as the faces show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpi_tree.i18n import Msg, translate
from kpi_tree.issues import Issue
from kpi_tree.periods import Period, period_id


@dataclass(frozen=True, slots=True)
class AllocatedNode:
    """One node, and what it has to become.

    Attributes:
        driver: whether it is moved by people; else its formula makes it.
        base, required: where it starts, and what it has to be; ``change`` relative, None from zero.
        percentile_in_history: share of earlier periods whose value does not lie above ``required``.
        ever_reached, last_reached: whether and when an earlier period was as far; of ``periods`` periods.
        best: the best that its own history shows in the direction asked.
        lock, low, high: what the person set. ``in_the_way``: whether its limit keeps the target away.
        target: the target that it has for the period already.
    """

    id: str
    name: str
    owner: str
    depth: int
    unit: str | None
    rollup: str
    driver: bool
    base: float
    required: float
    change: float | None
    percentile_in_history: float | None
    ever_reached: bool | None
    last_reached: Period | None
    periods: int
    best: float | None = None
    lock: float | None = None
    low: float | None = None
    high: float | None = None
    in_the_way: bool = False
    target: float | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def named(self, lang: str) -> str:
        """Its name in a language, where it carries a KPI's own name."""
        return self.names.get(lang) or self.name

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON: periods as their ids."""
        kept = ("id", "owner", "unit", "driver", "base", "required", "change", "percentile_in_history",
                "ever_reached", "periods", "best", "lock", "low", "high", "in_the_way", "target")  # fmt: skip
        made = {name: getattr(self, name) for name in kept}
        last = None if self.last_reached is None else period_id(self.last_reached)
        return {**made, "name": self.named(lang), "last_reached": last}


@dataclass(frozen=True, slots=True)
class AllocationView:
    """A target laid down the tree.

    Attributes:
        target: id of the target laid down; None for a number that was typed.
        base: the period whose values are the start.
        method: ``tree`` by arithmetic, ``solver`` by search. ``several``: other values would do as well, and
            ``rule`` says how these were chosen.
        nodes: the node itself and all below it, in outline order.
        issues: what stands in the way, what was left out, what to know.
    """

    node: str
    plan: str
    target: str | None
    value: float
    period: Period
    base: Period
    by: str
    feasible: bool
    reached: float
    method: str
    several: bool
    rule: Msg
    currency: str | None
    nodes: tuple[AllocatedNode, ...]
    issues: tuple[Issue, ...]

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON, texts in a language."""
        return {
            "node": self.node,
            "plan": self.plan,
            "target": self.value,
            "target_id": self.target,
            "period": {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()},
            "base_period": {"start": self.base.start.isoformat(), "end": self.base.end.isoformat()},
            "by": self.by,
            "feasible": self.feasible,
            "reached": self.reached,
            "method": self.method,
            "several": self.several,
            "rule": translate(self.rule, lang),
            "currency": self.currency,
            "nodes": [one.to_dict(lang) for one in self.nodes],
            "issues": [issue.to_dict(lang) for issue in self.issues],
        }
