"""Quiet hours: a span of the shop's clock in which nobody is told, also across midnight."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Quiet:
    """From ``start`` up to, not including, ``end`` on the wall clock; equal: never quiet.

    On the day that a clock is set back an hour comes twice, and both are judged by what the clock shows.

    >>> from datetime import UTC
    >>> quiet = Quiet.parse("22:00-07:00")
    >>> [quiet.holds(datetime(2026, 1, 5, hour, tzinfo=UTC), ZoneInfo("UTC")) for hour in (21, 22, 6, 7)]
    [False, True, True, False]
    """

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Quiet | None:
        """``22:00-07:00``; None for no text.

        Raises:
            Refused: it is no span of the clock.
        """
        if not text.strip():
            return None
        found = _SPAN.fullmatch(text.strip())
        if found and max(int(found[1]), int(found[3])) < 24 and max(int(found[2]), int(found[4])) < 60:
            return cls(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])))
        raise Refused(
            msg("{value} are no quiet hours.", value=text[:40]),
            place="quiet",
            remedy=msg("Write them like {example}.", example="22:00-07:00"),
        )

    @property
    def text(self) -> str:
        """The one spelling that is kept."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether it is quiet at a moment (aware) in a zone."""
        clock = at.astimezone(zone).time().replace(tzinfo=None)
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end
