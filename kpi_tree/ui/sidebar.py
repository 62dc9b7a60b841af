"""What stands beside every page: as-of day, undo and redo, language."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kpi_tree.i18n import LANGUAGES
from kpi_tree.ui.news import alertnews
from kpi_tree.ui.pieces import pastbar
from kpi_tree.ui.shell import address, history
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, t


def chosen_day() -> date | None:
    """The day that the address asks to look as of, or None for today."""
    return address.day(address.kept("at"))


def show(session: Session) -> None:
    """Draw it."""
    with st.sidebar:
        alertnews.bell(session)
        history.buttons(session)
        _day(session)
        _language()


def _day(session: Session) -> None:
    if session.at != session.today:
        words = t("As of {day}", day=day(session.at))
    else:
        words = t("As of earlier days") if session.looks_back else t("As of today")
    with st.expander(words, icon=":material/event:", key="as_of", on_change="rerun") as box:
        if box.open:
            pastbar.pickers(session)


def _language() -> None:
    st.session_state["lang_widget"] = current_language()
    st.selectbox(
        t("Language"),
        list(LANGUAGES),
        format_func=lambda code: LANGUAGES[code],
        key="lang_widget",
        on_change=lambda: address.keep("lang", st.session_state["lang_widget"]),
        label_visibility="collapsed",
        icon=":material/translate:",
    )
