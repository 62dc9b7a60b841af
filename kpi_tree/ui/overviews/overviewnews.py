"""What changed since this browser's last visit, and the last alerts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.http import BROWSER
from kpi_tree.ui.actions import checkinpage
from kpi_tree.ui.news import alertnews
from kpi_tree.ui.shell import cache, places
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import moment, nt, plain, say, t
from kpi_tree.workspace import Changed
from kpi_tree.workspace.news.weeklywords import ChangeLine, change_lines

KEPT = "_since_visit"
AGAIN = timedelta(minutes=5)
FEW_ALERTS = 2
PAGES: dict[str, tuple[str, str]] = {
    "turned": ("kpi", "id"),
    "closed": ("tree", "node"),
    "loaded": ("data", "batch"),
    "edited": ("tree", ""),
}


def since_visit(session: Session) -> Changed | None:
    """What changed since the last visit; None on the first one, or for a browser that keeps nothing."""
    at = now()
    kept: tuple[Any, datetime, Changed | None] | None = st.session_state.get(KEPT)
    key = (session.bare.key, session.plan_id)
    if kept is not None and kept[0] == key and at - kept[1] < AGAIN:
        return kept[2]
    browser = str(st.context.cookies.get(BROWSER, ""))
    try:
        found = workspace.since_last_visit(
            session.home, session.who, browser, at=session.today, now=at, plan_id=session.plan_id
        )
    except KpiTreeError:
        found = None  # a full disk must not keep anybody from reading
    st.session_state[KEPT] = (key, at, found)
    return found


def check_ins(session: Session) -> None:
    """How many owners have not said a word for a while, with the way to the list."""
    waiting = checkinpage.due(session, "")
    if waiting:
        words = nt("{n} check-in is due", "{n} check-ins are due", len(waiting))
        places.link("checkins", words, icon="rate_review")


def show(session: Session) -> None:
    """The section: what changed, then the alerts that were not read."""
    st.header(t("Since your last visit"))
    found = since_visit(session)
    if found is None:
        st.caption(t("This is the first visit with this browser. Next time it says what changed meanwhile."))
    else:
        lines = lines_of(session, found)
        if not lines:
            st.caption(t("Nothing changed since {when}.", when=plain(moment(found.since))))
        for line in lines:
            _line(line)
        if lines:
            st.caption(t("Since {when}.", when=plain(moment(found.since))))
    _alerts(session)


def lines_of(session: Session, found: Changed) -> list[ChangeLine]:
    """What changed, a sentence a thing."""
    views = {view.id: view for view in cache.tree(session.bare)}
    return list(change_lines(found, views))


def _line(line: ChangeLine) -> None:
    icon, color = _look(line)
    page, name = PAGES[line.kind]
    target = line.node or line.batch
    words = f":{color}[:material/{icon}:] {say(line.words)}" if color else say(line.words)
    places.link(page, words, icon=None if color else icon, **({name: target} if name and target else {}))


def _look(line: ChangeLine) -> tuple[str, Literal["green", "orange", ""]]:
    if line.kind == "turned" and line.good is not None:
        return ("trending_up", "green") if line.good else ("trending_down", "orange")
    icons = {"turned": "change_circle", "closed": "task_alt", "loaded": "upload_file", "edited": "edit"}
    return icons[line.kind], ""


def _alerts(session: Session) -> None:
    found = [one for one in workspace.alert_news(session.home, session.who, limit=20) if one.unread]
    for one in found[:FEW_ALERTS]:
        alertnews.row(one, short=True)
    if len(found) > FEW_ALERTS:
        places.link("alerts", t("All new alerts"), icon="notifications_unread")
