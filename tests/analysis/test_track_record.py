"""Windows of effects and the score of past actions, by pencil and by adding up days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.analysis.effect_window import share_in
from kpi_tree.analysis.track_record import PRIOR, Outcome, scores
from kpi_tree.periods import Period

DAY = date(2026, 1, 1)


def period(first: int, days: int) -> Period:
    return Period(DAY + timedelta(days=first), DAY + timedelta(days=first + days))


@given(
    st.integers(1, 40), st.integers(-30, 60), st.integers(1, 60), st.integers(-30, 60), st.integers(1, 60),
    st.sampled_from([None, "lasting", "fading"]),
)  # fmt: skip
def test_shares_are_the_sum_of_their_days(
    length: int, first: int, days: int, seen: int, more: int, course: str | None
) -> None:
    window, asked, within = period(0, length), period(first, days), period(seen, more)
    total = 0.0
    for n in range(first, first + days):
        if not seen <= n < seen + more or n < 0:
            continue
        if n < length:
            total += 2 * (length - n - 0.5) / length if course == "fading" else 1.0
        elif course == "lasting":
            total += 1.0
    assert share_in(window, course, asked, within, "flow") == pytest.approx(total / length)
    assert share_in(window, course, asked, within, "rate") == pytest.approx(total / days)


def test_a_stock_is_read_on_the_last_day() -> None:
    window = period(0, 10)
    everything = period(-50, 200)
    assert share_in(window, None, period(5, 5), everything, "stock") == 1
    assert share_in(window, None, period(5, 20), everything, "stock") == 0
    assert share_in(window, "lasting", period(5, 20), everything, "stock") == 1


def test_few_cases_are_drawn_towards_one() -> None:
    past = [Outcome("mail", 100.0, 40.0, "confirmed")]
    mail = scores(past)[1]
    assert mail.ratio == pytest.approx(0.4)
    assert mail.factor == pytest.approx((0.4 + PRIOR) / (1 + PRIOR))
    many = scores(past * 36)[1]
    assert many.factor == pytest.approx((36 * 0.4 + PRIOR) / 40)
    assert scores([])[0].factor == 1


def test_what_was_not_done_is_counted_apart() -> None:
    past = [
        Outcome("page", 10, 12, "confirmed"),
        Outcome("page", 10, -3, "opposite"),
        Outcome("page", 10, None, "not_delivered"),
        Outcome("page", 10, None, "too_early"),
        Outcome("", None, 5, "confirmed"),
    ]
    every, page = scores(past)
    assert (page.judged, page.confirmed, page.opposite, page.not_delivered) == (2, 1, 1, 1)
    assert page.hit_rate == pytest.approx(0.5)
    assert page.ratio == pytest.approx(0.45)
    assert (every.judged, every.cases) == (3, 2)
