"""The batches: what came in, when, from which file; withdraw one, bring it back, see what was set aside."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui import cache
from kpi_tree.ui.exports import csv_bytes
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.session import Session, now
from kpi_tree.ui.text import day, moment, nt, number, plain, t
from kpi_tree.ui.words import table_name
from kpi_tree.workspace import BatchView

PAGE = 10


def show(session: Session) -> None:
    """All batches, newest first, a page at a time."""
    found = cache.batches(session)
    st.subheader(t("What was loaded"))
    if not found:
        st.caption(t("Nothing yet. Every file you load stands here, and can be withdrawn again."))
        return
    pages = -(-len(found) // PAGE)
    page = st.pagination(pages, key="batch_page") if pages > 1 else 1
    for batch in found[(page - 1) * PAGE : page * PAGE]:
        _batch(session, batch)


def _batch(session: Session, batch: BatchView) -> None:
    with st.container(border=True, gap=None):
        with st.container(horizontal=True, vertical_alignment="center"):
            name = plain(batch.file)
            st.markdown(f"**{name}**" if batch.active else f"~~{name}~~")
            if not batch.active:
                st.badge(t("Withdrawn"), icon=":material/undo:", color="gray")
            st.space("stretch")
            _buttons(session, batch)
        st.caption(" · ".join(_words(batch)))


def _words(batch: BatchView) -> list[str]:
    said = [plain(moment(batch.at)), plain(batch.who)]
    if batch.tables:
        said += [
            plain(f"{table_name(count.table)}: {number(count.accepted + count.changed, 'count')}")
            for count in batch.tables
        ]
    else:
        said.append(nt("{n} row", "{n} rows", batch.rows))
    if batch.data_from and batch.data_through:
        said.append(plain(f"{day(batch.data_from)} – {day(batch.data_through)}"))
    if batch.rejected:
        said.append(nt("{n} row set aside", "{n} rows set aside", batch.rejected))
    return said


def _buttons(session: Session, batch: BatchView) -> None:
    if batch.rejected and st.button(
        t("Rows set aside"), key=f"aside_{batch.batch}", type="tertiary", icon=":material/rule:"
    ):
        _aside(session, batch)
    words, verb = (t("Withdraw"), "withdraw") if batch.active else (t("Bring back"), "restore_batch")
    st.button(
        words,
        key=f"{verb}_{batch.batch}",
        type="tertiary",
        icon=":material/undo:" if batch.active else ":material/redo:",
        on_click=_change,
        args=(session, verb, batch.batch),
        help=t("Its records count no more; it can be brought back.") if batch.active else None,
    )


def _change(session: Session, verb: str, batch: str) -> None:
    try:
        getattr(workspace, verb)(session.home, session.who, batch, now=now())
    except KpiTreeError as error:
        st.session_state["_refused"] = error


def _aside(session: Session, batch: BatchView) -> None:
    @st.dialog(t("Rows set aside"), width="large")
    def dialog() -> None:
        with refusals():
            frame = workspace.quarantine(session.home, session.who, batch.batch)
            st.caption(t("Correct them in the file and load it again: only these rows are new then."))
            st.dataframe(frame, hide_index=True)
            st.download_button(
                t("Download"),
                csv_bytes(frame),
                file_name=f"set-aside-{batch.batch}.csv",
                mime="text/csv",
                on_click="ignore",
                icon=":material/download:",
            )

    dialog()
