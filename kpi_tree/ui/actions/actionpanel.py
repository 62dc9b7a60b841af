"""An action, or a KPI's actions, in the panel beside the tree: what matters, and the way to the form."""

from __future__ import annotations

from kpi_tree.plan.model import Node
from kpi_tree.ui.actions import actionpage
from kpi_tree.ui.actions.actionwords import amount, state_words
from kpi_tree.ui.shell import parts, places
from kpi_tree.ui.shell.parts import Fact
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, number, percent, plain, t


def show(session: Session, node: Node) -> None:
    """Draw it: an action's own facts; below a KPI the actions that are to move it."""
    if node.kind == "action":
        _action(session, node)
    else:
        _actions(session, node)


def _action(session: Session, node: Node) -> None:
    one = next((one for one in actionpage.every(session) if one.id == node.id), None)
    if one is None:
        return
    currency = session.settings.currency or None
    found = [Fact(t("State"), state_words(one.state), t("late") if one.late else "")]
    if one.start or one.due:
        found.append(Fact(t("Days"), f"{day(one.start)} – {day(one.due)}"))
    if one.expected is not None:
        found.append(Fact(t("Expected"), amount(one, one.expected, signed=True, markdown=False)))
    if one.confidence is not None:
        found.append(Fact(t("Confidence"), percent(one.confidence)))
    if one.cost is not None:
        found.append(Fact(t("Cost"), number(one.cost, "money", currency)))
    if one.effort is not None:
        found.append(Fact(t("Hours"), number(one.effort, "count")))
    parts.facts(found)
    places.link("actions", t("Open the action"), icon="checklist", action=one.id)


def _actions(session: Session, node: Node) -> None:
    own = [one for one in actionpage.every(session) if one.kpi == node.id and one.state != "dropped"]
    for one in own[:6]:
        label = f"{plain(one.named(current_language()))} :gray[{plain(state_words(one.state))}]"
        places.link("actions", label, icon="task_alt", action=one.id)
    if not session.looks_back:
        places.link("actions", t("Add an action"), icon="add_task", action="new", kpi=node.id)
