"""What people call the kinds of file, and their fields: record tables, and files that fill two of them."""

from __future__ import annotations

from kpi_tree.ingest.mapping.composed import ORDER_TABLE, STOCK_LIST
from kpi_tree.ingest.mapping.generic import record_table
from kpi_tree.records.tables import tables
from kpi_tree.ui.shell.text import t
from kpi_tree.ui.shell.words import column_name, table_name

INSTEAD = {"stock_levels": STOCK_LIST}
"""A table that is one of two of a kind of file: the kind is offered, and reads it too."""


def kind_name(name: str) -> str:
    """A record table or a kind of file, for people."""
    if name == ORDER_TABLE:
        return t("Order lines with their orders")
    if name == STOCK_LIST:
        return t("A stock list, with its products")
    return table_name(name)


def field_name(kind: str, field: str) -> str:
    """A field of a kind of file, for people."""
    return column_name(record_table(kind), field)


def kinds(said: str | None) -> list[str]:
    """The kinds of file to choose from: those of two tables first, then by name.

    Args:
        said: the kind that was said or found so far: always among them.
    """
    names = sorted((name for name in tables() if name not in INSTEAD or name == said), key=table_name)
    return [ORDER_TABLE, STOCK_LIST, *names]
