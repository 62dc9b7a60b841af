"""Keeping it: one folder with ``kpi_tree.db`` (SQLite), ``records/`` (Parquet) and ``files/``.

The only package that writes SQL on our own tables. Nothing here knows what a KPI is: it keeps
plans, batches, observations and settings, and a journal of every change to them.
"""

from kpi_tree.hidden import without_pandas

with without_pandas():  # sqlite-utils would import it, and is never given any of it
    import sqlite_utils as _sqlite_utils  # noqa: F401

from kpi_tree.store.home import Home

__all__ = ["Home"]
