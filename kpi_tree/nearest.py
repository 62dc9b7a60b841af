"""The known word that a mistyped one most resembles, and the remedy that names it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import overload

from kpi_tree.i18n import Msg, msg


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


@overload
def did_you_mean(word: str, known: Iterable[str], otherwise: Msg) -> Msg: ...
@overload
def did_you_mean(word: str, known: Iterable[str], otherwise: Msg | None = None) -> Msg | None: ...
def did_you_mean(word: str, known: Iterable[str], otherwise: Msg | None = None) -> Msg | None:
    """The remedy for a name that nothing carries: the closest that there is, else what is given for that.

    >>> str(did_you_mean("salse", ["sales"]))
    'Did you mean sales?'
    >>> str(did_you_mean("xyz", ["sales"], msg("See the list.")))
    'See the list.'
    """
    close = nearest(word, known)
    return msg("Did you mean {name}?", name=close) if close else otherwise
