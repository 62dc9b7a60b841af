"""The type of a column, decided by all its cells, and its cells as values of the type asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.clocks import pair_clocks
from kpi_tree.ingest.cells.dateread import DateColumn
from kpi_tree.ingest.cells.dates import read_dates
from kpi_tree.ingest.cells.durations import may_be_else, read_durations
from kpi_tree.ingest.cells.folding import fold
from kpi_tree.ingest.cells.headgrain import said_grain
from kpi_tree.ingest.cells.quantities import NumberColumn, iso_currency, read_numbers
from kpi_tree.ingest.cells.serials import named_serials
from kpi_tree.ingest.cells.shapes import MACHINE, BoolArray, Cells, cells_of
from kpi_tree.ingest.cells.told import header_currency, order_of, told_unit
from kpi_tree.ingest.cells.words import FALSE_WORDS, NULLS, SOLD_OUT, TRUE_WORDS

SHARE = 0.8
"""From this share of readable cells on, a column counts as being of a type."""

_NULLS = NULLS | SOLD_OUT
_NULL_TEXTS = pa.array(sorted(_NULLS), pa.string())
_ID_HEADER = re.compile(
    r"(?:^|[\s_#.\-(])(?:id|ids|nr|no|num|number|nummer|sku|ean|gtin|upc|barcode|isbn|zip|postal|postcode|"
    r"postnr|phone|telefon|tlf|mobile|code|kode|kod|reference|ref|handle|invoice)\.?\)?$|"
    r"(?:(?:[cn]t|[^t])(?<!\bb)(?<!\bm)(?<!pa|gr)id|nr|nummer|番号|コード|電話|郵便|单号|編號|编号|编码|条码|号码)$|"
    r"^(?:n[°º]|num[ée]ro|número|núm\.?)(?: d[eu]l? (?:la )?\w*[^\Ws])?$|"
    r"^(?:c[óo]digo|mobil|handy|móvil|plz)$|"
    r"order ?#|stockcode|invoiceno",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Context:
    """What the rest of the file says about a column's style; ``units`` by its name."""

    delimiter: str = ""
    decimal: str | None = None
    order: str | None = None
    neighbour_decimal: str = ""
    neighbour_order: str = ""
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Column:
    """One column of a file with what was found out about it.

    Attributes:
        name: its header.
        kind: ``text``, ``integer``, ``number``, ``date``, ``datetime``, ``boolean``, ``duration``, ``empty``.
        unit: an ISO currency, a currency sign, ``percent``, ``seconds``; None without.
        date_format: a picture of the dates; ``decimal``: the decimal sign; None where not used.
        nulls: cells that were taken for "no value".
        told: the unit that a row of units names below the header; empty without.
        clock: the column that holds the times of day of these days; empty without.
        time_of_day: it holds times of day.
    """

    name: str
    cells: Cells
    kind: str = "text"
    unit: str | None = None
    date_format: str | None = None
    decimal: str | None = None
    nulls: list[str] = field(default_factory=list)
    numbers: NumberColumn | None = None
    dates: DateColumn | None = None
    blank: BoolArray = field(default_factory=lambda: np.zeros(0, bool))
    told: str = ""
    clock: str = ""
    time_of_day: bool = False

    def sample(self, count: int = 3) -> list[str]:
        """The first different cells."""
        texts = [t for t in self.cells.texts[:20].to_pylist() if t]
        return [t.lstrip(MACHINE)[:80] for t in texts[:count]]

    def __post_init__(self) -> None:
        if not len(self.blank):
            self.blank = blank_texts(self.cells)


def blank_texts(cells: Cells, extra: frozenset[str] = frozenset()) -> BoolArray:
    """Which distinct texts stand for "no value" (outside text columns).

    >>> blank_texts(cells_of(pa.array(["", "N/A", "5"]))).tolist()
    [True, True, False]
    """
    lower = pc.utf8_lower(cells.texts)
    nulls = pa.array([*_NULLS, *extra], pa.string()) if extra else _NULL_TEXTS
    return np.asarray(pc.is_in(lower, value_set=nulls), bool)


def look(name: str, values: pa.ChunkedArray, context: Context) -> Column:
    """Find out a column's type from its cells alone.

    >>> look("Pris", pa.chunked_array([["1 234,50", "99,00", "-"]]), Context()).kind
    'number'
    >>> look("Kundenr", pa.chunked_array([["00123", "00456"]]), Context()).kind
    'text'
    """
    return look_at(name, cells_of(values), context)


def look_at(name: str, cells: Cells, context: Context) -> Column:
    """The same for a column's cells, each text counted as often as it stands there."""
    column = Column(name, fold(cells), told=context.units.get(name, ""))
    rows = int(cells.counts[~column.blank].sum())
    column.nulls = [t for t in pc.filter(cells.texts, pa.array(column.blank)).to_pylist() if t]
    if not rows:
        column.kind = "empty"
        return column
    if _is_boolean(cells, column.blank):
        column.kind = "boolean"
        return column
    column.numbers = read_numbers(cells, decimal=context.decimal, delimiter=context.delimiter)
    grain = said_grain(name)
    grain = grain if grain != "day" else ""  # "2024-001" may name a thing
    column.dates = read_dates(cells, order=context.order or order_of(name, column.told), grain=grain)
    column.kind = _kind(column, rows)
    counted = None if column.kind == "date" else named_serials(name, cells, column.blank, column.dates)
    if counted is not None:
        column.kind = "datetime" if counted[1].grain == "instant" else "date"
        column.dates = replace(counted[1], styles=[counted[0]])
    _describe(column)
    return column


def _is_boolean(cells: Cells, blank: BoolArray) -> bool:
    words = {t.lower() for t in pc.filter(cells.texts, pa.array(~blank)).slice(0, 8).to_pylist()}
    if len(cells.texts) > 12 or not words <= TRUE_WORDS | FALSE_WORDS:
        return False
    if len(words) > 1:
        return bool(words & TRUE_WORDS) and bool(words & FALSE_WORDS) and bool(words - {"0", "1"})
    shown = pc.filter(cells.texts, pa.array(~blank)).to_pylist()
    return len(next(iter(words))) > 1 and not any(text.isupper() for text in shown)


def _share(column: Column, ok: BoolArray, rows: int) -> float:
    return float(column.cells.counts[ok & ~column.blank].sum()) / rows


def _kind(column: Column, rows: int) -> str:
    numbers, dates = column.numbers, column.dates
    assert numbers is not None
    assert dates is not None
    number_share = _share(column, (numbers.ok | numbers.ambiguous) & ~_names_like(numbers), rows)
    date_ok = dates.ok if not len(dates.ambiguous) else dates.ok | dates.ambiguous
    date_share = _share(column, date_ok, rows)
    if date_share >= SHARE and (number_share < SHARE or _all_compact(column)):
        return "datetime" if dates.grain == "instant" else "date"
    if number_share >= SHARE:
        if _is_identifier(column, numbers):
            return "text"
        return "integer" if _whole(numbers) else "number"
    _, fine = read_durations(column.cells)
    long = _share(column, fine, rows) >= SHARE and not may_be_else(column.cells.shapes)
    return "duration" if long else "text"


def _names_like(numbers: NumberColumn) -> BoolArray:
    """``4K`` and ``8K`` alone may be names; beside ``1.5K`` or a currency they are numbers."""
    plain = (numbers.decimals[numbers.times] + 3) % 3 == 0
    return numbers.times & (bool(plain.all()) and not numbers.currencies)


def _all_compact(column: Column) -> bool:
    """Eight digits are days, and fourteen (twelve) days with their time, when every one of them falls into
    the years 1990 to 2060; below a name of things the longer ones are numbers of things."""
    dates = column.dates
    assert dates is not None
    shown = ~column.blank
    sizes = {len(s) for s in column.cells.shapes if "9" in s and not s.startswith("-")}
    if sizes != {8} and (sizes not in ({12}, {14}) or _ID_HEADER.search(column.name.strip())):
        return False
    years = dates.micros[shown].astype("M8[us]").astype("M8[Y]").astype(int) + 1970
    return bool(dates.ok[shown].all() and (years >= 1990).all() and (years <= 2060).all())


def _whole(numbers: NumberColumn) -> bool:
    return not bool(
        (numbers.decimals[numbers.ok] > 0).any() or numbers.percent.any() or numbers.ambiguous.any()
    )


def _is_identifier(column: Column, numbers: NumberColumn) -> bool:
    """Numbers that only name things: leading zeros, too many digits, a header that says so."""
    texts = pc.filter(column.cells.texts, pa.array(numbers.ok & ~column.blank))
    if not _whole(numbers):
        return False
    leading = pc.match_substring_regex(texts, r"^'|^0[0-9]+$|^[0-9]{16,}$")
    if pc.any(leading).as_py():
        return True
    return bool(_ID_HEADER.search(column.name.strip()))


def _describe(column: Column) -> None:
    if column.kind == "text":
        column.nulls = []
    if column.kind in ("integer", "number") and column.numbers is not None:
        numbers = column.numbers
        column.decimal = numbers.decimal or (
            "." if column.kind == "number" and not numbers.ambiguous.any() else None
        )
        if numbers.percent.any():
            column.unit = "percent"
        elif numbers.currencies:
            column.unit = iso_currency(numbers.currencies) or numbers.currencies[0]
        else:
            column.unit = header_currency(column.name) or told_unit(column.told)
    if column.kind in ("date", "datetime") and column.dates is not None:
        column.date_format = column.dates.styles[0] if column.dates.styles else None
        if column.dates.ambiguous.any():
            column.date_format = None
    if column.kind == "duration":
        column.unit = "seconds"


def neighbours(columns: list[Column]) -> tuple[str, str]:
    """The decimal sign and the day/month order that the columns prove together; empty where none or both.

    >>> neighbours([])
    ('', '')
    """
    signs = {
        c.numbers.evidence
        for c in columns
        if c.numbers and c.numbers.evidence and c.kind in ("integer", "number")
    }
    orders = {
        c.dates.evidence for c in columns if c.dates and c.dates.evidence and c.kind in ("date", "datetime")
    }
    return (signs.pop() if len(signs) == 1 else "", orders.pop() if len(orders) == 1 else "")


_EAST = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
"""Letters of languages that write a decimal point only."""


def look_together(names: Sequence[str], cells: Sequence[Cells], context: Context) -> list[Column]:
    """Look at every column of a table, then again at those that their neighbours can settle.

    Args:
        context: is told what the columns prove together.
    """
    columns = [look_at(name, held, context) for name, held in zip(names, cells, strict=True)]
    context.neighbour_decimal, context.neighbour_order = neighbours(columns)
    if not context.neighbour_decimal and _EAST.search("".join(names)):
        context.neighbour_decimal = "."
    helped = Context(
        context.delimiter,
        context.decimal or context.neighbour_decimal or None,
        context.order or context.neighbour_order or None,
        units=context.units,
    )
    for i, column in enumerate(columns):
        open_numbers = column.numbers is not None and column.numbers.ambiguous.any()
        open_dates = column.dates is not None and column.dates.ambiguous.any()
        if (open_numbers and helped.decimal) or (open_dates and helped.order):
            columns[i] = look_at(column.name, column.cells, helped)
    pair_clocks(columns)
    return columns


def as_dict(column: Column) -> dict[str, Any]:
    """A column for JSON, as ``inspect`` shows it."""
    kind = "datetime" if column.clock else "time" if column.time_of_day else column.kind
    return {
        "name": column.name,
        "type": kind,
        "unit": None if column.time_of_day else column.unit,
        "date_format": column.date_format,
        "time_column": column.clock or None,
        "decimal": column.decimal,
        "nulls": column.nulls[:10],
        "sample": column.sample(),
    }
