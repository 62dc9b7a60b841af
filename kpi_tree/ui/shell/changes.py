"""Every change of the plan from the screen goes through here: with the revision it was drawn up on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell.session import Session, now

_MINE = "_plan_changes_here"


@dataclass
class Outcome:
    """What the changes of this session led to, until a run of the page has shown it.

    It is filled without a look into the session's state, where Streamlit may break off: whoever makes several
    changes in a row gets it by :func:`outcome` first.
    """

    plan: Plan | None = None
    refused: KpiTreeError | None = None


def outcome() -> Outcome:
    """The outcome that this session keeps."""
    found: Outcome = st.session_state.setdefault(_MINE, Outcome())
    return found


def edit(
    session: Session, plan: Plan, edits: Iterable[Mapping[str, Any]], led_to: Outcome | None = None
) -> bool:
    """Make edits; a refusal or a conflict is kept for the next run to show. Says whether it went through."""
    led_to = led_to or outcome()
    wanted = list(edits)
    if not wanted:
        return False
    try:
        led_to.plan = workspace.edit_plan(
            session.home, session.who, plan.id, wanted, base_revision=plan.revision, now=now()
        )
    except KpiTreeError as error:
        led_to.refused = error
        return False
    return True


def latest(plan: Plan, led_to: Outcome) -> Plan:
    """The plan as this session's last change left it, where that is newer than the one drawn on the page."""
    mine = led_to.plan
    return mine if mine is not None and mine.id == plan.id and mine.revision > plan.revision else plan


def edit_from(
    session: Session,
    plan: Plan,
    make: Callable[[], Iterable[Mapping[str, Any]]],
    led_to: Outcome | None = None,
) -> bool:
    """The same where drawing the edits up may itself be refused."""
    led_to = led_to or outcome()
    try:
        wanted = list(make())
    except KpiTreeError as error:
        led_to.refused = error
        return False
    return edit(session, plan, wanted, led_to)


def applied(plan: Plan, edits: Iterable[Mapping[str, Any]]) -> Plan:
    """The plan that edits would lead to; nothing is kept. Raises what the edits are refused with."""
    return apply_all(plan, edits)
