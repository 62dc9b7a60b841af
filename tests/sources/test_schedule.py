"""When a source runs next."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kpi_tree.errors import Refused
from kpi_tree.sources import Schedule

OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("typed", "kept", "words"),
    [
        ("15m", "15m", "Every 15 minutes"),
        ("every 1 hour", "1h", "Every hour"),
        ("120 min", "2h", "Every 2 hours"),
        ("6:05", "daily 06:05", "Every day at 06:05"),
        ("Monday 23:00", "mon 23:00", "Mondays at 23:00"),
        ("manual", "manual", "Only when asked"),
    ],
)
def test_a_schedule_has_one_spelling_and_words(typed: str, kept: str, words: str) -> None:
    found = Schedule.parse(typed)
    assert found.text == kept
    assert Schedule.parse(found.text) == found
    assert str(found.words()) == words


@pytest.mark.parametrize("typed", ["soon", "0m", "99999h", "25:00", "12:60", "daily", "* * * * *", "-5m"])
def test_anything_else_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(Refused, match="daily 06:00"):
        Schedule.parse(typed)


@pytest.mark.parametrize(
    ("typed", "now", "then"),
    [
        ("15m", "2026-03-02T12:00Z", "2026-03-02T12:15Z"),
        ("daily 06:00", "2026-03-02T12:00Z", "2026-03-03T05:00Z"),
        ("daily 06:00", "2026-03-28T12:00Z", "2026-03-29T04:00Z"),  # the clock goes forward that night
        ("daily 02:30", "2026-03-28T12:00Z", "2026-03-29T01:30Z"),  # half past two does not exist that day
        ("mon 06:00", "2026-03-02T04:59Z", "2026-03-02T05:00Z"),
        ("mon 06:00", "2026-03-02T05:00Z", "2026-03-09T05:00Z"),
    ],
)
def test_the_next_run_is_on_the_shops_clock(typed: str, now: str, then: str) -> None:
    found = Schedule.parse(typed).next_after(datetime.fromisoformat(now), OSLO)
    assert found is not None
    assert found.astimezone(UTC) == datetime.fromisoformat(then)


def test_manual_never_runs_by_itself() -> None:
    assert Schedule().next_after(datetime(2026, 1, 1, tzinfo=UTC), OSLO) is None
