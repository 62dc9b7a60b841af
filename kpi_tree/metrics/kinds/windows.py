# ruff: noqa: E501 (SQL reads better in one line)
"""Cumulative values: over a window that ends with each period's last day, as far as the data know.

Each window is computed from the records, so that people who come back are counted once in it. Read at a
coarser grain it is the window of the period's last day.
"""

from __future__ import annotations

import ast

from kpi_tree.catalogue.expression import parse
from kpi_tree.catalogue.load import Definitions
from kpi_tree.catalogue.model import STOCKS, Fact, Fill, Kpi, Measure, Query
from kpi_tree.catalogue.own.model import Cumulative
from kpi_tree.metrics.kinds.parts import Parts
from kpi_tree.metrics.spans import bucket_of
from kpi_tree.metrics.sqltext import name
from kpi_tree.periods import Calendar, Grain

_BY_DAY = {"sum": "sum(v)", "count": "sum(v)", "min": "min(v)", "max": "max(v)"}
"""Aggregates that days can be put together for; the others go back to the records."""


def can_run_on(kpi: Kpi, base: Definitions) -> bool:
    """Whether a KPI's values can be taken over other spans: flows of records can, levels and cohorts not."""
    if kpi.recipe is not None:
        return False
    measures = [base.measures[name_] for name_ in kpi.measures()]
    return all(measure.kind not in STOCKS and not measure.query for measure in measures)


def windowed(how: Cumulative, measure: Measure, fact: Fact, calendar: Calendar, prefix: str) -> Parts:
    """A measure over the window, as a query that meets the spine itself.

    Returns:
        A query, and one measure of it under the name ``<prefix>_<measure>``.
    """
    made = f"{prefix}_{measure.name}"
    query = Query(made, (fact.name,), _sql(how, measure, fact, calendar), fact.dims)
    fill: Fill = "zero" if measure.fill == "zero" else "none"
    warmup = how.days if how.window == "trailing" else 0
    over = Measure(
        made,
        fact.name,
        kind="query",
        sql="v",
        query=made,
        fill=fill,
        warmup=warmup,
        money=measure.money,
    )
    return Parts(queries={made: query}, measures={made: over})


def renamed(text: str, prefix: str) -> str:
    """Arithmetic over measures with each name under a prefix.

    >>> renamed("(a - b) / 2", "w")
    '((w_a - w_b) / 2)'
    """

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(f"{prefix}_{node.id}")

    parse(text)  # only numbers, names and + - * / are in it
    tree = ast.parse(text, mode="eval")
    return f"({ast.unparse(Rename().visit(tree))})"


def _sql(how: Cumulative, measure: Measure, fact: Fact, calendar: Calendar) -> str:
    rows, value, count = _rows(how, measure, fact)
    tests = ["d._day < w.ends"]
    if how.window != "running":
        tests.append("d._day >= w.begins")
    return (
        f"WITH taken AS ({rows}), {_windows(how, calendar)} "
        f"SELECT w.p{{keys}}, {count} AS n, {value} AS v "
        f"FROM windows AS w JOIN taken AS d ON {' AND '.join(tests)} GROUP BY w.p{{keys}}"
    )


def _windows(how: Cumulative, calendar: Calendar) -> str:
    """First day and end of each period's window, for periods that have begun by the last day known."""
    ends = "least(p_end, data_through + 1)"
    begins = "NULL::DATE"
    if how.window == "trailing":
        begins = f"ends - {how.days}"
    if how.window == "to_date":
        begins = bucket_of(Grain(how.grain), calendar, "(ends - 1)")
    return (
        f"ended AS (SELECT p, ({ends})::DATE AS ends FROM spine WHERE p_start <= data_through), "
        f"windows AS (SELECT p, ends, ({begins})::DATE AS begins FROM ended)"
    )


def _rows(how: Cumulative, measure: Measure, fact: Fact) -> tuple[str, str, str]:
    """The rows that windows are made of, put together as far as they can be; value and count over them."""
    source = f"FROM facts.{name(fact.name)} AS f WHERE {{where f}}"
    test = f"({measure.where})" if measure.where else "TRUE"
    head = "f._day AS _day{dims f}"
    counted = f"count(*) FILTER (WHERE {test}) AS n"
    if fact.aggregated and measure.kind not in ("sum", "count"):
        counted += ", bool_or(f._agg) AS guessed"
    if measure.kind in _BY_DAY:
        inner = (
            f"count({measure.sql or '*'})" if measure.kind == "count" else f"{measure.kind}({measure.sql})"
        )
        rows = f"SELECT {head}, {counted}, {inner} FILTER (WHERE {test}) AS v {source} GROUP BY ALL"
        return rows, _BY_DAY[measure.kind], "sum(n)"
    if measure.kind == "mean":
        sums = (
            f"sum({measure.sql}) FILTER (WHERE {test}) AS s, count({measure.sql}) FILTER (WHERE {test}) AS c"
        )
        return (
            f"SELECT {head}, {counted}, {sums} {source} GROUP BY ALL",
            _sure(fact, "sum(s) / nullif(sum(c), 0)"),
            "sum(n)",
        )
    if measure.kind == "distinct":
        key = f"CASE WHEN {test} THEN {measure.sql} END AS v"
        if how.window == "running":  # who was there once is there for ever: the first day says all
            every = f"SELECT {head}, {counted}, {key} {source} GROUP BY ALL"
            firsts = f"SELECT min(_day) AS _day{{keys}}, v, 1 AS n{_guessed(fact)} FROM ({every}) GROUP BY v{{keys}}"
            return firsts, _sure(fact, "count(v)"), "sum(n)"
        return (
            f"SELECT {head}, {counted}, {key} {source} GROUP BY ALL",
            _sure(fact, "count(DISTINCT v)"),
            "sum(n)",
        )
    share = 0.5 if measure.kind == "median" else measure.at
    one = f"(CASE WHEN {test} THEN 1 ELSE 0 END) AS n" + (", f._agg AS guessed" if fact.aggregated else "")
    rows = f"SELECT {head}, {one}, CASE WHEN {test} THEN {measure.sql} END AS v {source}"
    return rows, _sure(fact, f"quantile_cont(v, {share!r})"), "sum(n)"


def _guessed(fact: Fact) -> str:
    return ", bool_or(guessed) AS guessed" if fact.aggregated else ""


def _sure(fact: Fact, value: str) -> str:
    """A figure that rows which came counted by day cannot give: none, where there are any in the window."""
    return f"CASE WHEN bool_or(guessed) THEN NULL ELSE {value} END" if fact.aggregated else value


def over_window(
    how: Cumulative, kpi: Kpi, base: Definitions, calendar: Calendar, prefix: str
) -> tuple[Parts, str, str | None]:
    """A KPI's measures over the window, and its numerator and denominator over them."""
    whole = Parts()
    for measure_name in kpi.measures():
        measure = base.measures[measure_name]
        made = windowed(how, measure, base.facts[measure.fact], calendar, prefix)
        whole.queries.update(made.queries)
        whole.measures.update(made.measures)
    below = renamed(kpi.denominator, prefix) if kpi.denominator else None
    return whole, renamed(kpi.numerator, prefix), below


__all__ = ["can_run_on", "over_window", "windowed"]
