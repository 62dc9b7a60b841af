"""What a header, or a row of units below it, tells of a column: its currency, a scale (``TNOK``, ``百万円``), percent,
the order of day and month."""

# ruff: noqa: E501 - patterns read better unbroken
from __future__ import annotations

import re

from kpi_tree.ingest.cells.numbersigns import CURRENCIES

_MONEY = (
    r"(?:nok|sek|dkk|isk|eur|usd|gbp|jpy|chf|kr\.?|kroner|kronor|€|\$|£|¥|円|euros?|dollars?|₹|inr|rs\.?|元)"
)
_SCALES: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            rf"^(?:t(?:nok|sek|dkk|eur|usd|gbp|chf|€|\$)|k(?:nok|sek|dkk|eur|usd|gbp|chf|€|\$|£)|(?:nok|sek|dkk|eur|usd|gbp|chf|€|\$|£)\s?k|['’]?000s?\s?{_MONEY}?|1[ .,]?000\s?{_MONEY}|{_MONEY}\s?['’]?000s?|{_MONEY}\s?1[ .,]?000|"
            rf"(?:tusen|tkr\.?|tsd\.?|tausend|thousands?|milliers)(?:\s(?:of\s|d['’]|de\s)?{_MONEY})?|{_MONEY} (?:thousands?|tusen)|miles(?: de {_MONEY})?|duizend(?: {_MONEY})?|(?:{_MONEY}\s?)?x\s?1[ .,]?000(?:\s?{_MONEY})?|千円|千|千元|千ドル)$",
            re.IGNORECASE,
        ),
        1_000,
    ),
    (re.compile(r"^(?:万円|万元|万)$"), 10_000),
    (re.compile(rf"^(?:{_MONEY}\s?)?lakhs?$", re.IGNORECASE), 100_000),
    (
        re.compile(
            rf"^(?:m(?:nok|sek|dkk|eur|usd|gbp|chf|€|\$|£)|mkr|mill\.?\s?{_MONEY}?|mio\.?\s?{_MONEY}?|millions?(?:\s(?:of\s|d['’]|de\s)?{_MONEY})?|millioner(?:\s{_MONEY})?|{_MONEY} millions?|mln\.?\s?{_MONEY}?|millones(?: de {_MONEY})?|miljoen(?: {_MONEY})?|miljoner(?: {_MONEY})?|百万円|百万元|百万)$",
            re.IGNORECASE,
        ),
        1_000_000,
    ),
    (re.compile(rf"^(?:{_MONEY}\s?)?crores?$", re.IGNORECASE), 10_000_000),
    (re.compile(r"^(?:億円|億元|億|亿元|亿)$"), 100_000_000),
    (re.compile(r"^(?:øre|öre|cents?|pence|rappen|centimes?|céntimos?)$", re.IGNORECASE), 0.01),
)
_UNIT_IN_HEADER = re.compile(r"[(\[]\s*([^()\[\]]{1,20})\s*[)\]]\s*$")
PERCENT_WORDS = frozenset(
    ("%", "pct", "pct.", "percent", "per cent", "prosent", "procent", "prozent", "パーセント")
)
_CODE = re.compile(r"nok|sek|dkk|isk|eur|usd|gbp|jpy|chf|inr|€|£|₹|円|元", re.IGNORECASE)
_IN_HEADER = re.compile(r"[(\[（［]\s*(?:in\s|i\s|en\s)?([^()\[\]（）［］]{1,24})\s*[)\]）］]\s*$")


_SAID = re.compile(r"\S(?:,\s*|\s+(?:in|i|en)\s+)([^()\[\]（）［］,]{1,24})$")
"""``Umsatz in TEUR``, ``Sales, thousands``."""
_CODE_AT_END = re.compile(r"\S[\s_]+([TMtmkK](?:NOK|SEK|DKK|EUR|USD|GBP|CHF)|[tTmM][kK][rR])$")


def scale_of(unit: str) -> float:
    """By how much the numbers of a unit are to be taken times, a power of ten; 1 for plain ones.

    >>> [scale_of(unit) for unit in ("TNOK", "1000 kr", "千円", "MEUR", "mill. kr", "øre", "NOK", "kg")]
    [1000, 1000, 1000, 1000000, 1000000, 0.01, 1, 1]
    """
    return next((factor for pattern, factor in _SCALES if pattern.match(unit.strip())), 1)


def scale_in_header(name: str) -> tuple[float, str]:
    """The scale that a header names in brackets or at its end, and the currency in it; (1, "") without.

    >>> scale_in_header("Omsetning (TNOK)"), scale_in_header("売上（千円）"), scale_in_header("Sales (NOK)")
    ((1000, 'NOK'), (1000, '円'), (1, ''))
    >>> scale_in_header("Umsatz in TEUR"), scale_in_header("Omsetning MNOK"), scale_in_header("Sales, thousands")
    ((1000, 'EUR'), (1000000, 'NOK'), (1000, ''))
    """
    found = _IN_HEADER.search(name) or _SAID.search(name) or _CODE_AT_END.search(name)
    factor = scale_of(found.group(1)) if found else 1
    return (factor, currency_of(found.group(1))) if found and factor != 1 else (1, "")


def currency_of(unit: str) -> str:
    """The currency inside the word for a scaled one.

    >>> currency_of("TNOK"), currency_of("mill. kr")
    ('NOK', '')
    """
    found = _CODE.search(unit)
    return found.group(0) if found else ""


def told_unit(told: str) -> str | None:
    """The unit that the row below the header names: a currency, percent, or its own word."""
    if told.lower() in PERCENT_WORDS:
        return "percent"
    return told_currency(told) or told or None


def told_currency(told: str) -> str | None:
    """The currency, or its sign, in the unit below a header.

    >>> told_currency("kr"), told_currency("TNOK"), told_currency("stk")
    ('kr', 'NOK', None)
    """
    word = (told if told.lower() in CURRENCIES else currency_of(told)).lower()
    return CURRENCIES.get(word) or word or None


def told_order(told: str) -> str | None:
    """The order of day and month that a picture of dates below a header shows.

    >>> told_order("dd/mm/yyyy"), told_order("MM/DD/YY"), told_order("kr")
    ('dmy', 'mdy', None)
    """
    letters = re.findall(r"([dDmMyYåÅjJaA])\1+", told.split(" ")[0])
    order = "".join("y" if one.lower() in "yåja" else one.lower() for one in letters)
    return order if order in ("dmy", "mdy", "ymd") else None


_PICTURE = re.compile(r"(?<![^\W_])([dDmMyYåÅjJaA]{1,4}(?:[./ -][dDmMyYåÅjJaA]{1,4}){2})(?![^\W_])")


def order_of(name: str, told: str = "") -> str | None:
    """The order of day and month that a header, or the row of units below it, shows by a picture.

    >>> order_of("Date (dd/mm/yyyy)"), order_of("Date MM-DD-YYYY"), order_of("Dato", "dd.mm.åååå"), order_of("Day")
    ('dmy', 'mdy', 'dmy', None)
    """
    shown = _PICTURE.search(name)
    return told_order(told) or (told_order(shown.group(1).replace(" ", "-")) if shown else None)


def header_currency(name: str) -> str | None:
    """The currency that a header names in brackets or as its last word.

    >>> header_currency("Amount spent (NOK)"), header_currency("Beløp EUR"), header_currency("Price")
    ('NOK', 'EUR', None)
    """
    found = _UNIT_IN_HEADER.search(name)
    words = [found.group(1)] if found else []
    words += re.findall(r"(?:^|[\s_,])([A-Z]{3}|[€£₹円])$", name)
    for word in words:
        code = CURRENCIES.get(word.strip().lower())
        if code:
            return code
    scaled = scale_in_header(name)[1]
    return CURRENCIES.get(scaled.lower()) if scaled else None
