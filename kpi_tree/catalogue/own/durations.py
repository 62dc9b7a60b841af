"""Lengths of time as a definition writes them: ``28 days``, ``month to date``, ``1 month``, ``24 hours``."""

from __future__ import annotations

import re

from kpi_tree.catalogue.own.faults import Fault, one_of
from kpi_tree.i18n import msg

MAX_COUNT = 4000
_LENGTH = re.compile(r"(\d{1,5})\s*([a-z]+?)s?")
_TO_DATE = re.compile(r"(week|month|quarter|year)[ _-]to[ _-]date")
_RUNNING = ("running", "since the start")


def length(text: object, units: tuple[str, ...]) -> tuple[int, str] | Fault:
    """How many of which unit.

    >>> length("28 days", ("day",)), length(7, ("day",))
    ((28, 'day'), (7, 'day'))
    >>> str(length("3 dys", ("day", "week")).remedy)
    'Did you mean day?'
    """
    said = str(text).strip().lower()
    if said.isdigit() and "day" in units:
        said = f"{said} day"
    match = _LENGTH.fullmatch(said)
    example = f"7 {units[0]}s"
    if match is None:
        return Fault(
            "bad_length",
            msg("{value} is not a length of time.", value=said[:40]),
            msg("Write it as {example}.", example=example),
        )
    count, unit = int(match[1]), match[2]
    if unit not in units:
        return Fault("unknown_part", msg("{name} is not a part of time.", name=unit), one_of(unit, units))
    if not 1 <= count <= MAX_COUNT:
        return Fault(
            "bad_length",
            msg("{value} is not a length of time.", value=said[:40]),
            msg("Write a number from 1 to {n}.", n=MAX_COUNT),
        )
    return count, unit


def window(text: object) -> tuple[str, int, str] | Fault:
    """The window of a cumulative value: trailing with its days, to date with its period, or running.

    >>> window("28 days"), window("month to date"), window("running")
    (('trailing', 28, ''), ('to_date', 0, 'month'), ('running', 0, ''))
    """
    said = " ".join(str(text).lower().split())
    if said in _RUNNING:
        return "running", 0, ""
    if match := _TO_DATE.fullmatch(said):
        return "to_date", 0, match[1]
    found = length(said.removeprefix("trailing ").removeprefix("last "), ("day", "week"))
    if isinstance(found, Fault):
        return Fault(
            found.code,
            msg("{value} is not a window.", value=said[:40]),
            msg("Write 28 days, month to date, or running."),
        )
    return "trailing", found[0] * (7 if found[1] == "week" else 1), ""
