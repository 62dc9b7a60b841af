"""What a person says about how a file is read, looked at before it is followed."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.currencies import codes


def _encoding(value: Any) -> bool:
    try:
        # Codecs between bytes, such as base64, are no encodings of text.
        return isinstance("".encode(codecs.lookup(str(value)).name), bytes)
    except (LookupError, ValueError):
        return False


def _day(value: Any) -> bool:
    try:
        return isinstance(value, date) or bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def _zone(value: Any) -> bool:
    try:
        return bool(ZoneInfo(str(value)).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 200


def _values(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, str | int | float) for one in value.values())


def _sections(value: Any) -> bool:
    each = value if isinstance(value, list | tuple) else [value]
    return all(isinstance(one, str | int) and not isinstance(one, bool) for one in each)


CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "encoding": (_encoding, "utf-8, cp1252, cp932"),
    "delimiter": (lambda value: _text(value) and 0 < len(value) <= 10, "; , | \\t"),
    "quote": (lambda value: _text(value) and len(value) <= 1, '"'),
    "header": (lambda value: isinstance(value, bool), "true, false"),
    "total_rows": (lambda value: isinstance(value, bool), "true, false"),
    "decimal": (lambda value: value in (".", ","), ". ,"),
    "date_order": (lambda value: value in ("dmy", "mdy", "ymd"), "dmy, mdy, ymd"),
    "period_start": (_day, "2026-03-01"),
    "period_end": (_day, "2026-03-31"),
    "timezone": (_zone, "Europe/Oslo"),
    "currency": (lambda value: _text(value) and value.upper() in codes(), "NOK"),
    "either": (lambda value: value in ("sales", "gross_sales"), "sales, gross_sales"),
    "shop": (lambda value: _text(value) and bool(value.strip()), "Oslo"),
    "again": (lambda value: value in ("sales", "refunds", "count"), "sales, refunds, count"),
    "sheet": (_text, "Sheet1"),
    "member": (_text, "orders.csv"),
    "section": (_sections, "2"),
    "day_of": (lambda value: value in ("above", "name", "load"), "above, name, load"),
    "values": (_values, '{"channel": "email"}'),
    "corrections": (lambda value: isinstance(value, Mapping), "{}"),
}
"""Option -> what it may be, and an example. Further options are those of a layout."""


def check_options(options: Mapping[str, Any]) -> None:
    """Let options through that can be followed; one that is None counts as not said.

    Raises:
        Refused: one of them cannot.

    >>> check_options({"decimal": ",", "date_order": None})
    >>> check_options({"decimal": "x"})
    Traceback (most recent call last):
    kpi_tree.errors.Refused: mapping, decimal: x does not suit this option. Give a value such as . ,.
    """
    for name, value in options.items():
        fits, example = CHECKS.get(name, (lambda _: True, ""))
        if value is not None and not fits(value):
            raise Refused(
                msg("{value} does not suit this option.", value=str(value)[:60]),
                place=f"mapping, {name}",
                remedy=msg("Give a value such as {example}.", example=example),
            )
