"""What a reader should know beside a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kpi_tree.catalogue.model import Kpi
from kpi_tree.i18n import Msg, msg
from kpi_tree.metrics.grid import Grid
from kpi_tree.records.tables import table_label

if TYPE_CHECKING:
    from kpi_tree.metrics.ask import Ask
    from kpi_tree.metrics.engine import Engine


def notes_of(engine: Engine, kpi: Kpi, ask: Ask, grids: Mapping[str, Grid]) -> list[Msg]:
    """Missing tables, totals that cannot be given, days that came counted."""
    notes = []
    for table in missing_tables(engine, kpi):
        notes.append(msg("No records are loaded for {table}.", table=table_label(table)))
    if any(grid.total_guessed for grid in grids.values()):
        notes.append(
            msg("People cannot be counted over days that came already counted, so there is no total.")
        )
    del ask
    return notes


def missing_tables(engine: Engine, kpi: Kpi) -> list[str]:
    """Record tables that a KPI is made from and that nothing was loaded into."""
    missing = []
    for measure_name in kpi.measures():
        measure = engine.definitions.measures[measure_name]
        facts = engine.definitions.queries[measure.query].facts if measure.query else (measure.fact,)
        for fact_name in facts:
            fact = engine.definitions.facts[fact_name]
            sources = [place.partition(".")[0] for place in fact.coverage] or list(fact.tables)
            first = fact.tables[0] if fact.tables else None
            if (
                first
                and not engine.has(first)
                and not any(engine.has(s) for s in sources if s.endswith("_daily"))
            ):
                missing.append(first)
    return list(dict.fromkeys(missing))
