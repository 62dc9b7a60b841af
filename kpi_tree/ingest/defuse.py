"""Text that leaves in a CSV or XLSX is text: a cell that a spreadsheet program would run is put behind
an apostrophe."""

from __future__ import annotations

import re

_RISKY = re.compile("^[\\s\ufeff\u200b]*[=+\\-@\t\r\n\0＝＋－＠]")
_NUMBER = re.compile(r"^[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?\s?%?$")


def defuse(text: str) -> str:
    """A cell's text made harmless; real numbers stay as they are.

    >>> [defuse(text) for text in ("=1+1", "-5.20", "@cmd", "＝cmd", "plain", "-5+cmd", "")]
    ["'=1+1", '-5.20', "'@cmd", "'＝cmd", 'plain', "'-5+cmd", '']
    """
    if not _RISKY.match(text) or _NUMBER.match(text):
        return text
    return "'" + text


def restore(text: str) -> str:
    """The text as it was before :func:`defuse`.

    >>> restore(defuse("=1+1")), restore("'quoted'")
    ('=1+1', "'quoted'")
    """
    return (
        text[1:] if text.startswith("'") and _RISKY.match(text[1:]) and not _NUMBER.match(text[1:]) else text
    )
