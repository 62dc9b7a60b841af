"""KPIs made from other KPIs: by a formula, or as they were some time before.

The others are asked for the very periods, parts and whole span that are wanted, so that nothing is ever the
sum or the mean of what was computed for something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb

from kpi_tree.catalogue import find_kpi
from kpi_tree.catalogue.model import Kpi
from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.ask import Ask
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.filters import check_dimensions, check_values
from kpi_tree.metrics.query import gaps
from kpi_tree.metrics.query import query as measured
from kpi_tree.metrics.recipes import Composer, Others, Where
from kpi_tree.metrics.series import Series
from kpi_tree.metrics.spans import make_span
from kpi_tree.periods import Grain


def query(
    engine: Engine,
    kpis: Sequence[str],
    *,
    start: date,
    end: date,
    grain: Grain | str = Grain.DAY,
    by: Sequence[str] = (),
    where: Where | None = None,
    with_tables: bool = False,
    keep_refusals: bool = False,
    others: Others | None = None,
) -> dict[str, Series]:
    """Values of KPIs over ``[start, end)``, those made from other KPIs among them.

    Args:
        others: figures of KPIs that the records do not have; the rest as for
            :func:`kpi_tree.metrics.query.query`.

    Raises:
        NotFound, Refused: as there; also where records make a shop's own definition fail.
    """
    found = {kpi_id: find_kpi(kpi_id, engine.definitions.kpis) for kpi_id in dict.fromkeys(kpis)}
    plain = [kpi_id for kpi_id, kpi in found.items() if kpi.recipe is None]
    try:
        answers = measured(
            engine, plain, start=start, end=end, grain=grain, by=by, where=where, with_tables=with_tables,
            keep_refusals=keep_refusals,
        ) if plain else {}  # fmt: skip
        ask = Ask(make_span(start, end, Grain(grain), engine.calendar), tuple(by), dict(where or {}))
        for kpi_id, kpi in found.items():
            if kpi.recipe is not None:
                answers[kpi_id] = _composed(engine, kpi, ask, others, keep_refusals)
    except duckdb.Error as error:
        raise _failed(found.values(), error) from error
    return {kpi_id: answers[kpi_id] for kpi_id in found}


def _failed(kpis: Iterable[Kpi], error: duckdb.Error) -> Exception:
    """A shop's own definition may fail on some record; of ours that would be a fault of the program."""
    own = [kpi.id for kpi in kpis if kpi.own]
    if not own:
        return error
    return Refused(
        msg("This cannot be computed over these records: {reason}", reason=str(error).splitlines()[0][:160]),
        place=", ".join(own)[:80],
        remedy=msg("Correct its definition."),
    )


def _composed(engine: Engine, kpi: Kpi, ask: Ask, others: Others | None, keep: bool) -> Series:
    try:
        check_dimensions(kpi, [*ask.by, *ask.where])
        if others is None or not any(_typed(others, name, ask) for name in _leaves(engine, kpi)):
            for fact in {engine.definitions.measures[name].fact for name in kpi.measures()}:
                engine.fact(fact)
            check_values(engine, kpi, ask.where)
        return Composer(engine, ask.where, others).series(kpi, ask)
    except KpiTreeError as error:
        if not keep:
            raise
        return gaps(kpi, ask, error)


def _leaves(engine: Engine, kpi: Kpi) -> set[str]:
    """The KPIs that it is made from in the end."""
    if kpi.recipe is None:
        return {kpi.id}
    known = engine.definitions.kpis
    return {leaf for name in kpi.recipe.inputs for leaf in _leaves(engine, known[name])}


def _typed(others: Others, name: str, ask: Ask) -> bool:
    try:
        return others(name, ask.span.start, ask.span.end, Grain.YEAR, (), {}) is not None
    except KpiTreeError:
        return True
