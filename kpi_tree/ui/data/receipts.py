"""Pieces of a receipt: the counts, what KPIs become, how the file was read, where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from kpi_tree.ingest.mapping.composed import COMPOSED
from kpi_tree.ui.data.kindwords import kind_name
from kpi_tree.ui.shell import places
from kpi_tree.ui.shell.parts import Fact, facts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, nt, number, plain, t
from kpi_tree.ui.shell.words import table_name
from kpi_tree.workspace import BatchView, Receipt
from kpi_tree.workspace.base.own import catalogue_of, own_tables_of
from kpi_tree.workspace.base.types import Effect
from kpi_tree.workspace.intake.preview import fed_by

MAX_ROWS = 12
MOST_EFFECTS = 6
LONG = 320
"""Height of a table that scrolls."""


def counts(receipt: Receipt | BatchView) -> None:
    """New, changed, unchanged, duplicate and set-aside rows."""
    rows, why = t("rows of the file"), t("with their reason")
    if isinstance(receipt, BatchView):
        left = receipt.waiting
        why = nt("{n} still to correct", "{n} still to correct", left) if left else t("all corrected")
    counted = (
        (t("New"), receipt.accepted, rows),
        (t("Changed"), receipt.changed, rows),
        (t("Known already"), receipt.unchanged, rows),
        (t("Set aside"), receipt.rejected, why),
    )
    shown = [Fact(name, number(n, "count"), note if n else "") for name, n, note in counted]
    if receipt.behind:
        shown.insert(
            3, Fact(t("Stay as they are"), number(receipt.behind, "count"), t("records of a newer file"))
        )
    if isinstance(receipt, Receipt) and receipt.duplicates:
        shown.insert(3, Fact(t("Twice in the file"), number(receipt.duplicates, "count"), t("counted once")))
    facts(shown)


def effects(session: Session, receipt: Receipt) -> None:
    """What each fed KPI is over the file's days, and what it becomes."""
    if not receipt.effects:
        return
    moved = [one for one in receipt.effects if one.before != one.after]
    if not moved:
        st.caption(t("No KPI changes over the days of the file."))
        return
    effects_table(session, moved, t("What the KPIs become, over the days of the file"))
    tables = {count.table for count in receipt.tables}
    if (more := len(fed_by(session.home, tables)) - len(receipt.effects)) > 0 and tables:
        st.caption(
            nt("{n} more KPI is fed; it is worked out once the file is loaded.",
               "{n} more KPIs are fed; they are worked out once the file is loaded.", more)
        )  # fmt: skip


def effects_table(session: Session, moved: Sequence[Effect], title: str) -> None:
    """What KPIs are now and what they become, under a title; nothing where none changes."""
    if not moved:
        return
    known = catalogue_of(session.home)
    rows = [
        {
            t("KPI"): known[one.kpi].text("name", current_language()),
            t("Now"): number(one.before, one.unit, one.currency),
            t("After"): number(one.after, one.unit, one.currency),
        }
        for one in moved
    ]
    count = f" ({nt('{n} KPI', '{n} KPIs', len(moved))})" if len(moved) > MOST_EFFECTS else ""
    st.caption(title + count)
    before_and_after(pd.DataFrame(rows))


def before_and_after(frame: pd.DataFrame) -> None:
    """A table with what is now and what becomes of it, figures to the right; a long one scrolls."""
    right = {name: st.column_config.TextColumn(alignment="right") for name in (t("Now"), t("After"))}
    height: int | Literal["content"] = "content" if len(frame) <= MAX_ROWS else LONG
    st.dataframe(frame, hide_index=True, column_config=right, height=height)


def read_as(inspection: Any | None, receipt: Receipt) -> str:
    """How the file was understood, in a line."""
    found = inspection.to_dict(current_language()) if inspection is not None else {}
    said = []
    saved = next((issue.value for issue in receipt.issues if issue.code == "saved_mapping"), None)
    if saved:
        said.append(t("Read by your mapping {name}", name=f"**{plain(saved)}**"))
    elif found.get("layout"):
        said.append(t("Recognised as {layout}", layout=plain(layout_words(found["layout"]))))
    feeds = [count.table for count in receipt.tables] or ([receipt.table] if receipt.table else [])
    if feeds == ["observations"]:
        said.append(t("Values of KPIs"))
    elif feeds:
        words = plain(", ".join(table_name(name) for name in feeds))
        said.append(t("feeds {tables}", tables=words) if said else t("Feeds {tables}", tables=words))
    if receipt.data_from and receipt.data_through:
        said.append(
            t(
                "from {first} to {last}",
                first=plain(day(receipt.data_from)),
                last=plain(day(receipt.data_through)),
            )
        )
    return " · ".join(said)


def columns(inspection: Any | None) -> None:
    """How the text was taken apart, and each column as it was understood, with cells to compare."""
    found = inspection.to_dict(current_language()) if inspection is not None else {}
    st.caption(_taken_apart(found))
    rows = []
    for column in found.get("columns") or []:
        sample = column.get("sample") or []
        shown = [sample] if isinstance(sample, str) else list(sample)[:3]
        rows.append(
            {
                t("Column"): str(column["name"]),
                t("Read as"): kind_words(column.get("type")),
                t("Unit"): str(column.get("unit") or ""),
                t("Dates"): str(column.get("date_format") or ""),
                t("Empty cells"): column.get("nulls"),
                t("For example"): " · ".join(str(cell) for cell in shown),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content" if len(rows) < MAX_ROWS else 420)


def _taken_apart(found: Mapping[str, Any]) -> str:
    """The form of the text, for whoever wonders about odd cells."""
    said = [str(found["encoding"])] if found.get("encoding") else []
    if sign := found.get("delimiter"):
        said.append(t("separated by {sign}", sign={"\t": t("tabs")}.get(sign, sign)))
    if found.get("header_row"):
        said.append(t("header in row {n}", n=found["header_row"]))
    return " · ".join(plain(one) for one in said)


def layout_words(layout: str | None) -> str:
    """A layout's name for people.

    >>> layout_words("shopify_orders")
    'Shopify orders'
    """
    if layout in COMPOSED:
        return kind_name(layout)
    return (layout or "").replace("_", " ").capitalize()


def kind_words(kind: str | None) -> str:
    """What a column holds, in the reader's words."""
    known = {
        "integer": t("whole number"),
        "number": t("number"),
        "date": t("date"),
        "datetime": t("date and time"),
        "duration": t("length of time"),
        "boolean": t("yes or no"),
        "text": t("text"),
        "empty": t("nothing"),
    }
    return known.get(kind or "", kind or "")


def link(number: int | None, words: str, *, icon: str = "receipt_long") -> None:
    """A link to a batch's receipt."""
    places.link("data", words, icon=icon, batch=str(number or ""))


def define(session: Session, tables: Sequence[str]) -> None:
    """The way to a KPI of a table of the shop's own, where no KPI is made of it yet; else nothing."""
    fresh = [name for name in tables if name in own_tables_of(session.home)]
    if fresh and not fed_by(session.home, set(fresh)) and session.who.may("define"):
        places.link("kpi", t("Make a KPI of it"), icon="add", define="new", of=fresh[0])


def look_back(receipt: Receipt) -> None:
    """A link to the overview as of the last day of the file."""
    last = receipt.data_through
    if last is not None:
        places.link("overview", t("Look as of {day}", day=day(last)), icon="event", at=last.isoformat())
