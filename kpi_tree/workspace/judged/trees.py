"""The evaluated tree: every node's actual, target, expected value and verdict on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from kpi_tree.analysis import Verdict
from kpi_tree.analysis.needed import words as needed_words
from kpi_tree.errors import NotFound
from kpi_tree.i18n import Msg, Quantity, msg
from kpi_tree.periods import Period, period_id
from kpi_tree.plan.model import Node, Override, Plan
from kpi_tree.store import Home
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import TREES, identity
from kpi_tree.workspace.base.homes import data_revision
from kpi_tree.workspace.base.naming import name_of, own_names
from kpi_tree.workspace.base.nodes import direction_of, rollup_of, unit_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.aims import Look, in_order
from kpi_tree.workspace.figuring.figures import Where
from kpi_tree.workspace.figuring.troubles import told, troubles, with_trouble
from kpi_tree.workspace.judged.evaluation import Seen
from kpi_tree.workspace.judged.judging import Judged
from kpi_tree.workspace.judged.lens import Lens, check_filter, dimension_words, plan_through
from kpi_tree.workspace.judged.lens import lens as lens_of
from kpi_tree.workspace.judged.nodeview import NodeView, Point


@verb
def tree(
    home: Home,
    who: Asker,  # noqa: ARG001
    plan_id: str | None = None,
    *,
    at: date,
    where: Where | None = None,
    period: Period | str | None = None,
    compare: str | None = None,
    as_known: date | None = None,
    structure_as_of: date | None = None,
    targets_as_of: date | None = None,
) -> list[NodeView]:
    """Every node as an outline shows them, parents first: how far it is on a day, and why.

    Args:
        at: the day looked at; data of later days are left out.
        where: dimension → values to keep. A KPI without that dimension has no value, and says so; a target
            is for the whole shop, so that nothing is judged unless a target carries the same filter.
        period: one period for all nodes (``month quarter year`` of the day, or an id such as ``2026-Q3``);
            without it each target's own. A target of another period is not judged.
        compare: ``target``, ``previous`` or ``last_year``: what ``compared`` holds.
        as_known, structure_as_of, targets_as_of: the day as of which data, tree and targets are taken.

    Raises:
        NotFound: there is no such plan, or it didn't exist then; nothing in it is split by that dimension,
            or has that value.
        Refused: there is no such comparison or period.
    """
    asked = lens_of(
        where, period, compare, as_known=as_known, structure=structure_as_of, targets=targets_as_of
    )
    return list(seen_through(home, plan_id, at, asked))


def seen_through(home: Home, plan_id: str | None, at: date, lens: Lens) -> tuple[NodeView, ...]:
    """The tree through a lens; kept until data, plan or settings change."""
    found = plan_through(home, plan_id, lens)
    # The plan's present revision too: a past tree may stand under present targets.
    key = (identity(home), data_revision(home), found.id, kept.revision(home, found.id), at, lens)

    def make() -> tuple[NodeView, ...]:
        if lens.where:
            check_filter(home, found, lens.filters)
        return evaluated(home, found, at, None, lens)

    return TREES.get(key, make)


def evaluated(
    home: Home, plan: Plan, at: date, where: Where | None = None, lens: Lens | None = None
) -> tuple[NodeView, ...]:
    """The tree of a plan that need not be the one kept (an earlier one, a draft)."""
    return _Views(Judged(home, plan, at, lens or lens_of(where)), plan).all()


def _ends(look: Look) -> tuple[float, float] | None:
    """The two ends of a target that is to be kept within."""
    one = look.target
    return (one.low, one.high) if one and one.low is not None and one.high is not None else None


class _Views:
    """What was judged, as the faces show it."""

    def __init__(self, judged: Judged, plan: Plan) -> None:
        self.judged, self.plan, self.at, self.lens = judged, plan, judged.at, judged.lens
        self.troubles = troubles(judged.home)

    def all(self) -> tuple[NodeView, ...]:
        """Every node's view, in outline order."""
        return tuple(self.one(self.plan.nodes[node], depth) for node, depth in in_order(self.plan))

    def one(self, node: Node, depth: int) -> NodeView:
        """One node's view."""
        judged = self.judged
        verdict, look = judged.verdicts.get(node.id), judged.looks[node.id]
        view = NodeView(
            id=node.id,
            name=node.name,
            names=own_names(node, judged.kpis),
            kind=node.kind,
            parents=tuple(self.plan.parents(node.id)),
            children=tuple(self.plan.children(node.id)),
            depth=depth,
            kpi=node.kpi,
            formula=node.formula,
            unit=unit_of(node, judged.kpis),
            direction=direction_of(node, judged.kpis),
            rollup=rollup_of(node, judged.kpis),
            owner=node.owner,
            status=None,
        )
        if verdict is None:
            return view
        view = self._filled(view, look, judged.seen[node.id], verdict)
        if self.lens.where and view.actual is None and self.at >= look.period.start:
            why = self._not_split(node)
            return replace(view, status=None, reason=why, withheld=why)
        status, reason = self._said(node, look, judged.seen[node.id], verdict)
        kpi = judged.kpis.get(node.kpi or "")
        return replace(
            view,
            status=status,
            reason=with_trouble(reason, self.troubles, kpi),
            troubles=tuple(told(self.troubles, kpi)),
            rule=view.rule if status else Msg(""),
            compared=judged.compared(node),
        )

    def _filled(self, view: NodeView, look: Look, seen: Seen, verdict: Verdict) -> NodeView:
        judged = self.judged
        path = judged.paths.get(view.id)
        made = judged.over(look.period, self.at).result
        series = made[view.id] if made is not None and view.id in made else None
        return replace(
            view,
            currency=seen.currency or judged.settings.currency or None,
            period_id=period_id(look.period),
            start=look.period.start,
            end=look.period.end,
            actual=seen.actual,
            computed=seen.computed,
            parent_gap=seen.gap,
            target=look.target.value if look.target else None,
            baseline=look.target.baseline if look.target else None,
            baseline_label=look.target.baseline_label if look.target else "",
            trajectory=path.used if path else None,
            target_id=look.target.id if look.target else None,
            target_kind=look.target.kind if look.target else "goal",
            ends=_ends(look),
            lines=judged.lines.get(view.id, ()),
            said=self._word(look),
            expected=verdict.expected,
            attainment=verdict.attainment,
            pace=verdict.pace,
            share_elapsed=verdict.share_elapsed,
            outlook=judged.outlooks.get(view.id),
            turned=judged.turns.get(view.id),
            needed=(left := judged.needs.get(view.id)),
            needed_words=needed_words(judged.aims[view.id], left) if left is not None else None,
            rule=verdict.rule,
            data_from=seen.first,
            data_through=seen.through,
            stale=verdict.stale or self._is_stale(look, seen),
            points=self._points(view.id, look, seen),
            notes=(*seen.notes, *((path.note,) if path is not None and path.note is not None else ())),
            source=series.source if series else None,
            assumed=series.assumed if series else False,
        )

    def _word(self, look: Look) -> Override | None:
        """A person's word on the status, while it holds."""
        said = look.target.override if look.target else None
        return said if said is not None and said.holds(self.at) else None

    def _said(self, node: Node, look: Look, seen: Seen, verdict: Verdict) -> tuple[str | None, Msg]:
        """The verdict, or for a node that nothing is aimed at whether its data are there and fresh."""
        if verdict.status is not None:
            return verdict.status, verdict.reason
        if (
            seen.through is None
            and seen.actual is None
            and self.at >= look.period.start
            and self._lacks(seen)
        ):
            return "no_data", msg("No data for this period: load records or values for it.")
        if self._is_stale(look, seen):
            return "stale", msg("No target here; the last data are of {day}.", day=seen.through)
        if look.target is None and self.judged.lines[node.id] and verdict.weakest is None:
            return None, msg("Only a stretch goal is set here: it is met or not, and gives no status.")
        return None, self._passed(node, look, seen) or verdict.reason

    def _passed(self, node: Node, look: Look, seen: Seen) -> Msg | None:
        """Why a target that is there is not judged against."""
        if look.passed is None:
            return None
        currency = seen.currency or self.judged.settings.currency or None
        target = Quantity(look.passed.value, unit_of(node, self.judged.kpis), currency)
        if self.lens.where and not look.passed.where:
            return msg(
                "The target of {target} is for the whole shop; a filtered value is not judged.", target=target
            )
        return msg(
            "The target of {target} is for {period}; another period is not judged.",
            target=target,
            period=look.passed.period,
        )

    def _not_split(self, node: Node) -> Msg:
        """Why a node has no value through the filter; never its value without it."""
        series = self.judged.over(self.judged.looks[node.id].period, self.at).series.get(node.kpi or "")
        refusal = series.refusal if series is not None else None
        if isinstance(refusal, NotFound):
            return msg("Not split by {dimension}.", dimension=dimension_words(str(refusal.place)))
        if refusal is not None:
            return (
                refusal.message if isinstance(refusal.message, Msg) else msg("No value through this filter.")
            )
        if series is not None and series.data_through is None:
            return msg("No data for this period: load records or values for it.")
        if self.plan.nodes[node.id].assumption is not None:
            return msg("The assumption is for the whole shop.")
        missing = [
            child
            for child in self.plan.formula_children(node.id)
            if child in self.judged.seen and self.judged.seen[child].actual is None
        ]
        if missing:
            name = name_of(self.plan.nodes[missing[0]], self.judged.kpis)
            return msg("{name} has no value through this filter.", name=name)
        return msg("No value through this filter.")

    def _lacks(self, seen: Seen) -> bool:
        """Whether data should be there by now: of a period that has only just begun none are."""
        return seen.until is None or (self.at - seen.until).days > self.judged.settings.stale_after_days

    def _is_stale(self, look: Look, seen: Seen) -> bool:
        if seen.through is None:
            return False
        end = min(self.at, look.period.last)
        return (end - seen.through).days > self.judged.settings.stale_after_days

    def _points(self, node: str, look: Look, seen: Seen) -> tuple[Point, ...]:
        path = self.judged.paths.get(node)
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
