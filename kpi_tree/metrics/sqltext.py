"""Names and values as SQL text."""

from __future__ import annotations

from datetime import date, datetime


def name(identifier: str) -> str:
    """An identifier, quoted: whatever it holds, it is only ever a name.

    >>> name('a"b')
    '"a""b"'
    """
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str | int | float | date | datetime) -> str:
    """A value as an SQL literal.

    >>> literal("O'Neil"), literal(date(2026, 1, 2)), literal(3)
    ("'O''Neil'", "DATE '2026-01-02'", '3')
    """
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S}'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + value.replace("'", "''") + "'"
