"""How a file is to be read, where the reader's own guess is not what the person wants."""

from __future__ import annotations

from typing import Any

import streamlit as st

from kpi_tree.records import tables
from kpi_tree.ui.text import current_language, plain, t
from kpi_tree.ui.words import column_name, table_name


def chosen(file_id: str) -> dict[str, Any]:
    """What the person said about a file: arguments for ``load_file``."""
    found: dict[str, Any] = st.session_state.get("_read_as", {}).get(file_id, {})
    return found


def form(file: Any, inspection: Any | None) -> None:
    """Choose the table and each column's meaning; kept for this file only."""
    names = sorted(tables(), key=table_name)
    found = inspection.to_dict(current_language()) if inspection is not None else {}
    now_table = chosen(file.file_id).get("as_table") or found.get("table")
    with st.expander(t("Read it in another way"), icon=":material/tune:", key=f"other_{file.file_id}"):
        table = st.selectbox(
            t("What the rows are"),
            names,
            index=names.index(now_table) if now_table in names else None,
            format_func=table_name,
            key=f"table_{file.file_id}",
            placeholder=t("Choose"),
        )
        if table is None:
            return
        columns = _columns(file, found, table)
        if st.button(t("Read it so"), key=f"so_{file.file_id}"):
            said: dict[str, Any] = {"as_table": table}
            if columns:
                said["mapping"] = {"table": table, "columns": columns}
            st.session_state.setdefault("_read_as", {})[file.file_id] = said
            st.rerun()


def _columns(file: Any, found: dict[str, Any], table: str) -> dict[str, str]:
    fields = list(tables()[table].columns)
    proposed = (found.get("mapping") or {}).get("columns") or {}
    picked: dict[str, str] = {}
    with st.grid(3, min_column_width=220):
        for place, column in enumerate(found.get("columns") or []):
            header = str(column["name"])
            guess = proposed.get(header)
            field = st.selectbox(
                plain(header),
                fields,
                index=fields.index(guess) if guess in fields else None,
                format_func=lambda name: column_name(table, name),
                key=f"column_{file.file_id}_{table}_{place}",
                placeholder=t("Not used"),
            )
            if field:
                picked[header] = field
    return picked
