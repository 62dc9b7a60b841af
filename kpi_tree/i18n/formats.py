"""Numbers, money, percentages and dates through Babel."""

from __future__ import annotations

import math
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date as _babel_date
from babel.dates import format_datetime as _babel_datetime
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    get_currency_symbol,
)
from babel.numbers import format_percent as _babel_percent

NO_VALUE = "–"
"""What stands where there is no value; never a zero."""

MINUS = "\N{MINUS SIGN}"


def locale_of(lang: str) -> str:
    """Babel's locale for one of our languages.

    >>> locale_of("nb"), locale_of("ja"), locale_of("en")
    ('nb_NO', 'ja_JP', 'en_GB')
    """
    return {"nb": "nb_NO", "ja": "ja_JP"}.get(lang, "en_GB")


def is_zero(text: str) -> bool:
    """Whether a number as it is written is nothing but noughts.

    >>> is_zero("NOK 0.00"), is_zero("0.01%")
    (True, False)
    """
    return not any(sign.isdigit() and sign != "0" for sign in text)


def _minus(text: str) -> str:
    return text.replace("-", "" if is_zero(text) else MINUS)


def _missing(value: float | int | None) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


# Babel takes 30 to 100 microseconds for a number, and a page writes the same hundreds in every run. A zero
# comes here as the integer, because -0.0 would find what is kept for 0.0.


@lru_cache(8192, typed=True)
def _decimal(value: float | int, pattern: str, locale: str) -> str:
    return _minus(format_decimal(value, format=pattern, locale=locale))


@lru_cache(8192, typed=True)
def _amount(value: float | int, currency: str, pattern: str, locale: str) -> str:
    text = format_currency(value, currency, format=pattern, locale=locale, currency_digits=False)
    return _minus(text)


@lru_cache(8192, typed=True)
def _share(value: float | int, pattern: str, locale: str) -> str:
    return _minus(_babel_percent(value, format=pattern, locale=locale))


@lru_cache(8192, typed=True)
def _compact(value: float | int, locale: str) -> str:
    return _minus(format_compact_decimal(value, locale=locale, fraction_digits=1))


@lru_cache(8192, typed=True)
def _day(day: date, width: str, locale: str) -> str:
    return _babel_date(day, format=width, locale=locale)


HUGE = 1e18
"""From here on a number is written with its power of ten: Babel's decimals end at 28 digits."""


def _huge(value: float | int) -> str | None:
    return f"{value:.2e}".replace("-", MINUS) if abs(value) >= HUGE else None


def format_number(value: float | int | None, lang: str = "en", *, decimals: int | None = None) -> str:
    """A number with the language's separators; integers without decimals. A zero has no sign.

    >>> format_number(1234567), format_number(1234.5, "nb"), format_number(None)
    ('1,234,567', '1\\xa0234,5', '–')
    >>> format_number(-0.0), format_number(-0.001, decimals=1)
    ('0', '0.0')
    """
    if value is None or _missing(value):
        return NO_VALUE
    if huge := _huge(value):
        return huge
    pattern = "#,##0" if decimals == 0 else f"#,##0.{'0' * decimals}" if decimals else "#,##0.###"
    return _decimal(value or 0, pattern, locale_of(lang))


def _compact_money(value: float, currency: str, lang: str) -> str:
    """Babel's short form, its currency where the long form has it: after the number in Norwegian."""
    number = _compact(value, locale_of(lang))
    symbol = get_currency_symbol(currency, locale=locale_of(lang))
    if lang == "nb":
        return f"{number}\xa0{symbol}"
    gap = "\xa0" if symbol[-1].isalpha() else ""
    return f"{MINUS}{symbol}{gap}{number[1:]}" if number.startswith(MINUS) else f"{symbol}{gap}{number}"


def format_money(
    value: float | None, currency: str | None, lang: str = "en", *, compact: bool = False, decimals: int = 0
) -> str:
    """An amount with its currency; without one, the bare number.

    >>> format_money(1234.5, "NOK", "nb")
    '1\\xa0234\\xa0kr'
    >>> format_money(-55_400, "NOK", compact=True), format_money(55_400, "NOK", "nb", compact=True)
    ('−NOK\\xa055.4K', '55,4k\\xa0kr')
    """
    if value is None or _missing(value):
        return NO_VALUE
    if not currency or _huge(value):
        return format_number(value, lang, decimals=decimals)
    locale = locale_of(lang)
    if compact and abs(value) >= 10_000:
        return _compact_money(value, currency, lang)
    # A sign stands close to its number ("£5"), a code or word apart from it ("NOK 5").
    apart = "\xa0" if get_currency_symbol(currency, locale)[-1:].isalpha() else ""
    pattern = f"#,##0{_digits(decimals)}\xa0¤" if lang == "nb" else f"¤{apart}#,##0{_digits(decimals)}"
    return _amount(value or 0, currency, pattern, locale)


def _digits(decimals: int) -> str:
    return f".{'0' * decimals}" if decimals else ""


def format_percent(value: float | None, lang: str = "en", *, decimals: int = 1) -> str:
    """A share as a percentage.

    >>> format_percent(0.0312), format_percent(0.0312, "nb")
    ('3.1%', '3,1\\xa0%')
    """
    if value is None or _missing(value):
        return NO_VALUE
    if huge := _huge(value):
        return huge
    pattern = {"nb": f"#,##0{_digits(decimals)}\xa0%"}.get(lang, f"#,##0{_digits(decimals)}%")
    return _share(value or 0, pattern, locale_of(lang))


def format_value(
    value: float | None,
    unit: str | None,
    lang: str = "en",
    *,
    currency: str | None = None,
    compact: bool = False,
) -> str:
    """A KPI's value in its unit (``money``, ``percent``, ``count``, ``ratio``, ``seconds``, ``days`` ...).

    >>> format_value(0.0312, "percent"), format_value(3, "count"), format_value(1.456, "ratio")
    ('3.1%', '3', '1.46')
    """
    if value is None or _missing(value):
        return NO_VALUE
    if unit == "percent":
        return format_percent(value, lang, decimals=2 if abs(value) < 0.01 and value else 1)
    if unit == "money" or (unit or "").startswith("money/"):
        return format_money(value, currency, lang, compact=compact, decimals=2 if abs(value) < 100 else 0)
    if compact and 100_000 <= abs(value) < HUGE:
        return _compact(value, locale_of(lang))
    number = format_number(value, lang, decimals=0 if unit == "count" or abs(value) >= 1000 else 2)
    suffix = {"seconds": "s", "minutes": "min", "hours": "h", "days": "d"}.get(unit or "")
    return f"{number}\xa0{suffix}" if suffix else number


MOST_DIGITS = 6


def format_apart(
    value: float | None,
    other: float | None,
    unit: str | None,
    lang: str = "en",
    *,
    currency: str | None = None,
) -> str:
    """A value as :func:`format_value` writes it, with as many digits more as tell it from another value.

    >>> format_apart(0.0412, 0.0408, "percent"), format_apart(0.0408, 0.0412, "percent")
    ('4.12%', '4.08%')
    >>> format_apart(0.041, 0.03, "percent"), format_apart(0.041, 0.041, "percent")
    ('4.1%', '4.1%')
    """

    def written(number: float | None) -> str:
        return format_value(number, unit, lang, currency=currency)

    usual = written(value)
    if value is None or other is None or value == other or usual != written(other) or _huge(value):
        return usual
    for digits in range(1, MOST_DIGITS + 1):
        mine, theirs = (_with_digits(number, unit, lang, currency, digits) for number in (value, other))
        if mine != theirs:
            return mine
    return usual


def _with_digits(value: float, unit: str | None, lang: str, currency: str | None, digits: int) -> str:
    if unit == "percent":
        return format_percent(value, lang, decimals=digits)
    if unit == "money":
        return format_money(value, currency, lang, decimals=digits)
    suffix = {"seconds": "s", "minutes": "min", "hours": "h", "days": "d"}.get(unit or "")
    number = format_number(value, lang, decimals=digits)
    return f"{number}\xa0{suffix}" if suffix else number


def format_change(value: float | None, lang: str = "en", *, decimals: int = 1) -> str:
    """A relative change with its sign, also when it grew.

    >>> format_change(0.1), format_change(-0.05)
    ('+10.0%', '−5.0%')
    """
    if value is None or _missing(value):
        return NO_VALUE
    text = format_percent(value, lang, decimals=decimals)
    return f"+{text}" if value > 0 and not is_zero(text) else text


def format_date(day: date, lang: str = "en", *, width: str = "medium") -> str:
    """A calendar day.

    >>> format_date(date(2026, 3, 4)), format_date(date(2026, 3, 4), "ja")
    ('4 Mar 2026', '2026/03/04')
    """
    return _day(day, width, locale_of(lang))


def format_datetime(instant: datetime, lang: str = "en") -> str:
    """A day with its time.

    >>> format_datetime(datetime(2026, 3, 4, 13, 5))
    '4 Mar 2026, 13:05'
    """
    return _babel_datetime(instant, format="medium", locale=locale_of(lang)).rsplit(":", 1)[0]
