"""Looking into the past: which day each part of the page is of, said plainly, and the way back."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kpi_tree.ui.shell import address
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import day, plain, t

DAYS = ("at", "structure", "targets", "known")


def banner(session: Session) -> None:
    """What of the page is not of today, and a button that brings all of it back. Nothing on a usual day."""
    if not session.looks_back:
        return
    lens = session.lens
    said = []
    if session.at != session.today:
        said.append(t("numbers and verdicts of {day}", day=plain(day(session.at))))
    if lens.structure:
        said.append(t("the tree as of {day}", day=plain(day(lens.structure))))
    if lens.targets:
        said.append(t("targets as of {day}", day=plain(day(lens.targets))))
    if lens.as_known:
        said.append(t("data as known on {day}", day=plain(day(lens.as_known))))
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, gap="small", key="lens_past"
    ):
        words = t("You look into the past: {what}.", what=", ".join(said))
        if lens.structure or lens.targets:
            words = f"{words} {t('Nothing can be changed here.')}"
        st.markdown(f":material/history: {words}", width="stretch")
        st.button(t("Back to today"), key="back_to_today", icon=":material/today:", on_click=back)


def back() -> None:
    """Look at today again."""
    for name in DAYS:
        address.keep(name, "")


def pickers(session: Session) -> None:
    """One day for all, and on request a day for each part."""
    lens = session.lens
    now = {
        "at": session.at if session.at != session.today else None,
        "structure": lens.structure,
        "targets": lens.targets,
        "known": lens.as_known,
    }
    words = {
        "at": t("Look as of"),
        "structure": t("Tree as of"),
        "targets": t("Targets as of"),
        "known": t("Data as known on"),
    }
    helps = {
        "at": t("Shows the numbers and verdicts as they stand on that day. Empty means today."),
        "structure": t("The boxes and lines as they stood at the end of that day."),
        "targets": t("The targets as they stood at the end of that day."),
        "known": t(
            "Files loaded later do not count, and those withdrawn later still do: what could be known then."
        ),
    }
    _picker(session, "at", words["at"], now["at"], helps["at"])
    apart = any(now[name] for name in DAYS[1:])
    if st.toggle(t("Tree, targets and data apart"), value=apart, key="past_apart") or apart:
        for name in DAYS[1:]:
            _picker(session, name, words[name], now[name], helps[name])


def _picker(session: Session, name: str, label: str, value: date | None, help: str) -> None:
    key = f"{name}_widget"
    st.session_state[key] = value

    def chosen() -> None:
        picked = st.session_state[key]
        address.keep(name, picked.isoformat() if picked else "")

    st.date_input(
        label,
        key=key,
        on_change=chosen,
        format="YYYY-MM-DD",
        max_value=session.today,
        min_value=date(1990, 1, 1),
        help=help,
    )
