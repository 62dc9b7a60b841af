"""What the alerts told: a list with unread ones, a mark in the sidebar, and how each message went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import parts, places
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, moment, nt, plain, said, t
from kpi_tree.workspace import NewsView, SendView
from kpi_tree.workspace.news.alertviews import SEND_STATES

SHOWN = 50
WRAP = """
<style>
.stApp [data-testid="stMain"] [data-testid="stPageLink-NavLink"] p { white-space: normal; line-height: 1.35; }
</style>
"""
"""A long line of news goes on below, also on a phone."""
Color = Literal["green", "red", "orange", "gray", "blue"]
STATES: Mapping[str, tuple[str, Color]] = {
    "waiting": ("schedule_send", "gray"),
    "claimed": ("send", "blue"),
    "leaving": ("send", "blue"),
    "sent": ("check_circle", "green"),
    "failed": ("error", "red"),
    "unknown": ("help", "orange"),
}


def bell(session: Session) -> None:
    """In the sidebar: how many news there are, where there are any."""
    unread = workspace.unread_news(session.home, session.who)
    if unread:
        words = nt("{n} new alert", "{n} new alerts", unread)
        places.link("alerts", f"**{plain(words)}**", icon="notifications_unread")


def show(session: Session, plan: Plan | None) -> None:
    """The list, and below it what went out."""
    st.html(WRAP)
    found = workspace.alert_news(session.home, session.who, limit=SHOWN)
    if not found:
        parts.empty(
            t("Nothing was told yet"),
            t("An alert tells you here, and by e-mail, Slack or Teams, when a number asks for somebody."),
            "notifications",
        )
        if plan is not None:
            places.link("alerts", t("Set up an alert"), icon="add_alert", view="rules")
    elif found[0].unread:
        st.button(
            t("Mark all as read"), key="news_read", icon=":material/done_all:", on_click=_read,
            args=(session, found[0].id),
        )  # fmt: skip
    for one in found:
        row(one)
    _messages(session)


def row(one: NewsView, *, short: bool = False) -> None:
    """One thing that was told."""
    with st.container(gap=None, key=f"news_{'s' if short else ''}{one.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title = plain(one.title(current_language()))
            places.link(
                "kpi", f"**{title}**" if one.unread else title, id=one.node, plan=one.plan,
                icon=parts.look(one.status).shape if one.status else "notifications",
            )  # fmt: skip
            if one.unread and not short:
                st.badge(t("new"), color="blue")
        if not short:
            st.caption(" · ".join(part for part in (plain(one.text(current_language())),) if part))
        when = moment(one.at)
        st.caption(plain(t("{when}, alert {name}", when=when, name=one.alert) if one.alert else when))


def _read(session: Session, upto: int) -> None:
    workspace.read_news(session.home, session.who, upto)


def _messages(session: Session) -> None:
    found = workspace.alert_messages(session.home, session.who, limit=SHOWN)
    if not found:
        return
    bad = sum(one.state in ("failed", "unknown") for one in found)
    words = t("What went out") + (f" · {nt('{n} not sent', '{n} not sent', bad)}" if bad else "")
    with st.expander(words, icon=":material/outgoing_mail:", expanded=bool(bad)):
        for one in found:
            _message(session, one)


def _message(session: Session, one: SendView) -> None:
    icon, color = STATES[one.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"message_{one.id}"):
        st.badge(said(SEND_STATES[one.state]), icon=f":material/{icon}:", color=color)
        st.markdown(plain(one.title))
        st.caption(plain(" · ".join([one.channel, moment(one.at)])))
        if one.next_try and one.attempts:
            st.caption(plain(t("again at {when}", when=moment(one.next_try))))
        if one.state in ("failed", "unknown") and session.who.may("send_again"):
            st.button(
                t("Send again"), key=f"again_{one.id}", type="tertiary", icon=":material/refresh:",
                on_click=_again, args=(session, one.id),
            )  # fmt: skip
    if one.problem is not None:
        st.caption(plain(one.problem.text(current_language())))


def _again(session: Session, message: int) -> None:
    try:
        workspace.send_again(session.home, session.who, message, now=now())
    except KpiTreeError as error:
        show_refusal(error)
