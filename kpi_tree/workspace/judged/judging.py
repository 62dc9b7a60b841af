"""The verdicts of a tree: each node evaluated over its period, measured against its target, looked ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from kpi_tree.analysis import (
    Aim,
    Evidence,
    Guard,
    Needed,
    Path,
    Rules,
    Turn,
    Verdict,
    assess,
    from_children,
    guard,
    limit_guard,
    needed,
    of_limit,
    turn,
)
from kpi_tree.analysis.turning import PACED
from kpi_tree.periods import Period
from kpi_tree.plan.model import Node, Plan, Target
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.nodes import direction_of, rollup_of, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.types import Settings
from kpi_tree.workspace.drafting.aims import Look, looks
from kpi_tree.workspace.drafting.paths import aim_of, path_of
from kpi_tree.workspace.judged.evaluation import NOTHING, Evaluated, Seen
from kpi_tree.workspace.judged.futures import Days, histories
from kpi_tree.workspace.judged.goallines import LineView, line_views
from kpi_tree.workspace.judged.lens import Lens, known_at, period_at
from kpi_tree.workspace.judged.nodeview import Compared
from kpi_tree.workspace.judged.outlook import Aimed, Outlook, look_ahead


class Judged:
    """A plan on a day through a lens: what is seen of each node, and the verdicts from the leaves up."""

    def __init__(self, home: Home, plan: Plan, at: date, lens: Lens) -> None:
        self.home, self.at, self.lens = home, at, lens
        # An assumption is typed for the whole shop: through a filter it would be a wrong number.
        self.plan = _without_assumptions(plan) if lens.where else plan
        self.settings: Settings = current_settings(home)
        calendar = calendar_of(self.settings)
        self.looks = looks(plan, at, calendar, period_at(lens, at, calendar), lens.pairs)
        self.kpis = catalogue_of(home)
        self.known_at = known_at(home, lens)
        self._by_period: dict[Period, Evaluated] = {}
        self._daily: dict[Period, Mapping[str, np.ndarray]] = {}
        self.seen: dict[str, Seen] = {}
        self.paths: dict[str, Path] = {}
        self.aims: dict[str, Aim] = {}
        self.outlooks: dict[str, Outlook] = {}
        self.needs: dict[str, Needed] = {}
        self.turns: dict[str, Turn] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.lines: dict[str, tuple[LineView, ...]] = {}
        for node_id in reversed(list(self.looks)):
            node = self.plan.nodes[node_id]
            if node.kind != "action":
                self.verdicts[node_id] = self._verdict(node)
                self.lines[node_id] = self._beside(node)
        self._look_ahead()

    def over(self, period: Period, at: date) -> Evaluated:
        """The plan over a period, evaluated once."""
        if period not in self._by_period:
            self._by_period[period] = Evaluated(
                self.home, self.plan, period, at, self.lens.filters, self.known_at
            )
        return self._by_period[period]

    def before(self, node: Node, before: Period, look: Look, seen: Seen) -> tuple[Period, Seen] | None:
        """A node over an earlier period: as many days as this one has run, or all once it is over."""
        elapsed = look.period.elapsed(seen.through or self.at)
        if not elapsed:
            return None
        span = before if elapsed >= look.period.days else before.head(elapsed)
        return span, self.over(span, span.last).seen(node)

    def compared(self, node: Node) -> Compared | None:
        """The node's value of the span that the lens compares with."""
        look, now, kind = self.looks[node.id], self.seen[node.id], self.lens.compare
        if kind == "target":
            return None
        earlier = look.period.previous() if kind == "previous" else look.period.same_last_year()
        found = self.before(node, earlier, look, now)
        if found is None:
            return None
        span, then = found
        made = Compared(kind, span.start, span.end, then.actual)
        if now.actual is None or then.actual is None:
            return made
        difference = now.actual - then.actual
        direction = direction_of(node, self.kpis)
        return replace(
            made,
            difference=difference,
            change=difference / then.actual if then.actual > 0 else None,
            good=None if direction == "range" or not difference else (difference > 0) == (direction == "up"),
        )

    def _verdict(self, node: Node) -> Verdict:
        look = self.looks[node.id]
        seen = self.over(look.period, self.at).seen(node)
        self.seen[node.id] = seen
        if look.target is not None:
            return self._against(node, look, look.target, seen)
        below = self.verdicts
        children = [
            (child, name_of(self.plan.nodes[child], self.kpis), below[child])
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
        for node_id, days in histories(
            self.home, self.plan, open_ones, self.at, self.lens.filters, self.known_at, drivers=True
        ).items():
            aim, seen = self.aims[node_id], self.seen[node_id]
            bounds = aim.bounds() if aim.direction == "range" else None
            aimed = Aimed(aim.period, aim.rollup or "sum", aim.target, aim.direction, bounds, days.adds_up)
            # Its actual must cover the very days that the forecast goes on from.
            if seen.through is None or seen.through == days.last or days.last < aim.period.start:
                found = look_ahead(days.values, days.last, aimed, seen.actual, days.around)
                if found is not None:
                    self.outlooks[node_id] = found
                self._need(node_id, days)

    def _need(self, node_id: str, days: Days) -> None:
        """What the rest of the period must bring, where days add up and the target is still open."""
        aim, actual = self.aims[node_id], self.seen[node_id].actual
        if actual is None or not days.adds_up or self.verdicts[node_id].status not in (*PACED, "too_early"):
            return
        if (left := needed(aim, actual, days.values, days.last)) is not None:
            self.needs[node_id] = left

    def _kind(self, parent: str, child: str) -> str:
        edge = self.plan.edge(parent, child)
        return edge.kind if edge else ""

    def _against(self, node: Node, look: Look, target: Target, seen: Seen) -> Verdict:
        limit = target.kind != "goal"
        # A limit is a level to hold from the first day on, not a way to go.
        target = replace(target, baseline=None) if limit else target
        aim = aim_of(
            target,
            look.period,
            rollup=rollup_of(node, self.kpis),
            unit=unit_of(node, self.kpis),
            direction=direction_of(node, self.kpis),
            currency=seen.currency or self.settings.currency or None,
            ends=(node.low, node.high),
        )
        self.aims[node.id] = aim
        path = self._path(node, look.period, target)
        self.paths[node.id] = path
        evidence = Evidence(
            seen.actual,
            seen.through or seen.until,
            path.at(seen.through) if seen.through else None,
            seen.records,
            tuple(self._guards(node, look)),
        )
        rules = Rules.with_bands(target.bands, stale_after=self.settings.stale_after_days)
        rules = rules.for_limit() if limit else rules
        verdict = assess(aim, evidence, today=self.at, rules=rules)
        verdict = of_limit(verdict, target.kind, aim, rules) if limit else verdict
        if (turned := turn(aim, path, seen.path, verdict, rules)) is not None:
            self.turns[node.id] = turned
        return verdict

    def _path(self, node: Node, period: Period, target: Target) -> Path:
        shape = self._last_year(period).get(node.id) if target.trajectory == "last_year" else None
        return path_of(target, period, rollup_of(node, self.kpis), self.plan.events, shape)

    def lines_of(self, node: Node, period: Period, seen: Seen) -> tuple[LineView, ...]:
        """The floors, stretches and guardrails of a node for a period, each met or not."""
        return line_views(
            self.plan, node, period, seen, self.at, self.kpis,
            seen.currency or self.settings.currency or None, self.lens.pairs,
            lambda days: self._last_year(days).get(node.id),
        )  # fmt: skip

    def _beside(self, node: Node) -> tuple[LineView, ...]:
        """The lines beside what the verdict is made from."""
        look = self.looks[node.id]
        own = look.target.id if look.target else None
        return tuple(one for one in self.lines_of(node, look.period, self.seen[node.id]) if one.id != own)

    def _last_year(self, period: Period) -> Mapping[str, np.ndarray]:
        before = period.same_last_year()
        if before not in self._daily:
            whole = Evaluated(
                self.home, self.plan, before, min(before.last, self.at), self.lens.filters, self.known_at
            )
            self._daily[before] = whole.daily()
        return self._daily[before]

    def _guards(self, node: Node, look: Look) -> list[Guard]:
        found = []
        for child in self.plan.children(node.id, "guardrail"):
            guarding = self.plan.nodes[child]
            now = self.over(look.period, self.at).seen(guarding)
            if limits := [
                one for one in self.lines_of(guarding, look.period, now) if one.kind == "guardrail"
            ]:
                # A limit that somebody set says more than what the period before happened to be.
                name = name_of(guarding, self.kpis)
                found += [limit_guard(name, one.met, one.standing) for one in limits]
                continue
            # The same number of days of the period before, so that a sum is compared with its like.
            earlier = self.before(guarding, look.period.previous(), look, now) if now.through else None
            before = earlier[1] if earlier else NOTHING
            found.append(
                guard(
                    name_of(guarding, self.kpis),
                    actual=now.actual,
                    baseline=before.actual,
                    direction=direction_of(guarding, self.kpis),
                    unit=unit_of(guarding, self.kpis),
                    currency=now.currency,
                )
            )
        return found


def _without_assumptions(plan: Plan) -> Plan:
    nodes = {
        node.id: node if node.assumption is None else replace(node, assumption=None)
        for node in plan.nodes.values()
    }
    return plan.with_(nodes=nodes)
