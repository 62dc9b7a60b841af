"""Corrections of rows that were typed and not loaded yet: they outlive a reload and other pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from kpi_tree.http import BROWSER
from kpi_tree.ui.data.keeper import Keeper
from kpi_tree.ui.shell.session import Session

MOST_ROWS = 100_000
"""Rows that all half-done corrections of this process may have."""
SECONDS = 7 * 24 * 3600.0

Rows = dict[int, list[str]]
"""Line of the file -> its cells as they were typed."""

KEPT: Keeper[Rows] = Keeper(MOST_ROWS, len, SECONDS)


def of(session: Session, batch: str) -> Rows:
    """What was typed, in this browser, into the rows of a batch that were set aside."""
    found = KEPT.get(_key(session, batch)) or {}
    return {line: list(cells) for line, cells in found.items()}


def keep(session: Session, batch: str, rows: Mapping[int, Sequence[str]]) -> None:
    """Keep what was typed in this browser; ``rows`` are those that differ from what was set aside."""
    if rows:
        KEPT.put(_key(session, batch), {line: list(cells) for line, cells in rows.items()})
    else:
        KEPT.drop(_key(session, batch))


def _key(session: Session, batch: str) -> tuple[str, str, str, str]:
    """Without a sign-in everybody has the same name: the browser tells people apart."""
    browser = str(st.context.cookies.get(BROWSER, ""))
    return str(session.home.path), session.who.name, browser, batch
