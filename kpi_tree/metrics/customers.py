# ruff: noqa: E501 (SQL and rows of data read better in one line)
"""Customers as groups: the cohort grid, and segments by recency, frequency and money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from kpi_tree.catalogue import find_kpi
from kpi_tree.metrics.drill import rows_of
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.filters import check_currency, check_dimensions, check_values, condition
from kpi_tree.metrics.spans import make_span
from kpi_tree.metrics.sqltext import literal
from kpi_tree.periods import Grain, Period, period_of

SEGMENTS = ("champions", "loyal", "promising", "new", "fading", "at_risk", "sleeping", "lost")
"""Segments, the most valuable first."""

Where = Mapping[str, Sequence[str]]


def cohort_grid(
    engine: Engine,
    *,
    start: date,
    end: date,
    grain: Grain | str = Grain.MONTH,
    where: Where | None = None,
) -> pd.DataFrame:
    """Customers by the period of their first order ever, and how many of them ordered in each later period.

    Args:
        start, end: first orders in ``[start, end)``; later orders count up to the end of the data.
        where: kept are customers whose *first* order has these values.

    Returns:
        One row a cohort and offset: ``cohort`` (first day of its period), ``offset`` (0 is the period of
        the first order), ``size`` (customers of the cohort), ``customers`` (of them, those who ordered).
        Offsets whose period is not over by the last day of the data are left out: not known yet is not 0.
    """
    kpi = find_kpi("new_customer_orders", engine.definitions.kpis)
    check_dimensions(kpi, where or {})
    check_values(engine, kpi, where or {})
    fact = engine.fact("placed_orders")
    known = engine.coverage("placed_orders")
    columns = ["cohort", "offset", "size", "customers"]
    if known is None:
        return pd.DataFrame(columns=columns)
    span = make_span(start, end, Grain(grain), engine.calendar)
    bucket = span.bucket("_day")
    counted: pd.DataFrame = engine.arrow(f"""
        WITH first AS (
          SELECT customer_id, ({bucket})::DATE AS cohort FROM facts.placed_orders
          WHERE nth = 1 AND _day >= {literal(start)} AND _day < {literal(end)} AND {condition(fact.dims, where or {})}
        ),
        active AS (
          SELECT DISTINCT customer_id, ({bucket})::DATE AS period FROM facts.placed_orders
          WHERE customer_id IS NOT NULL
        )
        SELECT f.cohort, a.period, count(*) AS customers FROM first AS f JOIN active AS a USING (customer_id)
        GROUP BY ALL""").to_pandas()
    found = {
        (_day(row["cohort"]), _day(row["period"])): int(row["customers"])
        for row in counted.to_dict("records")
    }
    rows = []
    for cohort in sorted({cohort for cohort, _ in found}):
        period, offset = period_of(cohort, Grain(grain), engine.calendar), 0
        while period.last <= known[1]:
            rows.append((cohort, offset, found[cohort, cohort], found.get((cohort, period.start), 0)))
            period, offset = period.next(), offset + 1
    return pd.DataFrame(rows, columns=columns)


def cohort_orders(
    engine: Engine, cohort: Period, period: Period, *, where: Where | None = None, limit: int = 1000
) -> pd.DataFrame:
    """The orders behind one cell of :func:`cohort_grid`, earliest first.

    Args:
        cohort: when the first order ever was placed. period: when the orders shown were placed.
        where: as for the grid, of the *first* order.

    Returns:
        As :func:`kpi_tree.metrics.records`.
    """
    fact = engine.fact("placed_orders")
    return rows_of(
        engine,
        "placed_orders",
        f"""{_within(period)} AND customer_id IN (
          SELECT customer_id FROM facts.placed_orders
          WHERE nth = 1 AND {_within(cohort)} AND {condition(fact.dims, where or {})})""",
        "orders",
        limit,
    )


def segment_orders(
    engine: Engine, segment: str, period: Period, *, where: Where | None = None, limit: int = 1000
) -> pd.DataFrame:
    """The orders of a period by the customers of one of :data:`SEGMENTS`, earliest first.

    Returns:
        As :func:`kpi_tree.metrics.records`.
    """
    fact = engine.fact("placed_orders")
    named = _named(engine, _within(period), where or {})
    return rows_of(
        engine,
        "placed_orders",
        f"""{_within(period)} AND {condition(fact.dims, where or {})} AND customer_id IN (
          {named} SELECT customer_id FROM named WHERE segment = {literal(segment)})""",
        "orders",
        limit,
    )


def _within(period: Period) -> str:
    return f"_day >= {literal(period.start)} AND _day < {literal(period.end)}"


def rfm_segments(engine: Engine, *, start: date, end: date, where: Where | None = None) -> pd.DataFrame:
    """Customers with an order in ``[start, end)``, in segments by how lately and how often they bought.

    Each customer gets 1 to 5 for recency and for frequency: one plus five times the share of customers
    who stand strictly below, so that equals score equal. The pair decides the segment. Money is what they
    bought less discounts and less what was refunded to them in the span.

    Returns:
        One row a segment that has customers: ``segment``, ``customers``, ``orders``, ``sales``,
        ``days_since`` (mean days from the last order to the span's last day).
    """
    kpi = find_kpi("average_order_value", engine.definitions.kpis)
    check_dimensions(kpi, where or {})
    check_values(engine, kpi, where or {})
    days = f"_day >= {literal(start)} AND _day < {literal(end)}"
    check_currency(engine, kpi, where or {}, days, ())
    found: pd.DataFrame = engine.arrow(f"""
        {_named(engine, days, where or {})}
        SELECT segment, count(*) AS customers, sum(orders)::BIGINT AS orders, sum(sales)::DOUBLE AS sales,
               avg(date_diff('day', last_day, {literal(end)}) - 1) AS days_since
        FROM named GROUP BY segment""").to_pandas()
    order = {segment: at for at, segment in enumerate(SEGMENTS)}
    return found.sort_values("segment", key=lambda names: names.map(order)).reset_index(drop=True)


def _named(engine: Engine, days: str, where: Where) -> str:
    """SQL that begins a query with ``named``: each customer of the days with figures and segment."""
    fact, refunds = engine.fact("placed_orders"), engine.fact("refund_lines")
    return f"""
        WITH bought AS (
          SELECT customer_id, max(_day) AS last_day, count(*) AS orders,
                 sum(gross - line_discount - order_discount) AS amount
          FROM facts.placed_orders
          WHERE customer_id IS NOT NULL AND {days} AND {condition(fact.dims, where)} GROUP BY customer_id
        ),
        refunded AS (
          SELECT customer_id, sum(amount) AS amount FROM facts.refund_lines
          WHERE customer_id IS NOT NULL AND {days} AND {condition(refunds.dims, where)} GROUP BY customer_id
        ),
        scored AS (
          SELECT b.*, b.amount - coalesce(r.amount, 0) AS sales,
                 1 + (5 * (rank() OVER (ORDER BY b.last_day) - 1)) // count(*) OVER () AS recency,
                 1 + (5 * (rank() OVER (ORDER BY b.orders) - 1)) // count(*) OVER () AS frequency
          FROM bought AS b LEFT JOIN refunded AS r USING (customer_id)
        ),
        named AS (
          SELECT *, CASE
            WHEN recency >= 4 AND frequency >= 4 THEN 'champions' WHEN recency = 3 AND frequency >= 4 THEN 'loyal'
            WHEN recency >= 4 AND frequency >= 2 THEN 'promising' WHEN recency >= 4 THEN 'new'
            WHEN recency = 3 THEN 'fading' WHEN frequency >= 4 THEN 'at_risk'
            WHEN frequency >= 2 THEN 'sleeping' ELSE 'lost' END AS segment
          FROM scored
        )"""


def _day(value: object) -> date:
    return pd.Timestamp(value).date()  # type: ignore[arg-type]
