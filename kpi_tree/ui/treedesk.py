"""Canvas and panel side by side, what was asked for first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.ui import outlinetab, treehand, treepage
from kpi_tree.ui.session import Session
from kpi_tree.workspace import NodeView

_SHOWN = "_desk_node"


def show(session: Session, plan: Plan, views: Sequence[NodeView], shape: str) -> None:
    """The tree in one of its shapes, and beside it what is selected (or the outline).

    What the script reaches first is on the screen first: the tree when the page opens, the panel when
    another card was clicked. (Not a fragment: an edit in it would leave the rest of the page behind.)
    """
    chosen = treepage.selected(plan)
    clicked = st.session_state.get(_SHOWN, chosen) != chosen
    st.session_state[_SHOWN] = chosen
    board, side = st.columns([6, 4] if shape == "outline" else [5, 2], gap="medium")
    for place in (side, board) if clicked else (board, side):
        with place:
            if place is board:
                treepage.board(session, plan, views, chosen)
            elif shape == "outline":
                outlinetab.show(session, plan)
            else:
                treepage.panel(session, plan, views, chosen)
    treehand.shown()
