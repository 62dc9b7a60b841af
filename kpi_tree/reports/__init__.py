"""Reports as data: what each asks, and the tables and charts that answer it."""

from kpi_tree.reports.drill import Drill, at_point, cells_of, drill
from kpi_tree.reports.library import breakdown, find, library, over_time, search, sensible
from kpi_tree.reports.model import COMPARISONS, Answer, Column, Compare, Report, ReportChart, ReportTable
from kpi_tree.reports.run import Source, run

__all__ = [
    "COMPARISONS",
    "Answer",
    "Column",
    "Compare",
    "Drill",
    "Report",
    "ReportChart",
    "ReportTable",
    "Source",
    "at_point",
    "breakdown",
    "cells_of",
    "drill",
    "find",
    "library",
    "over_time",
    "run",
    "search",
    "sensible",
]
