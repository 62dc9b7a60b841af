"""Which plan is looked at: its title, a switch to the others, and all of them to rename, copy or delete."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.ui.pieces import newplan
from kpi_tree.ui.shell import address, changes
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, moment, nt, plain, t
from kpi_tree.workspace import PlanView

GONE = "_plan_put_away"


def title(session: Session, plan: Plan | None, words: str = "") -> None:
    """The page's title (the plan's name, unless said) and the switch; first, what happened to a plan."""
    with st.container():  # empty or not, what stands below it stays where it is
        _told(session)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="plan_bar"):
        st.title(words or plain(plan.name if plan else ""), width="content")
        if plan is None:
            return
        st.space("stretch")
        if len(session.plans) > 1:
            _switch(session)
        if st.button(t("Plans"), key="plans", icon=":material/folder_open:", type="tertiary"):
            st.dialog(t("Plans"), width="large")(listing)(session)


def _told(session: Session) -> None:
    """A plan in the address that is not here, or one just deleted, with the way back."""
    asked = address.kept("plan")
    gone = st.session_state.get(GONE)
    if gone is None and asked and asked not in dict(session.plans):
        away = {one.id: one.name for one in workspace.plan_list(session.home, session.who) if one.away}
        if asked not in away:
            st.warning(t("There is no plan {id} here.", id=plain(asked[:80])), icon=":material/folder_off:")
            address.keep("plan", "")
            return
        gone = (asked, away[asked])
    if gone is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small"):
        words = t("The plan {name} is deleted.", name=plain(gone[1]))
        st.markdown(f":material/delete: {words}", width="stretch")
        if st.button(t("Bring it back"), key="plan_back", icon=":material/undo:"):
            bring_back(session, gone[0])
        if gone == st.session_state.get(GONE) and st.button(
            t("Close"), key="plan_told", icon=":material/close:", type="tertiary"
        ):
            del st.session_state[GONE]
            st.rerun()


def _switch(session: Session) -> None:
    """The plans by name; choosing one opens it on this page."""
    names = dict(session.plans)
    st.session_state["plan_switch"] = session.plan_id
    st.selectbox(
        t("Plan"),
        list(names),
        key="plan_switch",
        format_func=lambda name: names.get(name) or name,
        on_change=lambda: choose(st.session_state["plan_switch"]),
        label_visibility="collapsed",
        width=220,
    )


def choose(plan_id: str) -> None:
    """Look at a plan from now on, on every page; what was selected in the one before is let go."""
    address.keep("plan", plan_id)
    for name in ("node", "kpi", "from", "to"):
        address.put(name, "")
    st.session_state.pop(GONE, None)


def listing(session: Session) -> None:
    """Every plan with what can be done to it, a form for a new one, and those that were deleted."""
    found = workspace.plan_list(session.home, session.who)
    for one in found:
        if not one.away:
            _row(session, one)
    st.header(t("New plan"))
    newplan.form(session, "plans", opened=choose)
    away = [one for one in found if one.away]
    if away:
        with st.expander(t("Deleted plans"), icon=":material/delete:", key="plans_away"):
            for one in away:
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.markdown(f"{plain(one.name)}  \n:small[{_about(one)}]", width="stretch")
                    if st.button(t("Bring it back"), key=f"plan_back_{one.id}", icon=":material/undo:"):
                        bring_back(session, one.id)


def _row(session: Session, one: PlanView) -> None:
    open_now = one.id == session.plan_id
    with (
        st.container(border=True, key=f"plan_row_{one.id}"),
        st.container(horizontal=True, vertical_alignment="center", gap="small"),
    ):
        mark = f" :material/check: :small[{t('open now')}]" if open_now else ""
        st.markdown(f"**{plain(one.name)}**{mark}  \n:small[{_about(one)}]", width="stretch")
        if not open_now and st.button(t("Open"), key=f"plan_open_{one.id}", type="primary"):
            choose(one.id)
            st.rerun()
        with st.popover(t("Rename"), key=f"plan_rename_{one.id}"):
            _rename(session, one)
        if st.button(t("Duplicate"), key=f"plan_copy_{one.id}"):
            _do(session, lambda: choose(_copied(session, one)))
        if st.button(t("Delete"), key=f"plan_away_{one.id}", icon=":material/delete:", type="tertiary"):
            _do(session, lambda: _put_away(session, one))


def _about(one: PlanView) -> str:
    boxes = nt("{n} box", "{n} boxes", one.nodes)
    targets = nt("{n} target", "{n} targets", one.targets)
    when = t("deleted {when} by {who}") if one.away else t("changed {when} by {who}")
    return plain(f"{boxes} · {targets} · " + when.format(when=moment(one.at), who=one.who))


def _rename(session: Session, one: PlanView) -> None:
    with st.form(f"plan_name_{one.id}", border=False):
        name = st.text_input(t("Name"), one.name, max_chars=200, key=f"plan_name_text_{one.id}")
        if st.form_submit_button(t("Rename"), type="primary") and name.strip() not in ("", one.name):
            edit = {"op": "set_plan", "field": "name", "after": name.strip()}
            with refusals():
                plan = workspace.plan(session.home, session.who, one.id)
                if changes.edit(session, plan, [edit]):
                    st.rerun()


def _copied(session: Session, one: PlanView) -> str:
    lang = current_language()
    return workspace.copy_plan(session.home, session.who, one.id, lang=lang, now=now()).id


def _put_away(session: Session, one: PlanView) -> None:
    workspace.put_plan_away(session.home, session.who, one.id, now=now())
    if one.id == session.plan_id:
        choose("")
    st.session_state[GONE] = (one.id, one.name)


def _do(session: Session, change: Callable[[], object]) -> None:
    del session  # the change holds it
    try:
        change()
    except KpiTreeError as error:
        show_refusal(error)
        return
    st.rerun()


def bring_back(session: Session, plan_id: str) -> None:
    """Bring a deleted plan back and open it."""

    def change() -> None:
        workspace.bring_plan_back(session.home, session.who, plan_id, now=now())
        choose(plan_id)

    _do(session, change)
