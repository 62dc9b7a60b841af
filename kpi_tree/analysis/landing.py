"""Where a period will end: its value so far and a forecast of its remaining days, put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kpi_tree.analysis.forecast import Forecast, tails
from kpi_tree.analysis.trajectory import Floats, Kind


@dataclass(frozen=True, slots=True)
class Landing:
    """Where the period will end.

    Attributes:
        value: the expected value of the whole period; low, high: its interval.
        probability: of reaching the target, from the simulated paths; None without them.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    probability: float | None = None


def landing(
    made: Forecast,
    *,
    kind: Kind,
    actual: float | None,
    elapsed: int,
    target: float | None = None,
    direction: str = "up",
    bounds: tuple[float, float] | None = None,
) -> Landing:
    """Where a period ends, from its value so far and a forecast of its remaining days.

    A flow adds the rest to what is there, a rate weighs both by their days, a stock ends where the last
    day ends.

    Args:
        actual: the period's value so far, over ``elapsed`` days.
        bounds: the good range, for direction ``range``.

    >>> from kpi_tree.analysis.forecast import forecast
    >>> made = forecast([10.0] * 60, 5)
    >>> landing(made, kind="flow", actual=50.0, elapsed=5, target=99.0)
    Landing(value=100.0, low=100.0, high=100.0, probability=0.9995004995004995)
    """
    rest = made.value.size
    if (made.withheld is not None and not rest) or (actual is None and elapsed):
        return Landing(None)
    if not rest:
        return Landing(actual)
    value = float(_by_day(made.value[None, :], kind, actual, elapsed)[0, -1])
    if not made.paths.size:
        return Landing(value)
    ends = _by_day(made.paths, kind, actual, elapsed)[:, -1]
    low, high = np.quantile(ends, tails(made.level))
    if direction == "range" and bounds is not None:
        good = (ends >= bounds[0]) & (ends <= bounds[1])
    elif target is None:
        return Landing(value, float(low), float(high))
    else:
        good = ends <= target if direction == "down" else ends >= target
    # Never 0 or 1: a finite number of simulated paths cannot prove the impossible.
    probability = (float(good.sum()) + 0.5) / (ends.size + 1)
    return Landing(value, float(low), float(high), probability)


@dataclass(frozen=True, slots=True)
class Fan:
    """The remaining days in the terms of a pace chart: the period's value by the end of each day.

    Attributes:
        low, high: empty where there is no interval.
    """

    value: Floats
    low: Floats
    high: Floats


def fan(made: Forecast, *, kind: Kind, actual: float | None, elapsed: int) -> Fan:
    """The period's value by the end of each day to come, with the interval of the simulated paths.

    >>> from kpi_tree.analysis.forecast import forecast
    >>> fan(forecast([10.0] * 60, 3), kind="flow", actual=50.0, elapsed=5).value.tolist()
    [60.0, 70.0, 80.0]
    """
    if not made.value.size:
        return Fan(np.empty(0), np.empty(0), np.empty(0))
    value = _by_day(made.value[None, :], kind, actual, elapsed)[0]
    if not made.paths.size:
        return Fan(value, np.empty(0), np.empty(0))
    low, high = np.quantile(_by_day(made.paths, kind, actual, elapsed), tails(made.level), axis=0)
    return Fan(value, low, high)


def _by_day(paths: Floats, kind: Kind, actual: float | None, elapsed: int) -> Floats:
    so_far = actual or 0.0
    if kind == "stock":
        return paths
    sums = np.cumsum(paths, axis=1)
    if kind == "flow":
        return np.asarray(so_far + sums)
    return np.asarray((so_far * elapsed + sums) / (elapsed + np.arange(1, paths.shape[1] + 1)))
