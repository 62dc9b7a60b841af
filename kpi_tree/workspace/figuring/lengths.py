"""Values of longer and shorter periods that speak of the same days: each day counts once.

A month's value is a statement about the whole month. Beside the values of its days or weeks it counts where
somebody asks by month or longer, for it is exact where theirs could only be added up or averaged; they count
where somebody looks closer. Never both.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from kpi_tree.periods import Calendar, Grain, period_of
from kpi_tree.store.observations import Observation


@dataclass(frozen=True, slots=True)
class _Span:
    start: date
    end: date
    one: Observation


def once(
    found: Sequence[Observation],
    calendar: Calendar,
    *,
    asked: Grain | None = None,
    end: date | None = None,
    whole: bool = True,
) -> list[Observation]:
    """Those values that count, so that none speaks of a day that another one of its dimensions speaks of.

    Args:
        asked: the grain that is looked at; a value of a longer period gives way to shorter ones inside it.
            None: the longest count.
        end: the first day that is not asked for; a value that reaches beyond it gives way as well.
        whole: whether shorter ones have to speak of every day of a longer period for it to give way.

    >>> from kpi_tree.periods import DEFAULT_CALENDAR
    >>> def told(day, grain, value):
    ...     return Observation("sales", date.fromisoformat(day), grain, {}, value, None, None, "b", None)
    >>> months = [told(f"2026-{month:02}-01", "month", 10) for month in (1, 2, 3, 4)]
    >>> both = [*months, told("2026-01-01", "quarter", 33)]
    >>> [one.value for one in once(both, DEFAULT_CALENDAR)]
    [33, 10]
    >>> [one.value for one in once(both, DEFAULT_CALENDAR, asked=Grain.MONTH)]
    [10, 10, 10, 10]
    """
    if len({one.grain for one in found}) < 2:
        return list(found)
    kept: list[Observation] = []
    by_dimensions = sorted(found, key=_dimensions)
    for _, some in groupby(by_dimensions, key=_dimensions):
        kept += _of_one(list(some), calendar, asked, end, whole)
    return sorted(kept, key=lambda one: one.start)


def _dimensions(one: Observation) -> list[tuple[str, str]]:
    return sorted((name, str(value)) for name, value in one.dimensions.items())


def _of_one(
    some: list[Observation], calendar: Calendar, asked: Grain | None, end: date | None, whole: bool
) -> list[Observation]:
    """Those that count of values of the same dimensions."""
    by_grain: dict[Grain, list[_Span]] = {}
    for one in some:
        grain = max(Grain(one.grain), Grain.DAY)
        period = period_of(one.start, grain, calendar)
        by_grain.setdefault(grain, []).append(_Span(period.start, period.end, one))
    longest = sorted(by_grain, key=lambda grain: _days(by_grain[grain][0]), reverse=True)
    kept: list[_Span] = []
    for at, grain in enumerate(longest):
        shorter = sorted((span for less in longest[at + 1 :] for span in by_grain[less]), key=_start)
        taken = sorted(kept, key=_start)
        for span in by_grain[grain]:
            gives_way = (asked is not None and grain.coarser_than(asked)) or (
                end is not None and span.end > end
            )
            if gives_way and _inside(span, shorter, whole and (end is None or span.end <= end)):
                continue
            if not _overlapping(span, taken):
                kept.append(span)
    return [span.one for span in kept]


def _start(span: _Span) -> date:
    return span.start


def _days(span: _Span) -> int:
    return (span.end - span.start).days


def _overlapping(span: _Span, others: Sequence[_Span]) -> list[_Span]:
    """Those of some spans, sorted and apart from each other, that share a day with one."""
    first = max(bisect_right(others, span.start, key=_start) - 1, 0)
    last = bisect_left(others, span.end, key=_start)
    return [other for other in others[first:last] if other.end > span.start]


def _inside(span: _Span, shorter: Sequence[_Span], whole: bool) -> bool:
    """Whether shorter ones speak of some of its days, or of each of them."""
    reached, longest = span.start, timedelta(days=_days(span))
    for other in shorter[bisect_left(shorter, span.start - longest, key=_start) :]:
        if other.end <= span.start:
            continue
        if other.start >= span.end or (whole and other.start > reached):
            break
        reached = max(reached, other.end)
    return reached >= span.end if whole else reached > span.start
