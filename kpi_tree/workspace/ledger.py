"""The ledger of actions: what was meant to move which KPI by how much, and what it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kpi_tree.analysis import kind_of, landing
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import InLanguage, Msg, Quantity, msg, nmsg, translate
from kpi_tree.periods import Period
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.nearest import nearest
from kpi_tree.store import Home
from kpi_tree.workspace.evaluation import Evaluated, direction_of, rollup_of, unit_of
from kpi_tree.workspace.explaining import find_node
from kpi_tree.workspace.futures import histories
from kpi_tree.workspace.homes import current_settings
from kpi_tree.workspace.naming import name_of
from kpi_tree.workspace.nodeview import plain
from kpi_tree.workspace.outlook import ahead
from kpi_tree.workspace.own import catalogue_of
from kpi_tree.workspace.planning import edit_plan
from kpi_tree.workspace.planning import plan as plan_of
from kpi_tree.workspace.rights import Asker, verb

WINDOW_DAYS = 28
"""Days after its start over which an action without a due day is measured."""

VERDICTS = {
    "confirmed": msg("confirmed"),
    "no_effect": msg("no effect found"),
    "opposite": msg("moved the other way"),
    "not_delivered": msg("not delivered"),
    "too_early": msg("too early to say"),
}


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action with the KPI that it is to move; ``expected`` is in that KPI's unit."""

    id: str
    name: str
    kpi: str
    kpi_name: str | InLanguage
    owner: str
    state: str
    start: date | None
    due: date | None
    expected: float | None
    unit: str | None
    late: bool

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        name = self.kpi_name
        return {
            "id": self.id,
            "name": self.name,
            "kpi": self.kpi,
            "kpi_name": name if isinstance(name, str) else name.in_language(lang),
            "owner": self.owner,
            "state": self.state,
            "start": self.start.isoformat() if self.start else None,
            "due": self.due.isoformat() if self.due else None,
            "expected": plain(self.expected),
            "unit": self.unit,
            "late": self.late,
        }


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action did: the KPI over its window beside what was to come without it.

    Attributes:
        actual: the KPI over the window; without: the forecast made from the days before. measured: their
            difference; low, high: its interval at ``level``. verdict: one of :data:`VERDICTS`.
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
            "verdict": self.verdict,
            "reason": translate(self.reason, lang),
            "notes": [translate(note, lang) for note in self.notes],
        }


@verb
def actions(home: Home, who: Asker, plan_id: str | None = None, *, at: date) -> list[ActionView]:
    """Every action of a plan, those that are due first on top."""
    plan = plan_of(home, who, plan_id)
    found = [_view(home, plan, node, at) for node in plan.nodes.values() if node.kind == "action"]
    return sorted(found, key=lambda one: (one.state in ("done", "dropped"), one.due or date.max, one.id))


def _view(home: Home, plan: Plan, node: Node, at: date) -> ActionView:
    kpis = catalogue_of(home)
    above = next(iter(plan.parents(node.id)), "")
    top = plan.nodes.get(above)
    state = node.state or "planned"
    return ActionView(
        node.id, node.name, above, name_of(top, kpis) if top else "", node.owner, state, node.start, node.due,
        node.expected_effect, unit_of(top, kpis) if top else None,
        bool(node.due and node.due < at and state not in ("done", "dropped")),
    )  # fmt: skip


@verb
def add_action(
    home: Home,
    who: Asker,
    /,
    kpi: str,
    name: str,
    *,
    plan_id: str | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Plan:
    """A new action below the node that it is to move.

    Args:
        kpi: the node, or the KPI that it measures. fields: ``owner start due state expected_effect notes``.

    Raises:
        NotFound: no such node. Refused: no name, or a field that cannot be.
    """
    if not name.strip():
        raise Refused(msg("An action needs a name."), place="name", remedy=msg("Say what is to be done."))
    plan = plan_of(home, who, plan_id)
    top = find_node(plan, kpi)
    node = {"id": id_from_name(name, plan.nodes), "kind": "action", "name": name.strip(), **_filled(fields)}
    edge = {"parent": top.id, "child": node["id"], "kind": "supports"}
    edits = [{"op": "add_node", "after": node, "edges": [edge]}]
    return edit_plan(home, who, plan.id, edits, base_revision=plan.revision, now=now)


@verb
def change_action(
    home: Home,
    who: Asker,
    /,
    action: str,
    *,
    plan_id: str | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Plan:
    """Other values for some fields of an action, as :func:`add_action` takes them; also ``name``."""
    plan = plan_of(home, who, plan_id)
    node = _action(plan, action)
    edits = [
        {"op": "set_field", "node": node.id, "field": field, "after": value}
        for field, value in _filled(fields).items()
    ]
    if not edits:
        raise Refused(
            msg("Nothing to change was said."),
            place=action[:80],
            remedy=msg("Say a field and its new value."),
        )
    return edit_plan(home, who, plan.id, edits, base_revision=plan.revision, now=now)


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    plainly = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()
    }
    return {name: value for name, value in plainly.items() if value is not None}


def _action(plan: Plan, asked: str) -> Node:
    every = {node.id: node for node in plan.nodes.values() if node.kind == "action"}
    if asked not in every:
        near = nearest(asked, every)
        raise NotFound(
            msg("There is no action {name}.", name=asked[:80]),
            place=asked[:80],
            remedy=msg("Did you mean {name}?", name=near) if near else msg("See the list of actions."),
        )
    return every[asked]


@verb
def measure_action(
    home: Home, who: Asker, action: str, *, at: date, days: int | None = None, plan_id: str | None = None
) -> Effect:
    """What an action did to its KPI, against what the days before its start foretold.

    Args:
        at: the day looked at; data of later days are left out.
        days: of the window from its start; without it up to its due day, or four weeks.

    Raises:
        NotFound: no such action. Refused: it has no start, hangs below nothing, or ends before it starts.
    """
    plan = plan_of(home, who, plan_id)
    node = _action(plan, action)
    view = _view(home, plan, node, at)
    window = _window(node, days)
    top = plan.nodes.get(view.kpi)
    if top is None:
        raise Refused(
            msg("{name} hangs below no KPI.", name=node.name),
            place=node.id,
            remedy=msg("Draw a line from the KPI that it is to move."),
        )
    if view.state in ("planned", "dropped"):
        return Effect(view, window, "not_delivered", msg("It was not done, so it has no effect to measure."))
    return _measured(home, plan, top, view, window, at)


def _window(node: Node, days: int | None) -> Period:
    if node.start is None:
        raise Refused(
            msg("{name} has no start, so there is no window to measure.", name=node.name),
            place=node.id,
            remedy=msg("Give it the day on which it began to work."),
        )
    if days is None:
        days = (node.due - node.start).days + 1 if node.due else WINDOW_DAYS
    if days < 1:
        raise Refused(
            msg("{name} is due before it starts.", name=node.name),
            place=node.id,
            remedy=msg("Change one of the two days."),
        )
    return Period(node.start, node.start + timedelta(days=days))


def _measured(home: Home, plan: Plan, top: Node, view: ActionView, window: Period, at: date) -> Effect:
    past = histories(home, plan, [top], at, None).get(top.id)
    if past is None or past.last < window.last:
        last = past.last if past else None
        words = (
            msg("Its data end on {day}; the window ends on {last}.", day=last, last=window.last)
            if last
            else msg("Its KPI has no values by day.")
        )
        return Effect(view, window, "too_early", words)
    rollup = rollup_of(top, catalogue_of(home))
    kind = kind_of(rollup)
    known = past.values[: len(past.values) - (past.last - window.start).days - 1]
    made = ahead(known, window.start - timedelta(days=1), window.end, past.adds_up or kind != "flow")
    foretold = landing(made, kind=kind, actual=None, elapsed=0)
    actual = Evaluated(home, plan, window, window.last, None).seen(top).actual
    if foretold.value is None or actual is None or foretold.low is None or foretold.high is None:
        why = made.withheld or msg("There is too little history before it to say what was to come.")
        return Effect(view, window, "too_early", why, actual=actual)
    better = -1.0 if direction_of(top, catalogue_of(home)) == "down" else 1.0
    low, high = actual - foretold.high, actual - foretold.low
    verdict = _verdict(low * better, high * better)
    notes = _others(plan, view, window)
    return Effect(
        view, window, verdict, _words(home, top, actual, foretold.value, low, high, verdict), actual,
        foretold.value, actual - foretold.value, low, high, made.level, tuple(notes),
    )  # fmt: skip


def _verdict(one: float, other: float) -> str:
    low, high = min(one, other), max(one, other)
    return "confirmed" if low > 0 else "opposite" if high < 0 else "no_effect"


def _words(
    home: Home, top: Node, actual: float, without: float, low: float, high: float, verdict: str
) -> Msg:
    kpis, currency = catalogue_of(home), current_settings(home).currency or None
    unit = unit_of(top, kpis)
    gap = "points" if unit == "percent" else unit
    return msg(
        "{name}: {actual}, {without} foretold from before: {effect} (between {low} and {high}): {verdict}.",
        name=name_of(top, kpis),
        actual=Quantity(actual, unit, currency, beside=without),
        without=Quantity(without, unit, currency, beside=actual),
        effect=Quantity(actual - without, gap, currency, signed=True),
        low=Quantity(low, gap, currency, signed=True),
        high=Quantity(high, gap, currency, signed=True),
        verdict=VERDICTS[verdict],
    )


def _others(plan: Plan, view: ActionView, window: Period) -> Sequence[Msg]:
    """Other actions on the same KPI in the same days cannot be told apart from it."""
    beside = [
        node.name
        for node in (plan.nodes[child] for child in plan.children(view.kpi))
        if node.kind == "action" and node.id != view.id and node.state in ("doing", "done") and node.start
        and node.start < window.end and (node.due or node.start) >= window.start
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
