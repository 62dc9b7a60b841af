"""The evaluated tree: every node's actual, target, expected value and verdict on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from kpi_tree.analysis import (
    Aim,
    Evidence,
    Guard,
    Path,
    Rules,
    Verdict,
    assess,
    from_children,
    guard,
    plan_path,
)
from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import Period, period_id
from kpi_tree.plan.model import Node, Plan, Target
from kpi_tree.store import Home
from kpi_tree.workspace.aims import Look, in_order, looks
from kpi_tree.workspace.cache import TREES, identity, plan_cached
from kpi_tree.workspace.evaluation import NOTHING, Evaluated, Seen, direction_of, rollup_of, unit_of
from kpi_tree.workspace.figures import Where, frozen
from kpi_tree.workspace.futures import histories
from kpi_tree.workspace.homes import calendar_of, current_settings, data_revision
from kpi_tree.workspace.outlook import Aimed, Outlook, look_ahead
from kpi_tree.workspace.planning import plan_id_of
from kpi_tree.workspace.rights import Asker, verb
from kpi_tree.workspace.types import NodeView, Point, Settings


@verb
def tree(
    home: Home,
    who: Asker,  # noqa: ARG001
    plan_id: str | None = None,
    *,
    at: date,
    where: Where | None = None,
) -> list[NodeView]:
    """Every node as an outline shows them, parents first: how far it is on a day, and why.

    Args:
        at: the day looked at; data of later days are left out.
        where: dimension → values to keep. A KPI without that dimension has no value, and says so.

    Raises:
        NotFound: there is no such plan.
    """
    found = plan_cached(home, plan_id_of(home, plan_id))
    key = (identity(home), data_revision(home), found.id, found.revision, at, frozen(where))
    return list(TREES.get(key, lambda: evaluated(home, found, at, where)))


def evaluated(home: Home, plan: Plan, at: date, where: Where | None) -> tuple[NodeView, ...]:
    """The tree of a plan that need not be the one kept (an earlier one, a draft)."""
    return _Tree(home, plan, at, where).views()


class _Tree:
    def __init__(self, home: Home, plan: Plan, at: date, where: Where | None) -> None:
        self.home, self.plan, self.at, self.where = home, plan, at, where
        self.settings: Settings = current_settings(home)
        self.looks = looks(plan, at, calendar_of(self.settings))
        self._by_period: dict[Period, Evaluated] = {}
        self._daily: dict[Period, Mapping[str, np.ndarray]] = {}
        self.seen: dict[str, Seen] = {}
        self.paths: dict[str, Path] = {}
        self.aims: dict[str, Aim] = {}
        self.outlooks: dict[str, Outlook] = {}

    def over(self, period: Period, at: date) -> Evaluated:
        """The plan over a period, evaluated once."""
        if period not in self._by_period:
            self._by_period[period] = Evaluated(self.home, self.plan, period, at, self.where)
        return self._by_period[period]

    def views(self) -> tuple[NodeView, ...]:
        """Every node's view, in outline order."""
        order = in_order(self.plan)
        verdicts: dict[str, Verdict] = {}
        for node_id in reversed(list(self.looks)):
            node = self.plan.nodes[node_id]
            if node.kind != "action":
                verdicts[node_id] = self._verdict(node, verdicts)
        self._look_ahead()
        return tuple(self._view(self.plan.nodes[node], depth, verdicts.get(node)) for node, depth in order)

    def _verdict(self, node: Node, below: Mapping[str, Verdict]) -> Verdict:
        look = self.looks[node.id]
        seen = self.over(look.period, self.at).seen(node)
        self.seen[node.id] = seen
        if look.target is not None:
            return self._against(node, look, look.target, seen)
        children = [
            (child, self.plan.nodes[child].name, below[child])
            for child in self.plan.children(node.id)
            if child in below and self._kind(node.id, child) in ("formula", "influence")
        ]
        verdict = from_children(
            [child for child in children if child[2].target is not None or child[2].weakest]
        )
        return replace(verdict, actual=seen.actual, data_through=seen.through)

    def _look_ahead(self) -> None:
        """Where each node with a target is likely to land, while its period is not over."""
        open_ones = [self.plan.nodes[node] for node, aim in self.aims.items() if aim.period.last >= self.at]
        if not open_ones:
            return
        for node_id, days in histories(self.home, self.plan, open_ones, self.at, self.where).items():
            aim, seen = self.aims[node_id], self.seen[node_id]
            bounds = aim.bounds() if aim.direction == "range" else None
            aimed = Aimed(aim.period, aim.rollup or "sum", aim.target, aim.direction, bounds, days.adds_up)
            # Its actual must cover the very days that the forecast goes on from.
            if seen.through is None or seen.through == days.last or days.last < aim.period.start:
                found = look_ahead(days.values, days.last, aimed, seen.actual)
                if found is not None:
                    self.outlooks[node_id] = found

    def _kind(self, parent: str, child: str) -> str:
        edge = self.plan.edge(parent, child)
        return edge.kind if edge else ""

    def _against(self, node: Node, look: Look, target: Target, seen: Seen) -> Verdict:
        direction = direction_of(node)
        if target.baseline is not None and direction != "range":
            # A target below its baseline is meant to go down, whatever is usual for the KPI.
            direction = (
                "down"
                if target.value < target.baseline
                else "up"
                if target.value > target.baseline
                else direction
            )
        aim = Aim(
            look.period,
            target.value,
            target.baseline,
            rollup_of(node),
            unit_of(node),
            direction,
            seen.currency or self.settings.currency or None,
            node.low,
            node.high,
        )
        self.aims[node.id] = aim
        path = self._path(node, look.period, target)
        self.paths[node.id] = path
        evidence = Evidence(
            seen.actual,
            seen.through,
            path.at(seen.through) if seen.through else None,
            seen.records,
            tuple(self._guards(node, look)),
        )
        rules = Rules.with_bands(target.bands, stale_after=self.settings.stale_after_days)
        return assess(aim, evidence, today=self.at, rules=rules)

    def _path(self, node: Node, period: Period, target: Target) -> Path:
        last_year = None
        if target.trajectory == "last_year":
            last_year = self._last_year(period).get(node.id)
        return plan_path(
            period,
            target.value,
            baseline=target.baseline,
            rollup=rollup_of(node),
            trajectory=target.trajectory,
            last_year=last_year,
            points=target.custom,
        )

    def _last_year(self, period: Period) -> Mapping[str, np.ndarray]:
        before = period.same_last_year()
        if before not in self._daily:
            whole = Evaluated(self.home, self.plan, before, min(before.last, self.at), self.where)
            self._daily[before] = whole.daily()
        return self._daily[before]

    def _guards(self, node: Node, look: Look) -> list[Guard]:
        found = []
        for child in self.plan.children(node.id, "guardrail"):
            guarding = self.plan.nodes[child]
            now = self.over(look.period, self.at).seen(guarding)
            elapsed = look.period.elapsed(now.through) if now.through else 0
            before = NOTHING
            if elapsed:
                # The same number of days of the period before, so that a sum is compared with its like.
                head = look.period.previous().head(elapsed)
                before = self.over(head, head.last).seen(guarding)
            found.append(
                guard(
                    guarding.name,
                    actual=now.actual,
                    baseline=before.actual,
                    direction=direction_of(guarding),
                    unit=unit_of(guarding),
                    currency=now.currency,
                )
            )
        return found

    def _view(self, node: Node, depth: int, verdict: Verdict | None) -> NodeView:
        look = self.looks[node.id]
        view = NodeView(
            id=node.id,
            name=node.name,
            kind=node.kind,
            parents=tuple(self.plan.parents(node.id)),
            children=tuple(self.plan.children(node.id)),
            depth=depth,
            kpi=node.kpi,
            formula=node.formula,
            unit=unit_of(node),
            direction=direction_of(node),
            owner=node.owner,
            status=None,
        )
        if verdict is None:
            return view
        seen = self.seen[node.id]
        status, reason = self._said(look, seen, verdict)
        return replace(
            view,
            currency=seen.currency or self.settings.currency or None,
            period_id=period_id(look.period),
            start=look.period.start,
            end=look.period.end,
            actual=seen.actual,
            computed=seen.computed,
            parent_gap=seen.gap,
            target=look.target.value if look.target else None,
            baseline=look.target.baseline if look.target else None,
            baseline_label=look.target.baseline_label if look.target else "",
            trajectory=self.paths[node.id].used if node.id in self.paths else None,
            expected=verdict.expected,
            attainment=verdict.attainment,
            pace=verdict.pace,
            share_elapsed=verdict.share_elapsed,
            outlook=self.outlooks.get(node.id),
            status=status,
            reason=reason,
            rule=verdict.rule,
            data_from=seen.first,
            data_through=seen.through,
            stale=verdict.stale or self._is_stale(look, seen),
            points=self._points(node, look, seen),
            notes=self._notes(node, seen),
        )

    def _said(self, look: Look, seen: Seen, verdict: Verdict) -> tuple[str | None, Msg]:
        """The verdict, or for a node that nothing is aimed at whether its data are there and fresh."""
        if verdict.status is not None:
            return verdict.status, verdict.reason
        if seen.through is None and seen.actual is None and self.at >= look.period.start:
            return "no_data", msg("No data for this period: load records or values for it.")
        if self._is_stale(look, seen):
            return "stale", msg("No target here; the last data are of {day}.", day=seen.through)
        return None, verdict.reason

    def _is_stale(self, look: Look, seen: Seen) -> bool:
        if seen.through is None:
            return False
        end = min(self.at, look.period.last)
        return (end - seen.through).days > self.settings.stale_after_days

    def _notes(self, node: Node, seen: Seen) -> tuple[Msg, ...]:
        path = self.paths.get(node.id)
        return (*seen.notes, *((path.note,) if path is not None and path.note is not None else ()))

    def _points(self, node: Node, look: Look, seen: Seen) -> tuple[Point, ...]:
        path = self.paths.get(node.id)
        size = look.period.days if path is not None else len(seen.path)
        values = [float(v) if np.isfinite(v) else None for v in seen.path]
        values += [None] * (size - len(values))
        if path is None and not any(value is not None for value in values):
            return ()
        start = look.period.start
        return tuple(
            Point(start + timedelta(days=n), values[n], float(path.values[n]) if path is not None else None)
            for n in range(size)
        )
