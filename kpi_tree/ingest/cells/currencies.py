"""Currencies by their codes of ISO 4217, as cells of a currency column write them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from kpi_tree.ingest.cells.numbersigns import CURRENCIES

_NONE = frozenset({"XXX", "XTS"})
"""Codes for "no currency" and for tests."""
_WORDS = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """The codes of ISO 4217, former ones included."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies()) - _NONE


def currency_code(text: str) -> str | None:
    """The code that a cell names: by itself, by a sign or word for one currency, or beside its name.

    A sign that several currencies use (``kr``, ``$``) is given back as it stands.

    >>> [currency_code(text) for text in ("nok", "€", "Euro - EUR", "kr", "ABC", "KRONER??")]
    ['NOK', 'EUR', 'EUR', 'KR', None, None]
    """
    word = text.strip()
    known = CURRENCIES.get(word.lower())
    if known is not None:
        return known or word.upper()
    if word.upper() in codes():
        return word.upper()
    named = {code for code in _WORDS.findall(word) if code in codes()}
    return named.pop() if len(named) == 1 and len(word) > 3 else None


def nearest_currency(text: str) -> str:
    """The code that somebody most likely meant: of the same letters, else the one most like it.

    >>> nearest_currency("NKO"), nearest_currency("EURO"), nearest_currency("ABC")
    ('NOK', 'EUR', 'PAB')
    """
    word = text.strip().upper()[:12]
    usual = list(dict.fromkeys([*filter(None, CURRENCIES.values()), *sorted(codes())]))
    usual = [code for code in usual if not code.startswith("X")]
    same = [code for code in usual if sorted(code) == sorted(word)]
    near = same or get_close_matches(word, usual[:40], 1, 0.6) or get_close_matches(word, usual, 1, 0.6)
    return near[0] if near else "NOK"
