"""The rows of a definition as SQL, with the moment and the day that date them."""

from __future__ import annotations

from kpi_tree.catalogue.own.model import Rows
from kpi_tree.metrics.sqltext import name


def relation(rows: Rows) -> str:
    """A query for the rows that are kept; a source without a time gets the columns ``_at`` and ``_day``."""
    source = rows.source
    more = "" if source.time else ", NULL::TIMESTAMP AS _at, NULL::DATE AS _day"
    where = f" WHERE {rows.where}" if rows.where else ""
    return f"SELECT *{more} FROM {source.relation}{where}"


def moment_of(rows: Rows, *, days: bool = False) -> str:
    """SQL for when a row was: the instant itself, the time on the shop's clock, or the day.

    Args:
        days: only its business day.
    """
    if days or rows.source.columns[rows.time] == "day":
        if rows.source.prepared and rows.time == "_day" and not days:
            return "coalesce(_at, _day::TIMESTAMP)"
        return day_of(rows)
    return name(rows.time)


def day_of(rows: Rows) -> str:
    """SQL for the business day that a row is dated by."""
    column = name(rows.time)
    kind = rows.source.columns[rows.time]
    return {"instant": f"local_day({column})", "local": f"{column}::DATE"}.get(kind, column)


def local_of(rows: Rows) -> str:
    """SQL for the time on the shop's clock, empty where only the day is known."""
    column = name(rows.time)
    kind = rows.source.columns[rows.time]
    if rows.source.prepared and rows.time == "_day":
        return "_at"
    return {"instant": f"local_time({column})", "local": column}.get(kind, "NULL::TIMESTAMP")
