"""Cards in columns, moved by mouse, touch and keys: a small Streamlit component of our own."""

from kpi_tree.ui.actions.board.component import Card, Lane, Move, board

__all__ = ["Card", "Lane", "Move", "board"]
