"""Units beside values of KPIs: times a thousand, percent, minutes, a currency; and what suits which KPI."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.catalogue import Kpi
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.numbersigns import CURRENCIES
from kpi_tree.ingest.cells.shapes import BoolArray, IntArray
from kpi_tree.ingest.cells.told import PERCENT_WORDS, currency_of, scale_of
from kpi_tree.ingest.values.dimensions import dimension_named
from kpi_tree.ingest.values.kpiwords import words_of

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
COUNTED = ("count", "points", *SECONDS)
"""Units of KPIs whose values carry neither a currency nor a percent sign."""

_BEHIND = re.compile(
    r"^(?P<name>.*?\S)\s*(?:[(\[]\s*(?:in |i |en )?(?P<a>[^()\[\]]{1,24}?)\s*[)\]]|"
    r"[,;]?\s+(?:(?:in|i|en)\s+)(?P<b>[^()\[\]]{1,24})|[,;]?\s+(?P<c>[^\s()\[\]]{1,8})|(?P<d>%))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit says of the numbers beside it.

    Attributes:
        times: by how much they are to be taken. percent: whether 5 means 5 %.
        seconds: how long one of them is; 0 for no length of time.
        currency: a code of ISO 4217, or a sign that several currencies use, such as ``KR``.
    """

    times: int = 1
    percent: bool = False
    seconds: int = 0
    currency: str = ""


@lru_cache(maxsize=2000)
def unit_said(text: str) -> Unit | None:
    """The unit that a word stands for; None for a word that is none.

    >>> unit_said("TEUR"), unit_said("Lampe")
    (Unit(times=1000, percent=False, seconds=0, currency='EUR'), None)
    """
    word = unicodedata.normalize("NFKC", text).strip().strip("()[]").strip()
    lower = word.lower()
    if lower in PERCENT_WORDS:
        return Unit(percent=True)
    if lower in CURRENCIES:
        return Unit(currency=CURRENCIES[lower] or word.upper())
    if (times := scale_of(word)) > 1:
        sign = currency_of(word).lower()
        return Unit(int(times), currency=CURRENCIES.get(sign) or sign.upper())
    for name, seconds in SECONDS.items():
        if lower in words_of(name):
            return Unit(seconds=seconds)
    return Unit() if lower in words_of("pieces") else None


def split_unit(header: str) -> tuple[str, Unit | None]:
    """A header's name, and the unit in brackets or as a word behind it; the header itself without one.

    >>> [split_unit(text)[0] for text in ("Umsatz TEUR", "A in 1000 NOK", "売上（千円）", "CVR%", "B (all)")]
    ['Umsatz', 'A', '売上', 'CVR', 'B (all)']
    """
    found = _BEHIND.match(unicodedata.normalize("NFKC", header).strip())
    if found is None:
        return header, None
    unit = unit_said(found["a"] or found["b"] or found["c"] or found["d"])
    return (header, None) if unit is None else (found["name"], unit)


def names_units(column: Column) -> bool:
    """Whether a column below a word for units holds units; *Enhet* is also the word for a device."""
    texts = [text for text in column.cells.texts.to_pylist() if text.strip()]
    return dimension_named(column.name) is None or all(unit_said(text) for text in texts)


@dataclass(frozen=True, slots=True)
class RowUnits:
    """The units of some values, one entry a row in each; see :class:`Unit`."""

    times: npt.NDArray[np.float64]
    percent: BoolArray
    seconds: npt.NDArray[np.float64]
    currency: npt.NDArray[np.object_]


def units_of(column: Column, beside: Column | None) -> RowUnits:
    """The units of a column's values: its header's, that of the row below it, else those of a column of
    units."""
    rows = len(column.cells.index)
    named = unit_said(column.told) if column.told else None
    headed = named or split_unit(column.name)[1]
    if headed is None and beside is not None:
        said: Sequence[Unit] = [unit_said(text) or Unit() for text in beside.cells.texts.to_pylist()]
        place = np.tile(beside.cells.index, rows // max(len(beside.cells.index), 1))
    else:
        said, place = [headed or Unit()], np.zeros(rows, np.int64)
    return RowUnits(
        np.array([unit.times for unit in said], np.float64)[place],
        np.array([unit.percent for unit in said], bool)[place],
        np.array([unit.seconds for unit in said], np.float64)[place],
        np.array([unit.currency for unit in said], object)[place],
    )


@dataclass(frozen=True, slots=True)
class RowKinds:
    """What the KPI of each value is measured in, one entry a row in each.

    Attributes:
        counted: neither in money nor in percent. whole: a number of things.
        seconds: how long its unit is; 0 for no length of time.
    """

    percent: BoolArray
    money: BoolArray
    counted: BoolArray
    whole: BoolArray
    seconds: npt.NDArray[np.float64]


def kinds_of(ids: pa.Array, kpis: Mapping[str, Kpi]) -> RowKinds:
    """What the KPI of each row is measured in; a row of none has nothing."""
    coded = ids if pa.types.is_dictionary(ids.type) else ids.dictionary_encode()
    units = [kpis[name].unit if name in kpis else "" for name in coded.dictionary.to_pylist()] + [""]
    place: IntArray = np.asarray(coded.indices.fill_null(len(units) - 1), np.int64)
    return RowKinds(
        np.array([unit == "percent" for unit in units], bool)[place],
        np.array([unit.startswith("money") for unit in units], bool)[place],
        np.array([unit in COUNTED for unit in units], bool)[place],
        np.array([unit == "count" for unit in units], bool)[place],
        np.array([SECONDS.get(unit, 0) for unit in units], np.float64)[place],
    )
