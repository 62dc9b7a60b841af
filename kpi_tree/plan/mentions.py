"""Names after an ``@`` in a text: who is spoken to."""

from __future__ import annotations

import re
from collections.abc import Iterable

_AT = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD = re.compile(r"[\w](?:[\w.'\-]*[\w])?")


def mentions(text: str, people: Iterable[str] = ()) -> tuple[str, ...]:
    """Who a text names, each once, in the order of the text.

    A name of several words is found where it is one of ``people`` (the longest that fits, in any case of
    letters, and written as it stands there); else the one word after the sign is taken. An address such as
    ``kari@shop.example`` is no mention.

    >>> mentions("@kari nordmann, can you ask @Ola? (not a@b.example)", ["Kari Nordmann", "Kari"])
    ('Kari Nordmann', 'Ola')
    """
    known = sorted({" ".join(name.split()) for name in people if name.strip()}, key=len, reverse=True)
    found: dict[str, None] = {}
    for sign in _AT.finditer(text):
        rest = text[sign.end() :]
        name = next((one for one in known if _begins(rest, one)), None)
        if name is None:
            word = _WORD.match(rest)
            name = word.group() if word else None
        if name:
            found.setdefault(name)
    return tuple(found)


def _begins(rest: str, name: str) -> bool:
    if rest[: len(name)].casefold() != name.casefold():
        return False
    after = rest[len(name) : len(name) + 1]
    # Japanese writes no spaces: 「@田中さん」 names 田中.
    return not after.isalnum() or not (name[-1].isascii() and after.isascii())
