"""The data page: files, the sources that are fetched by themselves, and who may send data in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from kpi_tree.ui.data import batchlist, datamappings, datanews, datareceipt, datatemplates, inbox, loading
from kpi_tree.ui.data.sourcelist import show_sources
from kpi_tree.ui.data.tokens import show_tokens
from kpi_tree.ui.shell import address
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import t

KEY = "data_tabs"


@dataclass(frozen=True)
class Part:
    """A tab: its name in the reader's language, and what fills it."""

    label: Callable[[], str]
    fill: Callable[[Session], None]


def files(session: Session) -> None:
    """Bring a file in, see what it would do, load it; what was loaded; how files are read."""
    if inbox.upload(session):
        inbox.cards(session)
    else:
        datatemplates.button(session)
    loading.at_work(session)
    with refusals():
        batchlist.show(session)
    with refusals():
        datamappings.show(session)


PARTS: dict[str, Part] = {
    "files": Part(lambda: t("Files"), files),
    "sources": Part(lambda: t("Sources"), show_sources),
    "access": Part(lambda: t("Access"), show_tokens),
}
"""The tabs by their name in the address (``?show=sources``). A further one is a further line."""


def show(session: Session) -> None:
    """The page, or the receipt of the batch that the address asks for."""
    asked = st.query_params.get("batch", "")
    if asked:
        datareceipt.show(session, asked)
        return
    datanews.of_list()
    st.title(t("Data"))
    if len(PARTS) == 1:
        files(session)
        return
    for name, place in _tabs().items():
        # Files stay there while another tab is open, or what was dropped would be forgotten.
        if place.open or name == "files":
            with place:
                PARTS[name].fill(session)


def _tabs() -> dict[str, Any]:
    labels = {name: part.label() for name, part in PARTS.items()}
    st.session_state[KEY] = labels[address.choice("show", list(labels), "files")]

    def chosen() -> None:
        picked = next((name for name, label in labels.items() if label == st.session_state[KEY]), "files")
        address.put("show", "" if picked == "files" else picked)

    return dict(zip(labels, st.tabs(list(labels.values()), key=KEY, on_change=chosen), strict=True))
