"""Who the reader says they are: a name in the address, since nobody signs in here."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import t


def me() -> str:
    """The reader's name, empty while it is not said."""
    return address.kept("me")


def known(session: Session) -> list[str]:
    """Everybody that the plan names or who wrote something."""
    found: list[str] = cache.kept(
        session.bare, "people", session.remarks,
        make=lambda: workspace.people(session.home, session.who, session.plan_id),
    )  # fmt: skip
    return found


def picker(session: Session, *, label: str | None = None) -> str:
    """A box to say who one is: one of those known, or a new name. Returns it, empty for nobody."""
    names = known(session)
    said = me()
    options = names if not said or said in names else [said, *names]
    st.session_state["me_widget"] = said or None
    st.selectbox(
        label or t("You are"),
        options,
        key="me_widget",
        index=None,
        accept_new_options=True,
        placeholder=t("Choose or type your name"),
        on_change=lambda: address.keep("me", " ".join((st.session_state["me_widget"] or "").split())[:80]),
        width=280,
    )
    return said
