"""Definitions and records to KPI values, by SQL on DuckDB."""

from kpi_tree.metrics.composed import query
from kpi_tree.metrics.customers import SEGMENTS, cohort_grid, cohort_orders, rfm_segments, segment_orders
from kpi_tree.metrics.drill import records
from kpi_tree.metrics.engine import NOT_SET, Engine
from kpi_tree.metrics.funnels import FORM_STEPS, PURCHASE_STEPS, form_funnel, funnel_visits, purchase_funnel
from kpi_tree.metrics.kept import Kept
from kpi_tree.metrics.known import known_days
from kpi_tree.metrics.notes import missing_tables
from kpi_tree.metrics.recipes import Others
from kpi_tree.metrics.series import Series
from kpi_tree.metrics.settings import Settings

__all__ = [
    "FORM_STEPS",
    "NOT_SET",
    "PURCHASE_STEPS",
    "SEGMENTS",
    "Engine",
    "Kept",
    "Others",
    "Series",
    "Settings",
    "cohort_grid",
    "cohort_orders",
    "form_funnel",
    "funnel_visits",
    "known_days",
    "missing_tables",
    "purchase_funnel",
    "query",
    "records",
    "rfm_segments",
    "segment_orders",
]
