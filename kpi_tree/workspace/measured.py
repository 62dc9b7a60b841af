"""Observations on their way between a file, the store and a series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics import NOT_SET, Series
from kpi_tree.periods import Calendar, Grain, period_of, spine
from kpi_tree.store.observations import Observation

_VALUES = ("value", "numerator", "denominator")


def rows_of(table: pa.Table | None) -> list[dict[str, Any]]:
    """A reading's observations as the store keeps them; columns that are none of ours are dimensions.

    >>> table = pa.table({"kpi": ["sales"], "start": [date(2026, 1, 1)], "grain": ["day"], "value": [2.0]})
    >>> rows_of(table)[0]["value"]
    2.0
    """
    if table is None or not table.num_rows:
        return []
    known = {"kpi", "start", "end", "period", "grain", "_row", "row", "note", "dimensions", *_VALUES}
    dims = [name for name in table.column_names if name not in known]
    return [_row(row, dims) for row in table.to_pylist()]


def _row(row: dict[str, Any], dims: list[str]) -> dict[str, Any]:
    start = row.get("start") or row.get("period")
    start = start.date() if isinstance(start, datetime) else start
    given = row.get("dimensions") or {}
    dimensions = dict(given) if isinstance(given, dict | list) else {}
    dimensions.update({name: str(row[name]) for name in dims if row[name] is not None})
    number = row.get("_row", row.get("row"))
    return {
        "kpi": row["kpi"],
        "start": start.isoformat() if isinstance(start, date) else str(start),
        "grain": str(row.get("grain") or "day"),
        "dimensions": dimensions,
        **{name: None if row.get(name) is None else float(row[name]) for name in _VALUES},
        "row_number": None if number is None else int(number),
        "note": row.get("note"),
    }


def series_of(
    kpi: Kpi,
    found: Sequence[Observation],
    start: date,
    end: date,
    grain: Grain,
    by: Sequence[str],
    where: Mapping[str, Sequence[str]] | None,
    calendar: Calendar,
    *,
    at_end: bool = False,
) -> Series:
    """A series from typed or uploaded observations: each value stands in the period that holds its own.

    A flow adds up, a stock takes the last, a rate weighs by its denominators where it has them. A value
    for a longer period than the grain asked is refused rather than spread; with ``at_end`` it stands on
    the last day of its period, when it is known (what a series to date needs).

    Raises:
        NotFound: no observation has that dimension.
        Refused: the observations are coarser than the grain asked.
    """
    _refuse_unknown(kpi, found, [*by, *(where or {})])
    if at_end:
        found = [_at_its_end(one, calendar) for one in found]
    picked = [
        one
        for one in found
        if start <= one.start < end
        and all(one.dimensions.get(dim, NOT_SET) in values for dim, values in (where or {}).items())
    ]
    coarse = next((one for one in picked if Grain(one.grain).coarser_than(grain)), None)
    if coarse is not None:
        raise Refused(
            msg("The values of {kpi} are known by {grain} only.", kpi=kpi.id, grain=coarse.grain),
            place=str(grain),
            remedy=msg("Ask for it by {grain}.", grain=coarse.grain),
        )
    groups: dict[tuple[Any, ...], list[Observation]] = {}
    combos = sorted({tuple(one.dimensions.get(dim, NOT_SET) for dim in by) for one in picked}) or (
        [()] if not by else []
    )
    for one in picked:
        place = (
            period_of(one.start, grain, calendar).start,
            tuple(one.dimensions.get(dim, NOT_SET) for dim in by),
        )
        groups.setdefault(place, []).append(one)
    rows = [
        {
            "period": pd.Timestamp(period.start),
            **dict(zip(by, combo, strict=True)),
            **_rolled(kpi, groups.get((period.start, combo), ())),
        }
        for period in spine(start, end, grain, calendar)
        for combo in combos
    ]
    columns = ["period", *by, "value", "numerator", "denominator", "records"]
    days = [one.start for one in found]
    # On the way through a period, what is known ends with the last value by then: no value is no zero.
    ended = [one for one in found if one.start < end] if at_end else found
    lasts = [period_of(one.start, one.grain, calendar).last for one in ended]
    return Series(
        kpi.id,
        kpi.unit,
        grain,
        pd.DataFrame(rows, columns=columns),
        total=_rolled(kpi, picked),
        by=tuple(by),
        data_from=min(days, default=None),
        data_through=max(lasts, default=None),
        notes=[msg("From {n} values that were typed in or uploaded as such.", n=len(picked))],
    )


def _at_its_end(one: Observation, calendar: Calendar) -> Observation:
    last = period_of(one.start, one.grain, calendar).last
    return replace(one, start=last, grain="day") if last != one.start else one


def _refuse_unknown(kpi: Kpi, found: Iterable[Observation], dims: Iterable[str]) -> None:
    known = {name for one in found for name in one.dimensions}
    for dim in dims:
        if dim not in known:
            raise NotFound(
                msg("{kpi} has no dimension of this name.", kpi=kpi.id),
                place=dim[:80],
                remedy=msg("It can be broken down by: {names}.", names=", ".join(sorted(known)))
                if known
                else msg("It cannot be broken down."),
            )


def _rolled(kpi: Kpi, some: Sequence[Observation]) -> dict[str, Any]:
    values = [one.value for one in some if one.value is not None]
    above = [one.numerator for one in some if one.numerator is not None]
    below = [one.denominator for one in some if one.denominator is not None]
    paired = len(above) == len(below) == len(some) > 0
    value: float | None = None
    if kpi.rollup == "ratio" and paired:
        value = sum(above) / sum(below) if sum(below) else None
    elif values:
        if kpi.rollup in ("ratio", "mean"):
            value = float(np.mean(values))
        elif kpi.rollup == "median":
            value = float(np.median(values))
        elif kpi.rollup == "last":
            last = max(one.start for one in some)
            value = sum(one.value for one in some if one.start == last and one.value is not None)
        else:
            value = float(sum(values))
    return {
        "value": value,
        "numerator": sum(above) if paired else value,
        "denominator": sum(below) if paired else None,
        "records": len(some),
    }
