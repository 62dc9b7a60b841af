"""Other people's edits, on this screen within two seconds."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.ui.session import Session

SECONDS = 1.5


@st.fragment(run_every=SECONDS)
def watch(session: Session) -> None:
    """Look at the two revisions; run the page again when one of them has moved.

    Two small reads of one row each; nothing is drawn.
    """
    seen = (workspace.data_revision(session.home), workspace.plan_revision(session.home))
    if seen != (session.data, session.plan):
        st.rerun()
