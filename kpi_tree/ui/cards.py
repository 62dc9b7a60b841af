"""What the canvas shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kpi_tree.plan.model import Plan
from kpi_tree.ui import cache, treemodes
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import current_language
from kpi_tree.workspace import NodeView
from kpi_tree.workspace import cards as made
from kpi_tree.workspace.cards import lines, operator

__all__ = ["drawn", "lines", "operator"]

Rows = list[dict[str, Any]]


def drawn(
    session: Session, plan: Plan, views: Sequence[NodeView], remarks: Mapping[str, int]
) -> tuple[Rows, Rows]:
    """One card a node and one line an edge, made once for a revision and not to be changed.

    Args:
        remarks: how many remarks a card carries, by node; they follow from the same revision.
    """
    lang = current_language()

    def make() -> tuple[Rows, Rows]:
        found = made.cards(plan, views, session.at, lang)
        return [{**card, "lint": remarks.get(card["id"], 0)} for card in found], lines(plan)

    kept: tuple[Rows, Rows] = cache.kept(session, "cards", lang, make=make)
    return treemodes.dressed(session, plan, kept)
