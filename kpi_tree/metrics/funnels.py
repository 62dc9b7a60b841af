"""Funnels: how many visits come as far as each step, counted in visits and never in events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from kpi_tree.catalogue import find_kpi
from kpi_tree.metrics.drill import rows_of
from kpi_tree.metrics.engine import NOT_SET, Engine
from kpi_tree.metrics.filters import check_dimensions, check_values, condition
from kpi_tree.metrics.sqltext import literal, name

PURCHASE_STEPS = ("visit", "product", "cart", "checkout", "order")
FORM_STEPS = ("page", "form", "submitted")

Where = Mapping[str, Sequence[str]]


def purchase_funnel(
    engine: Engine, *, start: date, end: date, by: str | None = None, where: Where | None = None
) -> pd.DataFrame:
    """Visits of ``[start, end)`` by the step they came to: visit, product page, cart, checkout, order.

    A visit counts for a step when it took that step or a later one, so that no step has more visits than
    the one before it. Only single visits from when on cart events are known; days that came already
    counted by day are left out.

    Returns:
        One row a step (and value of ``by``): ``part``, ``step``, ``visits``, in the order of the steps.

    Raises:
        NotFound: unknown dimension. Refused: unknown dimension value.
    """
    _check(engine, "conversion_rate", by, where)
    taken = f"WITH {_purchase(engine, start, end, by, where or {})}"
    return _steps(engine, taken, PURCHASE_STEPS)


def form_funnel(
    engine: Engine, *, start: date, end: date, by: str | None = None, where: Where | None = None
) -> pd.DataFrame:
    """Visits of ``[start, end)`` by how far they came with a form: its page, the form, sent.

    Returns and raises: as :func:`purchase_funnel`. With ``by="form"`` a visit counts for each form it met.
    """
    _check(engine, "form_induction_rate", by, where)
    taken = f"WITH {_form(engine, start, end, by, where or {})}"
    return _steps(engine, taken, FORM_STEPS)


def funnel_visits(
    engine: Engine,
    step: str,
    *,
    start: date,
    end: date,
    part: tuple[str, str] | None = None,
    where: Where | None = None,
    limit: int = 1000,
) -> pd.DataFrame:
    """The visits (or for a form its events) of those who came to a step, earliest first.

    Args:
        step: one of :data:`PURCHASE_STEPS` or :data:`FORM_STEPS`. part: a dimension and its value.

    Returns:
        As :func:`kpi_tree.metrics.records`.
    """
    form = step in FORM_STEPS
    fact, steps, make = ("form_events", FORM_STEPS, _form) if form else ("visits", PURCHASE_STEPS, _purchase)
    relation = engine.fact(fact)
    found = make(engine, start, end, part[0] if part else None, where or {})
    test = f"reached >= {steps.index(step)}" + (f" AND part = {literal(part[1])}" if part else "")
    only = {**(where or {}), **({part[0]: [part[1]]} if part else {})}
    return rows_of(
        engine,
        fact,
        f"""_day >= {literal(start)} AND _day < {literal(end)} AND {condition(relation.dims, only)}
            AND session_id IN (WITH {found} SELECT session_id FROM taken WHERE {test})""",
        step,
        limit,
    )


def _purchase(engine: Engine, start: date, end: date, by: str | None, where: Where) -> str:
    """SQL of ``taken``: each visit with its part and how many steps it took."""
    fact = engine.fact("visits")
    engine.need("raw.page_views")
    return f"""
        seen AS (
          SELECT session_id, bool_or(page_type = 'product' OR coalesce(product_id, '') <> '') AS product
          FROM raw.page_views GROUP BY session_id
        ),
        taken AS (
          SELECT v.session_id, {_dim(by, "v")} AS part,
                 CASE WHEN v.bought = 1 THEN 4 WHEN v.checked_out = 1 THEN 3 WHEN v.carted = 1 THEN 2
                      WHEN s.product THEN 1 ELSE 0 END AS reached
          FROM facts.visits AS v LEFT JOIN seen AS s ON s.session_id = v.session_id
          WHERE NOT v._agg AND v.carted IS NOT NULL AND {_days("v", start, end)}
            AND {condition(fact.dims, where, "v")}
        )"""


def _form(engine: Engine, start: date, end: date, by: str | None, where: Where) -> str:
    """SQL of ``taken``: each visit that met a form, with its part and how many steps it took."""
    fact = engine.fact("form_events")
    return f"""
        taken AS (
          SELECT e.session_id, {_dim(by, "e")} AS part,
                 max(CASE e.step WHEN 'submitted' THEN 2 WHEN 'reached' THEN 1 ELSE 0 END) AS reached
          FROM facts.form_events AS e
          WHERE {_days("e", start, end)} AND {condition(fact.dims, where, "e")}
          GROUP BY e.session_id, part
        )"""


def _check(engine: Engine, kpi: str, by: str | None, where: Where | None) -> None:
    found = find_kpi(kpi, engine.definitions.kpis)
    check_dimensions(found, [*([by] if by else []), *(where or {})])
    check_values(engine, found, where or {})


def _dim(by: str | None, alias: str) -> str:
    if by is None:
        return "''"
    return f"coalesce(nullif({alias}.{name(by)}::VARCHAR, ''), {literal(NOT_SET)})"


def _days(alias: str, start: date, end: date) -> str:
    return f"{alias}._day >= {literal(start)} AND {alias}._day < {literal(end)}"


def _steps(engine: Engine, taken: str, steps: Sequence[str]) -> pd.DataFrame:
    counts = ", ".join(f"count(*) FILTER (reached >= {at}) AS {name(step)}" for at, step in enumerate(steps))
    wide: pd.DataFrame = engine.arrow(
        f"{taken} SELECT part, {counts} FROM taken GROUP BY part ORDER BY count(*) DESC, part"
    ).to_pandas()
    rows = [
        (row["part"], step, int(row[step])) for row in wide.to_dict("records") for step in steps
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["part", "step", "visits"])
