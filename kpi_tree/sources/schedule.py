"""When a source runs: every so often, at a time of day, on a weekday, or only when somebody asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg, nmsg

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHORTEST, LONGEST = 1, 31 * 24 * 60

_STEP = re.compile(r"(?:every\s+)?(\d{1,5})\s*(m|min|minutes?|h|hours?)", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(daily|mon|tue|wed|thu|fri|sat|sun)[a-z]*\s+)?(\d{1,2}):(\d{2})", re.IGNORECASE)

_ON: dict[str, Msg] = {
    "mon": msg("Mondays at {clock}"),
    "tue": msg("Tuesdays at {clock}"),
    "wed": msg("Wednesdays at {clock}"),
    "thu": msg("Thursdays at {clock}"),
    "fri": msg("Fridays at {clock}"),
    "sat": msg("Saturdays at {clock}"),
    "sun": msg("Sundays at {clock}"),
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule. ``minutes`` for every so often; ``clock`` (and ``weekday``) for a time of day.

    >>> Schedule.parse("every 2 hours").text, Schedule.parse("Mon 6:00").text, Schedule.parse("manual").text
    ('2h', 'mon 06:00', 'manual')
    """

    minutes: int | None = None
    clock: time | None = None
    weekday: int | None = None

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """A schedule as people type it: ``15m``, ``2h``, ``daily 06:00``, ``mon 06:00``, ``manual``.

        Raises:
            Refused: it is none of these.
        """
        words = " ".join(text.split())
        if words.lower() in ("manual", ""):
            return cls()
        step = _STEP.fullmatch(words)
        if step:
            minutes = int(step[1]) * (60 if step[2].lower().startswith("h") else 1)
            if SHORTEST <= minutes <= LONGEST:
                return cls(minutes=minutes)
        clock = _CLOCK.fullmatch(words)
        if clock and int(clock[2]) < 24 and int(clock[3]) < 60:
            day = (clock[1] or "daily").lower()
            return cls(
                clock=time(int(clock[2]), int(clock[3])),
                weekday=DAYS.index(day[:3]) if day != "daily" else None,
            )
        raise Refused(
            msg("{value} is not a schedule.", value=text[:40]),
            place="schedule",
            remedy=msg("Write it like 15m, 2h, daily 06:00, mon 06:00, or manual."),
        )

    @property
    def text(self) -> str:
        """The one spelling that is kept."""
        if self.clock is not None:
            day = "daily" if self.weekday is None else DAYS[self.weekday]
            return f"{day} {self.clock:%H:%M}"
        if self.minutes is None:
            return "manual"
        return f"{self.minutes // 60}h" if self.minutes % 60 == 0 else f"{self.minutes}m"

    def words(self) -> Msg:
        """The schedule for people."""
        if self.clock is not None:
            clock = f"{self.clock:%H:%M}"
            if self.weekday is None:
                return msg("Every day at {clock}", clock=clock)
            return msg(_ON[DAYS[self.weekday]].id, clock=clock)
        if self.minutes is None:
            return msg("Only when asked")
        if self.minutes % 60 == 0:
            return nmsg("Every hour", "Every {n} hours", self.minutes // 60)
        return nmsg("Every minute", "Every {n} minutes", self.minutes)

    def next_after(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The first moment after ``now`` (both aware); None when it only runs when asked.

        >>> from datetime import UTC
        >>> at = datetime(2026, 3, 28, 12, tzinfo=UTC)
        >>> Schedule.parse("daily 06:00").next_after(at, ZoneInfo("Europe/Oslo")).isoformat()
        '2026-03-29T06:00:00+02:00'
        """
        if self.minutes is not None:
            return now + timedelta(minutes=self.minutes)
        if self.clock is None:
            return None
        today = now.astimezone(zone).date()
        for ahead in range(9):
            day = today + timedelta(days=ahead)
            at = datetime.combine(day, self.clock, zone)
            if at > now and self.weekday in (None, day.weekday()):
                return at
        return None  # pragma: no cover - nine days hold every weekday
