"""Text that leaves in a CSV or XLSX is text: what a spreadsheet program would run is put behind an
apostrophe."""

from __future__ import annotations

import re

_BLANK = '[\\s\\ufeff\\u00ad\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069"]*'
_RISKY = re.compile(f"^'*{_BLANK}[=+\\-@\\t\\r\\n\\0＝＋－＠]")
_NUMBER = re.compile(r"^[+-]?\d+(?:[.,'’ \u00a0\u202f]\d+)*(?:[eE][+-]?\d+)?\s?%?$")
_BEHIND = "(?<=[;,\\t|\\n\\r])"
_FORMULA = "(?='*[ \u00a0\ufeff\u200b\"]*(?:[=@＝＠]|[+\\-＋－][^\\W\\d_(]))"
_WITHIN, _DEFUSED = re.compile(_BEHIND + _FORMULA), re.compile(f"{_BEHIND}'{_FORMULA}")
"""Where a cell would begin for a program that cuts lines at other signs than we do."""


def defuse(text: str) -> str:
    """A cell's text made harmless; real numbers stay as they are.

    >>> [defuse(text) for text in ("=1+1", "-5.20", "@cmd", "＝cmd", "plain", "-5+cmd", "")]
    ["'=1+1", '-5.20', "'@cmd", "'＝cmd", 'plain', "'-5+cmd", '']
    >>> defuse("a;=1+1"), defuse("kr 1 234,-"), defuse("'=1+1")
    ("a;'=1+1", 'kr 1 234,-', "''=1+1")
    >>> [defuse(text) for text in ("-1 234,50", "-1'234.50", "-2 %", "\\u2060=1+1", "-5 kr")]
    ['-1 234,50', "-1'234.50", '-2 %', "'\\u2060=1+1", "'-5 kr"]
    """
    if not text or _NUMBER.match(text):
        return text
    text = _WITHIN.sub("'", text)
    return "'" + text if _RISKY.match(text) else text


def restore(text: str) -> str:
    """The text as it was before :func:`defuse`.

    >>> restore(defuse("=1+1")), restore("'quoted'"), restore(defuse("a;=1+1"))
    ('=1+1', "'quoted'", 'a;=1+1')
    """
    if text.startswith("'") and _RISKY.match(text[1:]) and not _NUMBER.match(text[1:]):
        text = text[1:]
    return _DEFUSED.sub("", text)
