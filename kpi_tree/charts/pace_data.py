"""What a pace chart is made of: its numbers and its texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpi_tree.periods import Period

Numbers = Sequence[float | None]
MARKS = ("event", "start", "due", "check_in", "comment", "decision", "batch")
"""Kinds of marks on a chart's days."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day, or on the days from ``first`` through ``last``, beside the numbers.

    Attributes:
        kind: one of :data:`MARKS`. name: what it is; words: who said what, or which days.
        value: a person's own value of the indicator, drawn where it lies.
    """

    kind: str
    first: date
    last: date
    name: str
    words: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class PaceWords:
    """The texts of a pace chart, already in the reader's language.

    Attributes:
        title: the finding or the question. description: the chart in a sentence, for a screen reader.
        y: the value's name with its unit; x: what runs along the bottom (may be empty).
        actual, path, forecast, target, baseline: names in the legend and beside the lines.
        today: name of the line where the data ends.
        gap_now, gap_end: the two gaps in words, with numbers: now against where it should be, and
            landing against the goal. Empty where there is none to name.
        interval: what the shaded band is, such as "80% interval".
        last_year: name of last year's line. expected: of the point on the path where the data end.
        unfinished: what a step that is not over is called; so_far: the value of the period to date;
            period: heading of a step in hints.
        scope, needed: names of the burn-up's lines: the target as it was set, what the rest must bring.
        lanes: (kind of mark, name of its lane) above the chart.
    """

    title: str | list[str]
    y: str
    actual: str
    path: str
    target: str
    forecast: str = ""
    baseline: str = ""
    interval: str = ""
    today: str = ""
    gap_now: str = ""
    gap_end: str = ""
    subtitle: str | list[str] = ""
    description: str = ""
    x: str = ""
    last_year: str = ""
    expected: str = ""
    unfinished: str = ""
    so_far: str = ""
    period: str = ""
    scope: str = ""
    needed: str = ""
    lanes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PaceData:
    """The numbers of a pace chart, one a day of the period; None or nan is a gap.

    Attributes:
        actual: value so far by the end of each day; shorter than the period, or with gaps.
        path: expected by the end of each day.
        forecast, low, high: of the days after the last actual, in the same kind of value (a flow's so
            far); empty without.
        target, baseline: the two levels; ``lines``: further goal lines (name, value).
        through: the last day with data. good_now, good_end: whether each gap is on the good side.
        last_year: the value to date by the end of each day of the period a year before.
        milestones: (day, value) of a path drawn by hand.
        marks: what happened, or will: events, actions, remarks, batches.
        scope: (day, target from that day on), for a burn-up.
    """

    period: Period
    actual: Numbers
    path: Numbers
    target: float
    baseline: float | None = None
    forecast: Numbers = ()
    low: Numbers = ()
    high: Numbers = ()
    through: date | None = None
    good_now: bool | None = None
    good_end: bool | None = None
    lines: tuple[tuple[str, float], ...] = ()
    last_year: Numbers = ()
    milestones: tuple[tuple[date, float], ...] = ()
    marks: tuple[Mark, ...] = ()
    scope: tuple[tuple[date, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a chart by day, week or month, cut at the ends of the period.

    Attributes:
        value: of its days so far; expected: what the path expects of it.
        last_year: the same days a year before.
        forecast, low, high: what the whole step is likely to come to, of one that is not over.
        unfinished: whether its data end before it does; before: whether it lies before the period.
        short: whether it is cut at an end of the period.
    """

    period: Period
    value: float | None
    expected: float | None = None
    last_year: float | None = None
    forecast: float | None = None
    low: float | None = None
    high: float | None = None
    unfinished: bool = False
    before: bool = False
    short: bool = False
