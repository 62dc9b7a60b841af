"""Currencies by their codes of ISO 4217, as cells of a currency column write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from kpi_tree.ingest.cells.numbersigns import CURRENCIES

_NONE = frozenset({"XXX", "XTS"})
"""Codes for "no currency" and for tests."""
SHARED: Mapping[str, frozenset[str]] = {
    "KR": frozenset({"NOK", "SEK", "DKK", "ISK"}),
    "KR.": frozenset({"NOK", "SEK", "DKK", "ISK"}),
    "KRONER": frozenset({"NOK", "DKK"}),
    ":-": frozenset({"NOK", "SEK", "DKK"}),
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"}),
    "¥": frozenset({"JPY", "CNY"}),
    "RS": frozenset({"INR", "PKR", "LKR", "NPR", "MUR"}),
    "RS.": frozenset({"INR", "PKR", "LKR", "NPR", "MUR"}),
}
"""Signs of several currencies."""
_WORDS = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")


def one_by_one(signs: Iterable[str], shop: str) -> set[str]:
    """What signs and codes stand for: a sign of several for the shop's own where it is one of them.

    Args:
        shop: the shop's currency; empty where nobody has said it.

    >>> one_by_one(["kr", "kr.", "NOK"], "NOK"), one_by_one(["kr", "kr."], "")
    ({'NOK'}, {'KR'})
    >>> sorted(one_by_one(["kr", "SEK"], "NOK")), sorted(one_by_one(["$", "usd"], ""))
    (['NOK', 'SEK'], ['$', 'USD'])
    """
    upper = [CURRENCIES.get(sign.lower()) or sign.upper().rstrip(".").replace(":-", "KR") for sign in signs]
    return {shop if shop in SHARED.get(sign, ()) else sign for sign in upper}


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
