"""Periods in words: what a person said, on a known day, and the first and last day meant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.periods import Calendar, Grain, Period, find_period, parse_period, period_in_words, period_of

ON = date(2026, 11, 22)  # a Sunday, in the last quarter

CASES = """
next quarter | 2027-01-01 | 2027-03-31
this month | 2026-11-01 | 2026-11-30
last month | 2026-10-01 | 2026-10-31
next week | 2026-11-23 | 2026-11-29
next year | 2027-01-01 | 2027-12-31
over the next year | 2026-11-22 | 2027-11-21
next 12 months | 2026-11-22 | 2027-11-21
in the next 90 days | 2026-11-22 | 2027-02-19
within six months | 2026-11-22 | 2027-05-21
in a year | 2026-11-22 | 2027-11-21
within the year | 2026-11-22 | 2026-12-31
by June | 2026-11-22 | 2027-06-30
by the end of June 2027 | 2026-11-22 | 2027-06-30
before June | 2026-11-22 | 2027-05-31
by 30 June 2027 | 2026-11-22 | 2027-06-30
by June 30, 2027 | 2026-11-22 | 2027-06-30
by year end | 2026-11-22 | 2026-12-31
by the end of the year | 2026-11-22 | 2026-12-31
by the end of next quarter | 2026-11-22 | 2027-03-31
rest of the quarter | 2026-11-22 | 2026-12-31
in Q1 2027 | 2027-01-01 | 2027-03-31
Q2 | 2027-04-01 | 2027-06-30
Q4 | 2026-10-01 | 2026-12-31
in the second quarter of next year | 2027-04-01 | 2027-06-30
first half of next year | 2027-01-01 | 2027-06-30
in 2027 | 2027-01-01 | 2027-12-31
2027 | 2027-01-01 | 2027-12-31
in May | 2027-05-01 | 2027-05-31
November | 2026-11-01 | 2026-11-30
from 1 March to 30 April 2027 | 2027-03-01 | 2027-04-30
January to March 2028 | 2028-01-01 | 2028-03-31
from November to March | 2026-11-01 | 2027-03-31
from 2026-12-01 to 2026-12-31 | 2026-12-01 | 2026-12-31
2027-Q1 | 2027-01-01 | 2027-03-31
neste kvartal | 2027-01-01 | 2027-03-31
denne måneden | 2026-11-01 | 2026-11-30
i år | 2026-01-01 | 2026-12-31
neste år | 2027-01-01 | 2027-12-31
i løpet av det neste året | 2026-11-22 | 2027-11-21
i løpet av året | 2026-11-22 | 2026-12-31
innen seks måneder | 2026-11-22 | 2027-05-21
de neste seks månedene | 2026-11-22 | 2027-05-21
innen et halvt år | 2026-11-22 | 2027-05-21
neste halvår | 2027-01-01 | 2027-06-30
innen juni | 2026-11-22 | 2027-06-30
innen utgangen av neste kvartal | 2026-11-22 | 2027-03-31
innen årsslutt | 2026-11-22 | 2026-12-31
før nyttår | 2026-11-22 | 2026-12-31
ut året | 2026-11-22 | 2026-12-31
resten av året | 2026-11-22 | 2026-12-31
i 2027 | 2027-01-01 | 2027-12-31
i juni | 2027-06-01 | 2027-06-30
første kvartal 2027 | 2027-01-01 | 2027-03-31
1. kvartal neste år | 2027-01-01 | 2027-03-31
fra 1. mars til 30. april 2027 | 2027-03-01 | 2027-04-30
innen 31.12.2026 | 2026-11-22 | 2026-12-31
来四半期 | 2027-01-01 | 2027-03-31
今月 | 2026-11-01 | 2026-11-30
来月末までに | 2026-11-22 | 2026-12-31
今後6か月で | 2026-11-22 | 2027-05-21
今後６ヶ月で | 2026-11-22 | 2027-05-21
六か月以内に | 2026-11-22 | 2027-05-21
半年以内に | 2026-11-22 | 2027-05-21
今後1年間で | 2026-11-22 | 2027-11-21
来年 | 2027-01-01 | 2027-12-31
年末までに | 2026-11-22 | 2026-12-31
今年中に | 2026-11-22 | 2026-12-31
6月までに | 2026-11-22 | 2027-06-30
２０２７年６月末までに | 2026-11-22 | 2027-06-30
2027年第1四半期 | 2027-01-01 | 2027-03-31
第2四半期 | 2027-04-01 | 2027-06-30
来年上半期 | 2027-01-01 | 2027-06-30
12月1日から12月31日まで | 2026-12-01 | 2026-12-31
"""
PHRASES = [tuple(cell.strip() for cell in line.split("|")) for line in CASES.strip().splitlines()]


@pytest.mark.parametrize(("words", "first", "last"), PHRASES)
def test_words_mean_these_days(words: str, first: str, last: str) -> None:
    period = period_in_words(words, ON)
    assert period is not None
    assert (period.start.isoformat(), period.last.isoformat()) == (first, last)


@pytest.mark.parametrize(("words", "first", "last"), PHRASES)
def test_the_phrase_is_found_within_a_goal_and_taken_out(words: str, first: str, last: str) -> None:
    if words == "2027":
        pytest.skip("a bare number within a sentence may be the number to reach")
    found = find_period(f"KPI 10% {words}", ON)
    assert found is not None
    assert (found.period.start.isoformat(), found.period.last.isoformat()) == (first, last)
    assert found.rest.startswith("kpi 10%")


@pytest.mark.parametrize(
    "words",
    ["", "as soon as possible", "we may increase orders", "increase orders to 2027", "øk ordre til 2027",
     "10 %", "by 31 June 2027", "innen 31. juni 2027", "売上を増やす", "<b>sales</b>", "a" * 10_000],
)  # fmt: skip
def test_no_period_is_made_up(words: str) -> None:
    assert period_in_words(words, ON) is None


def test_a_shop_with_its_own_year() -> None:
    april = Calendar(fiscal_start_month=4)
    assert period_in_words("next year", ON, april) == Period(date(2027, 4, 1), date(2028, 4, 1))
    assert period_in_words("来年度", ON, april) == Period(date(2027, 4, 1), date(2028, 4, 1))
    assert period_in_words("来年", ON, april) == Period(date(2027, 1, 1), date(2028, 1, 1))
    assert period_in_words("Q1", ON, april) == Period(date(2027, 4, 1), date(2027, 7, 1))


def test_the_sentence_wins_over_its_parts() -> None:
    found = find_period("Øk konverteringsraten til 3 % innen utgangen av neste kvartal, takk", ON, lang="nb")
    assert found is not None
    assert found.phrase == "innen utgangen av neste kvartal"
    assert found.rest == "øk konverteringsraten til 3 % , takk"


@given(st.dates(date(2001, 1, 1), date(2040, 1, 1)), st.sampled_from(list(Grain)[1:]), st.sampled_from("nbp"))
def test_next_this_and_previous_in_three_languages(on: date, grain: Grain, which: str) -> None:
    names = {
        Grain.DAY: ("tomorrow", "i morgen", "明日", "today", "i dag", "今日", "yesterday", "i går", "昨日"),
        Grain.WEEK: ("next week", "neste uke", "来週", "this week", "denne uka", "今週",
                     "last week", "forrige uke", "先週"),
        Grain.MONTH: ("next month", "neste måned", "来月", "this month", "denne måneden", "今月",
                      "last month", "forrige måned", "先月"),
        Grain.QUARTER: ("next quarter", "neste kvartal", "来四半期",
                        "this quarter", "dette kvartalet", "今四半期",
                        "last quarter", "forrige kvartal", "前四半期"),
        Grain.YEAR: ("next year", "neste år", "来年", "this year", "i år", "今年",
                     "last year", "i fjor", "昨年"),
    }[grain]  # fmt: skip
    place = "nbp".index(which)
    for words in names[3 * place : 3 * place + 3]:
        assert period_in_words(words, on) == period_of(on, grain).shift((1, 0, -1)[place])


@given(st.dates(date(2001, 1, 1), date(2040, 1, 1)), st.integers(1, 12), st.integers(0, 3))
def test_a_month_without_a_year_is_running_or_next_to_come(on: date, month: int, form: int) -> None:
    english = date(2001, month, 1).strftime("%B")
    norwegian = format_date(date(2001, month, 1), "MMMM", locale="nb")
    words = [f"in {english}", f"i {norwegian}", f"{month}月", f"by {english}"][form]
    period = period_in_words(words, on)
    assert period is not None
    assert period.last.month == month
    assert on <= period.last < on + timedelta(days=367)
    if form == 3:
        assert period.start == on


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    found = find_period(text, ON)
    assert found is None or found.period.days > 0


@given(st.sampled_from(["2026-Q1", "2027-05", "2027-W05", "2027-05-03", "2026-01-01..2026-03-31"]))
def test_ids_are_words_too(text: str) -> None:
    assert period_in_words(text, ON) == parse_period(text)
