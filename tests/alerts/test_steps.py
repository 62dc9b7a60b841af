"""When to tell: each thing once, until it was not so; pauses and quiet hours hold back and lose nothing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.alerts import Quiet, Sight, Standing, step
from kpi_tree.errors import Refused

OSLO = ZoneInfo("Europe/Oslo")
START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def naive(seen: list[bool | None], quiet: list[bool], pause: int) -> list[int]:
    """The rule written out a second time, an hour at a time, with nothing but flags and a list."""
    told: list[int] = []
    open_ = False
    for hour, so in enumerate(seen):
        if so is None:
            continue
        if so is False:
            open_ = False
        elif not open_:
            recent = [one for one in told if hour - one < pause]
            if not recent and not quiet[hour]:
                told.append(hour)
                open_ = True
    return told


@given(
    st.lists(st.tuples(st.sampled_from([True, False, None]), st.booleans()), max_size=60),
    st.integers(0, 12),
)
def test_every_course_of_hours_is_told_as_the_plain_simulation_tells_it(
    course: list[tuple[bool | None, bool]], pause: int
) -> None:
    standing: Standing | None = None
    told = []
    for hour, (so, quiet) in enumerate(course):
        standing, tell = step(
            standing, Sight(so), START + hour * HOUR, pause=timedelta(hours=pause), quiet=quiet
        )
        if tell:
            told.append(hour)
    assert told == naive([so for so, _ in course], [quiet for _, quiet in course], pause)


@given(st.lists(st.sampled_from(["ahead", "at_risk", "off_track", None]), max_size=40))
def test_a_change_is_told_once_for_each_change_and_the_first_look_is_no_news(
    course: list[str | None],
) -> None:
    standing: Standing | None = None
    told, known = [], [one for one in course if one is not None]
    for hour, status in enumerate(course):
        sight = Sight(None) if status is None else Sight(True, status)
        standing, tell = step(
            standing, sight, START + hour * HOUR, pause=timedelta(), quiet=False, news_only=True
        )
        if tell:
            told.append(status)
    assert told == [after for before, after in pairwise(known) if before != after]


def test_back_to_what_was_told_within_the_pause_is_no_news() -> None:
    one, _ = step(None, Sight(True, "a"), START, pause=5 * HOUR, quiet=False)
    two, told = step(one, Sight(True, "b"), START + HOUR, pause=5 * HOUR, quiet=False)
    assert (told, two.waits) == (False, True)
    three, told = step(two, Sight(True, "a"), START + 2 * HOUR, pause=5 * HOUR, quiet=False)
    assert (told, three.waits) == (False, False)
    assert not step(three, Sight(True, "a"), START + 9 * HOUR, pause=5 * HOUR, quiet=False)[1]


@given(
    st.times(), st.times(),
    st.datetimes(datetime(2026, 3, 28), datetime(2026, 3, 31))
    | st.datetimes(datetime(2026, 10, 24), datetime(2026, 10, 27)),
)  # fmt: skip
def test_quiet_is_what_the_wall_clock_shows_also_when_it_is_set(start: time, end: time, at: datetime) -> None:
    quiet, moment = Quiet(start, end), at.replace(tzinfo=UTC)
    clock = moment.astimezone(OSLO)
    minutes = clock.hour * 3600e6 + clock.minute * 60e6 + clock.second * 1e6 + clock.microsecond

    def of(one: time) -> float:
        return one.hour * 3600e6 + one.minute * 60e6 + one.second * 1e6 + one.microsecond

    span = (of(end) - of(start)) % (24 * 3600e6)
    within = (minutes - of(start)) % (24 * 3600e6) < span
    assert quiet.holds(moment, OSLO) == within


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-03-29T00:59:00+00:00", True),  # 01:59 in Oslo, the last minute before 03:00
        ("2026-03-29T01:00:00+00:00", False),  # 03:00: the end at 02:30 was never on the clock
        ("2026-10-25T00:15:00+00:00", True),  # 02:15, for the first time
        ("2026-10-25T00:45:00+00:00", False),  # 02:45
        ("2026-10-25T01:15:00+00:00", True),  # 02:15, once more
    ],
)
def test_the_nights_on_which_the_clock_is_set(at: str, quiet: bool) -> None:
    hours = Quiet.parse("22:00-02:30")
    assert hours is not None
    assert hours.holds(datetime.fromisoformat(at), OSLO) is quiet


@pytest.mark.parametrize("text", ["22-7", "25:00-07:00", "22:00", "22:00-07:61", "soon"])
def test_what_is_no_span_of_the_clock_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="quiet hours"):
        Quiet.parse(text)
