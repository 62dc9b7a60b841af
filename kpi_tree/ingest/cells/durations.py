"""Lengths of time as people write them, in seconds."""

# ruff: noqa: E501 - word lists and patterns read better unbroken
from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kpi_tree.ingest.cells.numbersigns import FRACTIONS
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, byte_positions

_CLOCK = re.compile(
    r"^(?P<sign>[-+])?(?:(?P<d>9{1,4})\s?(?:days?|d|dager|dagar|Tage?|日),?\s+)?(?P<h>9{1,5}):(?P<m>99)(?::(?P<s>99)(?:[.,](?P<sf>9{1,6}))?)?$"
)
_ISO = re.compile(
    r"^P(?:(?P<d>9{1,4})D)?T?(?:(?P<h>9{1,5})(?:[.,](?P<hf>9{1,6}))?H)?(?:(?P<m>9{1,5})(?:[.,](?P<mf>9{1,6}))?M)?(?:(?P<s>9{1,6})(?:[.,](?P<sf>9{1,6}))?S)?$"
)


def _part(letter: str, digits: int, words: str) -> str:
    return (
        rf"(?:(?:(?P<{letter}>9{{1,{digits}}})(?:[.,](?P<{letter}f>9{{1,6}})| ?(?P<{letter}v>[½¼¾]))?|(?P<{letter}w>[½¼¾]))"
        rf"\s?(?:{words})\.?,?(?:\s*(?:og|und|and|och|et|y)\s+|\s*))?"
    )


_WORDS = re.compile(
    "^"
    + _part("w", 3, "weeks|week|uker|uke|veckor|vecka|wochen|woche|semaines|semaine|semanas|semana|週間|周")
    + _part("d", 4, "days|day|d|dager|døgn|dagar|dag|tage|tag|jours|jour|j|días|día|dagen|日間|日|天")
    + _part(
        "h",
        5,
        "hours|hour|hrs|hr|h|timer|time|t|timmar|timme|tim|stunden|stunde|std|heures|heure|horas|hora|ore|ora|uren|uur|u|godz|godzin|tuntia|tunti|時間|小时|小時",
    )
    + _part(
        "m",
        6,
        "minutes|minute|minutter|minutt|minuter|minut|minuten|minuut|minutos|minuto|minuti|minuttia|mins|min|m|分間|分钟|分鐘|分",
    )
    + _part(
        "s",
        7,
        "seconds|second|sekunder|sekund|sekunden|sekunde|secondes|seconde|segundos|segundo|seconden|secs|sec|seg|sek|s|秒間|秒钟|秒",
    )
    + _part("ms", 9, "milliseconds|millisecond|millisekunder|millisekunden|msec|ms|ミリ秒")
    + "$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"^(?P<h>9{1,5})\s?[hH]\s?(?P<m>99)$")
_CAPITAL = re.compile(r"^[9.,\s]+[A-Z]$")
"""``1.5M`` are no minutes, ``3D`` no days."""
_LETTER = re.compile(r"^[9.,\s]+(?:m|t|d|s|j)$")
_WEIGHTS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1, "ms": 0.001}
_DECIMALS = re.compile(r"(?<![9.,])(9{1,9})([.,])(9{1,6})(?![9.,])")


def read_durations(cells: Cells, *, short_clock: str = "h:m") -> tuple[npt.NDArray[np.float64], BoolArray]:
    """Every text as seconds, and which of them are durations.

    Args:
        cells: the column.
        short_clock: what ``1:30`` means: ``h:m`` or ``m:s``.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> read_durations(cells_of(pa.array(["1:30:00", "90 min", "1t 15min", "1,5 timer", "x"])))[0].tolist()
    [5400.0, 5400.0, 4500.0, 5400.0, 0.0]
    """
    seconds = np.zeros(len(cells.texts), np.float64)
    ok = np.zeros(len(cells.texts), bool)
    matches = {number: found for number, shape in enumerate(cells.shapes) if (found := _match(shape))}
    proved = _decimal_signs(cells, matches)
    for number, found in matches.items():
        short = found.re is _CLOCK and found["s"] is None and short_clock == "m:s"
        members = cells.members(number)
        seconds[members], ok[members] = _sum(cells, number, found, {"h": 60, "m": 1} if short else _WEIGHTS)
        if found.re is not _CLOCK and (open_sign := _may_group(found.string)) and open_sign not in proved:
            ok[members] &= cells.digits(number, [found.string.encode().index(b"9")])[:, 0] == 0
    seconds[~ok] = 0.0
    return seconds, ok


def _may_group(shape: str) -> str:
    """The sign of ``9,999 s``, which may group thousands as well; empty without one."""
    found = _DECIMALS.search(shape)
    return found[2] if found and len(found[3]) == 3 and len(found[1]) < 4 else ""


def _decimal_signs(cells: Cells, matches: dict[int, re.Match[str]]) -> set[str]:
    """The decimal signs that the texts prove: with one, two or many decimals, or with a 0 before them."""
    proved = set()
    for number, found in matches.items():
        sign = _DECIMALS.search(found.string)
        if sign is None or not len(cells.members(number)):
            continue
        first = byte_positions(found.string, [sign.start(1)])
        if not _may_group(found.string) or bool((cells.digits(number, first)[:, 0] == 0).any()):
            proved.add(sign[2])
    return proved if len(proved) == 1 else set()


def _match(shape: str) -> re.Match[str] | None:
    if len(shape) > 40 or not ("9" in shape or FRACTIONS.keys() & set(shape)) or _CAPITAL.search(shape):
        return None
    return _CLOCK.match(shape) or _ISO.match(shape) or _SHORT.match(shape) or _WORDS.match(shape)


def may_be_else(shapes: Sequence[str]) -> bool:
    """Whether texts of these shapes may as well be other things: ``5 m`` and ``12 m`` may be metres.

    >>> may_be_else(["9 m", "99 m"]), may_be_else(["99m", "9h 99m"])
    (True, False)
    """
    return all(_LETTER.match(shape) for shape in shapes if "9" in shape)


def is_two_parts(shape: str) -> bool:
    """Whether texts of a shape are clocks of two parts.

    >>> is_two_parts("9:99"), is_two_parts("9:99:99")
    (True, False)
    """
    found = _CLOCK.match(shape)
    return found is not None and found["s"] is None


def is_duration_shape(shape: str) -> bool:
    """Whether texts of a shape may be lengths of time.

    >>> is_duration_shape("9:99:99"), is_duration_shape("9,99")
    (True, False)
    """
    return _match(shape) is not None


def _sum(
    cells: Cells, number: int, found: re.Match[str], weights: dict[str, float]
) -> tuple[npt.NDArray[np.float64], BoolArray]:
    """Seconds of the texts of one shape, and which have minutes and seconds below 60 where a clock shows them."""
    groups, size = found.groupdict(), len(cells.members(number))
    total, fine = np.zeros(size, np.float64), np.ones(size, bool)
    for name, weight in weights.items():
        if groups.get(name):
            part = cells.number(number, byte_positions(found.string, list(range(*found.span(name)))))
            total += part * weight
            if found.re is _CLOCK and name in ("m", "s"):
                fine &= part < 60
        if groups.get(f"{name}f"):
            start, end = found.span(f"{name}f")
            part = cells.number(number, byte_positions(found.string, list(range(start, end))))
            total += part / 10.0 ** (end - start) * weight
        if sign := groups.get(f"{name}v") or groups.get(f"{name}w"):
            total += FRACTIONS[sign] / 100 * weight
    return (-total if groups.get("sign") == "-" else total), fine
