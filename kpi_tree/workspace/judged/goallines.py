"""The lines beside a node's goal: floors, stretches and guardrails, each met or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kpi_tree.analysis import LineVerdict, judge_line
from kpi_tree.i18n import Msg, Quantity, msg, translate
from kpi_tree.periods import Period
from kpi_tree.plan.model import Node, Plan, Target
from kpi_tree.workspace.base.nodes import Known, direction_of, rollup_of, unit_of
from kpi_tree.workspace.drafting.paths import aim_of, path_of
from kpi_tree.workspace.judged.evaluation import Seen

KIND_WORDS = {
    "goal": msg("Goal"),
    "floor": msg("Floor"),
    "stretch": msg("Stretch goal"),
    "guardrail": msg("Guardrail"),
}

LastYear = Callable[[Period], Any]
"""The daily values of a node in the period a year before."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it stands on a day.

    Attributes:
        state: ``met not_met so_far_met so_far_not_met open``. ``met``: the same as yes, no or neither.
        standing: how it stands, without its name; ``words`` with it.
        expected: what its own path expects by the end of the data; a level itself for rates and stocks.
    """

    id: str
    kind: str
    period: Period
    value: float
    low: float | None
    high: float | None
    expected: float | None
    state: str
    met: bool | None
    standing: Msg
    words: Msg

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON; the period half-open."""
        return {
            "id": self.id,
            "kind": self.kind,
            "period": {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()},
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "expected": self.expected,
            "state": self.state,
            "met": self.met,
            "words": translate(self.words, lang),
        }


def line_views(
    plan: Plan, node: Node, period: Period, seen: Seen, at: date, kpis: Known, currency: str | None,
    where: frozenset[tuple[str, str]], last_year: LastYear,
) -> tuple[LineView, ...]:  # fmt: skip
    """The lines of a node for one period, through one filter: those below first."""
    found = [
        one
        for one in plan.lines_of(node.id)
        if one.period == Period(period.start, period.end) and frozenset(one.where) == where
    ]
    order = {"guardrail": 0, "floor": 1, "stretch": 2}
    found.sort(key=lambda one: (order[one.kind], one.value))
    return tuple(line_view(plan, node, one, period, seen, at, kpis, currency, last_year) for one in found)


def line_view(
    plan: Plan, node: Node, line: Target, period: Period, seen: Seen, at: date, kpis: Known,
    currency: str | None, last_year: LastYear,
) -> LineView:  # fmt: skip
    """One line against what is seen of its node."""
    rollup, unit = rollup_of(node, kpis), unit_of(node, kpis)
    shape = last_year(period) if line.trajectory == "last_year" else None
    path = path_of(line, period, rollup, plan.events, shape)
    aim = aim_of(
        line, period, rollup=rollup, unit=unit, direction=direction_of(node, kpis), currency=currency
    )
    due = path.at(seen.through) if seen.through else None
    standing = judge_line(aim, seen.actual, seen.through, due, today=at)
    return LineView(
        line.id, line.kind, period, line.value, line.low, line.high,
        due if aim.kind == "flow" else line.value, standing.state, standing.met, standing.words,
        _words(line, standing, unit, currency),
    )  # fmt: skip


def _words(line: Target, standing: LineVerdict, unit: str | None, currency: str | None) -> Msg:
    """Kind, value and how it stands, in one line."""

    def amount(value: float | None) -> Quantity:
        return Quantity(value, unit, currency)

    kind = KIND_WORDS[line.kind]
    if line.is_range:
        return msg(
            "{kind} from {low} to {high}: {standing}.",
            kind=kind,
            low=amount(line.low),
            high=amount(line.high),
            standing=standing.words,
        )
    return msg("{kind} {value}: {standing}.", kind=kind, value=amount(line.value), standing=standing.words)
