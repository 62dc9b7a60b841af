"""Bare numbers that are dates: days of a workbook, seconds since 1970, year and month."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.dateread import DateColumn
from kpi_tree.ingest.cells.quantities import read_numbers
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray

_EXCEL_EPOCH_DAYS = -25569
_DAY_NAME = re.compile(
    r"(?:^|[\s_.])(?:data|fecha|pvm)$|^(?:day|dag|tag|jour)$|(?:date|dato|datum)(?: \(.*\))?$|日付?$",
    re.IGNORECASE,
)
_TIME_NAME = re.compile(
    r"(?:^|[\s_.])(?:at|time|timestamp|ts|datetime|created|updated|epoch|tid|tidspunkt|tidsstempel|zeit|zeitpunkt)"
    r"(?:[\s_.(](?:s|ms|us|utc|unix|micros|millis)\)?)?$|timestamp|日時|時刻",
    re.IGNORECASE,
)


def read_serials(cells: Cells, dates: DateColumn, decimal: str | None = None, *, months: bool = True) -> None:
    """Bare numbers in a date column: a workbook's days since 1899-12-30, seconds (milli, micro) since 1970,
    or a year and a month.

    Args:
        cells: the column.
        dates: is told the dates that the numbers are.
        decimal: the decimal sign of the column, where it is known.
        months: ``202401`` is a month; not below a header that says otherwise.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.dates import read_dates
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> cells = cells_of(pa.array(["45322", "1706700000", "202401"]))
    >>> found = read_dates(cells)
    >>> read_serials(cells, found)
    >>> [str(at)[:10] for at in found.micros.astype("M8[us]")]
    ['2024-01-31', '2024-01-31', '2024-01-01']
    """
    numbers = read_numbers(cells, decimal=decimal)
    value = numbers.floats()
    plain = numbers.ok & ~dates.ok & ~numbers.percent & (numbers.currency_of < 0)
    serial = plain & (value >= 20000) & (value < 80000)
    whole = numbers.mantissa // 10 ** np.clip(numbers.decimals, 0, 18)
    days = np.where(serial, (value + _EXCEL_EPOCH_DAYS) * 86400, 0).round().astype(np.int64) * 10**6
    six = _year_months(plain & (numbers.decimals == 0) & months, whole)
    if six.any():
        first = ((whole // 100 - 1970) * 12 + whole % 100 - 1) * six
        dates.micros = np.where(six, first.astype("M8[M]").astype("M8[us]").astype(np.int64), dates.micros)
        dates.ok = dates.ok | six
        dates.grain = "month"
    parts = (
        plain & (numbers.decimals > 0) & (numbers.decimals <= 9) & (whole >= 10**9 // 2) & (whole < 4 * 10**9)
    )
    seconds = np.where(parts, numbers.mantissa * (10.0 ** (6 - np.clip(numbers.decimals, 0, 9))), 0)
    rules: list[tuple[BoolArray, IntArray, bool]] = [
        (serial, days, True),
        (parts, seconds.round().astype(np.int64), False),
    ]
    for low, factor in ((10**9, 10**6), (10**12, 10**3), (10**15, 1)):
        inside = plain & (numbers.decimals <= 0) & (whole >= low // 2) & (whole < low * 4)
        rules.append((inside, np.where(inside, whole, 0) * factor, False))
    for where, micros, is_serial in rules:
        if where.any():
            dates.micros = np.where(where, micros, dates.micros)
            dates.ok = dates.ok | where
            dates.zoned = dates.zoned | (where & (not is_serial))
            dates.timed = dates.timed | (where & ((not is_serial) | (value % 1 > 0)))
            dates.grain = "instant" if dates.timed.any() else dates.grain


def _year_months(plain: BoolArray, whole: IntArray) -> BoolArray:
    """Six digits that are a year and a month (``202401``), where every such number of the column is one."""
    six = plain & (whole >= 100_000) & (whole < 1_000_000)
    month, year = whole % 100, whole // 100
    fine = six & (month >= 1) & (month <= 12) & (year >= 1990) & (year <= 2100)
    return fine if bool((fine == six).all()) else np.zeros(len(plain), bool)


def named_serials(
    name: str, cells: Cells, blank: BoolArray, dates: DateColumn
) -> tuple[str, DateColumn] | None:
    """What the bare numbers of a column count, and the dates that they are, when its name says that it holds
    dates; None otherwise.

    Args:
        name: the column's header.
        blank: texts that stand for no value.
        dates: the column's texts as dates.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.dates import read_dates
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> cells = cells_of(pa.array(["1706700000", "1706786400"]))
    >>> named_serials("created_at", cells, np.zeros(2, bool), read_dates(cells))[0]
    'seconds since 1970'
    >>> named_serials("Amount", cells, np.zeros(2, bool), read_dates(cells)) is None
    True
    """
    day, time = bool(_DAY_NAME.search(name.strip())), bool(_TIME_NAME.search(name.strip()))
    shown = pc.filter(cells.texts, pa.array(~blank))
    if not (day or time) or not len(shown):
        return None
    for style, pattern, fits in (
        ("days since 1899-12-30", r"^\x{e000}?[2-7][0-9]{4}(?:[.,][0-9]+)?$", day),
        ("seconds since 1970", r"^\x{e000}?[0-9]{9,10}(?:[.,][0-9]{1,9})?$", True),
        ("milliseconds since 1970", r"^\x{e000}?[0-9]{12,13}$", True),
        ("microseconds since 1970", r"^\x{e000}?[0-9]{15,16}$", True),
    ):
        if fits and pc.all(pc.match_substring_regex(shown, pattern)).as_py():
            trial = replace(dates)
            read_serials(cells, trial)
            return (style, trial) if bool(trial.ok[~blank].all()) else None
    return None
