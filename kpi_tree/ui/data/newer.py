"""An older export beside a newer one: what stays as the newer has it, and one click that turns it round."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree.ui.data import readas
from kpi_tree.ui.shell.text import nt, t
from kpi_tree.workspace import Receipt

SAID = "newest"


def show(file: Any, receipt: Receipt) -> None:
    """What stays as it is, with the way to let this file count; or that it was said to, with the way back."""
    said = bool(readas.chosen(file.file_id).get(SAID))
    if not said and not receipt.behind:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if said:
            st.markdown(f":material/check: {t('As you said')}: {t('This file is the newer one')}")
        else:
            words = nt(
                "{n} record stays as the newer file #{batch} has it.",
                "{n} records stay as the newer file #{batch} has them.",
                receipt.behind,
                batch=receipt.behind_batch,
            )
            st.markdown(f":material/history: {words}")
        st.button(
            t("Change") if said else t("This file is the newer one"),
            key=f"newest_{file.file_id}_{said}",
            type="tertiary" if said else "secondary",
            icon=":material/undo:" if said else ":material/swap_vert:",
            on_click=_turn,
            args=(file.file_id, not said),
        )


def _turn(file_id: str, newest: bool) -> None:
    """Say whether a file is the newest; all else that was said of it stays."""
    said = {name: value for name, value in readas.chosen(file_id).items() if name != SAID}
    readas.choose(file_id, {**said, SAID: True} if newest else said)
