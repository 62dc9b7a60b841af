"""Definitions and records to KPI values, by SQL on DuckDB."""

from kpi_tree.metrics.drill import records
from kpi_tree.metrics.engine import NOT_SET, Engine, Settings
from kpi_tree.metrics.notes import missing_tables
from kpi_tree.metrics.query import query
from kpi_tree.metrics.series import Series

__all__ = ["NOT_SET", "Engine", "Series", "Settings", "missing_tables", "query", "records"]
