"""What an action did: its KPI over its window beside what was to come without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kpi_tree.analysis import kind_of, landing
from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import Msg, Quantity, apart, msg, nmsg, translate
from kpi_tree.periods import Period
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home
from kpi_tree.workspace.acting import counterfactual
from kpi_tree.workspace.acting.counterfactual import METHODS, Read
from kpi_tree.workspace.acting.ledger import ActionView, action_of, view_of
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.nodes import direction_of, rollup_of, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.drafting.planning import plan as plan_of
from kpi_tree.workspace.judged.evaluation import Evaluated
from kpi_tree.workspace.judged.futures import histories
from kpi_tree.workspace.judged.outlook import ahead

VERDICTS = {
    "confirmed": msg("confirmed"),
    "no_effect": msg("no effect found"),
    "opposite": msg("moved the other way"),
    "not_delivered": msg("not delivered"),
    "too_early": msg("too early to say"),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action did: the KPI over its window beside what was to come without it.

    Attributes:
        method: ``forecast control experiment``: what it is compared with; empty where nothing was read.
        actual: the KPI over the window; without: what the comparison foretells. measured: their difference;
            low, high: its interval at ``level``. verdict: one of :data:`VERDICTS`.
    """

    action: ActionView
    window: Period
    verdict: str
    reason: Msg
    actual: float | None = None
    without: float | None = None
    measured: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.8
    notes: tuple[Msg, ...] = ()
    method: str = ""

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "action": self.action.id,
            "kpi": self.action.kpi,
            "window": {"start": self.window.start.isoformat(), "end": self.window.end.isoformat()},
            "expected": plain(self.action.expected),
            "actual": plain(self.actual),
            "without": plain(self.without),
            "measured": plain(self.measured),
            "low": plain(self.low),
            "high": plain(self.high),
            "level": self.level,
            "method": self.method or None,
            "method_words": translate(METHODS[self.method], lang) if self.method else None,
            "verdict": self.verdict,
            "verdict_words": translate(VERDICTS[self.verdict], lang),
            "reason": translate(self.reason, lang),
            "notes": [translate(note, lang) for note in self.notes],
        }


@verb
def measure_action(
    home: Home,
    who: Asker,
    action: str,
    *,
    at: date,
    days: int | None = None,
    method: str | None = None,
    plan_id: str | None = None,
) -> Effect:
    """What an action did, by its experiment, else its control segment, else what the days before foretell.

    Args:
        at: the day looked at; data of later days are left out.
        days: of the window from its start; without it the action's own.
        method: ``forecast``, ``control`` or ``experiment``; without it the strongest that the action has.

    Raises:
        NotFound: no such action, segment or experiment. Refused: it has no window, hangs below nothing, or
            has not what the method asks for.
    """
    plan = plan_of(home, who, plan_id)
    node = action_of(plan, action)
    view = view_of(home, plan, node, at)
    window = _window(node, days)
    top = plan.nodes.get(view.kpi)
    if top is None:
        raise Refused(
            msg("{name} hangs below no KPI.", name=node.name),
            place=node.id,
            remedy=msg("Draw a line from the KPI that it is to move."),
        )
    asked = _method(node, method)
    if view.state == "planned" and window.last >= at:
        return Effect(view, window, "too_early", msg("It has not begun yet."))
    if view.state in ("planned", "dropped"):
        return Effect(view, window, "not_delivered", msg("It was not done, so it has no effect to measure."))
    return _measured(home, who, plan, top, view, window, at, asked)


def _method(node: Node, method: str | None) -> str:
    """The comparison asked for, or the strongest that the action has what it needs for."""
    if method is None:
        return "experiment" if node.experiment else "control" if node.control else "forecast"
    if method not in METHODS:
        raise Refused(
            msg("There is no method {name}.", name=method[:40]),
            place="method",
            remedy=msg("Choose one of {names}.", names=", ".join(METHODS)),
        )
    if (method == "control" and not node.control) or (method == "experiment" and not node.experiment):
        raise Refused(
            msg("{name} names no segment to compare with.", name=node.name)
            if method == "control"
            else msg("{name} names no experiment.", name=node.name),
            place=node.id,
            remedy=msg("Say it on the action first, or choose another method."),
        )
    return method


def _window(node: Node, days: int | None) -> Period:
    if node.start is None:
        raise Refused(
            msg("{name} has no start, so there is no window to measure.", name=node.name),
            place=node.id,
            remedy=msg("Give it the day on which it began to work."),
        )
    if days is not None:
        first = node.start + timedelta(days=node.effect_delay or 0)
        return Period(first, first + timedelta(days=max(days, 1)))
    if node.window is None:
        raise Refused(
            msg("{name} is due before its effect begins.", name=node.name),
            place=node.id,
            remedy=msg("Change one of the two days, or say how long the effect is expected to last."),
        )
    return node.window


def _measured(
    home: Home, who: Asker, plan: Plan, top: Node, view: ActionView, window: Period, at: date, method: str
) -> Effect:
    notes = list(_others(plan, view, window))
    if method == "experiment":
        read: Read | Msg = counterfactual.experiment(home, who, top, view.experiment)
    else:
        read = _by_days(home, plan, top, view, window, at, method)
    if isinstance(read, Msg):
        return Effect(view, window, "too_early", read, notes=tuple(notes), method=method)
    better = -1.0 if direction_of(top, catalogue_of(home)) == "down" else 1.0
    verdict = _verdict(read.low * better, read.high * better)
    return Effect(
        view, window, verdict, _words(home, top, view, read, verdict, method), read.actual, read.without,
        read.measured, read.low, read.high, read.level, (*notes, *read.notes), method,
    )  # fmt: skip


def _by_days(
    home: Home, plan: Plan, top: Node, view: ActionView, window: Period, at: date, method: str
) -> Read | Msg:
    """Against the days before, or the segment beside it; why not yet, where it cannot be read."""
    past = histories(home, plan, [top], at, None).get(top.id)
    if past is None:
        return msg("Its KPI has no values by day.")
    if past.last < window.last:
        return msg("Its data end on {day}; the window ends on {last}.", day=past.last, last=window.last)
    if method == "control":
        return counterfactual.control(home, top, view.control, window)
    kind = kind_of(rollup_of(top, catalogue_of(home)))
    known = past.values[: len(past.values) - (past.last - window.start).days - 1]
    made = ahead(
        known,
        window.start - timedelta(days=1),
        window.end,
        past.adds_up or kind != "flow",
        around=past.around,
    )
    foretold = landing(made, kind=kind, actual=None, elapsed=0)
    actual = Evaluated(home, plan, window, window.last, None).seen(top).actual
    if foretold.value is None or actual is None or foretold.low is None or foretold.high is None:
        return made.withheld or msg("There is too little history before it to say what was to come.")
    return Read(actual, foretold.value, actual - foretold.high, actual - foretold.low, made.level)


def _verdict(one: float, other: float) -> str:
    low, high = min(one, other), max(one, other)
    return "confirmed" if low > 0 else "opposite" if high < 0 else "no_effect"


def _words(home: Home, top: Node, view: ActionView, read: Read, verdict: str, method: str) -> Msg:
    kpis, currency = catalogue_of(home), current_settings(home).currency or None
    unit = unit_of(top, kpis)
    gap = apart(unit)
    parts = {
        "name": name_of(top, kpis),
        "actual": Quantity(read.actual, unit, currency, beside=read.without),
        "without": Quantity(read.without, unit, currency, beside=read.actual),
        "effect": Quantity(read.measured, gap, currency, signed=True),
        "low": Quantity(read.low, gap, currency, signed=True),
        "high": Quantity(read.high, gap, currency, signed=True),
        "verdict": VERDICTS[verdict],
    }
    if method == "control":
        return msg(
            "{name} outside {segment}: {actual}, {without} by the course of {segment}: {effect} "
            "(between {low} and {high}): {verdict}.",
            segment=view.control.partition("=")[2],
            **parts,
        )
    if method == "experiment":
        return msg(
            "{name}: {actual} where it was done, {without} where it was not: {effect} "
            "(between {low} and {high}): {verdict}.",
            **parts,
        )
    return msg(
        "{name}: {actual}, {without} foretold from before: {effect} (between {low} and {high}): {verdict}.",
        **parts,
    )


def _others(plan: Plan, view: ActionView, window: Period) -> Sequence[Msg]:
    """Other actions on the same KPI in the same days cannot be told apart from it."""
    beside = [
        node.name
        for node in (plan.nodes[child] for child in plan.children(view.kpi))
        if node.kind == "action" and node.id != view.id and node.state in ("doing", "done")
        and (other := node.window) is not None and other.start < window.end and other.end > window.start
    ]  # fmt: skip
    if not beside:
        return ()
    return (
        nmsg(
            "{n} other action worked on it in these days and cannot be told apart: {names}.",
            "{n} other actions worked on it in these days and cannot be told apart: {names}.",
            len(beside),
            names=", ".join(beside),
        ),
    )


def measured_or_why(home: Home, who: Asker, plan: Plan, node: Node, at: date) -> Effect | KpiTreeError:
    """The effect of one action of many: what refuses one does not stop the others."""
    try:
        return measure_action(home, who, node.id, at=at, plan_id=plan.id)
    except KpiTreeError as error:
        return error
