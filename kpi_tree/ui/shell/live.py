"""Other people's edits, on this screen within two seconds."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.theme import is_dark

SECONDS = 1.5


@st.fragment(run_every=SECONDS)
def watch(session: Session, dark: bool) -> None:
    """Look at the revisions; run the page again when one of them has moved, or when the
    browser turned out to be dark, which it tells after the first run.

    Small reads of one row each; nothing is drawn.
    """
    home = session.home
    seen = (workspace.data_revision(home), workspace.plan_revision(home), workspace.remark_revision(home))
    if seen != (session.data, session.plan, session.remarks) or is_dark() != dark:
        st.rerun()
