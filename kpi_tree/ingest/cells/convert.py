"""Cells as values of the type that a layout asks for, with the cells that are none."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.clocks import read_clock
from kpi_tree.ingest.cells.columns import Column, Context, blank_texts
from kpi_tree.ingest.cells.currencies import currency_code
from kpi_tree.ingest.cells.dateread import DateColumn
from kpi_tree.ingest.cells.dates import FISCAL, read_dates
from kpi_tree.ingest.cells.durations import read_durations
from kpi_tree.ingest.cells.headgrain import said_grain
from kpi_tree.ingest.cells.lengths import SECONDS, lengths_in, said_length, wanted_length
from kpi_tree.ingest.cells.quantities import NumberColumn, decimal_array, read_numbers
from kpi_tree.ingest.cells.serials import read_serials
from kpi_tree.ingest.cells.shapes import MACHINE, BoolArray, Cells
from kpi_tree.ingest.cells.told import PERCENT_WORDS, order_of, scale_in_header, scale_of
from kpi_tree.ingest.cells.words import FALSE_WORDS, TRUE_WORDS


@dataclass(slots=True)
class Converted:
    """A column's values row by row.

    Attributes:
        values: null where the cell is blank or cannot be read.
        bad: rows whose cell says something that cannot be read.
        code: what is wrong with bad cells: ``bad_number``, ``ambiguous_number``, ``ambiguous_date`` ...
        readings: for ambiguous columns: choice -> what it would make of ``example``.
        words: the only texts that are allowed, where it is so.
    """

    values: pa.Array
    bad: BoolArray
    code: str = ""
    example: str = ""
    readings: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    currencies: list[str] = field(default_factory=list)
    words: tuple[str, ...] = ()


def only_words(done: Converted, words: Sequence[str]) -> Converted:
    """Texts of which only some are allowed, however they are written (``NPS`` is ``nps``)."""
    texts = pc.utf8_lower(pc.utf8_trim_whitespace(done.values))
    known = np.asarray(pc.or_(pc.is_in(texts, value_set=pa.array(words)), pc.is_null(texts)), bool)
    values = pc.if_else(pa.array(known), texts, pa.scalar(None, pa.string()))
    return Converted(values, ~known, "" if known.all() else "bad_value", words=tuple(words))


def convert(
    column: Column, kind: str, context: Context, timezone: str, nulls: frozenset[str] = frozenset()
) -> Converted:
    """Turn a column into values of one type.

    Args:
        column: the column as :func:`~kpi_tree.ingest.cells.columns.look` left it.
        kind: ``text``, ``integer``, ``number``, ``money``, ``quantity``, ``boolean``, ``instant``, ``local``,
            ``day``, ``duration``, ``visit`` (its length in seconds), ``time``, ``currency``.
        context: what the file and the person say about decimal sign and day/month order.
        timezone: zone of times that carry none.
        nulls: further words (lower case) for "no value" in this column.
    """
    if kind == "text":
        return _text(column, nulls)
    blank = blank_texts(column.cells, nulls) if nulls else column.blank
    return _CONVERTERS[kind](column, blank, context, timezone)


def _rows(cells: Cells, values: pa.Array) -> pa.Array:
    return values.take(pa.array(cells.index))


def _text(column: Column, nulls: frozenset[str]) -> Converted:
    cells = column.cells
    texts = cells.texts
    if pc.any(pc.or_(pc.starts_with(texts, MACHINE), pc.starts_with(texts, "'"))).as_py():
        texts = pc.replace_substring_regex(
            texts, pattern=rf"^(?:{MACHINE}|'(?P<keep>[+0-9]))", replacement=r"\1"
        )
    empty = blank_texts(cells) & np.asarray(pc.equal(cells.texts, ""), bool)
    if nulls:
        empty |= np.asarray(pc.is_in(pc.utf8_lower(texts), value_set=pa.array(sorted(nulls))), bool)
    texts = pc.if_else(pa.array(empty), pa.scalar(None, pa.string()), texts)
    return Converted(_rows(cells, texts), np.zeros(cells.rows, bool))


def _finish(cells: Cells, values: pa.Array, ok: BoolArray, blank: BoolArray, code: str) -> Converted:
    values = pc.if_else(pa.array(ok & ~blank), values, pa.scalar(None, values.type))
    bad = (~ok & ~blank)[cells.index] if len(cells.index) else np.zeros(0, bool)
    return Converted(_rows(cells, values), bad, code if bad.any() else "")


def _numeric(kind: str) -> Callable[[Column, BoolArray, Context, str], Converted]:
    def read(column: Column, blank: BoolArray, context: Context, _timezone: str) -> Converted:
        cells = column.cells
        again = partial(read_numbers, cells, measured=kind != "money")
        numbers = again(decimal=context.decimal, whole=kind == "integer", delimiter=context.delimiter)
        if numbers.ambiguous.any() and context.neighbour_decimal:
            numbers = again(decimal=context.neighbour_decimal)
        as_told(column, numbers)
        if numbers.percent.any():
            # Beside "5 %" a bare 5 may mean 5 or 500 %: it is set apart, not guessed.
            numbers.ok &= numbers.percent | (numbers.mantissa == 0)
        if kind in ("money", "quantity"):
            scaled, ok = numbers.scaled()
            values: pa.Array = decimal_array(scaled, ok)
        else:
            floats, ok = numbers.floats(), numbers.ok
            if kind == "integer":
                ok = ok & (floats == np.rint(floats)) & (np.abs(floats) < 9e15)
                whole = np.where(
                    ok & (numbers.decimals == 0), numbers.mantissa, np.where(ok, floats, 0).astype(np.int64)
                )
                values = pa.array(whole.astype(np.int64))
            else:
                values = pa.array(floats)
        done = _finish(cells, values, ok, blank, f"bad_{'number' if kind != 'integer' else 'integer'}")
        done.currencies = numbers.currencies
        done.notes += ["measure"] if numbers.measures and numbers.ok.any() and kind != "money" else []
        if (numbers.ambiguous & ~blank).any():
            done.code, done.example, done.readings = (
                "ambiguous_number",
                numbers.example,
                dict(numbers.readings),
            )
        return done

    return read


def scale(column: Column) -> float:
    """By how much a column's numbers are taken times, as its header or the unit below it says."""
    header = scale_in_header(column.name)[0]
    return header if header != 1 else scale_of(column.told)


def as_told(column: Column, numbers: NumberColumn) -> None:
    """Numbers without a sign of their own are what the unit below the header says: percent, or thousands."""
    if column.told.lower() in PERCENT_WORDS and not numbers.percent.any():
        numbers.percent = numbers.ok.copy()
    numbers.decimals = numbers.decimals - round(math.log10(scale(column)))


def _boolean(column: Column, blank: BoolArray, _context: Context, _timezone: str) -> Converted:
    lower = pc.utf8_lower(pc.replace_substring(column.cells.texts, MACHINE, ""))
    true = np.asarray(pc.is_in(lower, value_set=pa.array(sorted(TRUE_WORDS))), bool)
    false = np.asarray(pc.is_in(lower, value_set=pa.array(sorted(FALSE_WORDS))), bool)
    return _finish(column.cells, pa.array(true), true | false, blank & ~(true | false), "bad_boolean")


def read_column_dates(column: Column, context: Context) -> DateColumn:
    """A column as dates, with the help of its neighbours; bare numbers are a workbook's days or seconds
    since 1970."""
    grain = said_grain(column.name)
    read = partial(read_dates, column.cells, grain=grain)
    dates = read(order=context.order or order_of(column.name, column.told))
    if dates.ambiguous.any() and context.neighbour_order:
        dates = read(order=context.neighbour_order)
    numbers = column.numbers
    decimal = None if numbers is None else numbers.decimal or None
    read_serials(column.cells, dates, decimal, months=grain not in ("quarter", "week"))
    return dates


def _date(kind: str) -> Callable[[Column, BoolArray, Context, str], Converted]:
    def read(column: Column, blank: BoolArray, context: Context, timezone: str) -> Converted:
        dates = read_column_dates(column, context)
        wall = pa.array(np.where(dates.ok, dates.micros, 0).astype("M8[us]"))
        if kind == "instant":
            values = _to_utc(wall, dates, timezone)
        else:
            local = _to_wall(wall, dates, timezone)
            values = pc.floor_temporal(local, unit="day").cast(pa.date32()) if kind == "day" else local
        done = _finish(column.cells, values, dates.ok, blank, "bad_date")
        if done.bad.any() and pc.any(pc.match_substring_regex(column.cells.texts, FISCAL)).as_py():
            done.code = "fiscal_date"
        if len(dates.ambiguous) and dates.ambiguous.any():
            done.code, done.example, done.readings = "ambiguous_date", dates.example, dict(dates.readings)
        return done

    return read


def at_clock(
    column: Column, clock: Column, kind: str, context: Context, timezone: str
) -> tuple[pa.Array, BoolArray]:
    """Days with the times of day of another column, row by row, and the rows whose time is none.

    Args:
        column: the days; one that carries a time of its own keeps it.
        clock: the times of day; where it is blank the day begins.
        kind: ``instant`` or ``local``.
    """
    dates = read_column_dates(column, context)
    seconds, fine, own = read_clock(clock.cells)
    at, of = column.cells.index, clock.cells.index
    usable = dates.ok[at] & ~column.blank[at]
    add = np.where(dates.timed[at] | ~fine[of], 0, seconds[of]) * 1_000_000
    wall = pa.array(np.where(usable, dates.micros[at] + add, 0).astype("M8[us]"))
    in_utc = (dates.zoned[at] & dates.timed[at]) | (own[of] & fine[of] & ~dates.timed[at])
    zoned = DateColumn(dates.micros[at], usable, in_utc, dates.timed[at] | in_utc)
    values = _to_utc(wall, zoned, timezone) if kind == "instant" else _to_wall(wall, zoned, timezone)
    wrong = ~fine[of] & ~clock.blank[of]
    return pc.if_else(pa.array(usable), values, pa.scalar(None, values.type)), wrong


def _to_utc(wall: pa.Array, dates: DateColumn, timezone: str) -> pa.Array:
    """Wall clock to UTC: a time that a clock change repeats is the earlier one, one that it skips comes
    after it."""
    ZoneInfo(timezone)
    local = pc.assume_timezone(wall, timezone, ambiguous="earliest", nonexistent="latest")
    local = local.cast(pa.timestamp("us", tz="UTC"))
    if not dates.zoned.any():
        return local
    utc = pc.assume_timezone(wall, "UTC").cast(pa.timestamp("us", tz="UTC"))
    return pc.if_else(pa.array(dates.zoned), utc, local)


def _to_wall(wall: pa.Array, dates: DateColumn, timezone: str) -> pa.Array:
    if not (dates.zoned & dates.timed).any():
        return wall
    shop = pc.local_timestamp(pc.assume_timezone(wall, "UTC").cast(pa.timestamp("us", tz=timezone)))
    return pc.if_else(pa.array(dates.zoned & dates.timed), shop, wall)


def _duration(column: Column, blank: BoolArray, _context: Context, _timezone: str) -> Converted:
    seconds, ok = read_durations(column.cells)
    return _finish(column.cells, pa.array(seconds), ok, blank, "bad_duration")


def _seconds(column: Column, blank: BoolArray, context: Context, timezone: str) -> Converted:
    """How long a visit takes, as web analytics write it: ``83``, ``1:23``, ``0:01:23`` or ``1m 23s``."""
    seconds, ok = read_durations(column.cells, short_clock="m:s")
    done = _numeric("number")(column, blank | ok, context, timezone)
    if not ok.any():
        return done
    clocks = _finish(column.cells, pa.array(seconds), ok, blank | ~ok, "bad_duration")
    done.values = pc.coalesce(clocks.values, done.values)
    return done


def _time(column: Column, blank: BoolArray, context: Context, timezone: str) -> Converted:
    """A time of day as seconds since midnight."""
    done = _duration(column, blank, context, timezone)
    late = np.asarray(pc.greater_equal(done.values, 86400.0).fill_null(False), bool)
    done.bad = done.bad | late
    done.code = "bad_time" if done.bad.any() else ""
    return done


def _currency(column: Column, blank: BoolArray, _context: Context, _timezone: str) -> Converted:
    """Codes of ISO 4217; a sign or word that stands for one currency becomes its code."""
    bare = pc.utf8_normalize(pc.replace_substring(column.cells.texts, MACHINE, ""), form="NFKC")
    found = [currency_code(text) for text in bare.to_pylist()]
    ok = np.array([code is not None for code in found], bool)
    return _finish(column.cells, pa.array(found, pa.string()), ok, blank, "bad_currency")


def asked_as(field: str, kind: str, column: Column) -> str:
    """The type as which a column is read for a field: a field kept in seconds, minutes or hours takes lengths
    of time, and numbers of another unit that the header names.

    Args:
        kind: the field's type.

    Returns:
        ``seconds``, ``minutes``, ``hours``, or the type as it is.
    """
    unit = wanted_length(field) if kind == "number" else ""
    said = said_length(column.name, column.told) if unit else 0.0
    other = said and said != SECONDS[unit]
    return unit if unit and (column.kind == "duration" or other) else kind


def _length(unit: str) -> Callable[[Column, BoolArray, Context, str], Converted]:
    def read(column: Column, blank: BoolArray, context: Context, timezone: str) -> Converted:
        if column.kind == "duration":
            values, ok = lengths_in(column.cells, unit)
            return _finish(column.cells, pa.array(values), ok, blank, "bad_duration")
        done = _numeric("number")(column, blank, context, timezone)
        factor = said_length(column.name, column.told) / SECONDS[unit]
        done.values = pc.multiply(done.values, pa.scalar(factor))
        done.notes.append("unit")
        return done

    return read


_CONVERTERS: dict[str, Callable[[Column, BoolArray, Context, str], Converted]] = {
    "integer": _numeric("integer"),
    "number": _numeric("number"),
    "money": _numeric("money"),
    "quantity": _numeric("quantity"),
    "boolean": _boolean,
    "instant": _date("instant"),
    "local": _date("local"),
    "day": _date("day"),
    "duration": _duration,
    "visit": _seconds,
    "time": _time,
    "currency": _currency,
    **{unit: _length(unit) for unit in SECONDS},
}
