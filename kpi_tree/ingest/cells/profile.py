"""A column too long to be held, by a few of its cells that stand for all: what is decided from them is what
the whole column would decide.

Two texts are alike when no rule of this package can tell them apart: same shape, same answer to every
question that is asked of single texts (is it a day that exists, day first and month first; does it begin
with 0; does it mean "no value"). Of each kind the first text is kept, with the number of rows of all its
like. Profiles of pieces add up to the profile of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.columns import blank_texts
from kpi_tree.ingest.cells.dateread import DateColumn, no_dates, read_shape
from kpi_tree.ingest.cells.dates import is_day_alone
from kpi_tree.ingest.cells.dateshapes import DateReading, date_shapes
from kpi_tree.ingest.cells.durations import is_duration_shape, read_durations
from kpi_tree.ingest.cells.folding import COMPACT, TELLING, fold
from kpi_tree.ingest.cells.numbers import NumberShape, number_shape
from kpi_tree.ingest.cells.quantities import read_numbers
from kpi_tree.ingest.cells.shapes import MACHINE, BoolArray, Cells, IntArray, byte_positions, cells_of

FIRST = 20
"""The first different texts are kept as they are: for the sample, and to tell yes and no from words."""
MOST = 20_000
"""Kinds that are told apart; a column of more is text whatever they are."""

_TELLING = re.compile(TELLING, re.IGNORECASE)
_COUNTED = re.compile(rf"{MACHINE}?(9{{5}}(?=[.,]9+$|$)|9{{9,10}}(?=[.,]9+$)|9{{9,16}}$)")
"""Shapes of bare numbers that may count days or seconds."""

_PARTS = (2, 4, 5, 54)
"""Numbers below these are alike for a quarter, a month or a week of a year."""
Kind = tuple[str, int]


@dataclass(slots=True)
class Profile:
    """The cells that stand for a column.

    Attributes:
        first: the first different texts.
        rows: kind -> (its first text, how many rows are of it), in the order of their first appearance.
        edges: (kind, reading) -> earliest and latest day (microseconds and text) by that reading.
    """

    first: list[str] = field(default_factory=list)
    rows: dict[Kind, tuple[str, int]] = field(default_factory=dict)
    edges: dict[tuple[Kind, int], tuple[int, str, int, str]] = field(default_factory=dict)

    def __add__(self, later: Profile) -> Profile:
        """The profile of the rows of both, these first.

        >>> one, two = (profile_of(cells_of(pa.array(texts))) for texts in (["7", "x"], ["8", "y"]))
        >>> (one + two).rows
        {('9', 0): ('7', 2), ('~', 0): ('x', 2)}
        """
        first = list(dict.fromkeys([*self.first, *later.first]))[:FIRST]
        rows = dict(self.rows)
        for kind, (text, count) in later.rows.items():
            known = rows.get(kind)
            if known is not None or len(rows) < MOST:
                rows[kind] = (known[0], known[1] + count) if known else (text, count)
        edges = dict(self.edges)
        for key, new in later.edges.items():
            old = edges.get(key)
            edges[key] = new if old is None else (*min(old[:2], new[:2]), *max(old[2:], new[2:]))
        return Profile(first, rows, edges)

    def cells(self) -> Cells:
        """The profile as a column of its own, in which each text counts for all its like; it has no rows."""
        counts: dict[str, int] = dict.fromkeys(self.first, 0)
        for text, count in self.rows.values():
            counts[text] = counts.get(text, 0) + count
        for _, low, _, high in self.edges.values():
            counts.setdefault(low, 0)
            counts.setdefault(high, 0)
        found = cells_of(pa.array(list(counts), pa.string()))
        rows = np.fromiter(counts.values(), np.float64, len(counts))
        found.counts = np.bincount(found.index, weights=rows, minlength=len(found.texts)).astype(np.int64)
        found.index = np.zeros(0, np.int64)
        return found


def profile_of(cells: Cells) -> Profile:
    """The profile of a column's cells.

    >>> profile_of(cells_of(pa.array(["01.02.2024", "31.02.2024", "02.03.2024"]))).rows.values()
    dict_values([('01.02.2024', 2), ('31.02.2024', 1)])
    """
    cells = fold(cells)
    signs = np.zeros(len(cells.texts), np.int64)
    names = list(cells.shapes)
    found = Profile([text for text in cells.texts[: FIRST + 1].to_pylist() if text][:FIRST])
    understood = [_understood(shape) for shape in cells.shapes]
    days: list[tuple[int, int, DateColumn]] = []
    singly = _read_singly(cells, understood)
    for number, parsed in enumerate(understood):
        if parsed is None:
            names[number] = _unread(cells.shapes[number])
            continue
        members = cells.members(number)
        signs[members] = _signs(cells, number, parsed, days)
        for place, (mask, asked) in enumerate(singly, start=20):
            if asked[number]:
                signs[members] |= mask[members].astype(np.int64) << place
    _gather(cells, names, signs, found)
    _edges(cells, signs, days, found)
    return found


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What a shape may be: a number, a date in some readings, a duration."""

    number: NumberShape | None
    dates: tuple[DateReading, ...]
    duration: bool


@lru_cache(maxsize=100_000)
def _understood(shape: str) -> _Parsed | None:
    if "9" not in shape or len(shape) > 100:
        return None
    parsed = _Parsed(number_shape(shape), tuple(date_shapes(shape)), is_duration_shape(shape))
    return parsed if parsed.number or parsed.dates or parsed.duration else None


def _unread(shape: str) -> str:
    """The name for all shapes that are no value, told apart by what a rule of whole columns asks of them:
    whether they have digits, are days without a year, have the length of a date without signs, or hold a word
    that tells of the other cells."""
    word = _TELLING.search(shape)
    told = word.group().lower() if word else ""
    if "9" not in shape:
        return "~" + told
    if is_day_alone(shape):
        return "~day"
    return f"~{len(shape) if len(shape) in COMPACT and not shape.startswith('-') else 9}{told}"


def _read_singly(cells: Cells, understood: list[_Parsed | None]) -> list[tuple[BoolArray, list[bool]]]:
    """Answers that some shapes leave to the single text (long numbers, exponents, clocks), and which do."""
    long = [bool(p and p.number and _is_long(p.number)) for p in understood]
    clocks = [bool(p and p.duration) for p in understood]
    found = [(read_numbers(cells, decimal=sign).ok, long) for sign in ".,"] if any(long) else []
    if not any(clocks):
        return found
    # The bit of a clock is the same whether or not there are long numbers beside it.
    none = [(np.zeros(len(cells.texts), bool), [False] * len(long))] * (2 - len(found))
    return [*found, *none, (read_durations(cells)[1], clocks)]


def _is_long(shape: NumberShape) -> bool:
    longest = max(len(reading.digits) for reading in (shape.point, shape.comma) if reading)
    return longest > 18 or bool(shape.exponent)


def _signs(cells: Cells, number: int, parsed: _Parsed, days: list[tuple[int, int, DateColumn]]) -> IntArray:
    """What tells texts of one shape apart, as bits."""
    shape = cells.shapes[number]
    where = byte_positions(shape, [shape.index("9")])
    signs: IntArray = (cells.digits(number, where)[:, 0] == 0).astype(np.int64)
    if shape == "999999":
        whole = cells.number(number, list(range(6)))
        year, month = whole // 100, whole % 100
        signs |= ((year >= 1990) & (year <= 2100) & (month >= 1) & (month <= 12)).astype(np.int64) << 1
        signs |= ((year >= 1990) & (year <= 2100) & (month >= 1) & (month <= 53)).astype(np.int64) << 15
        signs |= np.searchsorted(_PARTS, month, "right") << 16
    if counted := _COUNTED.match(shape):
        digits = byte_positions(shape, list(range(*counted.span(1))))
        signs |= _counts_time(cells.number(number, digits)).astype(np.int64) << 24
    if len(parsed.dates) == 1 and parsed.dates[0].grain == "month" and len(parsed.dates[0].at("y")) == 2:
        # How many such years there are tells whether they are days.
        signs |= cells.number(number, parsed.dates[0].at("y")) << 25
    if len(parsed.dates) == 1 and parsed.dates[0].grain == "month" and parsed.dates[0].at("m"):
        # Below a header that says so they are quarters or weeks.
        signs |= np.searchsorted(_PARTS, cells.number(number, parsed.dates[0].at("m")), "right") << 12
    size = len(cells.texts)
    read: list[tuple[BoolArray, IntArray]] = []
    members = cells.members(number)
    for place, reading in enumerate(parsed.dates):
        trial = no_dates(size)
        read_shape(cells, number, reading, trial)
        days.append((number, place, trial))
        read.append((trial.ok[members], trial.micros[members]))
        signs |= trial.ok[members].astype(np.int64) << (2 + place)
    pairs = [(a, b) for a in range(len(read)) for b in range(a)]
    for place, (a, b) in enumerate(pairs, start=8):
        signs |= (read[a][1] == read[b][1]).astype(np.int64) << place
    return signs


def _counts_time(whole: IntArray) -> BoolArray:
    """Whether a bare number may be a workbook's day, or (milli-, micro-) seconds of our time."""
    found: BoolArray = (whole >= 20_000) & (whole < 80_000)
    for low in (10**9, 10**12, 10**15):
        found |= (whole >= low // 2) & (whole < low * 4)
    return found


def _gather(cells: Cells, names: list[str], signs: IntArray, into: Profile) -> None:
    """Count the rows of each kind; each text that stands for "no value" is a kind of its own."""
    blank = blank_texts(cells)
    short = {name: number for number, name in enumerate(dict.fromkeys(names))}
    shape = np.array([short[name] for name in names] or [0], np.int64)[cells.shape_of]
    code = (shape << 32) | signs
    code[blank] = -1 - np.flatnonzero(blank)
    if not len(code):
        return
    _, first, group = np.unique(code, return_index=True, return_inverse=True)
    rows = np.bincount(group, weights=cells.counts.astype(np.float64)).astype(np.int64)
    order = np.argsort(first, kind="stable")
    texts = cells.texts.take(pa.array(first[order])).to_pylist()
    for place, text in zip(order.tolist(), texts, strict=True):
        at = int(first[place])
        kind = ("=" + text, 0) if blank[at] else (names[int(cells.shape_of[at])], int(signs[at]))
        into.rows[kind] = (text, int(rows[place]))


def _edges(cells: Cells, signs: IntArray, days: list[tuple[int, int, DateColumn]], into: Profile) -> None:
    for number, place, trial in days:
        members = cells.members(number)
        for sign in np.unique(signs[members]):
            some = members[(signs[members] == sign) & trial.ok[members]]
            if len(some):
                low, high = some[np.argmin(trial.micros[some])], some[np.argmax(trial.micros[some])]
                ends = [(int(trial.micros[i]), cells.texts[int(i)].as_py()) for i in (low, high)]
                into.edges[((cells.shapes[number], int(sign)), place)] = (*ends[0], *ends[1])


def profile_all(parts: Iterable[Profile]) -> Profile:
    """The profile of all the parts in their order."""
    whole = Profile()
    for part in parts:
        whole = whole + part
    return whole


def joined(profile: Cells, part: Cells) -> Cells:
    """Some rows of a column together with the profile of the whole: read like the whole column, row by row.

    Args:
        profile: as :meth:`Profile.cells` gives it; only its texts count.
        part: the rows.
    """
    part = fold(part)
    known = np.asarray(pc.fill_null(pc.index_in(part.texts, value_set=profile.texts), -1), np.int64)
    fresh = np.flatnonzero(known < 0)
    place = known.copy()
    place[fresh] = len(profile.texts) + np.arange(len(fresh))
    shapes = {shape: number for number, shape in enumerate(profile.shapes)}
    of_part = np.array([shapes.setdefault(s, len(shapes)) for s in part.shapes] or [0], np.int64)
    return Cells(
        pa.concat_arrays([profile.texts, part.texts.take(pa.array(fresh))]),
        place[part.index] if len(part.index) else part.index,
        np.concatenate([profile.counts, np.zeros(len(fresh), np.int64)]),
        np.concatenate([profile.shape_of, of_part[part.shape_of[fresh]]]),
        list(shapes),
    )
