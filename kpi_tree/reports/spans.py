"""Which days a report shows, and which days it sets them against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Calendar, Grain, Period, period_of, spine
from kpi_tree.reports.model import Compare

USUAL: dict[Grain, int] = {Grain.DAY: 30, Grain.WEEK: 13, Grain.MONTH: 12, Grain.QUARTER: 8, Grain.YEAR: 5}
"""How many periods a report shows when nobody says."""
A_YEAR: dict[Grain, int] = {Grain.DAY: 364, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}
"""Steps back to the year before: by days and weeks to the same weekday, 364 days earlier."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The days shown, cut into periods."""

    start: date
    end: date
    grain: Grain
    calendar: Calendar

    @property
    def periods(self) -> list[Period]:
        """The periods touched, in order."""
        return spine(self.start, self.end, self.grain, self.calendar)

    def versus(self, compare: Compare) -> Shown | None:
        """The days to compare with: as many periods, and as many elapsed days in the first and last of them.

        >>> shown = Shown(date(2026, 2, 1), date(2026, 3, 11), Grain.MONTH, Calendar())
        >>> before = shown.versus("previous")
        >>> before.start, before.end
        (datetime.date(2025, 12, 1), datetime.date(2026, 1, 11))
        >>> shown.versus("last_year").end
        datetime.date(2025, 3, 11)
        """
        if compare not in ("previous", "last_year"):
            return None
        periods = self.periods
        back = len(periods) if compare == "previous" else A_YEAR[self.grain]
        first, last = periods[0], periods[-1]
        then_first, then_last = first.shift(-back), last.shift(-back)
        start = min(then_first.start + (self.start - first.start), then_first.last)
        whole = self.end >= last.end
        end = then_last.end if whole else min(then_last.start + (self.end - last.start), then_last.end)
        return Shown(start, max(end, start + timedelta(days=1)), self.grain, self.calendar)


def shown(start: date | None, end: date | None, grain: Grain, through: date, calendar: Calendar) -> Shown:
    """The days asked, ending with the data; without them the usual number of periods up to there.

    Raises:
        Refused: hours, or an end before the start.
    """
    if grain is Grain.HOUR:
        raise Refused(
            msg("A report has no single hours."),
            place="grain",
            remedy=msg("Choose one of {names}.", names=", ".join(USUAL)),
        )
    if start is not None and end is not None and end <= start:
        raise Refused(
            msg("A span that ends on {end} cannot start on {start}.", end=end, start=start),
            place="from",
            remedy=msg("Give a start before the end."),
        )
    last = min(end, through + timedelta(days=1)) if end else through + timedelta(days=1)
    if start is None:
        last_period = period_of(last - timedelta(days=1), grain, calendar)
        start = last_period.shift(1 - USUAL[grain]).start
    if last <= start:  # nothing known of those days: show them empty rather than others
        last = end or start + timedelta(days=1)
    return Shown(start, last, grain, calendar)
