"""What columns of a file of KPI values are called, and the values gathered from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from kpi_tree.catalogue import Kpi, catalogue
from kpi_tree.ingest.cells.dates import DateColumn, read_dates
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.layout import normal

KPI_HEADERS = frozenset({"kpi", "kpi id", "nøkkeltall", "måltall", "indicator", "指標", "kpi名"})
VALUE_HEADERS = frozenset(
    {"value", "actual", "verdi", "værdi", "värde", "wert", "valeur", "値", "実績", "実績値"}
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
        "monat",
        "mois",
        "日付",
        "日",
        "期間",
        "月",
        "年月",
        "週",
    }
)
NUMERATOR = frozenset({"numerator", "teller", "täljare", "zähler", "分子"})
DENOMINATOR = frozenset({"denominator", "nevner", "nämnare", "nenner", "分母"})
NOTES = frozenset({"note", "comment", "notat", "kommentar", "備考", "メモ"})
GRAINS = {"instant": "day", "day": "day", "week": "week", "month": "month", "quarter": "quarter"}


@dataclass(slots=True)
class Observed:
    """Values gathered from a file, as columns."""

    kpi: list[str] = field(default_factory=list)
    start: list[date] = field(default_factory=list)
    grain: list[str] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)
    numerator: list[float | None] = field(default_factory=list)
    denominator: list[float | None] = field(default_factory=list)
    note: list[str | None] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    dimensions: list[dict[str, str]] = field(default_factory=list)

    def table(self) -> pa.Table:
        """``kpi, start, grain, value, numerator, denominator, note, <dimensions>, _row``."""
        names = sorted({name for one in self.dimensions for name in one})
        columns: dict[str, Any] = {
            "kpi": pa.array(self.kpi, pa.string()),
            "start": pa.array(self.start, pa.date32()),
            "grain": pa.array(self.grain, pa.string()),
            "value": pa.array(self.value, pa.float64()),
            "numerator": pa.array(self.numerator, pa.float64()),
            "denominator": pa.array(self.denominator, pa.float64()),
            "note": pa.array(self.note, pa.string()),
        }
        for name in names:
            columns[name] = pa.array([one.get(name) for one in self.dimensions], pa.string())
        columns["_row"] = pa.array(self.row, pa.int64())
        return pa.table(columns)


def header_dates(names: Sequence[str], order: str | None = None) -> DateColumn:
    """The headers of a wide file as dates."""
    return read_dates(cells_of(pa.array(list(names), pa.string())), order=order)


def kpi_ids(own: Mapping[str, Kpi] | None) -> dict[str, str]:
    """Normalised ids and names of KPIs, in every language, to their ids."""
    found: dict[str, str] = {}
    for kpi in catalogue(own).values():
        for name in kpi.name.values():
            found.setdefault(normal(str(name)), kpi.id)
    for kpi in catalogue(own).values():
        found[normal(kpi.id)] = kpi.id
    return found
