"""The actions page: what the open ones bring, the form, and one of five ways to look at them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi_tree import workspace
from kpi_tree.plan.action_fields import ACTION_STATES
from kpi_tree.plan.model import Plan
from kpi_tree.ui.actions import (
    actionboard,
    actionbudget,
    actionform,
    actionlist,
    actionscore,
    actiontable,
    actiontime,
)
from kpi_tree.ui.actions.actionwords import state_words
from kpi_tree.ui.shell import address, cache, parts, person, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import pt, t
from kpi_tree.workspace import ActionView

VIEWS = ("board", "list", "timeline", "budget", "score")
NEW = "new"


def show(session: Session, plan: Plan | None) -> None:
    """The page."""
    if plan is None:
        parts.empty(t("There is no plan yet"), t("Actions hang below the KPIs of a plan."), "account_tree")
        places.link("tree", t("Make a plan"), icon="account_tree")
        return
    actionboard.opened()
    found = every(session)
    top = st.container()
    _shown(session, plan, found)
    if found:
        with top:  # last, since the whole tree is worked out for it: what was clicked is on the screen before
            _summary(session, plan)


def _shown(session: Session, plan: Plan, found: Sequence[ActionView]) -> None:
    """The form where one is asked for, and one of the ways to look at the actions."""
    asked = st.query_params.get("action", "")
    if asked:
        actionform.show(session, plan, asked, st.query_params.get("kpi", ""))
    if not found:
        _empty(asked)
        return
    view = _bar(asked)
    if view == "budget":
        actionbudget.show(session, found)
        return
    if view == "score":
        actionscore.show(session)
        return
    kept = _filtered(session, found)
    if not kept:
        st.caption(t("No action is like that."))
    elif view == "board":
        actionboard.show(session, plan, kept)
    elif view == "list":
        actiontable.show(session, kept)
    else:
        actiontime.show(session, kept)


def every(session: Session) -> list[ActionView]:
    """Every action of the plan, those that are due first on top."""
    found: list[ActionView] = cache.kept(
        session.bare, "actions",
        make=lambda: workspace.actions(session.home, session.who, session.plan_id, at=session.at),
    )  # fmt: skip
    return found


def _summary(session: Session, plan: Plan) -> None:
    """How much of the goal's gap has an action behind it, and which drivers have none."""
    views = cache.tree(session.bare)
    root = next((view for view in views if view.id == plan.root()), None)
    if root is not None and root.actual is not None:
        actionlist.summary(session.bare, root)


def _empty(asked: str) -> None:
    parts.empty(
        t("There is no action yet"),
        t("An action says who does what by when, and how much it is to move a KPI."),
        "task_alt",
    )
    if asked != NEW:
        _add()


def _add() -> None:
    if st.button(t("Add an action"), key="action_add", icon=":material/add:", type="primary"):
        actionform.open_form(NEW)


def _bar(asked: str) -> str:
    """Which way to look at them, and the button for a new one."""
    words = {
        "board": t("Board"),
        "list": t("List"),
        "timeline": t("Timeline"),
        "budget": t("Best plan"),
        "score": pt("of bets", "Score"),
    }
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        view = address.pick(t("View"), "as", VIEWS, "board", words.__getitem__, label_visibility="collapsed")
        st.space("stretch")
        if asked != NEW:
            _add()
    return view


def _filtered(session: Session, found: Sequence[ActionView]) -> list[ActionView]:
    """The actions that the filters in the address keep."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        owner = _choose(t("Owner"), "owner", sorted({one.owner for one in found if one.owner}), {})
        kpis = {one.kpi: actionform.kpi_name(one) for one in found}
        kpi = _choose(t("KPI"), "on", sorted(kpis, key=lambda name: kpis[name]), kpis)
        only = _choose(
            t("Only"), "only", ["open", "late", "mine", *ACTION_STATES],
            {"open": t("Not finished"), "late": t("Late"), "mine": t("Mine"),
             **{state: state_words(state) for state in ACTION_STATES}},
        )  # fmt: skip
        me = person.picker(session) if only == "mine" else ""
    return [
        one
        for one in found
        if owner in ("", one.owner)
        and kpi in ("", one.kpi)
        and (only != "open" or one.state in ("planned", "doing"))
        and (only != "late" or one.late)
        and (only != "mine" or one.owner.casefold() == me.casefold())
        and (only not in ACTION_STATES or one.state == only)
    ]


def _choose(label: str, name: str, options: list[str], words: dict[str, str]) -> str:
    """One of a few, or all; kept in the address."""
    key = f"actions_{name}"
    said = st.query_params.get(name, "")
    st.session_state[key] = said if said in options else None
    st.selectbox(
        label,
        options,
        key=key,
        index=None,
        format_func=lambda one: words.get(one, one),
        placeholder=pt("filter", "All"),
        on_change=lambda: address.put(name, st.session_state[key] or ""),
        width=165,
    )
    return said if said in options else ""
