"""What the canvas shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kpi_tree.plan.model import Plan
from kpi_tree.ui.text import current_language
from kpi_tree.workspace import NodeView
from kpi_tree.workspace import cards as made
from kpi_tree.workspace.cards import lines, operator

__all__ = ["cards", "lines", "operator"]


def cards(plan: Plan, views: Sequence[NodeView], at: date) -> list[dict[str, Any]]:
    """One card a node."""
    return made.cards(plan, views, at, current_language())
