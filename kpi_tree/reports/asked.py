"""What a report is asked, and where its figures come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from kpi_tree.catalogue import Kpi, find_kpi
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg, msg
from kpi_tree.metrics import Engine, Series
from kpi_tree.periods import Period
from kpi_tree.records.tables import Column as RecordColumn
from kpi_tree.reports.model import (
    Answer,
    Cell,
    Compare,
    DimensionName,
    KpiName,
    Report,
    ReportChart,
    ReportTable,
    named,
)
from kpi_tree.reports.spans import Shown
from kpi_tree.reports.words import value_words

MOST_ROWS = 1000
"""Rows of a breakdown that are shown; the rest is counted in a note."""


class Source(Protocol):
    """Where figures come from: the workspace, with its caches and its observations."""

    @property
    def engine(self) -> Engine:
        """The engine over the records."""

    @property
    def currency(self) -> str | None:
        """The shop's own currency."""

    def known(self, kpis: Sequence[str]) -> tuple[date, date] | None:
        """First and last day that the data of any of these know of."""

    def series(
        self,
        kpis: Sequence[str],
        shown: Shown,
        by: Sequence[str],
        where: Mapping[str, Sequence[str]],
        *,
        ranked: bool = False,
    ) -> dict[str, Series]:
        """The KPIs over some days; with several of them a refusal becomes gaps with the reason."""

    def target(self, kpi: str, period: Period) -> float | None:
        """What the plan aims at for a KPI in a period; None where it aims at nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A report with its days, filter and comparison."""

    report: Report
    source: Source
    shown: Shown
    where: Mapping[str, tuple[str, ...]]
    compare: Compare
    known: tuple[date, date]

    def kpi(self, name: str) -> Kpi:
        """One of the KPIs, the shop's own among them."""
        return find_kpi(name, self.source.engine.definitions.kpis)

    def name(self, kpi: str) -> Msg:
        """A KPI's name as a message."""
        return named(KpiName(self.kpi(kpi)))

    def dimension(self, dim: str) -> Msg:
        """A dimension's name as a message, as the report's first KPI calls it."""
        return named(DimensionName(dim, self._columns().get(dim)))

    def _columns(self) -> Mapping[str, RecordColumn]:
        return self.kpi(self.report.kpis[0]).columns if self.report.kpis else {}

    def notes(self, found: Mapping[str, Series]) -> list[Msg]:
        """What the series have to say, each thing once; refusals with the name of their KPI."""
        said: dict[str, Msg] = {}
        for kpi, series in found.items():
            for note in series.notes:
                whole = note
                if series.refusal is not None:
                    whole = msg("{kpi}: {reason}", kpi=KpiName(self.kpi(kpi)), reason=note)
                said.setdefault(str(whole), whole)
        return list(said.values())

    def series(self, *kpis: str, by: Sequence[str] = (), shown: Shown | None = None) -> dict[str, Series]:
        """Series over the report's days, or over others."""
        ranked = self.report.kind == "ranked"
        return self.source.series(kpis, shown or self.shown, by, self.where, ranked=ranked)

    def before(self, *kpis: str, by: Sequence[str] = ()) -> dict[str, Series]:
        """The same over the days compared with; empty without a comparison."""
        then = self.shown.versus(self.compare)
        try:
            return self.series(*kpis, by=by, shown=then) if then else {}
        except KpiTreeError:  # what cannot be given for those days leaves the column empty, not the report
            return {}

    def answer(
        self, tables: Sequence[ReportTable], chart: ReportChart | None, notes: Sequence[Msg] = ()
    ) -> Answer:
        """The answer, with the days it is about."""
        then = self.shown.versus(self.compare)
        return Answer(
            self.report,
            self.shown.start,
            self.shown.end,
            self.shown.grain,
            self.compare,
            self.where,
            tuple(tables),
            chart,
            tuple({str(note): note for note in notes}.values()),
            *self.known,
            Period(then.start, then.end) if then else None,
            {name: column for name, column in self._columns().items() if name in self.where},
        )


def label(dim: str, value: Any) -> Cell:
    """A dimension's value as a cell, in words where it has some; what is not set says so."""
    return value_words(dim, "" if value is None or value != value else str(value))


def change(now: float | None, then: float | None) -> float | None:
    """Relative change; *no value* on a zero, negative or missing base.

    >>> change(110.0, 100.0), change(1.0, 0.0), change(1.0, -2.0)
    (0.1, None, None)
    """
    if now is None or then is None or then <= 0:
        return None
    return round(now / then - 1, 12)


def difference(now: float | None, then: float | None) -> float | None:
    """How much more."""
    return None if now is None or then is None else now - then
