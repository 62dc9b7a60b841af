"""The tree canvas: a Streamlit component for the tree, and what its gestures mean for a plan."""

from kpi_tree.exchange.canvas_words import canvas_texts
from kpi_tree.ui.tree.canvas.called import measuring
from kpi_tree.ui.tree.canvas.component import made_on, tree_canvas
from kpi_tree.ui.tree.canvas.events import apply_event, goes_with, resolved, single_events
from kpi_tree.ui.tree.canvas.head import About, Box, Fold, panel_head

__all__ = [
    "About",
    "Box",
    "Fold",
    "apply_event",
    "canvas_texts",
    "goes_with",
    "made_on",
    "measuring",
    "panel_head",
    "resolved",
    "single_events",
    "tree_canvas",
]
