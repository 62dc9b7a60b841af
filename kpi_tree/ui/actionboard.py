"""The board: a column for each state; a card moves with a button, by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi_tree.plan.model import Plan
from kpi_tree.ui import actionform, changes, places
from kpi_tree.ui.actionwords import amount, state_words
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import day, nt, percent, plain, t
from kpi_tree.workspace import ActionView

COLUMNS = ("planned", "doing", "done", "dropped")
MOST = 20
"""Cards in a column before the rest are only counted."""

ICONS = {
    "planned": "radio_button_unchecked",
    "doing": "pending",
    "done": "check_circle",
    "dropped": "do_not_disturb_on",
}


WRAP = """<style>.stApp [class*="st-key-card_"] [data-testid="stPageLink-NavLink"] * { white-space: normal; }
.stApp [class*="st-key-card_"] [data-testid="stHorizontalBlock"] { flex-wrap: wrap; row-gap: 0; }</style>"""
"""Names are as long as people make them: they break, and are not cut."""


def show(session: Session, plan: Plan, found: Sequence[ActionView]) -> None:
    """Draw it."""
    st.html(WRAP)
    for state, column in zip(COLUMNS, st.columns(len(COLUMNS), gap="small"), strict=True):
        own = [one for one in found if one.state == state]
        with column:
            st.markdown(f":material/{ICONS[state]}: **{state_words(state)}** :gray[{len(own)}]")
            for one in own[:MOST]:
                _card(session, plan, one)
            if len(own) > MOST:
                st.caption(nt("{n} more in the list", "{n} more in the list", len(own) - MOST))


def _card(session: Session, plan: Plan, one: ActionView) -> None:
    with st.container(border=True, gap="xxsmall", key=f"card_{one.id}"):
        places.link("actions", f"**{plain(one.name)}**", **{**actionform.around(), "action": one.id})
        said = [plain(actionform.kpi_name(one)), amount(one, one.expected, signed=True)]
        st.caption(" · ".join(part for part in said if part))
        who = [plain(one.owner) if one.owner else t("nobody's")]
        if one.due:
            who.append(plain(day(one.due)))
        if one.confidence is not None:
            who.append(t("{share} sure", share=plain(percent(one.confidence))))
        st.caption(" · ".join(who))
        if one.late:
            st.badge(t("late"), icon=":material/schedule:", color="red")
        if not session.looks_back:
            _moves(session, plan, one)


def _moves(session: Session, plan: Plan, one: ActionView) -> None:
    """The ways on and back from here."""
    ways = {
        "planned": (("doing", t("Begin"), "play_arrow"), ("dropped", t("Drop"), "close")),
        "doing": (
            ("done", t("Done"), "check"),
            ("planned", t("Back"), "undo"),
            ("dropped", t("Drop"), "close"),
        ),
        "done": (("doing", t("Reopen"), "undo"),),
        "dropped": (("planned", t("Take up again"), "undo"),),
    }[one.state]
    with st.container(horizontal=True, gap="xxsmall"):
        for state, words, icon in ways:
            st.button(
                words,
                key=f"move_{one.id}_{state}",
                icon=f":material/{icon}:",
                type="tertiary",
                on_click=move,
                args=(session, plan, one.id, state, changes.outcome()),
            )


def move(session: Session, plan: Plan, action: str, state: str, led_to: changes.Outcome) -> None:
    """Runs before the page is drawn: the action's state, on the plan as this page has it."""
    edit = {"op": "set_field", "node": action, "field": "state", "after": state}
    changes.edit(session, changes.latest(plan, led_to), [edit], led_to)
