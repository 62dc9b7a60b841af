"""What days are worth, against a history whose weekdays and holidays are known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from kpi_tree.analysis.daykinds import day_kinds
from kpi_tree.periods import Period, parse_period

WORTH = np.array([0.8, 0.9, 1.0, 1.0, 1.1, 1.4, 0.8])
LAST = date(2026, 6, 28)


def history(days: int = 364, holidays: frozenset[date] = frozenset(), holiday: float = 1.0) -> np.ndarray:
    """A shop that grows by a third over the year, with noise, weekdays and holidays."""
    every = [LAST - timedelta(days=days - 1 - n) for n in range(days)]
    noise = np.random.default_rng(4).normal(1, 0.05, days)
    trend = np.linspace(100, 133, days)
    return np.array([
        level * chance * WORTH[day.weekday()] * (holiday if day in holidays else 1)
        for day, level, chance in zip(every, trend, noise, strict=True)
    ])  # fmt: skip


def test_weekdays_are_told_from_trend_and_noise() -> None:
    found = day_kinds(history(), LAST)
    assert found is not None
    assert found.weekdays == pytest.approx(WORTH, abs=0.02)
    assert found.weekdays.mean() == pytest.approx(1)
    assert found.holiday is None


def test_holidays_are_worth_their_share_of_their_weekday() -> None:
    free = frozenset(date(2025, 7, 10) + timedelta(days=31 * n) for n in range(10))
    found = day_kinds(history(holidays=free, holiday=0.3), LAST, free)
    assert found is not None
    assert found.holiday == pytest.approx(0.3, abs=0.05)
    one = next(iter(free))
    day = Period(one, one + timedelta(days=1))
    assert found.worth(day, with_holidays=True) == pytest.approx(
        found.worth(day, with_holidays=False) * found.holiday
    )


def test_five_saturdays_are_worth_more_than_four() -> None:
    found = day_kinds(history(), LAST)
    assert found is not None
    may, april = parse_period("2026-05"), parse_period("2026-04")  # 31 days, 5 Saturdays; 30 and 4
    days = found.worth(may, with_holidays=False) / found.worth(april, with_holidays=False)
    assert days > 31 / 30


def test_too_little_history_and_nothing_at_all_say_nothing() -> None:
    assert day_kinds(history(40), LAST) is None
    assert day_kinds(np.zeros(200), LAST) is None
    assert day_kinds(np.full(200, np.nan), LAST) is None
