"""What leaves and comes in besides the plan file: outlines, diagrams, edge lists."""

from kpi_tree.exchange.diagrams import to_dot, to_mermaid
from kpi_tree.exchange.forms import FORMS, from_any, to_form
from kpi_tree.exchange.lists import from_markdown, to_edge_csv, to_markdown
from kpi_tree.exchange.mermaid import from_mermaid
from kpi_tree.exchange.schema import plan_schema

__all__ = [
    "FORMS",
    "from_any",
    "from_markdown",
    "from_mermaid",
    "plan_schema",
    "to_dot",
    "to_edge_csv",
    "to_form",
    "to_markdown",
    "to_mermaid",
]
