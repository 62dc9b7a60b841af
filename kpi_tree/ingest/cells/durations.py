"""Lengths of time as people write them, in seconds."""

# ruff: noqa: E501 - word lists and patterns read better unbroken
from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from kpi_tree.ingest.cells.shapes import BoolArray, Cells, byte_positions

_CLOCK = re.compile(r"^(?P<sign>-)?(?P<h>9{1,5}):(?P<m>99)(?::(?P<s>99)(?:[.,](?P<f>9{1,6}))?)?$")
_ISO = re.compile(r"^PT?(?:(?P<h>9{1,5})H)?(?:(?P<m>9{1,5})M)?(?:(?P<s>9{1,6})S)?$")
_D = r"(?:(?P<d>9{1,4})\s?(?:days|day|d|dager|døgn|dagar|tage|tag|jours|jour|j|日間|日)\.?,?\s*)?"
_H = r"(?:(?P<h>9{1,5})\s?(?:hours|hour|hrs|hr|h|timer|time|t|timmar|tim|stunden|std|heures|heure|時間)\.?,?\s*)?"
_M = r"(?:(?P<m>9{1,6})\s?(?:minutes|minute|minutter|minuter|minuten|mins|min|m|分)\.?,?\s*)?"
_S = r"(?:(?P<s>9{1,7})(?:[.,](?P<f>9{1,6}))?\s?(?:seconds|second|sekunder|sekunden|secs|sec|sek|s|秒)\.?)?"
_WORDS = re.compile(f"^{_D}{_H}{_M}{_S}$", re.IGNORECASE)
_WEIGHTS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def read_durations(cells: Cells, *, short_clock: str = "h:m") -> tuple[npt.NDArray[np.float64], BoolArray]:
    """Every text as seconds, and which of them are durations.

    Args:
        cells: the column.
        short_clock: what ``1:30`` means: ``h:m`` or ``m:s``.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> read_durations(cells_of(pa.array(["1:30:00", "90 min", "1t 15min", "2時間", "x"])))[0].tolist()
    [5400.0, 5400.0, 4500.0, 7200.0, 0.0]
    """
    seconds = np.zeros(len(cells.texts), np.float64)
    ok = np.zeros(len(cells.texts), bool)
    for number, shape in enumerate(cells.shapes):
        if len(shape) > 40 or "9" not in shape:
            continue
        found = _CLOCK.match(shape) or _ISO.match(shape) or _WORDS.match(shape)
        if not found:
            continue
        groups = found.groupdict()
        minutes_first = found.re is _CLOCK and groups.get("s") is None and short_clock == "m:s"
        weights = {"h": 60, "m": 1} if minutes_first else _WEIGHTS
        members = cells.members(number)
        fine = np.ones(len(members), bool)
        for name, weight in weights.items():
            if groups.get(name):
                part = cells.number(number, byte_positions(shape, list(range(*found.span(name)))))
                seconds[members] += part * weight
                if found.re is _CLOCK and name in ("m", "s"):
                    fine &= part < 60
        if groups.get("f"):
            span = found.span("f")
            part = cells.number(number, byte_positions(shape, list(range(*span))))
            seconds[members] += part / 10.0 ** (span[1] - span[0])
        if groups.get("sign"):
            seconds[members] *= -1
        ok[members] = fine
    seconds[~ok] = 0.0
    return seconds, ok
