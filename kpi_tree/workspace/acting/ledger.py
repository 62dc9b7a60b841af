"""The ledger of actions: what is meant to move which KPI by how much, by whom and at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import InLanguage, Quantity, apart, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Period
from kpi_tree.plan.action_fields import OPEN_STATES
from kpi_tree.plan.action_ties import refuse_ties
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import current_settings
from kpi_tree.workspace.base.naming import name_of, own_names
from kpi_tree.workspace.base.nodes import find_node, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.drafting.planning import edit_plan
from kpi_tree.workspace.drafting.planning import plan as plan_of


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action with the KPI that it is to move; ``expected`` is in that KPI's unit.

    Attributes:
        window: days over which the effect is expected; None where it says no start.
        late: its due day, or its start, has passed while it is not done, or not begun.
        Others as :class:`kpi_tree.plan.action_fields.ActionFields` has them.
    """

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
    window: Period | None = None
    cost: float | None = None
    effort: float | None = None
    confidence: float | None = None
    course: str | None = None
    kind: str = ""
    links: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    control: str = ""
    experiment: str = ""
    notes: str = ""
    currency: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def named(self, lang: str) -> str:
        """Its name; one that a template or the sample plan gave it, in the reader's language."""
        return self.names.get(lang) or self.name

    @property
    def likely(self) -> float | None:
        """The expected effect times the confidence in it; one that says no confidence counts in full."""
        if self.expected is None:
            return None
        return self.expected * (1.0 if self.confidence is None else self.confidence)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        name = self.kpi_name
        return {
            "id": self.id,
            "name": self.named(lang),
            "kpi": self.kpi,
            "kpi_name": name if isinstance(name, str) else name.in_language(lang),
            "owner": self.owner,
            "state": self.state,
            "start": self.start.isoformat() if self.start else None,
            "due": self.due.isoformat() if self.due else None,
            "expected": plain(self.expected),
            "unit": self.unit,
            "currency": self.currency,
            "late": self.late,
            "window": _span(self.window),
            "course": self.course,
            "confidence": self.confidence,
            "cost": plain(self.cost),
            "effort": plain(self.effort),
            "kind": self.kind,
            "links": list(self.links),
            "needs": list(self.needs),
            "excludes": list(self.excludes),
            "control": self.control or None,
            "experiment": self.experiment or None,
        }


def _span(window: Period | None) -> dict[str, str] | None:
    return {"start": window.start.isoformat(), "end": window.end.isoformat()} if window else None


@verb
def actions(home: Home, who: Asker, plan_id: str | None = None, *, at: date) -> list[ActionView]:
    """Every action of a plan, those that are due first on top."""
    plan = plan_of(home, who, plan_id)
    found = [view_of(home, plan, node, at) for node in plan.nodes.values() if node.kind == "action"]
    return sorted(found, key=lambda one: (one.state in ("done", "dropped"), one.due or date.max, one.id))


def view_of(home: Home, plan: Plan, node: Node, at: date) -> ActionView:
    """An action as the faces show it on a day."""
    kpis = catalogue_of(home)
    above = next(iter(plan.parents(node.id)), "")
    top = plan.nodes.get(above)
    state = node.state or "planned"
    overdue = bool(node.due and node.due < at and state in OPEN_STATES)
    waiting = bool(node.start and node.start < at and state == "planned")
    return ActionView(
        node.id, node.name, above, name_of(top, kpis) if top else "", node.owner, state, node.start, node.due,
        node.expected_effect, unit_of(top, kpis) if top else None, overdue or waiting, node.window, node.cost,
        node.effort, node.confidence, node.effect_course, node.action_kind, node.links, node.needs,
        node.excludes, node.control, node.experiment, node.notes, current_settings(home).currency or None,
        own_names(node, kpis),
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
        kpi: the node, or the KPI that it measures. fields: ``owner notes`` and those of
            :class:`kpi_tree.plan.action_fields.ActionFields`.

    Raises:
        NotFound: no such node. Refused: no name, or a field that cannot be.
    """
    if not name.strip():
        raise Refused(msg("An action needs a name."), place="name", remedy=msg("Say what is to be done."))
    plan = plan_of(home, who, plan_id)
    top = find_node(plan, kpi)
    node = {"id": id_from_name(name, plan.nodes), "kind": "action", "name": name.strip(), **_filled(fields)}
    for tie in ("needs", "excludes"):
        refuse_ties(plan, Node(node["id"], "action", name.strip()), tie, fields.get(tie) or ())
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
    clear: Sequence[str] = (),
    **fields: Any,
) -> Plan:
    """Other values for some fields of an action, as :func:`add_action` takes them; also ``name``.

    Args:
        clear: fields to empty.
    """
    plan = plan_of(home, who, plan_id)
    node = action_of(plan, action)
    for tie in ("needs", "excludes"):
        refuse_ties(plan, node, tie, fields.get(tie) or ())
    empty = {name: _EMPTY.get(name) for name in clear}
    edits = [
        {"op": "set_field", "node": node.id, "field": field, "after": value}
        for field, value in {**empty, **_filled(fields)}.items()
    ]
    if not edits:
        raise Refused(
            msg("Nothing to change was said."),
            place=action[:80],
            remedy=msg("Say a field and its new value."),
        )
    return edit_plan(home, who, plan.id, edits, base_revision=plan.revision, now=now)


_EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(("owner", "notes", "action_kind", "control", "experiment"), ""),
    **dict.fromkeys(("links", "needs", "excludes"), ()),
}


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    plainly = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()
    }
    return {name: value for name, value in plainly.items() if value is not None}


def effect_words(one: ActionView, value: float, lang: str, *, signed: bool = False) -> str:
    """An effect on the action's KPI as it is written; of a percentage in points.

    >>> row = ActionView("a", "A", "k", "K", "", "planned", None, None, 0.0005, "percent", False)
    >>> effect_words(row, 0.0005, "en", signed=True), effect_words(row, 0.02, "en")
    ('+0.05 points', '2.0 points')
    """
    return Quantity(value, apart(one.unit), one.currency, signed=signed).in_language(lang)


def action_of(plan: Plan, asked: str) -> Node:
    """An action by its id. Raises NotFound naming the nearest."""
    every = {node.id: node for node in plan.nodes.values() if node.kind == "action"}
    if asked not in every:
        raise NotFound(
            msg("There is no action {name}.", name=asked[:80]),
            place=asked[:80],
            remedy=did_you_mean(asked, every, msg("See the list of actions.")),
        )
    return every[asked]
