"""What a home knows: the built-in KPIs and record tables, and the shop's own.

The one place that answers "all KPIs" and "all tables": everything above asks here, so that an own KPI shows
wherever a built-in one does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpi_tree.catalogue import Definitions, Kpi, definitions
from kpi_tree.records.tables import Table, column_label, table_from, table_label, tables
from kpi_tree.store import Home, own, own_tables
from kpi_tree.workspace.base.cache import OWN, identity
from kpi_tree.workspace.base.homes import calendar_of, current_settings

if TYPE_CHECKING:
    from kpi_tree.catalogue.own.model import Source


@dataclass(frozen=True)
class Known:
    """All that is defined in a home at one revision."""

    definitions: Definitions
    tables: Mapping[str, Table]
    own_tables: Mapping[str, Table]


def known_of(home: Home) -> Known:
    """Definitions and tables of a home; made anew only when its own ones changed."""
    revision = own.revision(home)
    if not revision:
        return Known(definitions(), tables(), {})
    calendar = calendar_of(current_settings(home))
    return OWN.get((identity(home), revision, calendar), lambda: _made(home))


def _made(home: Home) -> Known:
    from kpi_tree.metrics.kinds import added  # with its SQL parser: only homes with own definitions pay

    made = {one.name: table_from(one.name, _in_order(one.spec)) for one in own_tables.every(home)}
    base = definitions()
    specs = {one.id: one.spec for one in own.kpis(home)}
    return Known(added(base, specs, made, calendar_of(current_settings(home))), {**tables(), **made}, made)


def _in_order(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A table's columns in the order of its file: the database keeps them in no order."""
    return {**spec, "columns": {name: spec["columns"][name] for name in spec["order"]}}


def own_revision(home: Home) -> int:
    """A number that grows with every change to own KPIs and tables. Cheap."""
    return own.revision(home)


def definitions_of(home: Home) -> Definitions:
    """Everything that a home's definitions say."""
    return known_of(home).definitions


def catalogue_of(home: Home) -> Mapping[str, Kpi]:
    """Every KPI of a home by id: the built-in ones, then the shop's own."""
    return known_of(home).definitions.kpis


def tables_of(home: Home) -> Mapping[str, Table]:
    """Every record table of a home by name: the built-in ones, then the shop's own."""
    return known_of(home).tables


def own_tables_of(home: Home) -> Mapping[str, Table]:
    """The shop's own record tables by name."""
    # Without any, the definitions that come with the program need not be read: that takes as long as a file.
    return known_of(home).own_tables if own.revision(home) else {}


def table_words(home: Home, name: str, lang: str) -> str:
    """What people call a record table: one of the shop's own as the shop does."""
    own = own_tables_of(home).get(name)
    return own.title(lang) if own is not None else table_label(name, lang)


def column_words(home: Home, table: str, column: str, lang: str) -> str:
    """What people call a column of a record table."""
    own = own_tables_of(home).get(table)
    if own is not None and column in own.columns:
        return own.columns[column].title(lang)
    return column_label(table, column, lang)


def dimension_words(home: Home, name: str, lang: str) -> str:
    """What people call a dimension, by its name alone: by the product's own word where it has one."""
    return definitions_of(home).dimension(name, lang)


def sources_of(home: Home) -> Mapping[str, Source]:
    """Everything that a definition may take rows from, by name: tables, and relations made of several."""
    from kpi_tree.metrics.kinds.sources import Sources

    return Sources(definitions(), tables_of(home))


def own_kpis_of(home: Home) -> Mapping[str, Kpi]:
    """The shop's own KPIs by id."""
    if not own.revision(home):
        return {}
    return {name: kpi for name, kpi in catalogue_of(home).items() if kpi.own}
