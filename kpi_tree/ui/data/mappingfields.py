"""The fields of the mapping form: what the rows are, what each column holds, what holds for every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree.ingest.mapping.composed import COMPOSED
from kpi_tree.ingest.mapping.fixed import values_of
from kpi_tree.ingest.mapping.generic import fields_of
from kpi_tree.ingest.mapping.mapping import lacking, mapping_from, may_be_said
from kpi_tree.records.tables import tables
from kpi_tree.ui.data.kindwords import field_name, kind_name, kinds
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import percent, plain, t

CERTAIN = 0.85
"""Below this a guess carries a question mark."""
CURRENCIES = ("NOK", "SEK", "DKK", "EUR", "GBP", "USD", "JPY", "CHF")


def table(key: str, proposed: str | None) -> str | None:
    """What the rows are."""
    names = kinds(proposed)
    return st.selectbox(
        t("What the rows are"),
        names,
        index=names.index(proposed) if proposed in names else None,
        format_func=kind_name,
        key=f"table_{key}",
        placeholder=t("Choose"),
        width=480,
    )


def columns(key: str, found: Mapping[str, Any], table: str, proposed: Mapping[str, Any]) -> dict[str, str]:
    """A line for each column: its name and first cells, what it is taken for, how sure we are."""
    fields = ["", *fields_of(table)]  # none is a choice of its own: a wrong guess has to be taken back
    guesses = proposed.get("columns") or {}
    sure = proposed.get("confidence") or {}
    picked: dict[str, str] = {}
    for place, column in enumerate(found.get("columns") or []):
        header = str(column["name"])
        widget, guess = f"column_{key}_{table}_{place}", guesses.get(header)
        chosen = st.session_state.get(widget, guess)
        left, right = st.columns(2, vertical_alignment="center")
        left.markdown(_header(column, sure.get(header) if chosen and chosen == guess else None))
        field = right.selectbox(
            header,  # not drawn: a screen reader says it, and would say the signs that escape Markdown
            fields,
            index=fields.index(guess) if guess in fields else 0,
            format_func=lambda name: field_name(table, name) if name else t("Not used"),
            key=widget,
            label_visibility="collapsed",
        )
        if field:
            picked[header] = field
    return picked


def _header(column: Mapping[str, Any], sure: float | None) -> str:
    """A column's name, how sure its guess is, and its first cells."""
    sample = column.get("sample") or []
    cells = [sample] if isinstance(sample, str) else [str(cell) for cell in sample[:3]]
    doubt = ":material/help: " if sure is not None and sure < CERTAIN else ""
    words = f" :small[{doubt}{t('{share} sure', share=percent(sure))}]" if sure is not None else ""
    return f"**{plain(column['name'])}**{words}  \n:small[{plain(' · '.join(cells))}]"


def twice(table: str, picked: Mapping[str, str]) -> list[str]:
    """What is wrong with a choice of fields: one that two columns fill, in words."""
    by_field: dict[str, list[str]] = {}
    for header, field in picked.items():
        by_field.setdefault(field, []).append(header)
    return [
        t(
            "{field} is said of two columns: {names}. Choose one of them.",
            field=field_name(table, field),
            names=", ".join(headers),
        )
        for field, headers in by_field.items()
        if len(headers) > 1
    ]


def whole_file(
    key: str, table: str, picked: Mapping[str, str], proposed: Mapping[str, Any], options: Mapping[str, Any]
) -> tuple[dict[str, str], str | None]:
    """What holds for every row: fields that no column fills, and the currency.

    Returns:
        Field -> value, and the currency if one was said. What the table cannot do without is asked; the rest
        is offered.
    """
    said = values_of(proposed.get("options") or {})
    free = [name for name in fields_of(table) if name not in picked.values()]
    missing = lacking(mapping_from({"table": table, "columns": picked}))
    asked = [name for name in free if (name in missing and may_be_said(table, name)) or name in said]
    others = [name for name in free if name not in asked and may_be_said(table, name) and name != "currency"]
    more = st.session_state.get(f"value_{key}_{table}", [])
    found: dict[str, str] = {}
    with st.container(horizontal=True):
        for name in [*asked, *(name for name in more if name in others)]:
            value = _value(f"value_{key}_{table}_{name}", table, name, said.get(name))
            if value and value.strip():
                found[name] = value.strip()
        money = _currency(key, table, picked, options)
    if others:
        st.multiselect(
            t("The same for every row"),
            others,
            format_func=lambda name: field_name(table, name),
            key=f"value_{key}_{table}",
            placeholder=t("What no column says, such as a channel"),
            help=t("For what holds for the whole file: the shop of a till, the network of a report."),
            width=480,
        )
    return found, money


def _value(key: str, table: str, name: str, before: str | None) -> str | None:
    words = () if table in COMPOSED else tables()[table].columns[name].values
    label = field_name(table, name)
    if words:
        place = words.index(before) if before in words else None
        return st.selectbox(label, list(words), index=place, key=key, placeholder=t("Choose"), width=220)
    return st.text_input(label, before or "", key=key, max_chars=80, width=220)


def _currency(key: str, table: str, picked: Mapping[str, str], options: Mapping[str, Any]) -> str | None:
    """The currency of its amounts, where it has amounts and no column that names it."""
    types = fields_of(table)
    amounts = any(types.get(field) == "money" for field in picked.values())
    if not amounts or "currency" in picked.values():
        return None
    known, shops = options.get("currency"), current().settings.currency
    found = st.selectbox(
        t("Currency of its amounts"),
        [*dict.fromkeys([*([known] if known else []), *CURRENCIES])],
        index=0 if known else None,
        key=f"currency_{key}",
        placeholder=t("As the file says, else {code}", code=shops) if shops else t("As the file says"),
        accept_new_options=True,
        width=260,
    )
    return str(found).strip().upper()[:3] if found else None
