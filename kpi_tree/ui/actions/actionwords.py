"""States, effects and verdicts of actions in the reader's words."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from kpi_tree.ui.shell.text import current_language, plain, pt, said, t
from kpi_tree.workspace import ActionView
from kpi_tree.workspace.acting.ledger import effect_words
from kpi_tree.workspace.acting.measuring import VERDICTS

Color = Literal["green", "gray", "red", "orange", "violet"]

LOOKS: dict[str, tuple[str, Color]] = {
    "confirmed": ("check_circle", "green"),
    "no_effect": ("remove", "gray"),
    "opposite": ("dangerous", "red"),
    "not_delivered": ("do_not_disturb_on", "orange"),
    "too_early": ("hourglass_empty", "gray"),
}


def state_words(state: str) -> str:
    """A state as a heading."""
    return {
        "planned": t("Planned"),
        "doing": t("Being done"),
        "done": pt("action", "Done"),
        "dropped": t("Dropped"),
    }[state]


def amount(one: ActionView, value: float | None, *, signed: bool = False, markdown: bool = True) -> str:
    """An effect on the action's KPI; of a percentage in points. Safe where Markdown is read, unless told."""
    words = "" if value is None else effect_words(one, value, current_language(), signed=signed)
    return plain(words) if markdown else words


def verdict(name: str) -> None:
    """A verdict as a badge: colour, shape and word."""
    icon, color = LOOKS[name]
    st.badge(said(VERDICTS[name]), icon=f":material/{icon}:", color=color)
