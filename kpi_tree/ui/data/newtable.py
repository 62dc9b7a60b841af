"""Make a table of this file: for one that fits none of the tables there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest.own.own_design import Design
from kpi_tree.ingest.own.own_table import Wish
from kpi_tree.ui.data import loading, readas, tablenames
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, plain, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import Naming
from kpi_tree.workspace.definitions.own_naming import MAX_NAME
from kpi_tree.workspace.definitions.own_tables import free_name


def show(session: Session, file: Any, *, likely: bool = False) -> None:
    """Name, key and time of the table, its columns as they would be, and the button that makes it.

    Args:
        file: an upload, as Streamlit hands it over.
        likely: whether it fits none of the tables there are, as far as its names say: it stands open then.
    """
    with st.expander(
        t("Make a table of this file"),
        icon=":material/table_chart:",
        key=f"own_{file.file_id}",
        expanded=likely,
        on_change="rerun",
    ) as box:
        if box.open:  # a closed one is not worked out
            _form(session, file)


def _form(session: Session, file: Any) -> None:
    st.caption(
        t("For records of your own kind. Later files with these headers fill it too; KPIs can use it.")
    )
    first = _design(session, file, None)
    if first is None:
        return
    usual = _file_title(file.name)
    title = st.text_input(
        t("What the table is called"), usual, max_chars=MAX_NAME, key=f"own_title_{file.file_id}"
    ).strip()
    name = free_name(session.home, title) if title not in ("", usual) else first.table.name
    st.caption(t("In formulas and files: {name}", name=f"`{name}`"))
    found = _design(session, file, Wish(name))
    if found is None:
        return
    wish = _wish(found, name, file)
    chosen = _design(session, file, wish) if wish != Wish(name) else found
    if chosen is None:
        return
    naming = _columns(chosen, file)
    if st.button(t("Make the table and load it"), type="primary", key=f"own_make_{file.file_id}"):
        _make(session, file, wish, replace(naming, table=_title(title, chosen)))


def _design(session: Session, file: Any, wish: Wish | None) -> Design | None:
    try:
        found: Design = cache.kept(
            session, "design", file.file_id, readas.turn(file.file_id), wish,
            make=lambda: workspace.design_table(
                session.home, session.who, file.getvalue(), file.name, wish, mapping=_said(file)
            ),
        )  # fmt: skip
        return found
    except KpiTreeError as error:
        show_refusal(error)
        return None


def _said(file: Any) -> dict[str, Any] | None:
    """How the file is read: which of its tables is meant, above all."""
    options = (readas.chosen(file.file_id).get("mapping") or {}).get("options")
    return {"options": options} if options else None


def _wish(found: Design, name: str, file: Any) -> Wish:
    """What names a row and when a row is of, as found or as chosen."""
    columns = {one.name: one.label for one in found.table.columns.values() if one.label}
    dated = [one.name for one in found.table.columns.values() if one.type in ("day", "instant")]
    left, right = st.columns(2)
    with left:
        keys = [one for one in found.table.key if one in columns]
        picked = st.multiselect(
            t("A row is named by"), list(columns), keys, format_func=lambda one: columns[one],
            key=f"own_key_{file.file_id}", placeholder=t("All it holds"),
            help=t("A later row with the same value here replaces the earlier one."),
        )  # fmt: skip
    with right:
        place = dated.index(found.table.time) if found.table.time in dated else None
        time = st.selectbox(
            t("A row is of"), dated, index=place,
            format_func=lambda one: columns[one], key=f"own_time_{file.file_id}", placeholder=t("No day"),
        )  # fmt: skip
    key = tuple(picked) if list(picked) != keys else ()
    return Wish(name, key, time if time != found.table.time else None)


def _file_title(file: str) -> str:
    """A file's name as a title.

    >>> _file_title("door_counter 2026.csv")
    'Door counter 2026'
    """
    stem = " ".join((file.rpartition(".")[0] or file).replace("_", " ").split())
    return (stem[:1].upper() + stem[1:])[:MAX_NAME]


def _title(said: str, design: Design) -> dict[str, str]:
    lang = current_language()
    return {lang: said} if said not in ("", design.table.title(lang)) else {}


def _columns(design: Design, file: Any) -> Naming:
    naming = tablenames.columns(design.table, f"own_columns_{file.file_id}_{design.table.name}")
    if design.table.time is None:
        st.caption(
            t("No column says when a row is of: the table can be kept, but no KPI follows it over time.")
        )
    return naming


def _make(session: Session, file: Any, wish: Wish, naming: Naming) -> None:
    try:
        receipt = workspace.load_file(
            session.home,
            session.who,
            file.getvalue(),
            file.name,
            mapping=_said(file),
            new_table=wish,
            now=now(),
        )
        if naming != Naming():
            workspace.name_table(session.home, session.who, wish.name, naming, now=now())
    except KpiTreeError as error:
        show_refusal(error)
        return
    words = t("{n} rows are in the new table {name}.", n=receipt.accepted, name=plain(table_name(wish.name)))
    st.toast(words, icon=":material/check:")
    loading.done(session, file, receipt)
