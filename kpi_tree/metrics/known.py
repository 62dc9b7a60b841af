"""First and last day that the data of measures and KPIs know of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kpi_tree.catalogue import find_kpi
from kpi_tree.catalogue.model import Kpi, Measure
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.grid import Days


def known_days(engine: Engine, kpis: Iterable[str]) -> dict[str, Days]:
    """First and last business day that the data of KPIs know of, without computing a figure.

    Args:
        kpis: ids of KPIs made from measures.

    Raises:
        NotFound: there is no such KPI.
    """
    found = {kpi_id: find_kpi(kpi_id, engine.definitions.kpis) for kpi_id in kpis}
    return {kpi_id: overlap_of(engine, kpi) for kpi_id, kpi in found.items()}


def overlap_of(engine: Engine, kpi: Kpi) -> Days:
    """First and last day that all measures of a KPI cover; None where there is none."""
    return _overlap([days_of(engine, name) for name in kpi.measures()])


def days_of(engine: Engine, measure_name: str) -> Days:
    """First and last day a measure covers; for a query, the days that all its facts cover."""
    measure = engine.definitions.measures[measure_name]
    if measure.needs and not any(engine.has(table) for table in measure.needs):
        return None
    if not told(engine, measure):
        return None
    names = engine.definitions.queries[measure.query].facts if measure.query else (measure.fact,)
    own = [engine.coverage(fact_name) for fact_name in names]
    return _overlap([*own, *(engine.facts.span(table) for table in measure.within)])


def told(engine: Engine, measure: Measure) -> bool:
    """Whether any row has the column that tells a measure; so too where it needs none, or there is no row."""
    if not measure.told_by or engine.coverage(measure.fact) is None:
        return True

    def asked() -> bool:
        fact = engine.fact(measure.fact)
        some = f"SELECT 1 FROM facts.{fact.name} WHERE {measure.told_by} IS NOT NULL LIMIT 1"
        return bool(engine.arrow(some).num_rows)

    known: bool = engine.remember(("told", measure.fact, measure.told_by), asked)
    return known


def _overlap(days: Sequence[Days]) -> Days:
    known = [span for span in days if span is not None]
    if not known or len(known) < len(days):
        return None
    first, last = max(a for a, _ in known), min(b for _, b in known)
    return (first, last) if first <= last else None
