"""What a node is, where its numbers come from, where to go from it, and what was done to it."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Sequence
from typing import Any

from kpi_tree.plan.model import Node, Plan
from kpi_tree.ui.actions import actionpanel
from kpi_tree.ui.overviews.overview import attained
from kpi_tree.ui.pieces import behind
from kpi_tree.ui.shell import cache, parts
from kpi_tree.ui.shell.places import Way
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, moment, number, said, t
from kpi_tree.ui.shell.words import node_name, table_name, unit_words
from kpi_tree.ui.targets import asked, targetmore
from kpi_tree.ui.tree import nodeform
from kpi_tree.ui.tree.canvas import About, Fold
from kpi_tree.ui.tree.nodefields import rollup_words
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.nodes import rollup_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.documents.treefiles import readable_formula

LINES = 8
"""So many changes of a node are told."""


NEAR = 24
"""So many cards are told of ahead: those that a person is likely to click next."""


def near(
    session: Session, plan: Plan, views: Sequence[NodeView], node: str, *, editable: bool
) -> dict[str, dict[str, Any]]:
    """All that is only read of a node and of those nearest to it, itself first; each once for a revision, as
    the browser gets it.
    """
    shown, lang = {view.id: view for view in views}, current_language()

    def make() -> dict[str, dict[str, Any]]:
        return {name: one(shown[name]) for name in _nearest(plan, node) if name in shown}

    def one(view: NodeView) -> dict[str, Any]:
        made: dict[str, Any] = cache.kept(
            session, "about", view.id, lang, editable,
            make=lambda: _about(session, plan, view, editable).drawn(),
        )  # fmt: skip
        return made

    found: dict[str, dict[str, Any]] = cache.kept(session, "abouts", node, lang, editable, make=make)
    return found


def stamp(session: Session, *, editable: bool) -> str:
    """Says what the texts about nodes rest on."""
    rests_on = repr((session.key, current_language(), editable))
    return hashlib.blake2s(rests_on.encode(), digest_size=8).hexdigest()


def _nearest(plan: Plan, node: str) -> list[str]:
    """A node and those around it along the lines of the tree, the nearest first, :data:`NEAR` in all.

    >>> from kpi_tree.plan.model import Edge
    >>> links = {(up, down): Edge(up, down) for up, down in ("ab", "ac", "cd")}
    >>> _nearest(Plan("p", nodes={name: Node(name) for name in "abcd"}, links=links), "c")
    ['c', 'a', 'd', 'b']
    """
    found = {node: None}
    waiting = deque([node])
    while waiting and len(found) < NEAR:
        one = waiting.popleft()
        for other in [*plan.parents(one), *plan.children(one)]:
            if other not in found and len(found) < NEAR:
                found[other] = None
                waiting.append(other)
    return list(found)


def _about(session: Session, plan: Plan, view: NodeView, editable: bool) -> About:
    node = plan.nodes[view.id]
    action = node.kind == "action"
    remarks = [("sticky_note_2", node.notes)] if node.notes else []
    if not action and editable:
        remarks += targetmore.line_words(view)
    promised = asked.words(session, plan, node.id)
    if promised:
        remarks.append(("handshake", promised))
    folds = [_definition(session, view), _history(session, view)]
    facts = _facts(session, plan, view) + (actionpanel.facts(session, node) if action else [])
    return About(
        why=said(view.reason),
        rule=said(view.rule),
        facts=tuple((one.label, one.value, one.note) for one in facts),
        remarks=tuple(remarks),
        ways=_ways(plan, view, editable=editable),
        listed=() if action else actionpanel.ways(session, node),
        folds=tuple(fold for fold in folds if fold is not None),
        boxes=nodeform.boxes(session, plan, view) if editable else (),
    )


def _facts(session: Session, plan: Plan, view: NodeView) -> list[parts.Fact]:
    """What it was before, how far it is, who looks after it, and what kind of number it is."""
    node = plan.nodes[view.id]
    found = parts.compared(view)
    if view.computed is not None and _is_apart(view):
        gap = t("gap {gap}", gap=_short(view, view.parent_gap))
        found.append(parts.Fact(t("By the formula"), _short(view, view.computed), gap))
    far = attained(view)
    if far is not None:
        found.append(far)
    if node.kind != "action":
        found.append(parts.Fact(t("Data through"), day(view.data_through)))
    if view.owner:
        found.append(parts.Fact(t("Owner"), view.owner))
    if node.formula:
        found.append(parts.Fact(t("Formula"), readable_formula(session.home, plan, node, current_language())))
    if node.informed:
        found.append(parts.Fact(t("Informed"), ", ".join(node.informed)))
    guards = [node_name(plan.nodes[name]) for name in plan.children(node.id, "guardrail")]
    if guards:
        found.append(parts.Fact(t("Guardrails"), ", ".join(guards)))
    return found if node.kind == "action" else found + _rules(session, view, node)


def _short(view: NodeView, amount: float | None) -> str:
    return number(amount, view.unit, view.currency, compact=True)


def _is_apart(view: NodeView) -> bool:
    """Whether what was measured and what the formula gives differ by more than rounding."""
    return bool(view.parent_gap) and abs(view.parent_gap or 0) > abs(view.actual or 0) * 1e-4


def _rules(session: Session, view: NodeView, node: Node) -> list[parts.Fact]:
    """Unit, direction, how longer periods are formed, and where the number comes from."""
    sources = {
        "measured": t("records or values"),
        "computed": t("its formula"),
        "assumption": t("an assumption"),
    }
    mixed = view.assumed and view.source != "assumption"
    return [
        parts.Fact(
            t("Number from"),
            sources.get(view.source or "", "–"),
            t("holds an assumption") if mixed else "",
        ),
        parts.Fact(t("Unit"), unit_words(view.unit, view.currency)),
        parts.Fact(t("Better is"), _better(view, node)),
        parts.Fact(t("Over a longer period"), rollup_words(rollup_of(node, catalogue_of(session.home)))),
    ]


def _better(view: NodeView, node: Node) -> str:
    if view.direction != "range":
        return {"up": t("higher"), "down": t("lower")}.get(view.direction or "", "–")
    if node.low is None and node.high is None:
        return t("near the target")
    return " – ".join(_short(view, end) for end in (node.low, node.high))


def _ways(plan: Plan, view: NodeView, *, editable: bool) -> tuple[Way, ...]:
    """Its page, its target, and what the target asks of everything below it."""
    node = plan.nodes[view.id]
    if node.kind == "action":
        return (Way(t("Open the action"), "actions", "checklist", params={"action": node.id}),)
    found = [Way(t("Open"), "kpi", "arrow_forward", params={"id": view.id})]
    if editable:
        found += targetmore.ways(view)
    if node.formula and plan.targets_of(node.id):
        words = t("Its target, down the tree")
        found.append(Way(words, "goals", "account_tree", params={"as": "down", "goal": node.id}))
    return tuple(found)


def _definition(session: Session, view: NodeView) -> Fold | None:
    """What the catalogue says of its KPI, and the way to the records."""
    kpi = catalogue_of(session.home).get(view.kpi or "")
    if kpi is None:
        return None
    lang = current_language()
    texts = [(kpi.text("definition", lang), False), (kpi.text("formula", lang), True)]
    if kpi.tables:
        tables = ", ".join(table_name(name) for name in kpi.tables)
        through = day(view.data_through)
        texts.append((t("From {tables}, through {day}.", tables=tables, day=through), True))
    ways = []
    if view.start and view.data_through and view.start <= view.data_through:
        ways.append(behind.way(view.id, view.start, view.data_through))
    return Fold("definition", t("Definition"), "menu_book", tuple(texts), tuple(ways))


def _history(session: Session, view: NodeView) -> Fold | None:
    """The last changes of the node: what, when and by whom."""
    texts: list[tuple[str, bool]] = []
    for line in cache.history(session):
        words = [
            said(word) for word, nodes in zip(line.words, line.touched, strict=False) if view.id in nodes
        ]
        if words:
            texts += [("\n".join(words[:4]), False), (f"{moment(line.at)} · {line.who}", True)]
        if len(texts) == 2 * LINES:
            break
    return Fold("history", t("What was changed here"), "history", tuple(texts)) if texts else None
