"""A period's stable id, its name for people, and reading the id back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from babel.dates import format_skeleton

from kpi_tree.errors import Refused
from kpi_tree.i18n import format_date, msg
from kpi_tree.i18n.formats import locale_of
from kpi_tree.periods.calendar import (
    DEFAULT_CALENDAR,
    Calendar,
    Grain,
    Period,
    period_of,
)
from kpi_tree.periods.days import ONE_DAY, add_months

_NATURAL = (Grain.YEAR, Grain.QUARTER, Grain.MONTH, Grain.WEEK, Grain.DAY)


def grain_of(period: Period) -> Grain | None:
    """The grain of which the period is exactly one step in its calendar; None for any other span.

    >>> grain_of(Period(date(2026, 1, 1), date(2026, 4, 1)))
    <Grain.QUARTER: 'quarter'>
    >>> grain_of(Period(date(2026, 1, 2), date(2026, 4, 2))) is None
    True
    """
    if period.grain is not None:
        return period.grain
    for grain in _NATURAL:
        if period_of(period.start, grain, period.calendar) == period:
            return grain
    return None


def week_number(period: Period) -> tuple[int, int]:
    """Year and number of a week: it belongs to the year that holds its fourth day.

    With weeks from Monday this is ISO 8601.

    >>> week_number(period_of(date(2027, 1, 1), "week"))
    (2026, 53)
    """
    middle = period.start + timedelta(days=3)
    return middle.year, (middle.timetuple().tm_yday - 1) // 7 + 1


def fiscal_year(day: date, cal: Calendar) -> int:
    """The number of the shop's year that holds a day.

    >>> fiscal_year(date(2026, 8, 1), Calendar(fiscal_start_month=7))
    2027
    """
    starts = day.year if day.month >= cal.fiscal_start_month else day.year - 1
    return starts + (cal.fiscal_start_month > 1 and cal.fiscal_year_named_by == "end")


def _quarter_number(period: Period) -> int:
    return (period.start.month - period.calendar.fiscal_start_month) % 12 // 3 + 1


def period_id(period: Period) -> str:
    """A stable name that :func:`parse_period` reads back: for URLs, files and tests.

    >>> [period_id(period_of(date(2026, 5, 3), g)) for g in ("day", "week", "month", "quarter", "year")]
    ['2026-05-03', '2026-W18', '2026-05', '2026-Q2', '2026']
    >>> period_id(Period(date(2026, 1, 10), date(2026, 3, 1)))
    '2026-01-10..2026-02-28'
    >>> period_id(period_of(date(2026, 8, 1), "quarter", Calendar(fiscal_start_month=7)))
    'FY2027-Q1'
    """
    grain = grain_of(period)
    if grain is Grain.DAY:
        return period.start.isoformat()
    if grain is Grain.WEEK:
        year, number = week_number(period)
        return f"{year}-W{number:02d}"
    if grain is Grain.MONTH:
        return f"{period.start:%Y-%m}"
    prefix = "FY" if period.calendar.fiscal_start_month > 1 else ""
    year = fiscal_year(period.start, period.calendar)
    if grain is Grain.QUARTER:
        return f"{prefix}{year}-Q{_quarter_number(period)}"
    if grain is Grain.YEAR:
        return f"{prefix}{year}"
    return f"{period.start.isoformat()}..{period.last.isoformat()}"


_LABELS: dict[str, dict[str, str]] = {
    "en": {"quarter": "Q{n} {year}", "week": "Week {n}, {year}", "year": "{year}", "fiscal": "FY {year}"},
    "nb": {
        "quarter": "{n}. kvartal {year}",
        "week": "Uke {n}, {year}",
        "year": "{year}",
        "fiscal": "regnskapsåret {year}",
    },
    "ja": {
        "quarter": "{year}第{n}四半期",
        "week": "{year}第{n}週",
        "year": "{year}年",
        "fiscal": "{year}年度",
    },
}


def label(period: Period, lang: str = "en") -> str:
    """The period's name for people, in their language.

    >>> [label(period_of(date(2026, 5, 3), g)) for g in ("day", "week", "month", "quarter", "year")]
    ['3 May 2026', 'Week 18, 2026', 'May 2026', 'Q2 2026', '2026']
    >>> [label(period_of(date(2026, 5, 3), "quarter"), lang) for lang in ("nb", "ja")]
    ['2. kvartal 2026', '2026年第2四半期']
    """
    grain, forms = grain_of(period), _LABELS.get(lang, _LABELS["en"])
    if grain is Grain.DAY:
        return format_date(period.start, lang)
    if grain is Grain.MONTH:
        return str(format_skeleton("yMMMM", period.start, locale=locale_of(lang)))
    if grain is Grain.WEEK:
        year, number = week_number(period)
        return forms["week"].format(n=number, year=forms["year"].format(year=year))
    if grain is None:
        return f"{format_date(period.start, lang)} – {format_date(period.last, lang)}"
    kind = "fiscal" if period.calendar.fiscal_start_month > 1 else "year"
    year_name = forms[kind].format(year=fiscal_year(period.start, period.calendar))
    if grain is Grain.QUARTER:
        return forms["quarter"].format(n=_quarter_number(period), year=year_name)
    return year_name


def _year_start(year: int, cal: Calendar) -> date:
    named_by_end = cal.fiscal_start_month > 1 and cal.fiscal_year_named_by == "end"
    return date(year - named_by_end, cal.fiscal_start_month, 1)


def year_period(year: int, cal: Calendar = DEFAULT_CALENDAR) -> Period:
    """The shop's year of that number."""
    return period_of(_year_start(year, cal), Grain.YEAR, cal)


def quarter_period(year: int, number: int, cal: Calendar = DEFAULT_CALENDAR) -> Period:
    """Quarter 1 to 4 of the shop's year of that number."""
    if not 1 <= number <= 4:
        raise ValueError(number)
    return period_of(add_months(_year_start(year, cal), 3 * (number - 1)), Grain.QUARTER, cal)


def week_period(year: int, number: int, cal: Calendar = DEFAULT_CALENDAR) -> Period:
    """Week of that number of that year.

    Raises:
        ValueError: the year has no such week.
    """
    # 4 January always lies in week 1: that week's fourth day is one of 1 to 7 January.
    week = period_of(date(year, 1, 4), Grain.WEEK, cal).shift(number - 1)
    if week_number(week) != (year, number):
        raise ValueError(number)
    return week


def _day(text: str) -> date:
    return date.fromisoformat(text)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Calendar], Period]], ...] = (
    (
        re.compile(r"(\d{4}-\d\d-\d\d)\s*(?:\.\.|/)\s*(\d{4}-\d\d-\d\d)"),
        lambda m, cal: Period(_day(m[1]), _day(m[2]) + ONE_DAY, None, cal),
    ),
    (re.compile(r"\d{4}-\d\d-\d\d"), lambda m, cal: period_of(_day(m[0]), Grain.DAY, cal)),
    (re.compile(r"(\d{4})-?W(\d\d?)"), lambda m, cal: week_period(int(m[1]), int(m[2]), cal)),
    (re.compile(r"(?:FY)?(\d{4})[- ]?Q([1-4])"), lambda m, cal: quarter_period(int(m[1]), int(m[2]), cal)),
    (
        re.compile(r"(\d{4})-(\d\d)"),
        lambda m, cal: period_of(date(int(m[1]), int(m[2]), 1), Grain.MONTH, cal),
    ),
    (re.compile(r"(?:FY)?(\d{4})"), lambda m, cal: year_period(int(m[1]), cal)),
)


def parse_period(text: str, cal: Calendar = DEFAULT_CALENDAR) -> Period:
    """Reads a period's id; the end day of a typed span belongs to it.

    Raises:
        Refused: the text is no period, or names one that does not exist.

    >>> parse_period("2026-01-01..2026-03-31") == parse_period("2026-Q1")
    True
    >>> parse_period("2026-W54")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kpi_tree.errors.Refused: 2026-W54 is not a period. Write 2026, 2026-Q1, 2026-05, ...
    """
    wanted = text.strip().upper()
    for pattern, make in _FORMS:
        match = pattern.fullmatch(wanted)
        if match:
            try:
                return make(match, cal)
            except (ValueError, OverflowError):
                break
    raise Refused(
        msg("{text} is not a period.", text=text[:80] or "\N{HORIZONTAL ELLIPSIS}"),
        remedy=msg("Write 2026, 2026-Q1, 2026-05, 2026-W05, 2026-05-03 or 2026-01-01..2026-03-31."),
    )


def parse_shared_period(text: str, cal: Calendar) -> Period:
    """Reads a period of a file that goes from shop to shop: common years, or the shop's where it says FY.

    Raises:
        Refused: as :func:`parse_period`.

    >>> april = Calendar(fiscal_start_month=4)
    >>> [parse_shared_period(text, april).start.isoformat() for text in ("2027-Q1", "FY2027-Q1")]
    ['2027-01-01', '2026-04-01']
    """
    return parse_period(text, cal if text.strip().upper().startswith("FY") else DEFAULT_CALENDAR)
