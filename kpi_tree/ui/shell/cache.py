"""What was worked out once for a revision is not worked out again.

Values are shared by all readers and must not be changed; the key holds the home, both revisions and the
day, so an edit by anybody makes every one of them miss.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

from kpi_tree import workspace
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language
from kpi_tree.workspace import BatchView, JournalLine, NodeView
from kpi_tree.workspace.base.cache import Lru
from kpi_tree.workspace.judged.lens import plan_through
from kpi_tree.workspace.judged.trees import evaluated, seen_through

KEPT = Lru(512)
"""Streamlit's own cache takes 2 to 4 ms of processor for a key; a page asks forty times."""


def kept(session: Session, name: str, *what: Any, make: Callable[[], Any]) -> Any:
    """``make()``, once for a revision of plan and data; it must not draw."""
    return KEPT.get((name, *session.key, *(_frozen(each) for each in what)), make)


def _frozen(value: Any) -> Hashable:
    """A part of a key that equals only what says the same: 1, 1.0 and True are three keys."""
    if isinstance(value, Mapping):
        return tuple((_frozen(key), _frozen(each)) for key, each in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return (type(value).__name__, *(_frozen(each) for each in value))
    return (type(value), value) if isinstance(value, bool | float) else value


def plan(session: Session) -> Plan | None:
    """The plan as it stands; None in a home without one."""
    if session.plan_id is None:
        return None
    found: Plan = kept(
        session.bare, "plan", make=lambda: workspace.plan(session.home, session.who, session.plan_id)
    )
    return found


def seen_plan(session: Session) -> Plan | None:
    """The plan that the tree shows: as it stands, or its structure and targets as of earlier days."""
    if session.plan_id is None:
        return None
    found: Plan = kept(
        session, "seen_plan", make=lambda: plan_through(session.home, session.plan_id, session.lens)
    )
    return found


def tree(session: Session) -> list[NodeView]:
    """The evaluated tree, in the reader's names."""
    lang = current_language()

    def make() -> list[NodeView]:
        views = seen_through(session.home, session.plan_id, session.at, session.lens)
        return [named(view, lang) for view in views]

    found: list[NodeView] = kept(session, "tree", lang, make=make)
    return found


def named(view: NodeView, lang: str) -> NodeView:
    """A KPI's own name, in whatever language it stands, in the reader's; a name that was typed stays."""
    name = view.named(lang)
    return view if name == view.name else replace(view, name=name)


def history(session: Session) -> list[JournalLine]:
    """The plan's journal, newest first."""
    found: list[JournalLine] = kept(
        session.bare, "history", make=lambda: workspace.history(session.home, session.who, session.plan_id)
    )
    return found


def batches(session: Session) -> list[BatchView]:
    """What was loaded, newest first."""
    found: list[BatchView] = kept(
        session.bare, "batches", make=lambda: workspace.batches(session.home, session.who)
    )
    return found


def against(session: Session, node: str, target: str) -> NodeView | None:
    """A node's view against one of its targets that is not the one looked at now."""

    lang = current_language()

    def make() -> NodeView | None:
        kept_plan = seen_plan(session)
        if kept_plan is None or target not in kept_plan.targets:
            return None
        others = {each.id: each for each in kept_plan.targets.values() if each.node != node}
        alone = kept_plan.with_(targets={**others, target: kept_plan.targets[target]})
        views = evaluated(session.home, alone, session.at, None, session.lens)
        return next((named(view, lang) for view in views if view.id == node), None)

    found: NodeView | None = kept(session, "against", node, target, lang, make=make)
    return found
