"""Texts of one shape as dates, by one reading of that shape."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from kpi_tree.ingest.cells.dateshapes import DateReading
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray

DAY_US = 86_400_000_000
ERA_ENDS = {1988: 31, 1925: 64, 1911: 15}
"""The year before a Japanese era's first to its last one: 平成40年 never was."""


@dataclass(slots=True)
class DateColumn:
    """What a column says as dates, one entry for each distinct text.

    Attributes:
        micros: microseconds since 1970 of the wall clock or, where ``zoned``, of UTC; meaningless where
            not ``ok``.
        ok: the text is a date.
        zoned: the text carries its own offset.
        timed: the text carries a time of day.
        order: the order decided (``dmy``, ``mdy``, ``ymd``), or ``""`` when nothing needed deciding.
        ambiguous: texts that two orders read differently, when the evidence is missing.
        readings: for an ambiguous column: order -> first date that it would give.
        styles: pictures of the formats seen, most frequent first.
        grain: the coarsest grain of the texts.
        evidence: the column itself proves its order (used for its neighbours).
        grains: shape -> the grain of its texts.
    """

    micros: IntArray
    ok: BoolArray
    zoned: BoolArray
    timed: BoolArray
    order: str = ""
    ambiguous: BoolArray = field(default_factory=lambda: np.zeros(0, bool))
    readings: dict[str, str] = field(default_factory=dict)
    example: str = ""
    styles: list[str] = field(default_factory=list)
    grain: str = "day"
    evidence: str = ""
    grains: dict[int, str] = field(default_factory=dict)


def no_dates(size: int) -> DateColumn:
    """A column of so many texts of which none is a date yet.

    >>> no_dates(2).ok.tolist()
    [False, False]
    """
    none = np.zeros(size, bool)
    return DateColumn(np.zeros(size, np.int64), none, none.copy(), none.copy())


def read_shape(cells: Cells, shape: int, reading: DateReading, into: DateColumn) -> None:
    """Read all texts of one shape by one reading; ``into`` has an entry for every text of the column."""
    members = cells.members(shape)
    size = len(members)
    part = {name: cells.number(shape, list(where)[:9]) for name, where in reading.fields}
    year = part.get("y", np.zeros(size, np.int64)) + reading.era
    if len(reading.at("y")) == 2 and not reading.era:
        year = np.where(year < 69, year + 2000, year + 1900)
    micros, ok = _day_of(reading, part, year)
    seconds, fine = _clock(reading, part, size)
    into.micros[members] = micros + seconds
    into.ok[members] = ok & fine
    into.zoned[members] = reading.zone is not None or reading.offset_sign != 0
    into.timed[members] = bool(reading.at("H"))


def _day_of(reading: DateReading, part: dict[str, IntArray], year: IntArray) -> tuple[IntArray, BoolArray]:
    ones = np.ones(len(year), np.int64)
    ok: BoolArray = (year >= 1900) & (year <= 2200)
    if reading.era in ERA_ENDS:
        ok &= part.get("y", ones) <= ERA_ENDS[reading.era]
    if "w" in part:
        return _week(part, year, ok)
    month = part["q"] * 3 - 2 if "q" in part else part.get("m", ones * (reading.month or 1))
    day = part.get("d", ones)
    ok = ok & (month >= 1) & (month <= 12) & (day >= 1)
    if "yd" in part:
        return _day_of_year(part["yd"], year, ok)
    start = _months_to_days(np.where(ok, year, 2000), np.where(ok, month, 1))
    length = _months_to_days(np.where(ok, year, 2000), np.where(ok, month, 1) + 1) - start
    ok = ok & (day <= length)
    if reading.grain == "week":  # told by its first day, a Monday
        ok &= (start + day + 2) % 7 == 0
    return (start + day - 1) * DAY_US, ok


def _day_of_year(number: IntArray, year: IntArray, ok: BoolArray) -> tuple[IntArray, BoolArray]:
    first = _months_to_days(np.where(ok, year, 2000), np.ones(len(year), np.int64))
    days = _months_to_days(np.where(ok, year, 2000) + 1, np.ones(len(year), np.int64)) - first
    return (first + number - 1) * DAY_US, ok & (number >= 1) & (number <= days)


def _months_to_days(year: IntArray, month: IntArray) -> IntArray:
    months = (year - 1970) * 12 + month - 1
    return np.asarray(months.astype("M8[M]").astype("M8[D]").astype(np.int64), np.int64)


def _week(part: dict[str, IntArray], year: IntArray, ok: BoolArray) -> tuple[IntArray, BoolArray]:
    """Monday of an ISO week: week 1 is the one with 4 January."""
    fourth = _months_to_days(np.where(ok, year, 2000), np.ones(len(year), np.int64)) + 3
    monday = fourth - (fourth + 3) % 7
    week = part["w"]
    next_fourth = _months_to_days(np.where(ok, year, 2000) + 1, np.ones(len(year), np.int64)) + 3
    weeks = (next_fourth - (next_fourth + 3) % 7 - monday) // 7
    day = part.get("wday", np.ones(len(year), np.int64))
    return (monday + (week - 1) * 7 + day - 1) * DAY_US, ok & (week >= 1) & (week <= weeks) & (day >= 1) & (
        day <= 7
    )


def _clock(reading: DateReading, part: dict[str, IntArray], size: int) -> tuple[IntArray, BoolArray]:
    zero = np.zeros(size, np.int64)
    hour, minute, second = (part.get(name, zero) for name in "HMS")
    ok: BoolArray = (minute < 60) & (second < 60) & ((hour < 24) | ((hour == 24) & (minute + second == 0)))
    if reading.half >= 0:
        ok = ok & (hour >= 1) & (hour <= 12) if reading.half == 12 or reading.half == 0 else ok
        hour = hour % 12 + reading.half
    digits = min(len(reading.at("f")), 9)
    fraction = part.get("f", zero)
    fraction = fraction * 10 ** (6 - digits) if digits <= 6 else fraction // 10 ** (digits - 6)
    offset = zero + (reading.zone or 0)
    if reading.offset_sign:
        offset = reading.offset_sign * (part["zh"] * 60 + part.get("zm", zero))
        ok = ok & (part["zh"] <= 14)
    return (hour * 3600 + minute * 60 + second) * 1_000_000 + fraction - offset * 60_000_000, ok
