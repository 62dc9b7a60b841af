"""Which tables a file holds, where the rows of each go, and which of them are to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from kpi_tree.ui.data import readas
from kpi_tree.ui.shell.text import current_language, nt, number, plain, t
from kpi_tree.ui.shell.words import table_name

OPEN = 6
"""Tables up to which they stand open; the tables of a large workbook are folded."""


def show(file: Any, inspection: Any | None) -> None:
    """A line for each table of a file that holds several: its rows, where they go, and whether it is read.

    Args:
        file: an upload, as Streamlit hands it over.
        inspection: what reading it found.
    """
    found = inspection.to_dict(current_language())["sections"] if inspection is not None else []
    if len(found) < 2:
        return
    read = sum(1 for one in found if one["table"] and one["chosen"])
    words = t("{n} of its {all} tables are read", n=read, all=len(found))
    with st.expander(words, icon=":material/dataset:", expanded=len(found) <= OPEN):
        for one in found:
            _line(file, one, found)
        if not all(one["chosen"] for one in found):
            st.button(
                t("Read every table that is known"),
                key=f"every_{file.file_id}",
                icon=":material/select_all:",
                type="tertiary",
                on_click=readas.option,
                args=(file.file_id,),
                kwargs={"section": None},
            )


def _line(file: Any, one: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> None:
    """A table: ticked when it is read; one that nothing reads can be said to be something."""
    left, right = st.columns([7, 3], vertical_alignment="center")
    name = f"**{plain(str(one['name']))}**"
    rows = nt("{n} row", "{n} rows", int(one["rows"]))
    chosen = [each for each in found if each["chosen"] and each["table"]]
    key = f"section_{file.file_id}_{one['number']}_{readas.turn(file.file_id)}"
    if one["table"]:
        last = one["chosen"] and len(chosen) == 1
        left.checkbox(
            f"{name} · {rows} → {plain(table_name(str(one['table'])))}",
            value=bool(one["chosen"]),
            key=key,
            disabled=last,
            help=t("A file needs one table that is read.") if last else None,
            on_change=_turned,
            args=(file.file_id, one, found),
        )
        return
    asked = one["chosen"] and sum(1 for each in found if each["chosen"]) == 1
    words = t("say below what it holds") if asked else t("not read")
    left.markdown(f":material/help: {name} · {rows} · {words}  \n:small[{_columns(one)}]")
    if asked:
        return
    if int(one["rows"]) and len(one["columns"]) > 1:
        right.button(
            t("Say what it holds"),
            key=f"only_{key}",
            on_click=readas.option,
            args=(file.file_id,),
            kwargs={"section": [str(one["number"])]},
        )


def _columns(one: Mapping[str, Any]) -> str:
    names = [str(name) for name in one["columns"]]
    more = f" +{number(len(names) - 5, 'count')}" if len(names) > 5 else ""
    return plain(", ".join(names[:5])) + more


def _turned(file_id: str, one: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> None:
    """Leave a table out, or take it in again."""
    chosen = {str(each["number"]) for each in found if each["chosen"] and each["table"]}
    chosen ^= {str(one["number"])}
    known = {str(each["number"]) for each in found if each["table"]}
    readas.option(file_id, section=None if chosen == known else sorted(chosen, key=int))
