"""An action, or a KPI's actions, in the panel beside the tree: what matters, and the way to the form."""

from __future__ import annotations

from kpi_tree.plan.model import Node
from kpi_tree.ui.actions import actionpage
from kpi_tree.ui.actions.actionwords import amount, state_words
from kpi_tree.ui.shell.parts import Fact
from kpi_tree.ui.shell.places import Way
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, number, percent, t

MOST = 6


def facts(session: Session, node: Node) -> list[Fact]:
    """How an action stands, when it runs, what it is to bring and what it costs."""
    one = next((one for one in actionpage.every(session) if one.id == node.id), None)
    if one is None:
        return []
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
    return found


def ways(session: Session, node: Node) -> tuple[Way, ...]:
    """To the actions that are to move a KPI, and to a new one."""
    own = [one for one in actionpage.every(session) if one.kpi == node.id and one.state != "dropped"]
    found = [
        Way(one.named(current_language()), "actions", "task_alt", state_words(one.state), {"action": one.id})
        for one in own[:MOST]
    ]
    if not session.looks_back:
        asked = {"action": "new", "kpi": node.id}
        found.append(Way(t("Add an action"), "actions", "add_task", params=asked))
    return tuple(found)
