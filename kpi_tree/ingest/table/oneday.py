"""Of which day a list is whose rows name none: a count of what there is in stock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any

import pyarrow as pa

from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.cells.dates import read_dates
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.text.lines import Row

ABOVE, NAME, LOAD = "above", "name", "load"
WAYS = (ABOVE, NAME, LOAD)
"""The option ``day_of``: the day written above the table, the one in the file's name, or that of the loading.
A saved mapping keeps the way, so that the next list is of its own day."""
_IN_NAME = re.compile(
    r"(?<!\d)(?:\d{4}([-_. ]?)\d{2}\1\d{2}|\d{1,2}([-_. ])\d{1,2}\2\d{4}|\d{4}年\d{1,2}月\d{1,2}日)(?!\d)"
)
_LABEL = re.compile(r"^[^\d:：]{2,40}[:：]\s*")
_YEARS = range(2000, 2101)


def day_in_name(name: str) -> date | None:
    """The one day that a file's name holds; None for none, several, or one that could be read two ways.

    >>> day_in_name("stock_20261031.csv"), day_in_name("Lager 31.10.2026.xlsx")
    (datetime.date(2026, 10, 31), datetime.date(2026, 10, 31))
    >>> day_in_name("stock_10-11-2026.csv") is None
    True
    """
    return _one(
        found.group().replace("_", "-").replace(" ", "-") for found in _IN_NAME.finditer(PurePath(name).stem)
    )


def day_above(preamble: Sequence[Row]) -> date | None:
    """The one day that the lines above a table name.

    >>> day_above([(1, ["Lagerbestandsliste"]), (2, ["Stichtag: 31.10.2026"])])
    datetime.date(2026, 10, 31)
    """
    return _one(_LABEL.sub("", cell.strip().lstrip("# ")) for _, cells in preamble for cell in cells)


def _one(texts: Iterable[str]) -> date | None:
    days = {day for text in texts if (day := _day(text)) is not None}
    return days.pop() if len(days) == 1 else None


def _day(text: str) -> date | None:
    if not any(char.isdigit() for char in text):
        return None
    found = read_dates(cells_of(pa.array([text])))
    if not found.ok[0]:
        return None
    day: date = found.micros[0].astype("M8[us]").astype("M8[D]").astype(object)
    return day if day.year in _YEARS else None


def day_of_rows(raw: Raw, told: Any, today: date | None) -> date:
    """The day that all rows of a list are of.

    Args:
        told: the option ``day_of``, if a person has said it.

    Raises:
        AskError: nobody has said it, and the file does not.
    """
    days = {ABOVE: day_above(raw.outline.preamble), NAME: day_in_name(raw.source.name), LOAD: today}
    known = {way: day for way, day in days.items() if day is not None}
    found = known.get(str(told)) if told else known.get(ABOVE)
    if found is not None:
        return found
    raise AskError(
        msg("The file does not say of which day it is."),
        option="day_of",
        choices={way: day.isoformat() for way, day in known.items()},
        place=raw.source.name,
        remedy=msg(
            "Set the option day_of to one of {names}, or period_end to the day.", names=", ".join(known)
        ),
    )
