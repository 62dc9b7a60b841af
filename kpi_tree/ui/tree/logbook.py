"""The plan's journal: who changed what, and when."""

from __future__ import annotations

import streamlit as st

from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import moment, nt, plain, say, t


def show(session: Session, limit: int = 30) -> None:
    """The latest lines, folded."""
    lines = cache.history(session)
    with st.expander(nt("{n} change so far", "{n} changes so far", len(lines)), icon=":material/history:"):
        for line in lines[:limit]:
            words = "; ".join(say(word) for word in line.words[:3])
            if len(line.words) > 3:
                words += " " + t("and {n} more", n=len(line.words) - 3)
            mark = f"{_action(line.action)} " if line.action in ("undo", "redo") else ""
            st.markdown(f"{mark}{words}")
            st.caption(f"{plain(moment(line.at))} · {plain(line.who)} · {t('revision {n}', n=line.revision)}")


def _action(action: str) -> str:
    return f":material/{action}: "
