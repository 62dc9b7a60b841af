"""What the canvas shows, in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kpi_tree.plan.model import Plan
from kpi_tree.ui.pieces import remarks as spoken
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language
from kpi_tree.ui.tree import treemodes
from kpi_tree.workspace import NodeView, RemarkView
from kpi_tree.workspace.judged import cards as made
from kpi_tree.workspace.judged.cards import lines, operator

__all__ = ["drawn", "lines", "operator"]

Rows = list[dict[str, Any]]
SAID_DAYS = 14


def drawn(
    session: Session, plan: Plan, views: Sequence[NodeView], remarks: Mapping[str, int]
) -> tuple[Rows, Rows]:
    """One card a node and one line an edge, made once for a revision and not to be changed.

    Args:
        remarks: how many remarks a card carries, by node; they follow from the same revision.

    A card also carries how much was said of it in the last :data:`SAID_DAYS` days.
    """
    lang = current_language()

    def make() -> tuple[Rows, Rows]:
        found = made.cards(plan, views, session.at, lang)
        said = lately(spoken.of(session), session.at)
        more = [{"lint": remarks.get(card["id"], 0), "unread": said[card["id"]]} for card in found]
        return [{**card, **counts} for card, counts in zip(found, more, strict=True)], lines(plan)

    kept: tuple[Rows, Rows] = cache.kept(session, "cards", session.remarks, lang, make=make)
    return treemodes.dressed(session, plan, kept)


def lately(found: Iterable[RemarkView], at: date) -> Counter[str]:
    """How much was said of each box in the last :data:`SAID_DAYS` days, the day itself included."""
    first = at - timedelta(days=SAID_DAYS - 1)
    return Counter(one.node for one in found if first <= one.day <= at)
