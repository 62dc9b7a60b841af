"""A column of dates: the order of day and month is settled by the whole column, or refused with both
readings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from kpi_tree.ingest.cells.dateshapes import DateReading, date_shapes
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray
from kpi_tree.ingest.cells.words import months

DAY_US = 86_400_000_000
FISCAL = r"(?i)\bFY\s?'?[0-9]{2,4}|[0-9]{2,4}年度|\b(?:fiscal|regnskapsår|geschäftsjahr|räkenskapsår)"
"""Periods of a fiscal year: no dates while it is not said when that year begins."""
_DAY_ALONE = re.compile(r"^([^\W\d_]+)(?:\.?[-/ ]|\.)9$")
NO_TIME = np.iinfo(np.int64).min


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


_GRAINS = ("instant", "day", "week", "month", "quarter")


def read_dates(
    cells: Cells, *, order: str | None = None, coarse: bool = True, compact: bool = True
) -> DateColumn:
    """Read every text of a column as a date.

    Args:
        cells: the column.
        order: ``dmy``, ``mdy`` or ``ymd`` when the person or a neighbour column has said it.
        coarse: weeks, months and quarters count as dates (their first day).
        compact: eight digits count as a date.

    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> import pyarrow as pa
    >>> found = read_dates(cells_of(pa.array(["03/04/2024", "25/04/2024"])))
    >>> found.order, found.ok.tolist(), str(found.micros.astype("M8[us]")[0])[:10]
    ('dmy', [True, True], '2024-04-03')
    >>> read_dates(cells_of(pa.array(["03/04/2024", "05/06/2024"]))).readings
    {'dmy': '2024-04-03', 'mdy': '2024-03-04'}
    """
    size = len(cells.texts)
    found = DateColumn(
        np.zeros(size, np.int64), np.zeros(size, bool), np.zeros(size, bool), np.zeros(size, bool)
    )
    open_shapes: dict[int, tuple[DateReading, ...]] = {}
    short_years: dict[int, int] = {}
    weights: dict[str, int] = {}
    for number, shape in enumerate(cells.shapes):
        readings = date_shapes(shape)
        if not readings or not _wanted(readings[0], shape, coarse=coarse, compact=compact):
            continue
        weight = int(cells.counts[cells.members(number)].sum())
        weights[readings[0].style] = weights.get(readings[0].style, 0) + weight
        if _GRAINS.index(readings[0].grain) > _GRAINS.index(found.grain):
            found.grain = readings[0].grain
        if len(readings) == 1:
            read_shape(cells, number, readings[0], found)
            if readings[0].grain == "month" and readings[0].month and len(readings[0].at("y")) == 2:
                short_years[number] = readings[0].month
        else:
            open_shapes[number] = readings
    _doubt_short_years(cells, short_years, found)
    if open_shapes:
        _settle(cells, open_shapes, found, order)
    if found.grain == "day" and bool(found.timed[found.ok].any()):
        found.grain = "instant"
    found.styles = sorted(weights, key=lambda style: -weights[style])
    if found.order and found.styles:
        found.styles = [_style_in(cells, open_shapes, found.order)] + [
            s for s in found.styles if "/" not in s and "-" not in s
        ]
    return found


def _doubt_short_years(cells: Cells, shapes: dict[int, int], found: DateColumn) -> None:
    """``Jan 24`` is January 2024 while the months change and the number stays; where there are more numbers
    than months, or a ``Jan 5`` beside it, they are days of a year that is not said, and no dates."""
    if not shapes:
        return
    texts = np.concatenate([cells.members(number) for number in shapes])
    texts = texts[found.ok[texts]]
    years = np.unique(found.micros[texts].astype("M8[us]").astype("M8[Y]").astype(np.int64) + 1970)
    may_be_days = bool((years >= 2001).all() and (years <= 2031).all())
    if may_be_days and (len(years) > len(set(shapes.values())) or any(map(is_day_alone, cells.shapes))):
        found.ok[texts] = False


def is_day_alone(shape: str) -> bool:
    """Whether texts of a shape are days of a month without a year.

    >>> is_day_alone("Jan 9"), is_day_alone("Jan 99"), is_day_alone("Mug 9")
    (True, False, False)
    """
    found = _DAY_ALONE.match(shape)
    return found is not None and found[1].lower() in months()


def _style_in(cells: Cells, shapes: dict[int, tuple[DateReading, ...]], order: str) -> str:
    heaviest = max(shapes, key=lambda n: int(cells.counts[cells.members(n)].sum()))
    return next((r.style for r in shapes[heaviest] if r.order == order), shapes[heaviest][0].style)


def _wanted(reading: DateReading, shape: str, *, coarse: bool, compact: bool) -> bool:
    if reading.grain in ("week", "month", "quarter"):
        return coarse and (reading.sure or coarse)
    return compact or not shape.startswith("99999999")


def _settle(
    cells: Cells, shapes: dict[int, tuple[DateReading, ...]], found: DateColumn, order: str | None
) -> None:
    """Choose one order for all shapes that leave it open."""
    size = len(cells.texts)
    tried: dict[str, DateColumn] = {}
    for name in ("dmy", "mdy", "ymd"):
        trial = DateColumn(
            np.zeros(size, np.int64), np.zeros(size, bool), np.zeros(size, bool), np.zeros(size, bool)
        )
        for number, readings in shapes.items():
            reading = next((r for r in readings if r.order == name), None)
            if reading:
                read_shape(cells, number, reading, trial)
        tried[name] = trial
    texts = np.concatenate([cells.members(n) for n in shapes])
    chosen = order or _by_evidence(cells, tried, texts)
    if not order:
        found.evidence = chosen
    if chosen:
        _take(tried[chosen], found, texts)
        found.order = chosen
        return
    _leave_open(cells, tried, texts, found)


def _by_evidence(cells: Cells, tried: dict[str, DateColumn], texts: IntArray) -> str:
    """The order that the texts themselves prove: valid (nearly) everywhere where the others are not."""
    counts = cells.counts
    only = {}
    for name, trial in tried.items():
        others = np.zeros(len(counts), bool)
        for other, result in tried.items():
            if other != name and _plausible(cells, tried, other):
                others |= result.ok
        only[name] = int(counts[texts][trial.ok[texts] & ~others[texts]].sum())
    best = max(only, key=lambda name: only[name])
    rest = sum(n for name, n in only.items() if name != best)
    if only[best] and only[best] >= 20 * rest:
        return best
    return ""


def _plausible(cells: Cells, tried: dict[str, DateColumn], order: str) -> bool:
    """Year-first with two digits competes when it reads what another order reads, within as few years."""
    if order != "ymd" and not tried["ymd"].ok.any():
        return True
    rows = {name: int(cells.counts[trial.ok].sum()) for name, trial in tried.items()}
    most = max(rows.values())
    if order == "ymd" and rows[order] < 0.98 * most:
        return False
    spans = {name: _years(trial) for name, trial in tried.items() if rows[name] >= 0.98 * most}
    return not (spans and spans.get(order, 0) > 10 and min(spans.values()) <= 3)


def _years(trial: DateColumn) -> int:
    """How many years lie between the first and the last date."""
    days = trial.micros[trial.ok] // DAY_US
    return int((days.max() - days.min()) // 365) if len(days) else 0


def _take(trial: DateColumn, found: DateColumn, texts: IntArray) -> None:
    for name in ("micros", "ok", "zoned", "timed"):
        getattr(found, name)[texts] = getattr(trial, name)[texts]


def _leave_open(cells: Cells, tried: dict[str, DateColumn], texts: IntArray, found: DateColumn) -> None:
    """Texts on which every possible order agrees are read; the others stay open, with what each would
    give."""
    names = [n for n in tried if _plausible(cells, tried, n) and tried[n].ok[texts].any()]
    first = tried[names[0]] if names else tried["dmy"]
    agree = np.ones(len(texts), bool)
    valid = np.zeros(len(texts), bool)
    for name in names:
        valid |= tried[name].ok[texts]
        agree &= tried[name].ok[texts] & (tried[name].micros[texts] == first.micros[texts])
    _take(first, found, texts[agree])
    found.ambiguous = np.zeros(len(cells.texts), bool)
    found.ambiguous[texts[valid & ~agree]] = True
    if not found.ambiguous.any():
        return
    both = [t for t in texts if found.ambiguous[t] and all(tried[n].ok[t] for n in names)]
    sample = int(both[0]) if both else int(texts[valid & ~agree][0])
    found.example = cells.texts[sample].as_py()
    for name in names:
        if tried[name].ok[sample]:
            found.readings[name] = str(tried[name].micros[sample].astype("M8[us]"))[:10]


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
    if reading.grain == "week":
        return _week(part, year, ok)
    month = part["q"] * 3 - 2 if reading.grain == "quarter" else part.get("m", ones * (reading.month or 1))
    day = part.get("d", ones)
    ok = ok & (month >= 1) & (month <= 12) & (day >= 1)
    if reading.grain == "quarter":
        ok = ok & (part["q"] <= 4)
    start = _months_to_days(np.where(ok, year, 2000), np.where(ok, month, 1))
    length = _months_to_days(np.where(ok, year, 2000), np.where(ok, month, 1) + 1) - start
    ok = ok & (day <= length)
    return (start + day - 1) * DAY_US, ok


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
