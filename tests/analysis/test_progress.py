"""Verdicts: laws under flip and scale, every status by a pencil case, and what the words say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpi_tree.analysis import (
    Aim,
    Evidence,
    Rules,
    Verdict,
    assess,
    attainment,
    from_children,
    guard,
    plan_path,
)
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg, translate
from kpi_tree.periods import parse_period

QUARTER = parse_period("2026-Q1")  # 90 days
MIDDLE = date(2026, 2, 14)  # day 45
NEXT = MIDDLE + timedelta(days=1)
FLOW = Aim(QUARTER, 900.0, 800.0, unit="count")
RATE = Aim(QUARTER, 0.03, 0.02, rollup="ratio", unit="percent")
amounts = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


def verdict_of(
    aim: Aim, actual: float | None, *, through: date | None = MIDDLE, today: date = NEXT, **more
) -> Verdict:
    rules = more.pop("rules", None)
    path = plan_path(aim.period, aim.target, baseline=aim.baseline, rollup=aim.rollup)
    expected = path.at(through) if through else None
    return assess(aim, Evidence(actual, through, expected, **more), today=today, rules=rules)


@given(amounts, amounts, amounts, st.floats(0.001, 1000), amounts)
def test_attainment_is_the_same_under_flip_scale_and_shift(actual, baseline, target, scale, shift) -> None:
    assume(abs(target - baseline) > 1)
    share = attainment(actual, baseline, target)
    assert attainment(-actual, -baseline, -target) == pytest.approx(share, rel=1e-9, abs=1e-9)
    moved = [x * scale + shift for x in (actual, baseline, target)]
    assert attainment(*moved) == pytest.approx(share, rel=1e-4, abs=1e-4)
    assert attainment(baseline, baseline, target) == 0
    assert attainment(target, baseline, target) == 1


@given(st.floats(1, 1000), st.floats(1.01, 3), st.floats(0.5, 3))
def test_a_level_has_the_same_verdict_when_better_is_turned_round(baseline, growth, share) -> None:
    up = Aim(QUARTER, baseline * growth, baseline, rollup="ratio", direction="up")
    down = replace(up, target=baseline * (2 - growth), direction="down")
    step = (up.target - baseline) * share * 0.5
    better, mirrored = verdict_of(up, baseline + step), verdict_of(down, baseline - step)
    assert better.status == mirrored.status
    assert better.attainment == pytest.approx(mirrored.attainment)


@given(st.floats(0, 3000))
def test_a_flow_more_than_another_is_never_judged_worse(actual: float) -> None:
    order = ["off_track", "at_risk", "on_track", "ahead", "achieved"]
    less, more = verdict_of(FLOW, actual), verdict_of(FLOW, actual + 10)
    assert order.index(less.status or "") <= order.index(more.status or "")


@pytest.mark.parametrize(
    ("actual", "status"),
    [(473.0, "ahead"), (472.5, "on_track"), (450, "on_track"), (427.5, "on_track"), (427, "at_risk"),
     (382.5, "at_risk"), (382, "off_track"), (0, "off_track"), (900, "achieved")],
)  # fmt: skip
def test_bands_of_a_flow_by_pencil(actual: float, status: str) -> None:
    verdict = verdict_of(FLOW, actual)  # 450 is due on day 45 of 90
    assert verdict.status == status
    assert verdict.expected == 450
    assert verdict.pace == pytest.approx(actual / 450)
    assert verdict.attainment == pytest.approx((actual - 800) / 100)
    assert verdict.progress == pytest.approx(actual / 900)


@pytest.mark.parametrize(
    ("actual", "pace", "status"),
    [(0.0253, 1.06, "ahead"), (0.025, 1.0, "on_track"), (0.0245, 0.9, "at_risk"), (0.024, 0.8, "off_track"),
     (0.02, 0.0, "off_track"), (0.019, -0.2, "off_track"), (0.03, 2.0, "ahead")],
)  # fmt: skip
def test_bands_of_a_rate_are_of_the_progress_not_of_the_level(
    actual: float, pace: float, status: str
) -> None:
    verdict = verdict_of(RATE, actual)  # halfway 2.5 % is due
    assert verdict.expected == pytest.approx(0.025)
    assert verdict.pace == pytest.approx(pace)
    assert verdict.status == status


@pytest.mark.parametrize(
    ("actual", "status"),
    [(94, "ahead"), (100, "on_track"), (105, "on_track"), (106, "at_risk"), (116, "off_track")],
)
def test_less_is_better_for_a_flow_that_should_fall(actual: float, status: str) -> None:
    aim = Aim(QUARTER, 200.0, 250.0, direction="down")
    verdict = verdict_of(aim, actual)
    assert verdict.status == status
    assert verdict.pace == pytest.approx(actual / 100)


@pytest.mark.parametrize(
    ("actual", "status"),
    [(0.5, "on_track"), (0.6, "on_track"), (0.61, "at_risk"), (0.49, "at_risk"), (0.9, "off_track")],
)
def test_a_range_is_good_inside(actual: float, status: str) -> None:
    aim = Aim(QUARTER, 0.55, None, rollup="last", direction="range", low=0.5, high=0.6)
    assert verdict_of(aim, actual).status == status


def test_editable_thresholds() -> None:
    strict = Rules.with_bands((1.01, 0.99, 0.98))
    assert verdict_of(FLOW, 440, rules=strict).status == "off_track"
    assert "99%" in str(verdict_of(FLOW, 440, rules=strict).rule)


@pytest.mark.parametrize(("day", "early"), [(17, True), (18, False)])
def test_the_first_fifth_of_a_period_has_no_verdict(day: int, early: bool) -> None:
    through = QUARTER.start + timedelta(days=day - 1)
    verdict = verdict_of(FLOW, 10.0 * day, through=through, today=through + timedelta(days=1))
    assert (verdict.status == "too_early") is early


def test_too_few_records_is_too_early() -> None:
    verdict = verdict_of(FLOW, 400, count=8, rules=Rules(min_count=30))
    assert verdict.status == "too_early"
    assert str(verdict.reason) == "Only 8 records so far; a verdict waits for 30."


def test_stale_is_not_green() -> None:
    verdict = verdict_of(FLOW, 500, today=MIDDLE + timedelta(days=3))
    assert (verdict.status, verdict.stale) == ("stale", True)
    assert verdict_of(FLOW, 500, today=MIDDLE + timedelta(days=2)).status == "ahead"
    assert "14 Feb 2026" in str(verdict.reason)
    assert "3 days ago" in str(verdict.reason)


def test_a_period_that_is_over_with_data_missing_is_stale() -> None:
    assert verdict_of(FLOW, 500, today=date(2026, 4, 10)).status == "stale"


@pytest.mark.parametrize("actual", [None, float("nan")])
def test_no_value_is_no_data(actual: float | None) -> None:
    verdict = verdict_of(FLOW, actual)
    assert verdict.status == "no_data"
    assert verdict.pace is None


def test_data_that_ends_before_the_period_is_no_data() -> None:
    verdict = verdict_of(FLOW, 0.0, through=date(2025, 12, 1))
    assert verdict.status == "no_data"
    assert "1 Dec 2025" in str(verdict.reason)


@pytest.mark.parametrize(("today", "status"), [(1, "too_early"), (2, "too_early"), (20, "no_data")])
def test_a_period_that_has_just_begun_lacks_nothing(today: int, status: str) -> None:
    """On its first morning the data go up to yesterday, which is the period before."""
    verdict = verdict_of(FLOW, None, through=date(2025, 12, 31), today=date(2026, 1, today))
    assert verdict.status == status
    assert "31 Dec 2025" in str(verdict.reason)


def test_a_period_to_come_is_too_early() -> None:
    assert verdict_of(FLOW, None, through=None, today=date(2025, 12, 30)).status == "too_early"


@pytest.mark.parametrize(("actual", "status"), [(900, "achieved"), (899, "missed"), (1000, "achieved")])
def test_the_end(actual: float, status: str) -> None:
    verdict = verdict_of(FLOW, actual, through=QUARTER.last, today=QUARTER.end)
    assert verdict.status == status
    if status == "missed":
        assert str(verdict.reason) == "899 in Q1 2026; the target was 900: 1 short."


def test_a_goal_met_while_its_guardrail_broke_is_achieved_at_a_cost() -> None:
    broken = guard("Margin", actual=0.30, baseline=0.35, unit="percent")
    held = guard("Returns", actual=90.0, baseline=100.0, direction="down")
    verdict = verdict_of(FLOW, 950, through=QUARTER.last, today=QUARTER.end, guards=(held, broken))
    assert verdict.status == "achieved_at_cost"
    assert "Margin got worse: 35.0% before, 30.0% now." in str(verdict.reason)
    running = verdict_of(FLOW, 450, guards=(broken,))
    assert running.status == "on_track"
    assert "Margin got worse" in str(running.reason)


def test_baseline_equal_to_target_is_an_error_in_words() -> None:
    with pytest.raises(Refused, match="same as its baseline"):
        attainment(1, 2, 2)
    verdict = verdict_of(replace(FLOW, baseline=900.0), 400)
    assert verdict.status == "no_data"
    assert "no way to go" in str(verdict.reason)
    assert verdict.attainment is None


def test_a_parent_without_a_target_takes_its_weakest_child() -> None:
    children = [
        ("orders", "Orders", verdict_of(FLOW, 500)),
        ("rate", "Conversion", verdict_of(RATE, 0.024)),
        ("free", "No target", from_children([])),
    ]
    verdict = from_children(children)
    assert (verdict.status, verdict.weakest) == ("off_track", "rate")
    assert str(verdict.reason).startswith(
        "Conversion is the weakest of 2 below: off track. 2.4% by 14 Feb 2026"
    )
    assert from_children([]).status is None


def test_stale_children_are_not_hidden_behind_green_ones() -> None:
    green, stale = verdict_of(FLOW, 500), verdict_of(FLOW, 500, today=date(2026, 3, 1))
    assert from_children([("a", "A", green), ("b", "B", stale)]).status == "stale"


def test_no_baseline_judges_a_level_by_itself() -> None:
    aim = Aim(QUARTER, 0.03, None, rollup="ratio", unit="percent")
    verdict = verdict_of(aim, 0.029)
    assert verdict.status == "on_track"
    assert verdict.attainment is None


def test_holding_a_decline_is_judged_by_the_level() -> None:
    aim = Aim(QUARTER, 90.0, 100.0, rollup="last", direction="up")  # may fall to 90, not below
    assert verdict_of(aim, 97.0).status == "on_track"
    assert verdict_of(aim, 70.0).status == "off_track"


@given(st.one_of(st.none(), st.floats()), st.floats(-1e9, 1e9), st.one_of(st.none(), st.floats(-1e9, 1e9)),
       st.sampled_from(["up", "down", "range"]), st.sampled_from(["sum", "ratio", "last"]),
       st.integers(-5, 120), st.integers(-5, 120))  # fmt: skip
def test_every_case_has_a_verdict_with_words(
    actual, target, baseline, direction, rollup, through, today
) -> None:
    aim = Aim(QUARTER, target, baseline, rollup, "money", direction, "NOK")
    days = [QUARTER.start + timedelta(days=n) for n in (through, today)]
    verdict = verdict_of(aim, actual, through=days[0], today=days[1])
    assert verdict.status is not None
    for lang in ("en", "nb", "ja"):
        words = verdict.to_dict(lang)
        assert words["reason"]
        assert words["rule"]
        assert "{" not in words["reason"]


def test_numbers_in_a_reason_follow_the_reader() -> None:
    aim = Aim(QUARTER, 1_200_000.0, 1_000_000.0, unit="money", currency="NOK")
    reason = verdict_of(aim, 540_000.0).reason
    assert "NOK" in translate(reason, "en") or "kr" in translate(reason, "en")
    assert "540\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in translate(reason, "nb")
    assert str(msg("{x}", x=reason)) == str(reason)


def test_a_level_that_went_the_wrong_way_is_said_so_without_a_negative_share() -> None:
    assert str(verdict_of(RATE, 0.019).reason) == (
        "1.9% by 14 Feb 2026, where the path to 3.0% expects 2.5%. "
        "It has moved away from the target since the baseline of 2.0%."
    )


def test_a_pace_out_of_any_measure_is_said_in_words() -> None:
    """A way of 0.02 points: the quotient is of any size, so words say where it went."""
    period = parse_period("2026-Q1")
    aim = Aim(period, 0.0332, 0.0330, rollup="ratio", unit="percent")
    today = date(2026, 2, 20)

    def said(actual: float) -> Verdict:
        return assess(aim, Evidence(actual, today, 0.0332, 1000.0), today=today)

    away, past = said(0.029), said(0.040)
    assert away.pace == pytest.approx(-20.0)
    assert "moved away from the target since the baseline of 3.3%" in str(away.reason)
    assert past.pace == pytest.approx(35.0)
    assert "far past what is due by now" in str(past.reason)
    assert "%" not in str(past.reason).rsplit(".", 2)[-2]


def test_two_percentages_that_differ_never_look_alike() -> None:
    """4.12 % against 4.08 %: one decimal would say 4.1 % twice, and that the gap is nothing."""
    aim = Aim(parse_period("2026-Q1"), 0.0416, 0.04, rollup="ratio", unit="percent")
    seen = Evidence(actual=0.0408, through=date(2026, 3, 1), expected=0.0412)
    words = str(assess(aim, seen, today=date(2026, 3, 2)).reason)
    assert "4.08%" in words
    assert "4.12%" in words
    assert "0.04 points" in words
    held = guard("Margin", actual=0.30049, baseline=0.30011, unit="percent")
    assert "30.01% before, 30.05% now" in str(held.reason)
