"""Every change of the plan from the screen goes through here: with the revision it was drawn up on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Plan
from kpi_tree.ui.session import Session, now

_MINE = "_plan_changed_here"


def edit(session: Session, plan: Plan, edits: Iterable[Mapping[str, Any]]) -> bool:
    """Make edits; a refusal or a conflict is kept for the next run to show. Says whether it went through."""
    wanted = list(edits)
    if not wanted:
        return False
    try:
        keep(
            workspace.edit_plan(
                session.home, session.who, plan.id, wanted, base_revision=plan.revision, now=now()
            )
        )
    except KpiTreeError as error:
        st.session_state["_refused"] = error
        return False
    return True


def keep(plan: Plan) -> None:
    """Remember what a change made here led to, for the changes that come before the page is drawn anew."""
    st.session_state[_MINE] = plan


def latest(plan: Plan) -> Plan:
    """The plan as this session's last change left it, where that is newer than the one drawn on the page."""
    mine = st.session_state.get(_MINE)
    return mine if isinstance(mine, Plan) and mine.id == plan.id and mine.revision > plan.revision else plan


def edit_from(session: Session, plan: Plan, make: Callable[[], Iterable[Mapping[str, Any]]]) -> bool:
    """The same where drawing the edits up may itself be refused."""
    try:
        wanted = list(make())
    except KpiTreeError as error:
        st.session_state["_refused"] = error
        return False
    return edit(session, plan, wanted)


def applied(plan: Plan, edits: Iterable[Mapping[str, Any]]) -> Plan:
    """The plan that edits would lead to; nothing is kept. Raises what the edits are refused with."""
    return apply_all(plan, edits)
