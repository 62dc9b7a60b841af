"""How much of an effect that is stated over one window falls into other days."""

from __future__ import annotations

from kpi_tree.analysis.trajectory import Kind
from kpi_tree.periods import Period


def strength(window: Period, course: str | None, first: int, last: int) -> float:
    """The summed daily strength of days ``first`` to before ``last``, counted from the window's start.

    Each day of the window has 1 on average. ``fading`` falls in a straight line to nothing at the end,
    ``lasting`` goes on with 1 after it, any other course has nothing after it.
    """
    n = window.days
    first = max(first, 0)
    last = max(first, last if course == "lasting" else min(last, n))
    if course != "fading":
        return float(last - first)
    # Σ 2(n - k - ½)/n over k from first to last - 1
    return 2 / n * ((n - 0.5) * (last - first) - (last * (last - 1) - first * (first - 1)) / 2)


def share_in(window: Period, course: str | None, days: Period, within: Period, kind: Kind) -> float:
    """What to multiply an effect over ``window`` with to have it over the period ``days``.

    Args:
        window, course: when it works, and how it goes on.
        within: only these days count, such as those still to come.
        kind: an effect on a flow is a total, on a rate an average, on a stock the level of the last day.

    >>> from kpi_tree.periods import parse_period
    >>> march, half = parse_period("2026-03-01..2026-03-30"), parse_period("2026-03-16..2026-03-30")
    >>> share_in(march, None, march, half, "flow"), share_in(march, "fading", march, half, "flow")
    (0.5, 0.25)
    >>> share_in(half, None, march, march, "flow"), share_in(half, None, march, march, "rate")
    (1.0, 0.5)
    """
    start, end = max(days.start, within.start), min(days.end, within.end)
    if end <= start:
        return 0.0
    first, last = (start - window.start).days, (end - window.start).days
    if kind == "stock":
        return strength(window, course, last - 1, last) if last >= 1 else 0.0
    found = strength(window, course, first, max(last, 0))
    return found / (window.days if kind == "flow" else days.days)
