"""The ranked table of a table KPI."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd

from kpi_tree.catalogue.model import Kpi
from kpi_tree.metrics.ask import Ask
from kpi_tree.metrics.engine import Engine
from kpi_tree.metrics.filters import condition
from kpi_tree.metrics.segments import one_of_each
from kpi_tree.metrics.sqltext import literal, name


def _lifetime(frame: pd.DataFrame) -> pd.DataFrame:
    from kpi_tree.metrics.lifetime_table import with_forecast  # brings scipy, which few questions need

    return with_forecast(frame)


MODELS: Mapping[str, Callable[[pd.DataFrame], pd.DataFrame]] = {"lifetime": _lifetime}
"""Models that complete the rows of a table, by the name a definition calls them."""


_FACT = re.compile(r"\bfacts\.(\w+)")


def ranked_table(engine: Engine, kpi: Kpi, ask: Ask) -> pd.DataFrame:
    """The table over the span and filter asked, best rank first; its columns are those the definition names.

    In its SQL each fact named stands for that fact's rows in the span, ``<fact>_ever`` for all of them
    up to the span's end, and ``span`` for one row with ``start_day``, ``end_day`` and ``days``.
    """
    assert kpi.table is not None
    parts = [
        f"span AS (SELECT {literal(ask.span.start)} AS start_day, {literal(ask.span.end)} AS end_day, "
        f"{(ask.span.end - ask.span.start).days} AS days)"
    ]
    for fact_name in kpi.table.facts:
        fact = engine.fact(fact_name)
        named = [dim for dim in fact.dims if re.search(rf"\b{dim}\b", kpi.table.sql)]
        counts = engine.needed(fact, kpi.table.sql)
        test = (
            f"{condition(fact.dims, ask.where)} AND {one_of_each(fact, [*ask.where, *named], counts=counts)}"
        )
        kept = f"SELECT * FROM facts.{name(fact_name)} WHERE {test}"
        parts.append(f"{name(fact_name)} AS ({kept} AND {ask.days()})")
        parts.append(f"{name(fact_name + '_ever')} AS ({kept} AND _day < {literal(ask.span.end)})")
    engine.need(kpi.table.sql)
    for other in _FACT.findall(kpi.table.sql):
        engine.fact(other)  # named whole, beside those cut to the span
    frame: pd.DataFrame = engine.arrow(f"WITH {', '.join(parts)} {engine.settled(kpi.table.sql)}").to_pandas()
    if kpi.table.model:
        frame = MODELS[kpi.table.model](frame)
    return frame[[column for column in kpi.table.columns if column in frame]]
