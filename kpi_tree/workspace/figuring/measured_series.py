"""A series from observations: values that were typed in or uploaded as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics import NOT_SET, Series
from kpi_tree.periods import Calendar, Grain, period_of, spine
from kpi_tree.store.observations import Observation
from kpi_tree.workspace.figuring.lengths import once


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

    A flow adds up, a stock takes the last, a rate weighs by its denominators where it has them. Of values of
    longer and shorter periods each day counts once (:func:`~kpi_tree.workspace.figuring.lengths.once`). A
    value for a longer period than the grain asked is refused rather than spread; with ``at_end`` it stands on
    the last day of its period, when it is known (what a series to date needs).

    Raises:
        NotFound: no observation has that dimension.
        Refused: the observations are coarser than the grain asked.
    """
    _refuse_unknown(kpi, found, [*by, *(where or {})])
    if at_end:
        found = [_at_its_end(one, calendar) for one in once(found, calendar, asked=grain)]
    picked = [
        one
        for one in found
        if start <= one.start < end
        and all(one.dimensions.get(dim, NOT_SET) in values for dim, values in (where or {}).items())
    ]
    shown = once(picked, calendar, asked=grain, end=end, whole=False)
    coarse = next((one for one in shown if Grain(one.grain).coarser_than(grain)), None)
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
    for one in shown:
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
        total=_rolled(kpi, once(picked, calendar, end=end)),
        by=tuple(by),
        data_from=min(days, default=None),
        data_through=max(lasts, default=None),
        notes=[msg("From {n} values that were typed in or uploaded as such.", n=len(picked))],
        calendar=calendar,
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
