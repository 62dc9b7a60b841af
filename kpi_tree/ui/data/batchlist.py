"""The batches: what came in, when, from which file; each opens its receipt, is withdrawn and brought back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.data import datanews, turning
from kpi_tree.ui.shell import cache, places, style
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import day, moment, nt, number, plain, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import BatchView

PAGE = 10
UNDO = "_batch_undo"


def show(session: Session) -> None:
    """All batches, newest first, a page at a time."""
    found = cache.batches(session)
    with st.container(key=datanews.LIST):
        st.header(t("What was loaded"))
    undo_bar(session)
    if not found:
        st.caption(t("Nothing yet. Every file you load stands here, and can be withdrawn again."))
        return
    pages = -(-len(found) // PAGE)
    page = st.pagination(pages, key="batch_page") if pages > 1 else 1
    numbers = {one.batch: one.number for one in found}
    for batch in found[(page - 1) * PAGE : page * PAGE]:
        _batch(session, batch, numbers)


def _batch(session: Session, batch: BatchView, numbers: dict[str, int]) -> None:
    with st.container(border=True, gap=None, key=f"batch_{batch.batch}"):
        with st.container(horizontal=True, key=style.beside(batch.batch)):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                name = plain(batch.file)
                words = f"#{batch.number} · " + (f"**{name}**" if batch.active else f"~~{name}~~")
                places.link("data", words, batch=str(batch.number))
                badges(batch, numbers)
            buttons(session, batch)
        st.caption(" · ".join(in_words(batch)))


def badges(batch: BatchView, numbers: dict[str, int]) -> None:
    """What is special about a batch, each with a shape of its own."""
    if batch.mends:
        words = t("Corrects #{n}", n=numbers.get(batch.mends, "–"))
        st.badge(words, icon=":material/edit_note:", color="violet")
    if batch.behind:
        words = t("Behind #{n}", n=numbers.get(batch.behind_batch or "", "–"))
        st.badge(words, icon=":material/history:", color="blue")
    if not batch.active:
        st.badge(t("Withdrawn"), icon=":material/undo:", color="gray")
    elif batch.waiting:
        words = nt("{n} row set aside", "{n} rows set aside", batch.waiting)
        st.badge(words, icon=":material/rule:", color="orange")


def in_words(batch: BatchView) -> list[str]:
    """When, by whom, how much, and over which days."""
    said = [plain(moment(batch.at)), plain(batch.who)]
    if batch.tables:
        said += [
            plain(f"{table_name(count.table)}: {number(count.accepted + count.changed, 'count')}")
            for count in batch.tables
        ]
    else:
        said.append(nt("{n} row", "{n} rows", batch.rows))
    if batch.data_from and batch.data_through:
        days = dict.fromkeys((day(batch.data_from), day(batch.data_through)))
        said.append(plain(" – ".join(days)))
    return said


def buttons(session: Session, batch: BatchView) -> None:
    """Withdraw or bring back, after a word on what that does."""
    if session.who.may("withdraw"):
        turning.button(session, batch, _change)


def _change(session: Session, verb: str, batch: BatchView) -> None:
    act: Callable[..., BatchView] = getattr(workspace, verb)
    try:
        act(session.home, session.who, batch.batch, now=now())
        st.session_state[UNDO] = (verb, batch)
    except KpiTreeError as error:
        st.session_state["_refused"] = error


def undo_bar(session: Session) -> None:
    """What was just done to a batch, with the way back."""
    done = st.session_state.get(UNDO)
    words = datanews.batch_words(done[0], done[1].number) if done else ""
    datanews.of_batch(done, words)
    if done is None:
        return
    verb, batch = done
    back = "restore_batch" if verb == "withdraw" else "withdraw"
    with st.container(horizontal=True, vertical_alignment="center", key="batch_done"):
        st.markdown(f":material/info: {words}")
        st.button(
            t("Take that back"), key="batch_undo", icon=":material/undo:", type="tertiary",
            on_click=_take_back, args=(session, back, batch),
        )  # fmt: skip


def _take_back(session: Session, verb: str, batch: BatchView) -> None:
    _change(session, verb, batch)
    st.session_state.pop(UNDO, None)
