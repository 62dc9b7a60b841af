"""A path with its milestones, to be dragged or moved by keys: a small Streamlit component of our own."""

from kpi_tree.ui.milestones.component import Drawn, path_chart

__all__ = ["Drawn", "path_chart"]
