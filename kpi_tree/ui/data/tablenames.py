"""What people call a table of our own and its columns, and what their numbers count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree.i18n import LANGUAGES
from kpi_tree.records.tables import Column, Table
from kpi_tree.ui.shell.text import current_language, t
from kpi_tree.workspace import Naming
from kpi_tree.workspace.definitions.own_naming import MAX_NAME, units_of


def columns(table: Table, key: str) -> Naming:
    """A grid of the columns: their names in the reader's language and their units may be written over.

    Returns:
        What was changed; names of the table itself are not among it.
    """
    lang = current_language()
    shown = [one for one in table.columns.values() if one.label]
    units = list(dict.fromkeys(unit for one in shown for unit in _units(one)))
    words = {"": "–", **{unit: unit_choice(unit) for unit in units}}
    frame = pd.DataFrame(
        {
            "label": [one.label for one in shown],
            "title": [one.title(lang) for one in shown],
            "type": [type_words(one.type) for one in shown],
            "unit": [words[_unit(one)] for one in shown],
            "name": [one.name for one in shown],
        }
    )
    edited = st.data_editor(
        frame, hide_index=True, num_rows="fixed", disabled=["label", "type", "name"], key=key,
        column_config={
            "label": st.column_config.TextColumn(t("Header in the file")),
            "title": st.column_config.TextColumn(t("What it is called"), max_chars=MAX_NAME),
            "type": st.column_config.TextColumn(t("Type")),
            "unit": st.column_config.SelectboxColumn(
                t("Counts"), options=list(words.values()), help=t("What its numbers are; may be empty.")
            ),
            "name": st.column_config.TextColumn(t("In formulas")),
        },
    )  # fmt: skip
    return _changed(shown, edited, {said: unit for unit, said in words.items()}, lang)


def _changed(shown: list[Column], edited: pd.DataFrame, units: Mapping[str, str], lang: str) -> Naming:
    names: dict[str, dict[str, str]] = {}
    counts: dict[str, str] = {}
    for column, row in zip(shown, edited.to_dict("records"), strict=True):
        title = str(row["title"] or "").strip()
        if title != column.title(lang):
            names[column.name] = {lang: "" if title == column.label else title}
        unit = units.get(str(row["unit"] or ""), "")
        if unit != _unit(column):
            counts[column.name] = unit
    return Naming(columns=names, units=counts)


def _unit(column: Column) -> str:
    return "money" if column.type == "money" else column.unit if column.unit in _units(column) else ""


def _units(column: Column) -> tuple[str, ...]:
    return units_of(column.type, column.unit)


def title_fields(table: Table, key: str) -> dict[str, str]:
    """The table's name in each language of the product; what was written, by language."""
    found: dict[str, Any] = {}
    for place, lang in zip(st.columns(len(LANGUAGES)), LANGUAGES, strict=True):
        with place:
            found[lang] = st.text_input(
                LANGUAGES[lang], table.names.get(lang, ""),
                max_chars=MAX_NAME, key=f"{key}_{lang}",
            )  # fmt: skip
    return {lang: said.strip() for lang, said in found.items()}


def unit_choice(unit: str) -> str:
    """What a column's numbers count, as a choice."""
    return {
        "money": t("money"),
        "percent": t("shares (%)"),
        "seconds": t("seconds"),
        "minutes": t("minutes"),
        "hours": t("hours"),
        "days": t("days"),
    }[unit]


def type_words(kind: str) -> str:
    """A column's type for people."""
    return {
        "text": t("text"),
        "integer": t("whole number"),
        "quantity": t("number"),
        "number": t("number"),
        "money": t("money"),
        "boolean": t("yes or no"),
        "instant": t("day and time"),
        "day": t("day"),
    }[kind]
