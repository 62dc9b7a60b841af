"""How well a text reads in a Western encoding: letters inside words, signs where they belong."""

from __future__ import annotations

import re

_GOOD_LETTERS = set("œŒæøåÆØÅäöüÄÖÜßéèêëÉÈàâçôûùîïÀÂÇÔÛÎíóúñáÁÍÓÚÑãÃðþ")
_OTHER_LETTERS = set("õÕšŠžŽýÝìòÌÒŸÿÐÞąćęłńśźżĄĆĘŁŃŚŹŻčřěůťďňČŘĚŮőűŐŰ")
_GOOD_SIGNS = set("€£°§–—’‘“”„…•\xa0´×½®©«»²³µ¡¿™±¥¢")


def score_western(text: str, name: str) -> float:
    """Mean goodness of the characters beyond ASCII of a text, as a Western encoding reads its bytes.

    Args:
        name: that encoding; of those that read as well, the more usual one is better.

    >>> score_western("Temp °C", "cp1252") > score_western("Temp ∞C", "mac_roman")
    True
    >>> score_western("Jan – Feb", "cp1252") > score_western("Jan ñ Feb", "mac_roman")
    True
    """
    total, count = 0.0, 0
    for found in _ODD_RUN.finditer(text):
        start, end = found.span()
        around = f"\n{text[max(start - 3, 0) : end + 3]}\n"
        at = 1 + min(start, 3)
        for i in range(at, at + end - start):
            total += _narrow_char(around[i], around[:i], around[i + 1 :])
            count += 1
    return total / max(count, 1) - _RARER[name]


_ODD_RUN = re.compile(r"[^\x00-\x7f]+")
_RARER = {"cp1252": 0.0, "iso-8859-15": 0.02, "mac_roman": 0.05, "cp1250": 0.25, "cp850": 0.1}


def _narrow_char(char: str, before: str, after: str) -> float:
    """How well a character fits between those before and after it."""
    left, right = before[-1], after[0]
    if char in _GOOD_LETTERS or char in _OTHER_LETTERS:
        base = 1.0 if char in _GOOD_LETTERS else 0.35
        if char.isupper() and left.isalpha() and left.islower():
            return base - 1.5
        if char.isupper() and left.isupper() and right.islower():
            return base - 1.2
        if char.islower() and right.isupper():
            return base - 1.2
        if not (left.isalpha() or right.isalpha()):
            return base - (0.2 if char in _ALONE and not (left.isdigit() or right.isdigit()) else 1.2)
        return base
    if char in _GOOD_SIGNS:
        if char == "µ" and right in "gmslAVF" and not left.isalpha():
            return 1.1
        if char in "€£¥" and (left.isdigit() or right.isdigit() or not (left + right).strip(_AROUND_MONEY)):
            return 1.1
        if any(was.search(before) and comes.match(after) for was, comes in _IN_PLACE.get(char, ())):
            return 1.1
        if char in "’‘“”–—…\xa0°":
            return 0.7 if char != "°" or left.isdigit() or not (left.isalpha() or right.isalpha()) else -0.4
        return -0.3 if left.isalpha() and right.isalpha() else 0.2
    if "\x80" <= char <= "\x9f":
        return -2.0
    return -0.9


_ALONE = frozenset("àåøöéÀÅÖ")
"""Letters that are words by themselves."""
_AROUND_MONEY = ' ;,:|/\t\r\n"()[]'


def _places(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(f"(?:{before})$"), re.compile(after)) for before, after in pairs)


_BEHIND_WORD = (r"[^\W\d_]{2}", r"[^\w]")
_OPENS, _CLOSES = (r"[^\w]", r"\w"), (r"[\w.,!?%)]", r"[^\w]")
_APART = (r"[\s\d]", r"[\s\d]")
_IN_PLACE = {
    "’": _places(
        (r"[^\W\d_]", r"(?:s|t|d|m|re|ll|ve)\b"), (r"\b(?:[LlDdJjNnMmSsTtCc]|[Qq]u)", r"\w"), _CLOSES
    ),
    "‘": _places(_OPENS),
    "“": _places(_OPENS),
    "„": _places(_OPENS),
    "”": _places(_CLOSES),
    "–": _places(_APART),
    "—": _places(_APART),
    "™": _places(_BEHIND_WORD),
    "®": _places(_BEHIND_WORD),
    "°": _places((r"[^\w]", r"[CFK]\b"), (r"\d ?", r"[CFK]?\b|\W"), (r"\b(?:[Nn]r?)", r"[^\w]")),
}
"""Where a sign belongs: what stands before it, and behind."""
