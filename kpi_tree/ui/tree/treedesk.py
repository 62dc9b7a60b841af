"""Canvas and panel side by side, what was asked for first."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import cache, drafts, history
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.tree import outlinetab, treehand, treepage

_SHOWN, _DRAWN_FOR = "_desk_node", "_desk_session"


@st.fragment
def show(session: Session, plan: Plan, shape: str) -> None:
    """The tree in one of its shapes, and beside it what is selected (or the outline).

    A fragment, so that a click on a card draws these two and nothing else of the page. A change of the plan
    or of the data concerns all of it, so it asks for the whole page. What the script reaches first is on the
    screen first: the tree when the page opens, the panel when another card was clicked.
    """
    drafts.keep()
    alone = st.session_state.get(_DRAWN_FOR) is session
    st.session_state[_DRAWN_FOR] = session
    if alone and _concerns_the_page(session):
        st.rerun()
    treehand.go()
    with refusals():
        views = cache.tree(session)
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
    # A run of the whole page draws the canvas first: Streamlit may join the rerun with a click that waits and
    # end this run as a whole one, and what it has not drawn by then is taken off the screen, keys and all.
    if not alone and _concerns_the_page(session):
        st.rerun()


def _concerns_the_page(session: Session) -> bool:
    """Whether there is news that more than canvas and panel have to show: a new revision, a refusal."""
    seen = (workspace.data_revision(session.home), workspace.plan_revision(session.home))
    return seen != (session.data, session.plan) or history.is_refused()
