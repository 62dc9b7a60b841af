"""An older export beside a newer one, and what a newer one takes out: one click turns each round."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree.ui.data import readas
from kpi_tree.ui.shell.text import nt, t
from kpi_tree.workspace import Receipt
from kpi_tree.workspace.intake.takenout import TAKEN_OUT

SAID = "newest"


WHOLE = "whole"


def show(file: Any, receipt: Receipt) -> None:
    """What a newer file goes on telling, and what this one takes out of its orders: each with the click that
    turns it round, or what was said of it with the way back."""
    if _said(file, SAID):
        _answer(file, SAID, t("This file is the newer one"))
    elif receipt.behind:
        words = nt(
            "{n} record stays as the newer file #{batch} has it.",
            "{n} records stay as the newer file #{batch} has them.",
            receipt.behind,
            batch=receipt.behind_batch,
        )
        _choice(file, SAID, words, t("This file is the newer one"), ":material/swap_vert:")
    out = sum(issue.count for issue in receipt.issues if issue.code == TAKEN_OUT)
    if _said(file, WHOLE):
        _answer(file, WHOLE, t("What the file leaves out stays in its orders"))
    elif out:
        words = nt("{n} record is taken out of its order.", "{n} records are taken out of their orders.", out)
        _choice(file, WHOLE, words, t("Keep what it leaves out"), ":material/undo:")


def _said(file: Any, what: str) -> bool:
    said = readas.chosen(file.file_id)
    if what == SAID:
        return bool(said.get(SAID))
    return ((said.get("mapping") or {}).get("options") or {}).get(WHOLE) is False


def _choice(file: Any, what: str, words: str, click: str, icon: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/history: {words}")
        st.button(
            click, key=f"{what}_{file.file_id}", icon=icon, on_click=_turn, args=(file.file_id, what, True)
        )


def _answer(file: Any, what: str, words: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/check: {t('As you said')}: {words}")
        st.button(
            t("Change"), key=f"{what}_back_{file.file_id}", type="tertiary", icon=":material/undo:",
            on_click=_turn, args=(file.file_id, what, False),
        )  # fmt: skip


def _turn(file_id: str, what: str, on: bool) -> None:
    """Say one of the two, or take it back; all else that was said of the file stays."""
    if what == WHOLE:
        readas.option(file_id, **{WHOLE: False if on else None})
        return
    said = {name: value for name, value in readas.chosen(file_id).items() if name != SAID}
    readas.choose(file_id, {**said, SAID: True} if on else said)
