"""What is missing before a KPI has a value, in words, with the file to fill."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from kpi_tree.records.tables import tables, template_csv
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.shell import places
from kpi_tree.ui.shell.text import nt, plain, say, t
from kpi_tree.ui.shell.words import column_name, table_name
from kpi_tree.workspace.intake.ready import Lack, Ready, most_wanted_tables

SHOWN = 6


def words(ready: Ready) -> str:
    """Why a KPI has no value, as Markdown: the columns that are empty, then the tables to load."""
    empty = [_columns(lack) for lack in ready.lacks if lack.columns]
    absent = [table_name(lack.table) for lack in ready.lacks if not lack.columns]
    said = []
    if empty:
        said.append(plain(t("Empty: {columns}", columns=" · ".join(empty))))
    if absent:
        said.append(plain(t("Not loaded: {tables}", tables=", ".join(absent))))
    if not said:
        return say(ready.reason) if ready.reason else plain(t("Nothing in the data counts here yet."))
    return " — ".join(said)


def _columns(lack: Lack) -> str:
    named = ", ".join(column_name(lack.table, column) for column in lack.columns)
    return f"{table_name(lack.table)} ({named})"


def most_wanted(ready: Mapping[str, Ready]) -> None:
    """The tables that most KPIs wait for, each with a file to fill."""
    wanted = [(name, count) for name, count in most_wanted_tables(ready) if name in tables()]
    if not wanted:
        return
    with st.container(border=True):
        st.markdown(f"**{t('Load these next')}**")
        for name, count in wanted[:SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(plain(table_name(name)))
                st.caption(nt("{n} KPI waits for it", "{n} KPIs wait for it", count))
                st.space("stretch")
                template(name)
        places.link("data", t("Bring data in"), icon="upload_file")


def template(name: str) -> None:
    """The file to fill for a record table."""
    downloads.button(
        t("Template"),
        lambda: template_csv(name).encode("utf-8-sig"),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        key=f"template_{name}",
        help=t("A CSV file with the columns and two example rows"),
    )


def for_kpi(ready: Ready) -> None:
    """What one KPI lacks, with the files to fill."""
    st.caption(f":material/inventory_2: {words(ready)}")
    with st.container(horizontal=True, gap="small"):
        for name in dict.fromkeys(lack.table for lack in ready.lacks if lack.table in tables()):
            with st.container(horizontal=True, vertical_alignment="center", gap=None, width="content"):
                st.markdown(plain(table_name(name)), width="content")
                template(name)
