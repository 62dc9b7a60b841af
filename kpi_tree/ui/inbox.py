"""The way of a file: upload, what reading it found, what loading it would do, load, receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest.asking import AskError
from kpi_tree.ui import issuelist, mapping, places, readas, style
from kpi_tree.ui.asking import ask
from kpi_tree.ui.failures import show as show_refusal
from kpi_tree.ui.parts import Fact, facts
from kpi_tree.ui.session import Session, current, now
from kpi_tree.ui.text import current_language, day, nt, number, plain, t
from kpi_tree.ui.words import table_name
from kpi_tree.workspace import NothingUsableError, Receipt
from kpi_tree.workspace.own import catalogue_of

RECEIPTS = "_receipts"
LOOKED = "_looked"


def upload(session: Session) -> None:
    """The upload, and each file's card under it."""
    style.uploader(t("Choose files"), t("at most {n} MB each", n=st.get_option("server.maxUploadSize")))
    turn = st.session_state.setdefault("_upload_turn", 0)
    files = st.file_uploader(
        t("Drop the shop's files here: CSV or Excel, as they were exported"),
        accept_multiple_files=True,
        key=f"upload_{turn}",
        help=t("The file is read on this machine. Nothing is kept before you say so."),
    )
    for file in files or []:
        _card(session, file)
    if files:
        _all_button(session, files)


def _all_button(session: Session, files: list[Any]) -> None:
    ready = [file for file in files if _looked(session, file).receipt]
    if len(ready) > 1 and st.button(
        nt("Load the {n} file", "Load all {n} files", len(ready)), type="primary", key="load_all"
    ):
        for file in ready:
            _load(session, file)
        _next_turn()


def _next_turn() -> None:
    st.session_state["_upload_turn"] += 1
    st.session_state.pop(LOOKED, None)
    st.rerun()


@dataclass(frozen=True)
class Looked:
    """What reading a file found, and what loading it would do or why it cannot be loaded."""

    inspection: Any | None
    receipt: Receipt | None
    error: KpiTreeError | None


def _looked(session: Session, file: Any) -> Looked:
    """What reading it found and what loading it would do; once for a file and a reading of it."""
    known: dict[Any, Looked] = st.session_state.setdefault(LOOKED, {})
    how = readas.chosen(file.file_id)
    key = (file.file_id, session.data, repr(how))
    if key not in known:
        known[key] = _look(session, file, how)
    return known[key]


def _look(session: Session, file: Any, how: dict[str, Any]) -> Looked:
    content, inspection = file.getvalue(), None
    try:
        with st.spinner(t("Reading {file}", file=plain(file.name))):
            inspection = workspace.inspect_file(
                session.home, session.who, content, file.name, mapping=how.get("mapping")
            )
            receipt = workspace.load_file(
                session.home, session.who, content, file.name, dry_run=True, now=now(), **how
            )
    except KpiTreeError as error:
        return Looked(inspection, None, error)
    return Looked(inspection, receipt, None)


def _card(session: Session, file: Any) -> None:
    with st.container(border=True):
        st.markdown(f":material/description: **{plain(file.name)}**")
        looked = _looked(session, file)
        if looked.error is not None or looked.receipt is None:
            _refused(session, file, looked)
            return
        receipt = looked.receipt
        if receipt.repeated:
            st.info(
                t("This very file is loaded already. Loading it again changes nothing."),
                icon=":material/done_all:",
            )
        counts(receipt)
        st.caption(_read_as(looked.inspection, receipt))
        effects(receipt)
        if not receipt.repeated and st.button(
            t("Load the good rows") if receipt.rejected else t("Load this file"),
            key=f"load_{file.file_id}",
            type="primary",
            icon=":material/check:",
        ):
            _load(session, file)
            _next_turn()
        issuelist.show(receipt.issues, key=file.file_id)
        with st.expander(t("How the columns were read"), icon=":material/table_chart:"):
            columns(looked.inspection)
        mapping.form(session, file, looked.inspection)


def _refused(session: Session, file: Any, looked: Looked) -> None:
    """Why a file cannot be loaded as it is, and what a person can say so that it can."""
    if looked.error is not None:
        show_refusal(looked.error)
    if isinstance(looked.error, AskError):
        ask(file, looked.error)
        return
    if isinstance(looked.error, NothingUsableError):
        issuelist.show(looked.error.receipt.issues, key=file.file_id)
    mapping.form(session, file, looked.inspection, looked.error)


def _load(session: Session, file: Any) -> None:
    kept = st.session_state.setdefault(RECEIPTS, [])
    how = readas.chosen(file.file_id)
    try:
        with st.spinner(t("Loading {file}", file=plain(file.name))):
            receipt = workspace.load_file(
                session.home, session.who, file.getvalue(), file.name, dry_run=False, now=now(), **how
            )
        kept.insert(0, receipt)
    except KpiTreeError as error:
        kept.insert(0, error)


def counts(receipt: Receipt) -> None:
    """New, changed, unchanged and set-aside rows."""
    rows = t("rows of the file")
    facts(
        [
            Fact(t("New"), number(receipt.accepted, "count"), rows),
            Fact(t("Changed"), number(receipt.changed, "count"), rows),
            Fact(t("Known already"), number(receipt.unchanged, "count"), rows),
            Fact(t("Set aside"), number(receipt.rejected, "count"), t("with their reason")),
        ]
    )


def effects(receipt: Receipt) -> None:
    """What each fed KPI is over the file's days, and what it becomes."""
    if not receipt.effects:
        return
    rows = [
        {
            t("KPI"): catalogue_of(current().home)[one.kpi].text("name", current_language()),
            t("Now"): number(one.before, one.unit, one.currency),
            t("After loading"): number(one.after, one.unit, one.currency),
        }
        for one in receipt.effects
    ]
    right = {name: st.column_config.TextColumn(alignment="right") for name in (t("Now"), t("After loading"))}
    st.caption(t("What the KPIs become, over the days of the file"))
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=right)


def _read_as(inspection: Any, receipt: Receipt) -> str:
    found = inspection.to_dict(current_language())
    said = []
    if found.get("layout"):
        said.append(t("Recognised as {layout}", layout=plain(found["layout"])))
    feeds = [count.table for count in receipt.tables] or ([receipt.table] if receipt.table else [])
    if feeds:
        said.append(t("feeds {tables}", tables=plain(", ".join(table_name(name) for name in feeds))))
    if receipt.data_from and receipt.data_through:
        said.append(t("from {first} to {last}", first=day(receipt.data_from), last=day(receipt.data_through)))
    details = [str(found[name]) for name in ("encoding",) if found.get(name)]
    if found.get("delimiter"):
        details.append(
            t("separated by {sign}", sign={"\t": t("tabs")}.get(found["delimiter"], found["delimiter"]))
        )
    if found.get("header_row"):
        details.append(t("header in row {n}", n=found["header_row"]))
    return " · ".join([*said, *(plain(detail) for detail in details)])


def columns(inspection: Any) -> None:
    """Each column as it was understood, with cells to compare."""
    rows = []
    for column in inspection.to_dict(current_language())["columns"]:
        sample = column.get("sample") or []
        shown = [sample] if isinstance(sample, str) else list(sample)[:3]
        rows.append(
            {
                t("Column"): str(column["name"]),
                t("Read as"): str(column.get("type") or ""),
                t("Unit"): str(column.get("unit") or ""),
                t("Dates"): str(column.get("date_format") or ""),
                t("Empty cells"): column.get("nulls"),
                t("For example"): " · ".join(str(cell) for cell in shown),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content" if len(rows) < 12 else 420)


def receipts(session: Session) -> None:
    """What was loaded in this visit, newest first, with where to look now."""
    for place, receipt in enumerate(st.session_state.get(RECEIPTS, [])[:10]):
        if isinstance(receipt, KpiTreeError):
            show_refusal(receipt)
            continue
        with st.container(border=True, key=f"receipt_{place}"):
            icon = "done_all" if receipt.repeated else "check_circle"
            words = t("Nothing changed: loaded before") if receipt.repeated else t("Loaded")
            st.markdown(f":material/{icon}: **{words}** · {plain(receipt.file)}")
            counts(receipt)
            if receipt.batch:
                st.caption(t("Batch {batch}", batch=plain(receipt.batch)))
            with st.container(horizontal=True):
                places.link("overview", t("See the overview"), icon="monitoring")
                if any(count.table == "orders" for count in receipt.tables):
                    places.link("kpi", t("See sales"), icon="query_stats", id="sales", span="all")
                if receipt.data_through and receipt.data_through < session.today:
                    _look_back(receipt)


def _look_back(receipt: Receipt) -> None:
    last = receipt.data_through
    if last is not None:
        places.link("overview", t("Look as of {day}", day=day(last)), icon="event", at=last.isoformat())
