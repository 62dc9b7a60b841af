"""What columns of a file of KPI values are called, and the values gathered from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.dateread import DateColumn
from kpi_tree.ingest.cells.dates import read_dates
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray, cells_of
from kpi_tree.ingest.cells.words import is_total_label
from kpi_tree.ingest.values.observedtimes import alone

KPI_HEADERS = frozenset(
    {"kpi", "kpi id", "kpi name", "metric", "measure", "indicator", "nøkkeltall", "måltall", "kpi navn"}
    | {"nyckeltal", "nøgletal", "kennzahl", "indicateur", "指標", "kpi名", "指標名"}
    | {"kpis", "kpi er", "kpier", "kpi-er", "kpi'er", "metrics", "measures", "indicators", "metric name"}
    | {
        "kennzahlen",
        "indicateurs",
        "key figure",
        "key figures",
        "nøkkeltal",
        "indicador",
        "indicadores",
        "indicatore",
    }
    | {"mittari", "tunnusluku", "wskaźnik", "kengetal", "指标", "指标名称", "지표"}
)
VALUE_HEADERS = frozenset(
    {"value", "actual", "verdi", "værdi", "värde", "wert", "valeur", "値", "実績", "実績値"}
    | {"faktisk", "utfall", "istwert", "数値", "waarde", "valor", "valore", "arvo", "wartość", "数值", "값"}
)
DATE_HEADERS = frozenset(
    {
        "date",
        "day",
        "period",
        "week",
        "month",
        "quarter",
        "dato",
        "dag",
        "periode",
        "uke",
        "måned",
        "kvartal",
        "datum",
        "uge",
        "vecka",
        "månad",
        "woche",
        "semaine",
        "quartal",
        "trimestre",
        "jour",
        "monat",
        "mois",
        "日付",
        "日",
        "期間",
        "月",
        "年月",
        "週",
        "四半期",
    }
    | {
        "zeitraum",
        "fecha",
        "mes",
        "semana",
        "data",
        "mese",
        "settimana",
        "mês",
        "período",
        "periodo",
        "maand",
        "kwartaal",
    }
    | {
        "päivä",
        "päivämäärä",
        "pvm",
        "kuukausi",
        "viikko",
        "neljännes",
        "miesiąc",
        "tydzień",
        "kwartał",
        "日期",
        "月份",
        "周",
        "季度",
    }
    | {
        "trimester",
        "kalenderwoche",
        "kw",
        "iso week",
        "ukenr",
        "uke nr",
        "måned nr",
        "week no",
        "période",
        "날짜",
        "월",
    }
)
NUMERATOR = frozenset({"numerator", "teller", "täljare", "zähler", "分子"})
DENOMINATOR = frozenset({"denominator", "nevner", "nämnare", "nenner", "分母"})
UNIT_HEADERS = frozenset({"unit", "units", "enhet", "enhed", "einheit", "unité", "単位"})
GRAINS = {"instant": "day", "day": "day", "week": "week", "month": "month", "quarter": "quarter"}


CURRENCY = "currency"
"""The dimension that says what amounts are in."""

WORD = pa.dictionary(pa.int32(), pa.string())
"""Texts that repeat: each is held once."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number a row; where there is none, ``there`` is False.

    Attributes:
        currency: what amounts of money are in, as far as the file says it; None where it says nothing.
    """

    values: npt.NDArray[np.float64]
    there: BoolArray
    currency: pa.Array | None = None

    def where(self, keep: BoolArray) -> pa.Array:
        """Those of some rows."""
        return pa.array(self.values[keep], pa.float64(), mask=~self.there[keep])


@dataclass(frozen=True, slots=True)
class Observed:
    """Values gathered from a file, one entry a row in each: some of its rows, or one of its columns.

    Attributes:
        kpi: ids by their distinct texts; ``start`` the first days of the periods; ``grain`` of each.
        lines: where each stands in the file.
        dimensions: name -> the texts of a dimension.
    """

    kpi: pa.Array
    start: npt.NDArray[np.datetime64]
    grain: pa.Array
    value: Numbers
    lines: IntArray
    numerator: Numbers | None = None
    denominator: Numbers | None = None
    note: pa.Array | None = None
    dimensions: Mapping[str, pa.Array] = field(default_factory=dict)

    def table(self, keep: BoolArray) -> pa.Table:
        """``kpi, start, grain, value, numerator, denominator, note, <dimensions>, _row`` of some rows."""
        rows, kept = int(keep.sum()), pa.array(keep)
        none = Numbers(np.zeros(len(keep)), np.zeros(len(keep), bool))
        columns: dict[str, Any] = {
            "kpi": self.kpi.filter(kept),
            "start": pa.array(self.start[keep].astype("M8[D]"), pa.date32()),
            "grain": self.grain.filter(kept),
            "value": self.value.where(keep),
            "numerator": (self.numerator or none).where(keep),
            "denominator": (self.denominator or none).where(keep),
            "note": self.note.filter(kept) if self.note is not None else pa.nulls(rows, WORD),
        }
        dimensions = dict(self.dimensions)
        if self.value.currency is not None:
            dimensions.setdefault(CURRENCY, self.value.currency)
        said = {name: texts.filter(kept) for name, texts in dimensions.items()}
        columns.update({name: said[name] for name in sorted(said) if said[name].null_count < rows})
        columns["_row"] = pa.array(self.lines[keep], pa.int64())
        return pa.table(columns)


def words(texts: Sequence[str | None] | pa.Array, index: IntArray) -> pa.Array:
    """For each row one of some texts, which may repeat; empty ones are none.

    >>> words(["Oslo", "", "Oslo"], np.array([0, 1, 2])).to_pylist()
    ['Oslo', None, 'Oslo']
    """
    given = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
    coded = pc.if_else(pc.equal(given, ""), None, given).cast(pa.string()).dictionary_encode()
    return coded.take(pa.array(index))


def together(parts: Sequence[pa.Table]) -> pa.Table:
    """The values of several columns of a file, one below the other."""
    return pa.concat_tables(parts, promote_options="default")


def value_headers(names: Sequence[str]) -> list[str]:
    """The headers behind the first of a file with dates across, without a total of them.

    >>> value_headers(["KPI", "2024-01", "2024-02", "Totalt"])
    ['2024-01', '2024-02']
    """
    return [name for name in names[1:] if name.strip() and not is_total_label(name)]


def date_headers(names: Sequence[str]) -> list[str]:
    """Those of the headers behind the first that are dates, where dates stand across; a year alone is none.

    >>> date_headers(["KPI", "Unit", "2024-01", "2024-02", "YTD"])
    ['2024-01', '2024-02']
    >>> date_headers(["KPI", "Uke 18", "Uke 19"])
    ['Uke 18', 'Uke 19']
    """
    shown = value_headers(names)
    lacking = [name for name in shown if alone(name, 2000)]
    if len(lacking) > 1:
        return lacking
    found = header_dates(shown)
    cells = cells_of(pa.array(shown, pa.string()))
    known = found.ok | found.ambiguous if len(found.ambiguous) else found.ok
    return [name for name, fine in zip(shown, known[cells.index], strict=True) if fine]


def header_dates(names: Sequence[str], order: str | None = None) -> DateColumn:
    """The headers of a wide file as dates."""
    return read_dates(cells_of(pa.array(list(names), pa.string())), order=order)


def grains_of(cells: Cells, dates: DateColumn) -> list[str]:
    """What period each text of a column of dates is; a text that is no date counts as a day.

    >>> cells = cells_of(pa.array(["2024-05", "2024-05-01", "Q2 2024", "45000"]))
    >>> grains_of(cells, read_dates(cells))
    ['month', 'day', 'quarter', 'day']
    """
    found = ["day"] * len(cells.texts)
    for number, grain in dates.grains.items():
        for text in cells.members(number):
            found[text] = GRAINS[grain]
    return found


def with_quotients(values: Numbers, above: Numbers | None, below: Numbers | None) -> Numbers:
    """Where no value stands, it is what the numerator and the denominator make."""
    if above is None or below is None:
        return values
    made = ~values.there & above.there & below.there & (below.values != 0)
    whole = np.where(made, above.values / np.where(made, below.values, 1.0), values.values)
    return replace(values, values=whole, there=(values.there | made) & np.isfinite(whole))
