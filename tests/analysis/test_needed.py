"""Since when a status holds, and what the rest must bring: each against a loop of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.analysis import Aim, Evidence, Rules, assess, needed, plan_path, turn
from kpi_tree.analysis.needed import words
from kpi_tree.i18n import translate
from kpi_tree.periods import parse_period

JUNE = parse_period("2026-06")
RULES = Rules()
days = st.lists(st.floats(0, 40) | st.just(float("nan")), min_size=7, max_size=29)


def judged(aim: Aim, path, value: float, day: date):
    return assess(aim, Evidence(value, day, path.at(day)), today=day + timedelta(days=1), rules=RULES)


@given(days, st.sampled_from(["up", "down"]), st.booleans())
def test_the_last_day_with_another_status(daily: list[float], direction: str, level: bool) -> None:
    rollup, start = ("last", 10.0) if level else ("sum", None)
    aim = Aim(JUNE, 15.0 if level else 450.0, start, rollup=rollup, direction=direction)
    path = plan_path(JUNE, aim.target, baseline=start, rollup=rollup)
    seen = np.array(daily) if level else np.where(np.isnan(daily), np.nan, np.nancumsum(daily))
    known = [n for n in range(len(seen)) if np.isfinite(seen[n])]
    if not known:
        return
    last = known[-1]
    now = judged(aim, path, seen[last], JUNE.start + timedelta(days=last))
    expected = None
    for n in known:  # every day by itself, as if it were the day looked at
        then = judged(aim, path, seen[n], JUNE.start + timedelta(days=n)).status
        if then in ("ahead", "on_track", "at_risk", "off_track") and then != now.status:
            expected = (then, JUNE.start + timedelta(days=n))
    found = turn(aim, path, seen, now, RULES)
    if now.status not in ("ahead", "on_track", "at_risk", "off_track"):
        assert found is None
    else:
        assert (None if found is None else (found.status, found.until)) == expected


@given(
    st.lists(st.integers(0, 30) | st.just(None), min_size=1, max_size=60),
    st.integers(0, 600),
    st.integers(1, 29),
    st.sampled_from(["up", "down"]),
)
def test_what_the_rest_must_bring_and_how_often_it_was_brought(past, actual, elapsed, direction) -> None:
    last = JUNE.start + timedelta(days=elapsed - 1)
    aim = Aim(JUNE, 500.0, direction=direction)
    left = needed(aim, actual, np.array([np.nan if v is None else v for v in past], float), last)
    assert left is not None
    rest = 30 - elapsed
    assert left.days == rest
    assert left.per_day * rest + actual == pytest.approx(500)
    spans, hits = 0, []
    for end in range(rest, len(past) + 1):
        span = past[end - rest : end]
        if None in span:
            continue
        spans += 1
        total = sum(span)
        if (total <= 500 - actual) if direction == "down" else (total >= 500 - actual):
            hits.append(last - timedelta(days=len(past) - end))
    assert (left.spans, left.reached, left.last) == (spans, len(hits), hits[-1] if hits else None)


def test_nothing_is_said_where_days_do_not_add_up_or_none_is_left() -> None:
    history = np.full(60, 10.0)
    assert needed(Aim(JUNE, 0.03, rollup="ratio"), 0.02, history, date(2026, 6, 10)) is None
    assert needed(Aim(JUNE, 300.0, direction="range"), 100.0, history, date(2026, 6, 10)) is None
    assert needed(Aim(JUNE, 300.0), 300.0, history, date(2026, 6, 30)) is None


def test_the_words() -> None:
    aim = Aim(JUNE, 390.0, unit="count")
    history = np.r_[np.full(70, 10.0), np.full(20, 20.0)]
    left = needed(aim, 200.0, history, date(2026, 6, 20))
    assert left is not None
    assert translate(words(aim, left), "en") == (
        "It needs 19 a day for the 10 days left. Lately it was 17 a day. "
        "12 of 81 past spans as long came to that, the last on 20 Jun 2026."
    )
    short = needed(aim, 200.0, history[-12:], date(2026, 6, 20))
    assert short is not None
    assert "too little history" in translate(words(aim, short), "en")
    never = needed(replace(aim, target=3900.0), 200.0, history, date(2026, 6, 20))
    assert never is not None
    assert "None of 81" in translate(words(aim, never), "en")
    over = replace(aim, direction="down", target=100.0)
    gone = needed(over, 200.0, history, date(2026, 6, 20))
    assert gone is not None
    assert "overrun" in translate(words(over, gone), "en")
