"""The known word that a mistyped one most resembles."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The closest known word, or ``None`` where nothing is close.

    >>> nearest("salse", ["sales", "orders"]), nearest("xyz", ["sales"])
    ('sales', None)
    """
    by_lower = {item.lower(): item for item in known}
    lower = word.lower()
    if lower in by_lower:
        return by_lower[lower]
    found = difflib.get_close_matches(lower[:80], by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
