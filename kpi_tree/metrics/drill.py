"""From a number down to the records that it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from kpi_tree.catalogue import find_kpi
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.filters import check_dimensions, check_values, condition
from kpi_tree.metrics.segments import named_in, one_of_each, text_of
from kpi_tree.metrics.sqltext import literal, name

HIDDEN = frozenset({"_tab", "_seq", "_agg", "_at", "_row", "_seg", "_alts", "_origin", "_until"})


def records(
    engine: Engine,
    kpi: str,
    *,
    start: date,
    end: date,
    where: Mapping[str, Sequence[str]] | None = None,
    limit: int = 1000,
) -> pd.DataFrame:
    """The records behind a KPI's value over ``[start, end)``.

    Returns:
        One row a record with its columns, the measure it belongs to (``_measure``), its ``_batch`` and the
        ``_row`` in the file of that batch; earliest first, at most ``limit`` a measure.

    Raises:
        NotFound, Refused: as :func:`kpi_tree.metrics.query`.
    """
    found = find_kpi(kpi, engine.definitions.kpis)
    check_dimensions(found, where or {})
    check_values(engine, found, where or {})
    frames = []
    done: set[tuple[str, str]] = set()
    for measure_name in found.measures():
        measure = engine.definitions.measures[measure_name]
        facts = engine.definitions.queries[measure.query].facts if measure.query else (measure.fact,)
        for fact_name in facts:
            if (fact_name, measure.where) in done:
                continue
            done.add((fact_name, measure.where))
            fact = engine.fact(fact_name)
            tests = [condition(fact.dims, where or {}), f"_day < {literal(end)}"]
            dims, counts = [*(where or {}), *named_in(fact, measure)], engine.needed(fact, text_of(measure))
            tests.append(one_of_each(fact, dims, counts=counts))
            if measure.kind not in ("closing", "opening"):
                tests.append(f"_day >= {literal(start)}")
            if measure.where:
                tests.append(f"({engine.settled(measure.where)})")
            frames.append(rows_of(engine, fact_name, " AND ".join(tests), measure_name, limit))
    # Those that lead to a row of a file come before sums of many.
    kept = sorted((f for f in frames if len(f)), key=lambda f: bool(f["_row"].isna().all())) or frames[:1]
    whole: pd.DataFrame = pd.concat(kept, ignore_index=True)
    return whole


def rows_of(engine: Engine, fact: str, test: str, measure: str, limit: int) -> pd.DataFrame:
    """The records of a relation that pass a test, earliest first, as :func:`records` gives them.

    Args:
        test: a condition in SQL, its values quoted already.
    """
    engine.fact(fact)
    shown = ", ".join(name(c) for c in engine.columns(fact) if c not in HIDDEN)
    frame: pd.DataFrame = engine.arrow(
        f"SELECT {shown}, _seq, _row FROM facts.{name(fact)} WHERE {test} "
        f"ORDER BY _day, _seq, _row LIMIT {int(limit)}"
    ).to_pandas()
    frame.insert(0, "_measure", measure)
    frame.insert(1, "_batch", frame.pop("_seq").map(engine.batches))
    return frame
