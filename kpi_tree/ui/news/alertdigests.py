"""The digest on the alerts page: the week as a file now, and by a channel each week."""

from __future__ import annotations

from functools import partial

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.sources import Schedule
from kpi_tree.ui.news import alertrules
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import places
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, moment, plain, said, say, t
from kpi_tree.workspace import DigestView

SCHEDULES = ("mon 07:00", "fri 15:00", "daily 07:00")


def show(session: Session, plan: Plan | None) -> None:
    """The week as a file, and the digests that go out by themselves."""
    if plan is None:
        st.caption(t("A digest needs a plan."))
        return
    st.caption(
        t("The goal, what asks for somebody, what changed in the week and what is being done, on one page.")
    )
    download(session, plan.id)
    st.header(t("Goes out by itself"))
    if session.who.may("add_digest"):
        _form(session, plan)
    for one in workspace.digests(session.home, session.who):
        if one.plan == plan.id:
            _digest(session, one)


def download(session: Session, plan: str) -> None:
    """The button that writes the page."""
    downloads.button(
        t("This week as a page"),
        partial(
            workspace.digest, session.home, session.who, at=session.at, plan_id=plan, lang=current_language(),
            now=now(),
        ),
        f"kpi-week-{session.at.isoformat()}.html",
        "text/html",
        key="digest_page",
        icon=":material/download:",
        help=t("One file that opens in any browser, light and dark, and prints on A4."),
    )  # fmt: skip


def _form(session: Session, plan: Plan) -> None:
    ways = {one.id: one.name for one in workspace.channels(session.home, session.who)}
    if not ways:
        st.caption(t("It goes out by a channel."))
        places.link("alerts", t("Add a channel"), icon="add", view="channels")
        return
    with st.form("digest", border=True):
        left, middle, right = st.columns(3)
        with left:
            name = st.text_input(t("Name"), t("Weekly digest"), max_chars=80, key="digest_name")
        with middle:
            channel = st.selectbox(
                t("By"), list(ways), format_func=lambda one: ways[one], key="digest_channel"
            )
        with right:
            schedule = st.selectbox(
                t("When"), SCHEDULES, format_func=_when, accept_new_options=True, key="digest_schedule",
                help=t("On the shop's clock, such as thu 08:30."),
            )  # fmt: skip
        if not st.form_submit_button(t("Add a digest"), type="primary", icon=":material/add:"):
            return
    try:
        workspace.add_digest(
            session.home,
            session.who,
            name,
            channel=channel,
            schedule=str(schedule),
            plan_id=plan.id,
            now=now(),
        )
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.toast(t("Saved."), icon=":material/check:")
    st.rerun()


def _when(typed: str) -> str:
    """A schedule in words; one that is none as it was typed, until it is refused."""
    try:
        return said(Schedule.parse(typed).words())
    except KpiTreeError:
        return typed


def _digest(session: Session, one: DigestView) -> None:
    with (
        st.container(border=True, key=f"digest_{one.id}"),
        st.container(horizontal=True, vertical_alignment="center", gap="small"),
    ):
        st.markdown(f":material/newsmode: **{plain(one.name)}**")
        words = [plain(one.channel), say(Schedule.parse(one.schedule).words())]
        if one.next_run:
            words.append(plain(t("next {when}", when=moment(one.next_run))))
        st.caption(" · ".join(words))
        st.space("stretch")
        if session.who.may("remove_digest"):
            st.button(
                t("Remove"), key=f"remove_{one.id}", type="tertiary", icon=":material/delete:",
                on_click=alertrules.do, args=("remove_digest", session, one.id),
            )  # fmt: skip
