"""The receipt of one batch, by its number: what came in, what was wrong, the file, and the way back."""

from __future__ import annotations

import mimetypes

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.data import batchlist, datafix, datanews, issuelist, receipts
from kpi_tree.ui.pieces import datarow, downloads
from kpi_tree.ui.shell import cache, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.parts import Fact, facts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import day, moment, number, plain, t
from kpi_tree.ui.shell.words import column_name, table_name
from kpi_tree.workspace import BatchReceipt, BatchView


def show(session: Session, asked: str) -> None:
    """The receipt, or what is wrong with its number."""
    places.link("data", t("All files"), icon="arrow_back")
    try:
        found: BatchReceipt = cache.kept(
            session, "receipt", asked,
            make=lambda: workspace.batch_receipt(session.home, session.who, asked),
        )  # fmt: skip
    except KpiTreeError as error:
        st.title(t("Receipt"))
        show_refusal(error)
        return
    view = found.view
    _heading(session, found)
    batchlist.undo_bar(session)
    row = st.query_params.get("row", "")
    datanews.of_receipt(view, row)
    if row.isascii() and row.isdigit():
        with refusals():
            datarow.panel(session, view.batch, int(row), heading=True)
    receipts.counts(view)
    with refusals():
        datafix.show(session, view)
    issuelist.show(found.issues, key=f"receipt_{view.batch}", folded=True)
    _about(found)


def _heading(session: Session, found: BatchReceipt) -> None:
    view = found.view
    with st.container(horizontal=True, vertical_alignment="center", key=datanews.HEAD):
        st.title(f"#{view.number} · {plain(view.file)}", width="content")
        beside = (found.corrects, found.newer, *found.mends)
        numbers = {one.batch: one.number for one in beside if one is not None}
        batchlist.badges(view, numbers)
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.has_file:
            home, who, batch = session.home, session.who, view.batch
            downloads.button(
                t("Download the corrected rows") if view.mends else t("Download the file"),
                lambda: workspace.original_file(home, who, batch).read_bytes(),
                f"{view.file}.csv" if view.mends else view.file,
                mimetypes.guess_type(view.file)[0] or "application/octet-stream",
                icon=":material/download:",
                key="original",
            )
        batchlist.buttons(session, view)


def _about(found: BatchReceipt) -> None:
    view = found.view
    st.header(t("About this file"))
    mapping = view.mapping or (found.reading.get("table") and t("chosen by hand or by its column names"))
    spans = f"{day(view.data_from)} – {day(view.data_through)}" if view.data_from else t("none")
    facts(
        [
            Fact(t("Loaded"), moment(view.at), view.who),
            Fact(t("Feeds"), ", ".join(table_name(one.table) for one in view.tables) or t("KPI values")),
            Fact(t("Days"), spans),
            Fact(t("Read by"), receipts.layout_words(view.layout) or mapping or t("its column names"), ""),
            Fact(t("Size"), t("{n} kB", n=number(max(view.bytes // 1000, 1), "count")), view.sha256[:12]),
        ]
    )
    if found.corrects is not None:
        receipts.link(found.corrects.number, t("The file it corrects: #{n}", n=found.corrects.number))
    for one in found.mends:
        _mend(one)
    if found.newer is not None:
        words = t("The newer file that counts before it: #{n}", n=found.newer.number)
        receipts.link(found.newer.number, words, icon="history")
    for one in found.older:
        receipts.link(one.number, t("An older file behind it: #{n}", n=one.number), icon="history")
    if columns := found.reading.get("columns"):
        with st.expander(t("Which column was read as what"), icon=":material/table_chart:"):
            table = str(found.reading.get("table") or "orders")
            st.dataframe(
                {
                    t("Column"): list(columns),
                    t("Read as"): [column_name("order_lines" if table == "order_table" else table, one)
                                   for one in columns.values()],
                },
                hide_index=True,
            )  # fmt: skip


def _mend(one: BatchView) -> None:
    state = "" if one.active else f" ({t('Withdrawn').lower()})"
    when = plain(moment(one.at))
    words = t("Corrections of {when}: #{n}", when=when, n=one.number)
    receipts.link(one.number, f"{words}{state}", icon="edit_note")
