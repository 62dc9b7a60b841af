"""The goal-line cases that people get wrong, against values worked out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from kpi_tree.analysis import Aim, Evidence, Rules, assess, judge_line, plan_path, turn
from kpi_tree.analysis.needed import needed
from kpi_tree.analysis.needed import words as needed_words
from kpi_tree.analysis.progress import from_children
from kpi_tree.analysis.verdict import Verdict, limit_guard
from kpi_tree.i18n import msg, translate
from kpi_tree.periods import Period, parse_period

TEN = Period(date(2026, 6, 1), date(2026, 6, 11))
FIFTH = date(2026, 6, 5)
AFTER = date(2026, 6, 11)


def judged(aim: Aim, actual: float, through: date = FIFTH, today: date | None = None) -> Verdict:
    path = plan_path(aim.period, aim.target, baseline=aim.baseline, rollup=aim.rollup)
    return assess(aim, Evidence(actual, through, path.at(through)), today=today or through, rules=Rules())


@pytest.mark.parametrize(
    ("actual", "status", "pace"),
    [
        (140.0, "ahead", 0.93333),
        (150.0, "on_track", 1.0),
        (160.0, "at_risk", 1.06667),
        (180.0, "off_track", 1.2),
    ],
)
def test_returns_are_to_fall_and_more_of_them_is_worse(actual: float, status: str, pace: float) -> None:
    """300 in ten days, at most: 150 by the fifth evening."""
    aim = Aim(TEN, 300.0, 400.0, "sum", "count", "down")
    found = judged(aim, actual)
    assert (found.status, found.pace) == (status, pytest.approx(pace, rel=1e-4))


def test_a_rate_that_is_to_fall_counts_its_way_from_the_baseline() -> None:
    """From 50 to 40 %: 45 % is half of the way and half is due, 46 % is two fifths."""
    aim = Aim(TEN, 0.40, 0.50, "ratio", "percent", "down")
    assert (judged(aim, 0.45).status, judged(aim, 0.45).attainment) == ("on_track", pytest.approx(0.5))
    slow = judged(aim, 0.46)
    assert (slow.status, slow.attainment, slow.pace) == ("off_track", pytest.approx(0.4), pytest.approx(0.8))
    assert judged(aim, 0.52).attainment == pytest.approx(-0.2)


def test_from_a_loss_to_a_smaller_loss() -> None:
    """From -100 to -50: -80 is 20 of 50 where 25 are due; -75 is on the path."""
    aim = Aim(TEN, -50.0, -100.0, "last", "money", "up")
    assert (judged(aim, -75.0).status, judged(aim, -75.0).pace) == ("on_track", pytest.approx(1.0))
    slow = judged(aim, -80.0)
    assert (slow.attainment, slow.status) == (pytest.approx(0.4), "off_track")
    assert judged(aim, -50.0, date(2026, 6, 10), AFTER).status == "achieved"
    assert judged(aim, -51.0, date(2026, 6, 10), AFTER).status == "missed"


def test_a_loss_that_adds_up_over_the_period() -> None:
    """At most a loss of 100 in ten days, so -50 by the fifth: -40 is better, -60 worse."""
    aim = Aim(TEN, -100.0, -200.0, "sum", "money", "up")
    assert judged(aim, -50.0).status == "on_track"
    assert judged(aim, -40.0).status == "ahead"
    assert judged(aim, -60.0).status == "off_track"


def test_from_nothing_there_is_a_way_and_no_percentage() -> None:
    aim = Aim(TEN, 20.0, 0.0, "last", "count", "up")
    assert (judged(aim, 5.0).attainment, judged(aim, 10.0).status) == (pytest.approx(0.25), "on_track")
    same = judged(Aim(TEN, 0.0, 0.0, "last", "count", "up"), 0.0)
    assert same.status == "no_data"
    assert "no way to go" in str(same.reason)


def test_a_sum_that_is_there_before_its_time_is_achieved_and_cannot_be_lost() -> None:
    found = judged(Aim(TEN, 100.0, 80.0, "sum", "count", "up"), 100.0, date(2026, 6, 2))
    assert found.status == "achieved"
    assert "reached already" in str(found.reason)
    level = judged(Aim(TEN, 100.0, 80.0, "last", "count", "up"), 105.0)
    assert level.status == "ahead", "a level may fall again before the period is over"


def test_the_first_fifth_of_a_period_says_nothing() -> None:
    """Two of ten days are a fifth; one is less."""
    aim = Aim(TEN, 100.0, 80.0, "sum", "count", "up")
    assert judged(aim, 10.0, date(2026, 6, 1)).status == "too_early"
    assert judged(aim, 20.0, date(2026, 6, 2)).status == "on_track"


def test_a_year_with_a_leap_day_is_a_day_longer() -> None:
    """60 of 366 days are over on 29 February 2028; on 28 February 2027 59 of 365."""
    assert plan_path(parse_period("2028"), 366.0).at(date(2028, 2, 29)) == pytest.approx(60.0)
    assert plan_path(parse_period("2027"), 365.0).at(date(2027, 2, 28)) == pytest.approx(59.0)


def test_a_leap_february_takes_the_shape_of_a_shorter_one() -> None:
    """All of the year before on its 14th of 28 days: half of the period, which is day 14.5 of 29."""
    before = np.zeros(28)
    before[13] = 100.0
    path = plan_path(parse_period("2028-02"), 290.0, trajectory="last_year", last_year=before)
    assert path.values.size == 29
    assert path.at(date(2028, 2, 13)) == pytest.approx(0.0)
    assert path.at(date(2028, 2, 15)) == pytest.approx(290.0)
    assert (np.diff(path.values) >= 0).all()


def test_closed_days_expect_nothing_and_a_campaign_twice_as_much() -> None:
    """Ten days of 1, one of them closed, one double: 10 shares of 10 each."""
    weights = [1, 0, 1, 1, 2, 1, 1, 1, 1, 1]
    path = plan_path(TEN, 100.0, events=weights)
    assert np.diff(path.values, prepend=0.0).tolist() == pytest.approx([10.0 * weight for weight in weights])
    level = plan_path(TEN, 0.04, baseline=0.02, rollup="ratio", events=weights)
    assert level.at(date(2026, 6, 2)) == pytest.approx(0.022)
    assert level.values[-1] == 0.04


@pytest.mark.parametrize(
    ("aim", "actual", "due", "today", "state"),
    [
        (Aim(TEN, 100.0, direction="up"), 50.0, 50.0, FIFTH, "so_far_met"),
        (Aim(TEN, 100.0, direction="up"), 49.0, 50.0, FIFTH, "so_far_not_met"),
        (Aim(TEN, 100.0, direction="up"), 100.0, 50.0, FIFTH, "met"),
        (Aim(TEN, 100.0, direction="down"), 101.0, 50.0, FIFTH, "not_met"),
        (Aim(TEN, 100.0, direction="down"), 49.0, 50.0, FIFTH, "so_far_met"),
        (Aim(TEN, 0.3, rollup="ratio", direction="up"), 0.29, 0.3, FIFTH, "so_far_not_met"),
        (Aim(TEN, 50.0, direction="range", low=40.0, high=60.0), 29.0, 25.0, FIFTH, "so_far_met"),
        (Aim(TEN, 50.0, direction="range", low=40.0, high=60.0), 31.0, 25.0, FIFTH, "so_far_not_met"),
        (
            Aim(TEN, 0.45, rollup="ratio", direction="range", low=0.4, high=0.5),
            0.5,
            0.45,
            FIFTH,
            "so_far_met",
        ),
    ],
)
def test_lines_are_met_or_not(aim: Aim, actual: float, due: float, today: date, state: str) -> None:
    assert judge_line(aim, actual, FIFTH, due, today=today).state == state


def test_a_line_without_a_value_is_open_and_one_that_is_over_is_decided() -> None:
    aim = Aim(TEN, 100.0)
    assert judge_line(aim, None, None, None, today=FIFTH).met is None
    last = date(2026, 6, 10)
    assert judge_line(aim, 99.0, last, 100.0, today=AFTER).state == "not_met"
    assert judge_line(aim, 100.0, last, 100.0, today=AFTER).state == "met"


LANGUAGES = ("en", "nb", "ja")


def in_each(text: object) -> list[str]:
    found = [translate(text, lang) for lang in LANGUAGES]  # type: ignore[arg-type]
    assert len(set(found)) == 3, "each language has words of its own"
    return [words.replace("\xa0", " ") for words in found]


def test_achieved_at_a_cost_names_the_guardrail_in_each_language() -> None:
    broken = limit_guard("Margin", False, msg("under 30%"))
    aim = Aim(TEN, 100.0, 80.0, "sum", "count", "up")
    seen = Evidence(120.0, date(2026, 6, 10), 100.0, guards=(broken,))
    found = assess(aim, seen, today=AFTER, rules=Rules())
    assert found.status == "achieved_at_cost"
    for words in in_each(found.reason):
        assert "120" in words
        assert "Margin" in words
    held = limit_guard("Margin", True, msg("above 30%"))
    fine = assess(aim, Evidence(120.0, date(2026, 6, 10), 100.0, guards=(held,)), today=AFTER, rules=Rules())
    assert fine.status == "achieved"


def test_the_weakest_child_gives_its_reason_in_each_language() -> None:
    slow = judged(Aim(TEN, 100.0, 80.0, "sum", "count", "up"), 30.0)
    good = judged(Aim(TEN, 100.0, 80.0, "sum", "count", "up"), 60.0)
    found = from_children([("a", "Visits", good), ("b", "Orders", slow)])
    assert (found.status, found.weakest) == ("off_track", "b")
    for words in in_each(found.reason):
        assert "Orders" in words
        assert "30" in words


def test_the_day_on_which_it_turned_in_each_language() -> None:
    """On track with 10 a day for five days, then 5 a day: 55 of 60 is at risk on the sixth."""
    aim, path = Aim(TEN, 100.0, 80.0, "sum", "count", "up"), plan_path(TEN, 100.0)
    seen = np.cumsum([10.0] * 5 + [5.0])
    sixth = date(2026, 6, 6)
    verdict = assess(aim, Evidence(55.0, sixth, path.at(sixth)), today=sixth, rules=Rules())
    turned = turn(aim, path, seen, verdict, Rules())
    assert turned is not None
    assert (verdict.status, turned.status, turned.until) == ("at_risk", "on_track", FIFTH)
    for words in in_each(turned.words()):
        assert "5" in words
        assert "2026" in words


def test_what_is_needed_a_day_and_how_often_it_was_reached_in_each_language() -> None:
    """100 in ten days, 30 after five: 14 a day for five days; 60 days at 10, then 30 at 20."""
    aim = Aim(TEN, 100.0, 80.0, "sum", "count", "up")
    left = needed(aim, 30.0, np.r_[np.full(60, 10.0), np.full(30, 20.0)], FIFTH)
    assert left is not None
    # Spans of five with at least two of the better days: 86 in all, the 29 that begin on day 57 or later.
    assert (left.per_day, left.days, left.spans, left.reached) == (14.0, 5, 86, 29)
    for words in in_each(needed_words(aim, left)):
        assert "14" in words
        assert "86" in words
