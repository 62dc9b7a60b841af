"""A target, down the tree: what each driver would have to be for the top to reach it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg

By = Literal["proportional", "headroom", "effort"]
Top = Callable[[Mapping[str, float]], float]
"""The top's value from the drivers' values."""

FURTHEST = 9.0
"""A driver without a bound may grow to ten times its size, or fall to nothing; beyond that no plan goes."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One leaf that a target can be laid upon.

    Args:
        base: its value now.
        history: its values in past periods, for what is possible ("has this ever happened?").
        low, high: bounds that a person set; None for none.
        lock: its fixed value, if it is locked.
        effort: how hard it is to move, for ``by="effort"``: twice the effort moves half as far.
    """

    base: float
    history: Sequence[float] = ()
    low: float | None = None
    high: float | None = None
    lock: float | None = None
    effort: float = 1.0


@dataclass(frozen=True, slots=True)
class Required:
    """What one driver has to become.

    Attributes:
        required: the value; change: relative to now, None on a zero base.
        percentile_in_history: share of past values not above it; None without history.
        ever_reached: whether any past value was as far in the direction asked; None without history.
        at_bound: whether a bound stopped it.
    """

    required: float
    change: float | None
    percentile_in_history: float | None
    ever_reached: bool | None
    at_bound: bool = False


@dataclass(frozen=True, slots=True)
class Allocation:
    """A target laid upon its drivers.

    Attributes:
        feasible: whether the target is reached within locks and bounds.
        reached: the top's value with ``drivers`` as required.
        issues: what stands in the way, in words.
    """

    feasible: bool
    reached: float
    drivers: dict[str, Required]
    issues: tuple[Msg, ...] = field(default=())


def allocate(
    top: Top, drivers: Mapping[str, Driver], target: float, *, by: By = "proportional"
) -> Allocation:
    """Moves every free driver the same step in the direction that helps, until the top is at its target.

    A step is, ``proportional``: the same percentage of each driver's value; ``headroom``: the same share
    of the way to the best its history or its bound allows; ``effort``: a percentage shared out by effort.
    A driver that meets its bound stays there and the others go on.

    Raises:
        Refused: nothing to move, bounds that leave no room, or a top without a value now.

    >>> two = {"orders": Driver(100.0), "value": Driver(50.0, lock=50.0)}
    >>> made = allocate(lambda v: v["orders"] * v["value"], two, 5500.0)
    >>> made.feasible, round(made.drivers["orders"].required, 6), made.drivers["value"].required
    (True, 110.0, 50.0)
    """
    _check(drivers)
    start = {name: _within(d, d.base if d.lock is None else d.lock) for name, d in drivers.items()}
    now = top(start)
    if not math.isfinite(now):
        raise Refused(
            msg("The drivers have no value for the top now, so nothing can be laid upon them."),
            remedy=msg("Load data for every driver, or lock it to a value."),
        )
    wish = 1.0 if target >= now else -1.0
    steps = {name: _step(top, drivers[name], name, start, wish, by) for name in drivers}

    def at(way: float) -> dict[str, float]:
        return {name: _within(drivers[name], start[name] + way * steps[name]) for name in drivers}

    furthest = max(_steps_to_end(drivers[name], start[name], steps[name]) for name in drivers) * (1 + 1e-9)
    way, feasible = _way(lambda w: wish * (top(at(w)) - target), furthest)
    found = at(way)
    required = {name: _required(drivers[name], start[name], value) for name, value in found.items()}
    reached = top(found)
    issues = () if feasible else (_falls_short(target, reached),)
    return Allocation(feasible, reached, required, issues)


def _falls_short(target: float, reached: float) -> Msg:
    return msg("Within the locks and bounds the top comes to {reached}, not to {target}. Loosen one of them.",
               reached=reached, target=target)  # fmt: skip


def _check(drivers: Mapping[str, Driver]) -> None:
    if all(driver.lock is not None for driver in drivers.values()):
        raise Refused(msg("Every driver is locked, so nothing can move."), remedy=msg("Unlock one of them."))
    for name, driver in drivers.items():
        if driver.low is not None and driver.high is not None and driver.low > driver.high:
            raise Refused(
                msg(
                    "The lower bound {low} lies above the upper bound {high}.",
                    low=driver.low,
                    high=driver.high,
                ),
                place=name,
            )
        if driver.effort <= 0:
            raise Refused(msg("Effort must be above zero."), place=name)


def _step(top: Top, driver: Driver, name: str, start: Mapping[str, float], wish: float, by: By) -> float:
    """How far one whole step moves a driver, in the direction that helps; locked ones stay."""
    if driver.lock is not None:
        return 0.0
    value = start[name]
    nudge = abs(value) * 1e-4 or 1e-4
    slope = top({**start, name: value + nudge}) - top({**start, name: value - nudge})
    if not math.isfinite(slope) or slope == 0:
        return 0.0
    side = math.copysign(1.0, slope) * wish
    if by == "headroom":
        return _headroom(driver, value, side)
    size = abs(value) or 1.0
    return side * size / (driver.effort if by == "effort" else 1.0)


def _headroom(driver: Driver, value: float, side: float) -> float:
    """The way to the best of the history or to the bound, whichever comes first; nothing known, no way."""
    past = [x for x in driver.history if math.isfinite(x)]
    best = (max(past) if side > 0 else min(past)) if past else value
    bound = driver.high if side > 0 else driver.low
    if bound is not None:
        best = bound if not past else (min(best, bound) if side > 0 else max(best, bound))
    return max((best - value) * side, 0.0) * side


def _steps_to_end(driver: Driver, value: float, step: float) -> float:
    """How many steps a driver can go before its bound, or before no plan goes further."""
    if step == 0:
        return 0.0
    bound = driver.high if step > 0 else driver.low
    return FURTHEST if bound is None else max((bound - value) / step, 0.0)


def _way(short: Callable[[float], float], furthest: float) -> tuple[float, bool]:
    """The least number of steps at which nothing is short; the furthest, and False, where it always is."""
    if short(0.0) >= 0:
        return 0.0, True
    ends = np.linspace(0.0, furthest, 181)
    last = 0.0
    for end in ends[1:]:
        value = short(float(end))
        if math.isfinite(value) and value >= 0:
            return float(brentq(short, last, float(end), xtol=1e-14, rtol=1e-14)), True
        if not math.isfinite(value):
            break
        last = float(end)
    return last, False


def _within(driver: Driver, value: float) -> float:
    if driver.lock is not None:
        return driver.lock
    # What is counted does not turn over: a driver above zero falls to zero at most.
    floor = 0.0 if driver.base >= 0 and driver.low is None else driver.low
    value = value if floor is None else max(value, floor)
    return value if driver.high is None else min(value, driver.high)


def _required(driver: Driver, start: float, value: float) -> Required:
    past = [x for x in driver.history if math.isfinite(x)]
    rising = value >= start
    percentile = sum(1 for x in past if x <= value) / len(past) if past else None
    reached = (any(x >= value for x in past) if rising else any(x <= value for x in past)) if past else None
    bounds = (driver.low, driver.high) if driver.lock is None else ()
    return Required(
        value,
        value / driver.base - 1 if driver.base else None,
        percentile,
        reached,
        any(bound is not None and value == bound for bound in bounds),
    )


def unknown_driver(name: str, known: Sequence[str]) -> NotFound:
    """The refusal for a lock or bound on something that is no driver."""
    return NotFound(
        msg("{name} is not a driver of this target.", name=name),
        place=name,
        remedy=msg("Choose one of: {names}.", names=", ".join(known)),
    )
