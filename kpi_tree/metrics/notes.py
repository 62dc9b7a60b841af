"""What a reader should know beside a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from kpi_tree.catalogue.model import Fact, Kpi
from kpi_tree.i18n import Msg, msg, nmsg
from kpi_tree.metrics.filters import facts_of
from kpi_tree.metrics.grid import Days, Grid
from kpi_tree.metrics.known import overlap_of, told
from kpi_tree.metrics.scan import count_rows
from kpi_tree.periods import add_months
from kpi_tree.records.names import ColumnNames, TableName

if TYPE_CHECKING:
    from kpi_tree.metrics.ask import Ask
    from kpi_tree.metrics.engine import Engine


def notes_of(engine: Engine, kpi: Kpi, ask: Ask, grids: Mapping[str, Grid]) -> list[Msg]:
    """Missing tables, totals that cannot be given, orders left out, a history too short to look back over."""
    notes = []
    for table in missing_tables(engine, kpi):
        notes.append(msg("No records are loaded for {table}.", table=TableName(table)))
    notes += _untold(engine, kpi)
    if any(grid.total_guessed for grid in grids.values()):
        notes.append(
            msg("People cannot be counted over days that came already counted, so there is no total.")
        )
    facts = [engine.facts.defined(fact) for fact in facts_of(engine, kpi)]
    notes += _outside(overlap_of(engine, kpi), ask)
    return [*notes, *_left_out(engine, facts, ask), *_short_history(engine, facts, ask)]


def _untold(engine: Engine, kpi: Kpi) -> list[Msg]:
    """Columns that would tell a measure and that no record has."""
    measures = [engine.definitions.measures[name] for name in kpi.measures()]
    found = {(one.fact, one.told_by) for one in measures if one.told_by and not told(engine, one)}
    tables = {(engine.facts.defined(fact).tables[0], column) for fact, column in found}
    return [
        msg(
            "No record has this: {column} ({table}).",
            column=ColumnNames.of(table, [column]),
            table=TableName(table),
        )
        for table, column in sorted(tables)
    ]


def _outside(days: Days, ask: Ask) -> list[Msg]:
    """That the days asked lie before the first or after the last that the data know of."""
    if days is None or (ask.span.start <= days[1] and ask.span.end > days[0]):
        return []
    first, last = days
    return [msg("There are no data for these days, only from {first} to {last}.", first=first, last=last)]


def _left_out(engine: Engine, facts: Sequence[Fact], ask: Ask) -> list[Msg]:
    """How many orders of the days and filter asked do not count."""
    others = dict.fromkeys(fact.left_out for fact in facts if fact.left_out)
    count = sum(count_rows(engine, engine.fact(other), ask) for other in others)
    if not count:
        return []
    words = nmsg(
        "{n} cancelled or test order of these days is left out.",
        "{n} cancelled or test orders of these days are left out.",
        count,
    )
    return [words]


def _short_history(engine: Engine, facts: Sequence[Fact], ask: Ask) -> list[Msg]:
    """That a value looks back further than the records go."""
    for fact in facts:
        days = engine.coverage(fact.name) if fact.months else None
        if days is None:
            continue
        last = min(days[1], ask.span.end - timedelta(days=1))
        if days[0] <= last < add_months(days[0], fact.months) - timedelta(days=1):
            return [
                msg(
                    "It looks back over {months} months, but the records begin only on {day}.",
                    months=fact.months,
                    day=days[0],
                )
            ]
    return []


def missing_tables(engine: Engine, kpi: Kpi) -> list[str]:
    """Record tables that a KPI is made from and that nothing was loaded into."""
    missing: list[str] = []
    for measure_name in kpi.measures():
        measure = engine.definitions.measures[measure_name]
        facts = engine.definitions.queries[measure.query].facts if measure.query else (measure.fact,)
        missing += _lacking(engine, measure.needs)
        for fact_name in facts:
            fact = engine.definitions.facts[fact_name]
            missing += _lacking(engine, fact.needs)
            if not any(engine.has(s) for s in _sources(fact) if s.endswith("_daily")):
                missing += [table for table in fact.tables if not engine.has(table)]
    return list(dict.fromkeys(missing))


def _lacking(engine: Engine, needs: Sequence[str]) -> list[str]:
    """The first of tables of which one would do, where none is there."""
    return [] if any(engine.has(table) for table in needs) else list(needs[:1])


def _sources(fact: Fact) -> list[str]:
    return [place.partition(".")[0] for place in fact.coverage] or list(fact.tables)


def unexplained(engine: Engine, kpi: Kpi) -> list[Msg]:
    """Why a KPI has no value although no table of its own is missing: others that its columns come from."""
    through = {table for fact in facts_of(engine, kpi) for table in engine.facts.tables_of(fact)}
    gone = {table for table in through if not engine.has(table) and not table.endswith("_daily")}
    if not gone:
        return []
    from kpi_tree.catalogue.reads import columns_read  # brings sqlglot, which few questions need

    gone &= columns_read(kpi, engine.definitions, engine.tables).keys()
    return [msg("No records are loaded for {table}.", table=TableName(table)) for table in sorted(gone)]
