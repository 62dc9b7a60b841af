"""From which value to which one a KPI would be judged as what, by the very rule of its verdict."""

from __future__ import annotations

from kpi_tree.analysis.progress import band, pace_of
from kpi_tree.analysis.verdict import Aim, Rules, Status

STEPS = 200


def zones(
    aim: Aim, expected: float | None, rules: Rules, whole: float
) -> tuple[tuple[Status, float, float], ...]:
    """The statuses of the values from zero to ``whole`` on a day, as (status, from, to), to half a percent.

    Args:
        expected: the path's value on the day. whole: above zero.

    >>> from kpi_tree.periods import parse_period
    >>> aim = Aim(parse_period("2026-06"), 100.0)
    >>> for zone in zones(aim, 50.0, Rules(), 100.0):
    ...     print(zone)
    ('off_track', 0.0, 42.5)
    ('at_risk', 42.5, 47.5)
    ('on_track', 47.5, 52.5)
    ('ahead', 52.5, 100.0)
    """
    found: list[tuple[Status, float, float]] = []
    for step in range(STEPS):
        _, score = pace_of(aim, (step + 0.5) / STEPS * whole, expected)
        if score is None:
            continue
        status, start, end = (
            band(score, rules, aim.direction),
            step / STEPS * whole,
            (step + 1) / STEPS * whole,
        )
        if found and found[-1][0] == status and found[-1][2] == start:
            found[-1] = (status, found[-1][1], end)
        else:
            found.append((status, start, end))
    return tuple(found)
