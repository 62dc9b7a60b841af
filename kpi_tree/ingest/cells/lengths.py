"""Lengths of time where a table wants them as a number: seconds, minutes or hours."""

# ruff: noqa: E501 - word lists read better unbroken
from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from kpi_tree.ingest.cells.durations import is_two_parts, read_durations
from kpi_tree.ingest.cells.shapes import BoolArray, Cells

SECONDS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0}
"""Types of columns that hold lengths of time, and how many seconds one of each is."""
_WORDS = {
    word: seconds
    for seconds, words in (
        (0.001, "ms millis milliseconds msec ミリ秒"),
        (1.0, "s sec secs second seconds sek sekunder sekunden secondes seg segundos seconden 秒"),
        (60.0, "min mins minute minutes minutter minutt minuter minuten minutos 分 分鐘 分钟"),
        (3600.0, "h hr hrs hour hours timer timar timmar std stunden heures horas uren 時間 小时"),
        (86400.0, "days dager dagar tage jours días dagen 日 天"),
    )
    for word in words.split()
}
_SAID = re.compile(
    r"[(\[（［]\s*(?:in\s|i\s|en\s)?([^()\[\]（）［］]{1,12}?)\.?\s*[)\]）］]\s*$|(?:\sin\s|\si\s|_|,\s)([^\W_]{1,12})\.?$"
)


def said_length(name: str, told: str = "") -> float:
    """The seconds of one unit that a header, or the row of units below it, names; 0 where neither does.

    >>> said_length("Duration (min)"), said_length("visit_ms"), said_length("Zeit in Stunden"), said_length("Hours")
    (60.0, 0.001, 3600.0, 0.0)
    """
    found = _SAID.search(name.strip())
    words = [word.strip(" .()[]").lower() for word in (told, *(found.groups() if found else ())) if word]
    return next((_WORDS[word] for word in words if word in _WORDS), 0.0)


def wanted_length(field: str) -> str:
    """The unit of time that a field is kept in, by its name; empty for other fields.

    >>> wanted_length("duration_seconds"), wanted_length("worked_hours"), wanted_length("amount")
    ('seconds', 'hours', '')
    """
    unit = field.rpartition("_")[2]
    return unit if unit in SECONDS else ""


def lengths_in(cells: Cells, unit: str) -> tuple[npt.NDArray[np.float64], BoolArray]:
    """Texts such as ``1:30:00`` or ``90 min`` in a unit, and which of them are lengths of time.

    ``1:30`` may be hours and minutes or minutes and seconds: where seconds are wanted it is neither.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> values, fine = lengths_in(cells_of(pa.array(["1:30:00", "90 min", "1:30"])), "seconds")
    >>> values.tolist()[:2], fine.tolist()
    ([5400.0, 5400.0], [True, True, False])
    """
    seconds, fine = read_durations(cells)
    if unit == "seconds":
        for number, shape in enumerate(cells.shapes):
            if is_two_parts(shape):
                fine[cells.members(number)] = False
    return seconds / SECONDS[unit], fine
