"""The check-ins page: first what waits for the reader's own word, then everything that was said."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.ui.pieces import remarks
from kpi_tree.ui.shell import address, cache, parts, person, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, nt, number, plain, t
from kpi_tree.workspace import Due, NodeView

MINE, ANYBODYS = 12, 6
"""Boxes shown of those that wait: for a reader who said their name, and for one who did not."""


def show(session: Session) -> None:
    """The page."""
    st.title(t("Check-ins"))
    if session.plan_id is None:
        parts.empty(
            t("There is no plan yet"), t("Check-ins are about the indicators of a plan."), "rate_review"
        )
        places.link("tree", t("Make a plan"), icon="account_tree")
        return
    me = person.picker(session)
    if not session.looks_back:
        _due(session, me)
    _said(session, me)


def _due(session: Session, me: str) -> None:
    waiting = due(session, me)
    st.header(t("Waiting for your word") if me else t("Waiting for a word"))
    if not waiting:
        words = t("Everything of yours was checked in on this week.") if me else t("Nothing waits.")
        st.caption(words + " " + t("Only what has an owner is asked for."))
        return
    st.caption(
        nt("{n} waits, the longest silent first.", "{n} wait, the longest silent first.", len(waiting))
    )
    views = {view.id: view for view in cache.tree(session)}
    most = MINE if me else ANYBODYS
    for place, one in enumerate(waiting[:most]):
        _row(session, one, views.get(one.node), mine=bool(me), ready=bool(me) and place == 0)
    if len(waiting) > most:
        more = nt("{n} more follows.", "{n} more follow.", len(waiting) - most)
        st.caption(more if me else more + " " + t("Say who you are to see yours."))


def due(session: Session, me: str) -> list[Due]:
    """What waits for a check-in; of one person, if one is named."""
    found: list[Due] = cache.kept(
        session.bare, "due", session.remarks, me,
        make=lambda: workspace.check_ins_due(
            session.home, session.who, session.plan_id, at=session.at, person=me or None
        ),
    )  # fmt: skip
    return found


def _row(session: Session, one: Due, view: NodeView | None, *, mine: bool, ready: bool) -> None:
    name = plain(one.name.in_language(current_language()))
    silent = t("never checked in") if one.last is None else t("last on {day}", day=plain(day(one.last)))
    owner = "" if mine else f" · {plain(one.owner)}"
    with st.expander(
        f"**{name}** · {silent}{owner}", key=f"due_{one.node}", on_change="rerun", expanded=ready
    ) as box:
        if not box.open:
            return
        if view is not None and view.actual is not None:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    t("By the data: **{value}**", value=plain(number(view.actual, view.unit, view.currency)))
                )
                parts.badge(view.status, help=view.reason)
        remarks.form(session, one.node, one.unit, action=one.kind == "action")


def _said(session: Session, me: str) -> None:
    st.header(t("What was said"))
    shown = address.pick(
        t("Show"), "of", ("all", *(["me"] if me else []), "decisions"), "all", _shown_words,
        label_visibility="collapsed",
    )  # fmt: skip
    kind = "decision" if shown == "decisions" else None
    remarks.feed(session, remarks.of(session, None, me if shown == "me" else None, kind))


def _shown_words(one: str) -> str:
    return {"all": t("Everything"), "me": t("By me or to me"), "decisions": t("Decisions")}[one]
