"""Other people's edits, on this screen within two seconds."""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.store import Home
from kpi_tree.ui.shell import start
from kpi_tree.ui.shell.session import Session

NAME = "kpi-tree.live"


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="live.js")


def watch(session: Session, dark: bool) -> None:
    """Have the browser look at the revisions; it asks for the page again when one of them has moved, or when
    it turned out to be dark, which it tells after the first run.

    The script does not run for a look: in a tab in the background nobody even looks.
    """
    seen = _words(session.data, session.plan, session.remarks)
    _component()(key="live", data={"seen": seen, "dark": dark}, on_moved_change=lambda: None)


def revisions() -> str:
    """The revisions of data, plans and remarks as they stand in the home that is served.

    Small reads of one row each. Raises KpiTreeError where the home cannot be opened.
    """
    home: Home = start.home()
    found = (workspace.data_revision(home), workspace.plan_revision(home), workspace.remark_revision(home))
    return _words(*found)


def _words(data: int, plan: int, remarks: int) -> str:
    """Revisions as the browser compares them.

    >>> _words(12, 3, 0)
    '12.3.0'
    """
    return f"{data}.{plan}.{remarks}"
