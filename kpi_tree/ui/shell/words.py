"""Words for things that several pages name: periods, grains, units."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from kpi_tree.periods import Grain, Period, label
from kpi_tree.plan.model import Node
from kpi_tree.records.tables import column_label, table_label
from kpi_tree.reports.words import unit_word
from kpi_tree.store import Home
from kpi_tree.ui.shell.session import current
from kpi_tree.ui.shell.text import current_language, t
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.own import (
    catalogue_of,
    column_words,
    definitions_of,
    dimension_words,
    table_words,
)


def node_name(node: Node) -> str:
    """A node's name: a KPI's own name in the reader's language, one that was typed as it is."""
    return name_of(node, catalogue_of(current().home)).in_language(current_language())


def period_words(view: NodeView) -> str:
    """The period a node's value covers, as a reader says it."""
    if view.start is None or view.end is None:
        return ""
    return span_words(Period(view.start, view.end))


def span_words(period: Period) -> str:
    """What the shop calls a period where it has a name for it (Q1 FY 2027), else its first and last day."""
    own = Period(period.start, period.end, None, calendar_of(current().settings))
    return label(own, current_language())


def grain_words(grain: str) -> str:
    """A grain as a choice."""
    return {
        Grain.HOUR: t("Hours"),
        Grain.DAY: t("Days"),
        Grain.WEEK: t("Weeks"),
        Grain.MONTH: t("Months"),
        Grain.QUARTER: t("Quarters"),
        Grain.YEAR: t("Years"),
    }[Grain(grain)]


def _home() -> Home | None:
    """The home of this run; None where a widget asks for its words after the run."""
    session = st.session_state.get("_session")
    return None if session is None else session.home


def table_name(name: str) -> str:
    """A record table's name for people."""
    home, lang = _home(), current_language()
    return table_label(name, lang) if home is None else table_words(home, name, lang)


def column_name(table: str, name: str) -> str:
    """A record column's name for people."""
    home, lang = _home(), current_language()
    return column_label(table, name, lang) if home is None else column_words(home, table, name, lang)


def dimension_value(name: str) -> str:
    """A dimension's name for people."""
    home, lang = _home(), current_language()
    if not name or home is None:
        return column_label("orders", name, lang) if name else ""
    return dimension_words(home, name, lang)


def dimension_values(names: Iterable[str]) -> dict[str, str]:
    """The names of some dimensions for people, by their ids: the definitions are asked for once."""
    home, lang = _home(), current_language()
    if home is None:
        return {name: column_label("orders", name, lang) for name in names}
    known = definitions_of(home)
    return {name: known.dimension(name, lang) for name in names}


def unit_words(unit: str | None, currency: str | None) -> str:
    """What a value counts, for an axis."""
    return unit_word(unit, currency, current_language())
