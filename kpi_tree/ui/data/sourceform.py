"""The form of a source: what it reads, what that fills, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest.mapping.composed import ORDER_TABLE, STOCK_LIST
from kpi_tree.sources import Schedule
from kpi_tree.ui.data.kindwords import kind_name
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import plain, said, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import SourceView
from kpi_tree.workspace.base.own import tables_of
from kpi_tree.workspace.feeds.sourcechecks import DROP

OPEN = "_source_form"
SCHEDULES = ("15m", "1h", "6h", "daily 06:00", "mon 06:00", "manual")
KINDS = ("folder", "url", "sql")
SAMPLE = """[connections.shop]
url = "postgresql://reader:password@host/database"
"""


def is_open() -> bool:
    """Whether the form is on the page."""
    return OPEN in st.session_state


def open_for(source: SourceView | None) -> None:
    """Put the form on the page, for a new source or for one that is there."""
    st.session_state[OPEN] = source


def close() -> None:
    """Take the form away."""
    st.session_state.pop(OPEN, None)


def show(session: Session) -> None:
    """The form where it is open, else the button that opens it."""
    if not is_open():
        st.button(t("Add a source"), key="add_source", icon=":material/add:", on_click=open_for, args=(None,))
        return
    source: SourceView | None = st.session_state[OPEN]
    key = source.id if source else "new"
    with st.container(border=True, key="source_form"):
        st.header(t("Change the source") if source else t("A new source"))
        kind = source.kind if source else _kind()
        with st.form(f"source_{key}", border=False):
            values = _fields(session, source, kind, key)
            with st.container(horizontal=True):
                saved = st.form_submit_button(t("Save"), type="primary", icon=":material/check:")
                st.form_submit_button(t("Cancel"), on_click=close)
        if saved:
            _save(session, source, kind, values)


def _kind() -> str:
    words = {"folder": t("Watched folder"), "url": t("Published sheet"), "sql": t("Database query")}
    picked = st.segmented_control(
        t("Kind"),
        KINDS,
        default="folder",
        format_func=lambda kind: words[kind],
        key="source_kind",
        required=True,
    )
    return str(picked or "folder")


def _fields(session: Session, source: SourceView | None, kind: str, key: str) -> dict[str, Any]:
    place: Mapping[str, Any] = source.settings.get("place", {}) if source else {}
    reading: Mapping[str, Any] = source.settings.get("reading", {}) if source else {}
    name = st.text_input(
        t("Name"), source.name if source else "", max_chars=80, key=f"source_name_{key}",
        placeholder=t("What it brings, such as POS Oslo"),
    )  # fmt: skip
    where = {"folder": _folder, "url": _address, "sql": _query}[kind](session, place, key)
    left, right = st.columns(2)
    with left:
        fills = _fills(session, reading, kind, key)
        schedule = _schedule(source.schedule if source else "1h", key)
    with right:
        mapping = _mapping(session, reading, key)
        hours = st.number_input(
            t("Overdue after so many hours without news"),
            min_value=1,
            value=source.fresh_hours if source else None,
            step=1,
            placeholder=t("never"),
            key=f"source_fresh_{key}",
        )
    # What the form does not show (a KPI, a zone, a mapping set from the command line) stays as it is.
    kept = {name: reading[name] for name in ("kpi", "timezone") if name in reading}
    read = {**kept, "as_table": fills, "mapping": mapping}
    return {"name": name, "place": where, "reading": read, "schedule": schedule, "fresh_hours": hours}


def _folder(session: Session, place: Mapping[str, Any], key: str) -> dict[str, str]:
    left, right = st.columns([3, 1])
    with left:
        folder = st.text_input(
            t("Folder on the server"),
            place.get("folder", str(session.home.path / DROP)),
            key=f"source_folder_{key}",
            help=t(
                "Complete files are read, each content once. They stay where they are. Folders in it and "
                "links are passed over."
            ),
        )
    with right:
        pattern = st.text_input(t("Files"), place.get("pattern", "*"), key=f"source_pattern_{key}")
    return {"folder": folder, "pattern": pattern}


def _address(session: Session, place: Mapping[str, Any], key: str) -> dict[str, str]:  # noqa: ARG001
    url = st.text_input(
        t("Address of the published sheet"),
        place.get("url", ""),
        key=f"source_url_{key}",
        placeholder="https://",
        help=t(
            "In Google Sheets: File, Share, Publish to the web, as CSV. The address that the browser shows "
            "will do too, where everybody with the link may read the sheet."
        ),
    )
    return {"url": url}


def _query(session: Session, place: Mapping[str, Any], key: str) -> dict[str, str]:
    names = workspace.connections(session.home, session.who)
    if not names:
        st.info(
            t("No database connection yet. The person who runs the server adds one to the app's secrets:")
        )
        st.code(SAMPLE, language="toml")
    before = place.get("connection")
    options = [*names, *([before] if before and before not in names else [])]
    connection = st.selectbox(
        t("Connection"),
        options,
        index=options.index(before) if before in options else 0 if options else None,
        key=f"source_connection_{key}",
        help=t("Only its name is kept here; the password stays in the secrets."),
    )
    query = st.text_area(
        t("Query"),
        place.get("query", ""),
        key=f"source_query_{key}",
        height=140,
        placeholder="select order_id, ordered_at, currency from orders where changed_at > :since",
        help=t("One SELECT, run where nothing can be written. :since is the moment of the last run."),
    )
    return {"connection": str(connection or ""), "query": query}


def _fills(session: Session, reading: Mapping[str, Any], kind: str, key: str) -> str | None:
    names = [
        None,
        ORDER_TABLE,
        STOCK_LIST,
        *sorted(tables_of(session.home), key=table_name),
    ]
    before = reading.get("as_table")

    def words(name: str | None) -> str:
        if name is None:
            return t("As the names of its columns say") if kind == "sql" else t("As the file says")
        return kind_name(name)

    return st.selectbox(
        t("What it fills"),
        names,
        index=names.index(before) if before in names else 0,
        format_func=words,
        key=f"source_fills_{key}",
    )


def _mapping(session: Session, reading: Mapping[str, Any], key: str) -> Any:
    before = reading.get("mapping")
    if isinstance(before, Mapping):
        return dict(before)
    names = [None, *(saved.name for saved in workspace.saved_mappings(session.home, session.who))]
    return st.selectbox(
        t("Saved mapping"),
        names,
        index=names.index(before) if before in names else 0,
        format_func=lambda name: name or t("As the headers suit"),
        key=f"source_mapping_{key}",
    )


def _schedule(before: str, key: str) -> str:
    options = list(dict.fromkeys([*SCHEDULES, before]))
    return st.selectbox(
        t("Schedule"),
        options,
        index=options.index(before),
        format_func=_schedule_words,
        accept_new_options=True,
        key=f"source_schedule_{key}",
        help=t("Or type it, like 30m, daily 07:30, fri 18:00."),
    )


def _schedule_words(text: str) -> str:
    try:
        return said(Schedule.parse(text).words())
    except KpiTreeError:
        return text


def _save(session: Session, source: SourceView | None, kind: str, values: dict[str, Any]) -> None:
    try:
        if source is None:
            made = workspace.add_source(session.home, session.who, kind=kind, now=now(), **values)
        else:
            name = values.pop("name")
            made = workspace.change_source(
                session.home, session.who, source.id, rename=name, now=now(), **values
            )
    except KpiTreeError as error:
        show_refusal(error)
        return
    close()
    st.toast(t("{name} is set up.", name=plain(made.name)), icon=":material/check:")
    st.rerun()
