"""Alerts on their page: each with what it waits for and how it stands, and the form for one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.alerts import KINDS
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.ui.news import alertform
from kpi_tree.ui.shell import parts, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, moment, nt, plain, pt, said, say, t
from kpi_tree.workspace import AlertView
from kpi_tree.workspace.news.alerttrials import Tried

TRIED = "_alert_tried"
GONE = "_alert_gone"


def show(session: Session, plan: Plan | None) -> None:
    """All alerts of the plan, the form where it is open, and what became of a test."""
    if plan is None:
        parts.empty(t("No plan yet"), t("An alert watches an indicator of a plan."), "account_tree")
        places.link("tree", t("Make a plan"), icon="add")
        return
    st.caption(t("Each is told once, and again only after it was not so in between."))
    if session.who.may("add_alert"):
        alertform.show(session, plan)
        _offer_back(session)
    show_tried()
    found = workspace.alerts(session.home, session.who, plan.id)
    if not found and not alertform.is_open():
        parts.empty(
            t("No alert yet"), t("Hear of it when an indicator gets off track, old or odd."), "add_alert"
        )
    for one in found:
        _alert(session, one)


def _alert(session: Session, one: AlertView) -> None:
    every = (
        t("every indicator with numbers") if one.rule.kind == "stale" else t("every indicator with a target")
    )
    name = one.node_name.in_language(current_language()) if one.node_name else every
    with st.container(border=True, key=f"alert_{one.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{plain(one.rule.name)}**")
            _badge(one)
            st.space("stretch")
            if session.who.may("change_alert"):
                _buttons(session, one)
        if one.missing:
            st.warning(t("Its indicator is not in the plan any more."), icon=":material/link_off:")
        words = [t("{name}: {words}", name=plain(name), words=say(one.words())), *_details(one)]
        st.caption(" · ".join(words))


def _badge(one: AlertView) -> None:
    if one.rule.paused:
        st.badge(t("Paused"), icon=":material/pause_circle:", color="gray")
    elif one.on:
        st.badge(
            nt("true for {n} now", "true for {n} now", one.on),
            icon=":material/notifications_active:",
            color="orange",
        )
    elif one.unseen:
        st.badge(t("No data"), icon=":material/do_not_disturb_on:", color="gray")


def _details(one: AlertView) -> list[str]:
    rule = one.rule
    found = [plain(t("in the app and by {names}", names=", ".join(one.channels)))] if one.channels else []
    found = found or [t("in the app")]
    if rule.every_hours:
        found.append(nt("at most once in {n} hour", "at most once in {n} hours", round(rule.every_hours)))
    if rule.quiet:
        found.append(plain(t("quiet {span}", span=rule.quiet.replace("-", "–"))))
    if one.told_at:
        found.append(plain(t("told last {when}", when=moment(one.told_at))))
    return found


def _buttons(session: Session, one: AlertView) -> None:
    if st.button(pt("send one", "Test"), key=f"try_{one.id}", icon=":material/send:"):
        try_it(lambda: workspace.try_alert(session.home, session.who, one.id, now=now()))
    with st.popover(t("More"), key=f"more_{one.id}"):
        st.button(
            t("Change"), key=f"change_{one.id}", type="tertiary", icon=":material/edit:",
            on_click=alertform.open_for, args=(one,),
        )  # fmt: skip
        st.button(
            t("Go on") if one.rule.paused else t("Pause"),
            key=f"pause_{one.id}",
            type="tertiary",
            icon=":material/resume:" if one.rule.paused else ":material/pause:",
            on_click=do,
            args=("change_alert", session, one.id),
            kwargs={"paused": not one.rule.paused},
        )
        st.caption(t("What it told stays readable."))
        st.button(
            t("Remove"), key=f"remove_{one.id}", type="tertiary", icon=":material/delete:",
            on_click=_remove, args=(session, one),
        )  # fmt: skip


def _remove(session: Session, one: AlertView) -> None:
    if do("remove_alert", session, one.id):
        st.session_state[GONE] = (one.id, one.rule.name)


def _offer_back(session: Session) -> None:
    """The alert that was removed last, for as long as one stays on the page."""
    gone = st.session_state.get(GONE)
    if gone is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="alert_gone"):
        st.caption(plain(t("The alert {name} is gone.", name=gone[1])))
        st.button(
            t("Bring it back"), key="alert_back", type="tertiary", icon=":material/undo:",
            on_click=_bring_back, args=(session, gone[0]),
        )  # fmt: skip


def _bring_back(session: Session, alert: str) -> None:
    if do("bring_alert_back", session, alert):
        st.session_state.pop(GONE, None)


def do(verb: str, session: Session, name: str, **more: Any) -> bool:
    """A change by a button, and whether it was made; a refusal is shown with the next run."""
    try:
        getattr(workspace, verb)(session.home, session.who, name, now=now(), **more)
    except KpiTreeError as error:
        st.session_state["_refused"] = error
        return False
    return True


def try_it(test: Any) -> None:
    """Run a test and keep what became of it for :func:`show_tried`."""
    with refusals(), st.spinner(t("Sending")):
        st.session_state[TRIED] = test()
        st.rerun()


def show_tried() -> None:
    """What became of a test, until it is closed."""
    done: Tried | None = st.session_state.get(TRIED)
    if done is None:
        return
    with st.container(border=True, key="alert_tried"):
        if done.looked:
            st.markdown(
                nt("It is so at {on} of {n} indicator now.", "It is so at {on} of {n} indicators now.",
                   done.looked, on=done.on)
            )  # fmt: skip
        for name, problem in done.ways:
            if problem is None:
                st.success(t("{name}: sent.", name=plain(name)), icon=":material/check_circle:")
            else:
                st.caption(plain(name))
                show_refusal(problem)
        if not done.ways:
            st.caption(t("It tells in the app only. Add a channel to hear of it elsewhere."))
        st.button(t("Close"), key="close_tried", on_click=lambda: st.session_state.pop(TRIED, None))


def kind_words(kind: str) -> str:
    """A kind of alert as a choice."""
    return said(KINDS[kind])
