"""The fields of a definition as widgets, kept under keys of their draft; a fault stands below its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from kpi_tree.catalogue.own.model import Source
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, t
from kpi_tree.ui.shell.words import column_name, table_name
from kpi_tree.workspace.base.own import catalogue_of, own_tables_of, sources_of, tables_of

NUMBERS = ("integer", "quantity", "money", "number")
DEEDS = ("sum", "rows", "different", "avg", "median", "min", "max")


@dataclass
class Form:
    """A definition that is being written.

    Attributes:
        start: the definition that the widgets began with.
        epoch: counts fresh starts, so that the widgets of each have keys of their own.
        below: field → the place under its widget, for what is wrong with it.
    """

    session: Session
    start: Mapping[str, Any]
    epoch: int
    below: dict[str, Any] = field(default_factory=dict)

    def key(self, name: str) -> str:
        """The key of a field's widget."""
        return f"def_{self.epoch}_{name}"

    def text(
        self, name: str, label: str, *, area: bool = False, start: str | None = None, **more: Any
    ) -> str:
        """A line of text, or several."""
        before = str(self.start.get(name) or "") if start is None else start
        widget = st.text_area if area else st.text_input
        said = widget(label, before, key=self.key(name), **more)
        self.below[name] = st.empty()
        return str(said or "").strip()

    def one(
        self, name: str, label: str, options: Sequence[str], words: Callable[[str], str] = str, *,
        start: str | None = None, **more: Any,
    ) -> str:  # fmt: skip
        """One of a list; empty while nothing is chosen."""
        before = str(self.start.get(name) or "") if start is None else start
        picked = st.selectbox(
            label, options, index=options.index(before) if before in options else None, format_func=words,
            key=self.key(name), placeholder=t("Choose"), **more,
        )  # fmt: skip
        self.below[name] = st.empty()
        return str(picked or "")

    def several(self, name: str, label: str, options: Sequence[str], **more: Any) -> list[str]:
        """Some of a list."""
        before = self.start.get(name) or []
        known = [before] if isinstance(before, str) else list(before)
        picked = st.multiselect(
            label, options, [one for one in known if one in options], key=self.key(name),
            placeholder=t("Choose"), **more,
        )  # fmt: skip
        self.below[name] = st.empty()
        return [str(one) for one in picked]


def table(form: Form, name: str = "table", label: str = "", start: str | None = None) -> Source | None:
    """A table to take rows from: the shop's own, the records, then what is made of several of them."""
    home = form.session.home
    own, records, every = own_tables_of(home), tables_of(home), sources_of(home)
    options = [*own, *(n for n in records if n not in own), *(n for n in every if n not in records)]

    def words(one: str) -> str:
        if one in own:
            return f"{table_name(one)} · {t('our own')}"
        return table_name(one) if one in records else f"{table_name(one)} · {t('prepared')}"

    picked = form.one(name, label or t("Rows of"), options, words, start=start)
    return every.get(picked)


def column_words(source: Source | None) -> Callable[[str], str]:
    """A column as a choice: what people call it, and its name in formulas where that says something else."""

    def words(name: str) -> str:
        said = column_name(source.name, name) if source is not None else name
        return name if said.casefold().replace(" ", "_") == name else f"{said} · {name}"

    return words


def columns(source: Source | None, kinds: Sequence[str] = ()) -> list[str]:
    """A table's columns, of some types only where asked."""
    return [n for n, kind in (source.columns if source else {}).items() if not kinds or kind in kinds]


def value(form: Form, source: Source | None, name: str, label: str, *, optional: bool = False) -> str:
    """A value that puts rows together: picked from two lists, or written."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        deed = st.selectbox(
            label, DEEDS, index=None, format_func=_deed_words, key=form.key(f"{name}_deed"), width=190,
            placeholder=t("Nothing") if optional else t("Choose"),
        )  # fmt: skip
        wanted = () if deed == "different" else NUMBERS
        if deed != "rows":
            st.selectbox(
                t("of"), columns(source, wanted), index=None, key=form.key(f"{name}_column"), width=190,
                placeholder=t("a column"), format_func=column_words(source),
            )  # fmt: skip
        st.button(
            t("Put in"), key=form.key(f"{name}_use"), on_click=_put_in, args=(form, name),
            disabled=deed is None, icon=":material/south:",
        )  # fmt: skip
    return form.text(
        name, t("as written"), placeholder="sum(quantity * unit_price)", label_visibility="collapsed"
    )


def _put_in(form: Form, name: str) -> None:
    deed = str(st.session_state.get(form.key(f"{name}_deed")))
    column = st.session_state.get(form.key(f"{name}_column")) or "…"
    shown = {"rows": "count(*)", "different": f"count(DISTINCT {column})"}.get(deed, f"{deed}({column})")
    st.session_state[form.key(name)] = shown


def _deed_words(deed: str) -> str:
    return {
        "sum": t("Sum"),
        "rows": t("Number of rows"),
        "different": t("Number of different"),
        "avg": t("Average"),
        "median": t("Median"),
        "min": t("Smallest"),
        "max": t("Largest"),
    }[deed]


def where(form: Form, name: str = "filter", start: str | None = None) -> str:
    """A condition on the rows."""
    return form.text(name, t("Only rows where"), placeholder="status = 'placed' and total > 100", start=start)


def kpi(form: Form, name: str, label: str) -> str:
    """One of all KPIs."""
    known, lang = catalogue_of(form.session.home), current_language()
    options = [one for one in known if one != form.start.get("id")]
    return form.one(name, label, options, lambda one: known[one].text("name", lang))


def guide(source: Source | None) -> None:
    """The columns that may be named, and what may be done with them."""
    from kpi_tree.catalogue.own.sqlwords import AGGREGATE_NAMES, NAMES

    with st.expander(t("Columns and functions"), icon=":material/menu_book:"):
        if source is not None:
            words = column_words(source)
            said = {name: words(name).removesuffix(name).removesuffix(" · ") for name in source.columns}
            shown = ", ".join(
                f"`{name}` ({plain(title)})" if title else f"`{name}`" for name, title in said.items()
            )
            st.markdown(f"**{plain(table_name(source.name))}**: {shown}")
        st.markdown(f"{t('Over many rows')}: " + ", ".join(f"`{one}`" for one in AGGREGATE_NAMES))
        st.markdown(f"{t('In one row')}: " + ", ".join(f"`{one}`" for one in NAMES))
        st.caption(t("Leave the condition empty for all rows. Words stand in single quotes."))
        st.caption(
            t("Also + - * / with brackets, = <> < >, AND OR NOT, IN (…), BETWEEN, LIKE, IS NULL, CASE WHEN.")
        )
