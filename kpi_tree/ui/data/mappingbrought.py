"""A mapping that comes as a file: dropped where files are dropped, looked at, and kept by one click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.data import dropped, loading, readas
from kpi_tree.ui.data.kindwords import field_name, kind_name
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import nt, plain, t
from kpi_tree.workspace.intake.mappingfiles import MOST_BYTES, MappingFile, is_mapping_file, mapping_in


def apart(session: Session, files: Sequence[Any]) -> list[Any]:
    """Draw the mappings among the dropped files; the other files."""
    brought = [file for file in files if _is_mapping(file)]
    for file in brought:
        with st.container(border=True, key=f"file_{file.file_id}"):
            _card(session, file, files)
    return [file for file in files if file not in brought]


def _is_mapping(file: Any) -> bool:
    # The name and the size first: a large upload is not copied to be asked what it is.
    return (
        str(file.name).lower().endswith(".json")
        and file.size <= MOST_BYTES
        and is_mapping_file(file.name, file.getvalue())
    )


def _card(session: Session, file: Any, files: Sequence[Any]) -> None:
    st.markdown(f":material/tune: **{plain(file.name)}**")
    try:
        found = mapping_in(file.getvalue(), file.name)
    except KpiTreeError as error:
        show_refusal(error)
        return
    table = str(found.mapping.get("table") or "")
    count = nt("{n} column", "{n} columns", len(found.mapping["columns"]))
    st.markdown(t("A mapping: it says how files of your own are read."))
    st.caption(" · ".join([f"**{plain(found.name)}**", plain(kind_name(table)) if table else "", count]))
    _columns(table, found)
    if any(one.name == found.name for one in workspace.saved_mappings(session.home, session.who)):
        st.caption(t(":material/info: A mapping of this name is there. It gives way to this one."))
    if st.button(
        t("Keep this mapping"), key=f"keep_{file.file_id}", type="primary", icon=":material/check:",
        disabled=not session.who.may("import_mapping"),
    ):  # fmt: skip
        _keep(session, file, files)


def _columns(table: str, found: MappingFile) -> None:
    said = found.mapping["columns"]
    if not table or not said:
        return
    with st.expander(t("What it says of the columns"), icon=":material/table_chart:"):
        fields = [field_name(table, name) for name in said.values()]
        st.dataframe({t("Column"): list(said), t("Read as"): fields}, hide_index=True, height="content")


def _keep(session: Session, file: Any, files: Sequence[Any]) -> None:
    try:
        kept = workspace.import_mapping(session.home, session.who, file.getvalue(), file.name, now=now())
    except KpiTreeError as error:
        show_refusal(error)
        return
    loading.next_upload()
    dropped.release(session, [file], files)
    for other in files:  # one of them may be what it reads
        if other.file_id != file.file_id:
            readas.choose(other.file_id, readas.chosen(other.file_id))
    st.toast(t("{name} is kept: such files are read by it.", name=plain(kept.name)), icon=":material/check:")
    st.rerun()
