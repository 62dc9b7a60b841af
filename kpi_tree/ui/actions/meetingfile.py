"""The meeting in a file: what goes in, and the button that makes it."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import person
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, t
from kpi_tree.workspace import MEETING_SECTIONS


def show(session: Session) -> None:
    """A button that opens the choice of sections; the file is made when it is asked for."""
    with st.popover(t("Meeting file"), icon=":material/file_save:", key="meeting_file"):
        st.markdown(
            t("The plan on this day as one page that opens in any browser, without this app or a network.")
        )
        names = _names()
        chosen = st.pills(
            t("What goes in"), list(MEETING_SECTIONS), selection_mode="multi", default=list(MEETING_SECTIONS),
            format_func=names.__getitem__, key="meeting_sections", width="stretch",
        )  # fmt: skip
        lang, by = current_language(), person.me()

        def make() -> bytes:
            """The page, as the screen looks at the plan now."""
            return workspace.meeting(
                session.home, session.who, session.plan_id, at=session.at, lens=session.lens, sections=chosen,
                lang=lang, by=by, now=now(),
            )  # fmt: skip

        downloads.button(
            t("Save the page"), make, f"{session.plan_id}-{session.at.isoformat()}.html", "text/html",
            key="meeting_save", type="primary", icon=":material/download:",
            disabled=not chosen,
        )  # fmt: skip
        st.caption(
            t("It takes some seconds. For a PDF open it, print, and choose *Save as PDF*: it fits A4 paper.")
        )


def _names() -> dict[str, str]:
    return {
        "attention": t("Needs attention"),
        "tree": t("The tree"),
        "verdicts": t("Verdicts"),
        "why": t("Why it moved"),
        "forecast": t("Where it is likely to land"),
        "actions": t("Actions"),
        "decisions": t("Decisions"),
        "remarks": t("Check-ins and comments"),
        "changes": t("What changed"),
        "freshness": t("Freshness"),
    }
