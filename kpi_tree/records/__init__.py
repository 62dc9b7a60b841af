"""The record tables: one row of raw business data each, kept in Parquet."""

from kpi_tree.records.parquet import conform, read, write
from kpi_tree.records.tables import (
    ROW,
    Column,
    Table,
    arrow_schema,
    column_label,
    table,
    table_label,
    tables,
    template_csv,
)

__all__ = [
    "ROW",
    "Column",
    "Table",
    "arrow_schema",
    "column_label",
    "conform",
    "read",
    "table",
    "table_label",
    "tables",
    "template_csv",
    "write",
]
