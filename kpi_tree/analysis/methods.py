"""The methods that may make a forecast, each run from many days of a series at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis.autoregression import autoregression
from kpi_tree.analysis.holt_winters import holt_winters
from kpi_tree.analysis.intermittent import is_intermittent, now_and_then
from kpi_tree.analysis.smoothing import naive, theta
from kpi_tree.analysis.trajectory import Floats
from kpi_tree.i18n import Msg, msg

Ints = npt.NDArray[np.int64]
Candidate = Callable[[Ints, int], Floats]
"""Forecasts from days that lie so many steps before the end: (steps, horizon) → one row each."""

NAMES: Mapping[str, Msg] = MappingProxyType(
    {
        "naive": msg("Seasonal naive"),
        "theta": msg("Theta"),
        "theta_naive": msg("Mean of theta and seasonal naive"),
        "ets": msg("Exponential smoothing (ETS)"),
        "arima": msg("Autoregression (ARIMA)"),
        "mean": msg("Mean of four methods"),
        "drivers": msg("Drivers through the tree"),
        "now_and_then": msg("Now-and-then demand (Croston)"),
        "stopped": msg("Stopped"),
    }
)
"""Each method by its short name, and in words."""

STOPPED = "stopped"
CHOICES = tuple(name for name in NAMES if name != STOPPED)
"""What ``--method`` takes."""

DEFAULT = "mean"
"""Taken unless another one erred clearly less."""

FOUR = ("naive", "theta", "ets", "arima")


def runs(series: Floats, origins: Ints, horizon: int, season: int = 7) -> dict[str, Floats]:
    """Each method's forecasts from each origin.

    Args:
        series: one value a step, nan where there is none.
        origins: how many steps each forecast knows, ascending, at least one.
        horizon: steps ahead.
        season: steps until the pattern comes round; 7 also looks a year of days back.

    Returns:
        method → one row an origin, one column a step. A method that says nothing somewhere takes theta's
        word there.

    >>> made = runs(np.array([5.0, 1.0] * 20), np.array([30, 40]), 3, season=2)
    >>> sorted(made), made["mean"].round(2).tolist()
    (['arima', 'ets', 'mean', 'naive', 'theta', 'theta_naive'], [[5.0, 1.0, 5.0], [5.0, 1.0, 5.0]])
    """
    longest = int(origins[-1])
    # Histories of different length stand right-aligned, with nan before their first day.
    padded = np.concatenate([np.full(longest, np.nan), series])
    histories = np.stack([padded[origin : origin + longest] for origin in origins])
    # Places of the season are counted from the first column there, from the series' first step elsewhere.
    made = {"theta": theta(histories, horizon, season), "naive": naive(histories, horizon, season)}
    made["ets"] = holt_winters(series, origins, horizon, season)
    made["arima"] = autoregression(series, origins, horizon, season)
    made = {name: np.where(np.isfinite(guess), guess, made["theta"]) for name, guess in made.items()}
    made["theta_naive"] = (made["theta"] + made["naive"]) / 2
    made["mean"] = np.mean([made[name] for name in FOUR], axis=0)
    if is_intermittent(series[: int(origins[0])]):
        made["now_and_then"] = now_and_then(series, origins, horizon)
    return made
