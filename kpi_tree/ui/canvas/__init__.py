"""The tree canvas: a Streamlit component for the tree, and what its gestures mean for a plan."""

from kpi_tree.ui.canvas.component import tree_canvas
from kpi_tree.ui.canvas.events import apply_event, goes_with, single_events
from kpi_tree.ui.canvas.texts import canvas_texts

__all__ = ["apply_event", "canvas_texts", "goes_with", "single_events", "tree_canvas"]
