"""Series to date: what each KPI had come to by the end of each day of a period.

The last of these is the actual that a target is compared with. Formulas are evaluated over series to
date, day by day, so that a parent's actual is made of its children's actuals of the same days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis import kind_of
from kpi_tree.metrics import Series
from kpi_tree.periods import Period

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ToDate:
    """One KPI over the days of a period so far.

    Attributes:
        values: by the end of each day; nan before its data begin and after they end.
        daily: the value of each day alone.
        exact: whether the values between are exact; for distinct people they are not, only the last is.
        through: last day with data within the span; None where there is none.
    """

    values: Floats
    daily: Floats
    exact: bool
    through: date | None
    series: Series


def days_so_far(period: Period, at: date) -> int:
    """Days of the period up to and with a day."""
    return period.elapsed(at)


def to_date(series: Series, period: Period, at: date, rollup: str) -> ToDate:
    """A daily series that starts with the period, made into a series to date.

    Args:
        series: by day, over the period up to ``at`` (its total covers the same days).
        rollup: how the KPI's value is formed for a longer period.
    """
    frame = series.frame
    daily = frame["value"].to_numpy(dtype=np.float64)
    size = days_so_far(period, at)
    daily = daily[:size]
    known = _known_days(series, period, size)
    total = series.total.get("value")
    exact = True
    if kind_of(rollup) == "stock":
        values = np.where(known, daily, np.nan)
    elif kind_of(rollup) == "rate":
        values = _ratio_to_date(series, size)
        exact = rollup == "ratio" and bool(np.isfinite(values).any())
    else:
        values = np.cumsum(np.nan_to_num(daily))
    values = np.where(known, values, np.nan)
    if not known.any():
        return ToDate(np.full(size, np.nan), daily, True, None, series)
    last = int(np.flatnonzero(known)[-1])
    if total is None or not _close(values[last], total):
        exact = exact and total is None
        values = values.copy()
        values[last] = np.nan if total is None else total
    return ToDate(values, daily, exact, period.start + timedelta(days=last), series)


def _close(a: float, b: float) -> bool:
    return bool(np.isclose(a, b, rtol=1e-9, atol=1e-12))


def _known_days(series: Series, period: Period, size: int) -> npt.NDArray[np.bool_]:
    known = np.zeros(size, dtype=bool)
    if series.data_from is None or series.data_through is None:
        return known
    first = max((series.data_from - period.start).days, 0)
    last = min((series.data_through - period.start).days, size - 1)
    known[first : last + 1] = True
    return known


def _ratio_to_date(series: Series, size: int) -> Floats:
    above = series.frame["numerator"].to_numpy(dtype=np.float64)[:size]
    below = series.frame["denominator"].to_numpy(dtype=np.float64)[:size]
    both = np.isfinite(above) & np.isfinite(below)
    top, bottom = np.cumsum(np.where(both, above, 0.0)), np.cumsum(np.where(both, below, 0.0))
    with np.errstate(all="ignore"):
        return np.where(bottom != 0, top / np.where(bottom == 0, 1, bottom), np.nan)


def arrays(found: Mapping[str, ToDate]) -> dict[str, Floats]:
    """The values alone, as an evaluation takes them."""
    return {name: one.values for name, one in found.items()}
