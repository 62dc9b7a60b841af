"""A path with its milestones, to be dragged or moved by keys: a small Streamlit component of our own."""

from kpi_tree.ui.targets.milestones.component import Drawn, Points, path_chart, take_moved

__all__ = ["Drawn", "Points", "path_chart", "take_moved"]
