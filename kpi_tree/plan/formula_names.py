"""A formula typed with the names that people see, turned into one with ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from kpi_tree.plan.formula_tree import RESERVED

_LETTER = re.compile(r"[^\W\d_]")


def with_ids(text: str, names: Mapping[str, str]) -> str:
    """The formula with ids in place of names; an id stays, and so does what is neither.

    Letters may be large or small. Of two names that begin alike the longer one counts; a name that stands for
    two ids stands for neither.

    Args:
        names: id → name as the reader sees it.

    >>> names = {"orders": "Number of orders", "aov": "Average order value", "sales": "売上"}
    >>> with_ids("number of orders * Average order value + 売上 - aov", names)
    'orders * aov + sales - aov'
    >>> with_ids("Orders * Visits", {"orders": "Orders", "visits": "Visits"})
    'orders * visits'
    >>> with_ids("conversion-rate * site traffic", {"conversion_rate": "CR", "sessions": "Site traffic"})
    'conversion_rate * sessions'
    """
    wanted = _pattern(tuple(sorted(names.items())))
    if wanted is None:
        return text
    pattern, ids = wanted
    return pattern.sub(
        lambda found: found[0] if found[0] in names else ids.get(_key(found[0]), found[0]),
        unicodedata.normalize("NFC", text),
    )


def as_typed(names: Mapping[str, str]) -> dict[str, str]:
    """Id → what stands for it in a formula that a person types: its name, or the id where the name means two.

    >>> as_typed({"orders": "Number of orders", "a": "Visits", "b": "visits"})
    {'orders': 'Number of orders', 'a': 'a', 'b': 'b'}
    """
    wanted = _pattern(tuple(sorted(names.items())))
    ids = wanted[1] if wanted is not None else {}
    return {node: name if ids.get(_key(name)) == node else node for node, name in names.items()}


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@lru_cache(maxsize=64)
def _pattern(names: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]] | None:
    every = {node for node, _ in names}
    ids: dict[str, str] = {}
    twice: set[str] = set()
    spoken = set(every)
    for node, name in names:
        key = _key(name)
        if not key or key in every or key in RESERVED or not _LETTER.search(key):
            continue  # a box called 100 takes nobody's number
        spoken.add(unicodedata.normalize("NFC", name))
        if ids.setdefault(key, node) != node:
            twice.add(key)
    for key in twice:
        del ids[key]
    for node in every:  # an id with blanks or hyphens, as people say it, unless that may be a difference
        parts = node.split("_")
        for spelling in (" ".join(parts), *(["-".join(parts)] if not every.intersection(parts) else [])):
            if len(parts) > 1 and all(parts) and ids.setdefault(spelling, node) == node:
                spoken.add(spelling)
    for node in every:  # an id comes before a name, in large letters too ("Orders" of the box orders)
        ids.setdefault(node.casefold(), node)
    if not ids:
        return None
    # Ids go into the pattern too: where one stands, no name inside it is looked for.
    longest = sorted(spoken, key=lambda name: (-len(name), name))
    words = "|".join(r"\s+".join(re.escape(part) for part in name.split()) for name in longest)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), ids
