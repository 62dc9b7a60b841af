"""What an alert waits for, held against the tree: so, not so, or nobody can say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from kpi_tree.alerts import Rule, Sight
from kpi_tree.analysis.verdict import IN_A_SENTENCE, STATUS_NAMES
from kpi_tree.catalogue import Kpi
from kpi_tree.i18n import Msg, Quantity, msg, nmsg
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.naming import NodeName, name_of
from kpi_tree.workspace.judged.futures import histories
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.outlook import ahead

UNSEEN = Sight(None)
REACHED = ("achieved", "achieved_at_cost", "missed")


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look saw of one indicator, and how that is told."""

    sight: Sight
    title: Msg
    text: Msg
    status: str = ""

    def title_after(self, told: str | None) -> Msg:
        """The title, with the status that was told before where it is another one."""
        if told and told in IN_A_SENTENCE and told != self.status:
            return msg("{title} (was {before})", title=self.title, before=IN_A_SENTENCE[told])
        return self.title


class Looks:
    """The tree of a plan on a day, as alerts look at it.

    Args:
        views: the evaluated tree, as it stands.
    """

    def __init__(
        self, home: Home, plan: Plan, kpis: Mapping[str, Kpi], views: Iterable[NodeView], at: date
    ) -> None:
        self.home, self.plan, self.kpis, self.at = home, plan, kpis, at
        self.views = {view.id: view for view in views if view.kind != "action"}

    def of(self, rule: Rule) -> dict[str, Looked]:
        """Indicator -> what the rule sees of it. One that is not in the plan any more is left out."""
        if rule.node is not None:
            found = [self.views[rule.node]] if rule.node in self.views else []
        else:
            found = [view for view in self.views.values() if self._counts(rule, view)]
        looks = {"status": _status, "change": _change, "threshold": _threshold, "stale": _stale, "due": _due}
        if rule.kind == "anomaly":
            return self._unusual(rule, found)
        return {view.id: looks[rule.kind](rule, view, self._name(view), self.at) for view in found}

    def _counts(self, rule: Rule, view: NodeView) -> bool:
        """Whether an alert on the whole plan looks at this indicator."""
        if rule.kind == "stale":
            return view.data_through is not None
        if rule.kind == "anomaly":
            return view.target is not None or view.kind == "kgi"
        return view.target is not None

    def _name(self, view: NodeView) -> NodeName:
        return name_of(self.plan.nodes[view.id], self.kpis)

    def _unusual(self, rule: Rule, found: list[NodeView]) -> dict[str, Looked]:
        """The last whole day against what the days before it foretold."""
        level = float(rule.settings["level"])
        # A day under way is low because it is not over, so it is never judged.
        days = histories(
            self.home,
            self.plan,
            [self.plan.nodes[view.id] for view in found],
            self.at - timedelta(days=1),
            None,
        )
        made = {}
        for view in found:
            known = days.get(view.id)
            if known is None or len(known.values) < 2 or not np.isfinite(known.values[-1]):
                made[view.id] = _no_sight(view, self._name(view))
                continue
            value = float(known.values[-1])
            foretold = ahead(
                known.values[:-1],
                known.last - timedelta(days=1),
                known.last + timedelta(days=1),
                True,
                level=level,
                around=known.around,
            )
            if foretold.low is None or foretold.high is None or not foretold.low.size:
                made[view.id] = _no_sight(view, self._name(view))
                continue
            low, high = float(foretold.low[0]), float(foretold.high[0])
            made[view.id] = _unusual(view, self._name(view), known.last, value, (low, high), level)
        return made


def _amount(view: NodeView, value: float | None, beside: float | None = None) -> Quantity:
    return Quantity(value, view.unit, view.currency, beside=beside)


def _no_sight(view: NodeView, name: NodeName) -> Looked:
    return Looked(UNSEEN, msg("{name}: no data", name=name), view.reason, view.status or "")


def _status(rule: Rule, view: NodeView, name: NodeName, at: date) -> Looked:  # noqa: ARG001
    wanted = rule.settings["statuses"]
    status = view.status
    # A gap in the data says nothing about what was so before, unless it is what the alert waits for.
    on = None if status in (None, "no_data", "too_early") and status not in wanted else status in wanted
    title = msg("{name}: {status}", name=name, status=STATUS_NAMES.get(status or "", msg("No data")))
    return Looked(Sight(on, ""), title, view.reason, status or "")


def _change(rule: Rule, view: NodeView, name: NodeName, at: date) -> Looked:  # noqa: ARG001
    if view.status is None:
        return _no_sight(view, name)
    title = msg("{name}: {status}", name=name, status=STATUS_NAMES[view.status])
    return Looked(Sight(True, view.status), title, view.reason, view.status)


def _threshold(rule: Rule, view: NodeView, name: NodeName, at: date) -> Looked:  # noqa: ARG001
    if view.actual is None:
        return _no_sight(view, name)
    above = rule.settings.get("above")
    limit = float(above if above is not None else rule.settings["below"])
    on = view.actual > limit if above is not None else view.actual < limit
    parts: dict[str, Any] = {
        "name": name,
        "value": _amount(view, view.actual, limit),
        "limit": _amount(view, limit, view.actual),
    }
    title = (
        msg("{name}: {value}, above {limit}", **parts)
        if above is not None
        else msg("{name}: {value}, below {limit}", **parts)
    )
    text = msg("The value of {day}.", day=view.data_through) if view.data_through else view.reason
    return Looked(Sight(on), title, text, view.status or "")


def _stale(rule: Rule, view: NodeView, name: NodeName, at: date) -> Looked:
    if view.data_through is None:
        return _no_sight(view, name)
    days = (at - view.data_through).days
    title = msg("{name}: the last numbers are of {day}", name=name, day=view.data_through)
    text = nmsg("Nothing newer came for {n} day.", "Nothing newer came for {n} days.", max(days, 0))
    return Looked(Sight(days > rule.settings["days"]), title, text, "stale")


def _due(rule: Rule, view: NodeView, name: NodeName, at: date) -> Looked:
    if view.target is None or view.end is None:
        return Looked(Sight(False), msg("{name}: no target", name=name), view.reason, view.status or "")
    last = view.end - timedelta(days=1)
    left = (last - at).days
    on = 0 <= left <= rule.settings["days"] and view.status not in REACHED
    title = nmsg("{name}: {n} day left to {target}", "{name}: {n} days left to {target}", max(left, 0),
                 name=name, target=_amount(view, view.target))  # fmt: skip
    text = (
        msg("{reason} {needed}", reason=view.reason, needed=view.needed_words)
        if view.needed_words
        else view.reason
    )
    return Looked(Sight(on, view.period_id or ""), title, text, view.status or "")


def _unusual(
    view: NodeView, name: NodeName, day: date, value: float, span: tuple[float, float], level: float
) -> Looked:
    low, high = span
    title = msg("{name}: {value} on {day}", name=name, value=_amount(view, value), day=day)
    text = msg(
        "From the days before, {n} of 100 such days were to lie between {low} and {high}.",
        n=round(level * 100),
        low=_amount(view, low, high),
        high=_amount(view, high, low),
    )
    return Looked(Sight(not low <= value <= high), title, text, view.status or "")
