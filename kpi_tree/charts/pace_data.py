"""What a pace chart is made of: its numbers and its texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpi_tree.periods import Period

Numbers = Sequence[float | None]


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
