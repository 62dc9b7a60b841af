"""Headers of files of KPI values with dates across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.values.kpiwords import words_for
from kpi_tree.ingest.values.observed import KPI_HEADERS, date_headers


def kpi_first(names: Sequence[str]) -> list[str]:
    """Headers with that of the KPIs before all others.

    >>> kpi_first(["Store", "KPI", "2024-01"])
    ['KPI', 'Store', '2024-01']
    """
    return sorted(names, key=lambda name: normal(name) not in KPI_HEADERS)


def measured_dates(names: Sequence[str]) -> Mapping[str, str]:
    """Headers such as ``2024-01 Actual`` to their dates, where targets or other years stand beside them;
    empty where the headers are otherwise.

    >>> measured_dates(["KPI", "2024-01 Actual", "2024-01 Budget", "2024-02 Actual", "2024-02 Budget"])
    {'2024-01 Actual': '2024-01', '2024-02 Actual': '2024-02'}
    """
    cut = {name: _cut(name) for name in names[1:]}
    measured = {name: date for name, (date, word) in cut.items() if word in words_for("measured")}
    others = {date for date, word in cut.values() if word in words_for("unmeasured")}
    dates = date_headers(["", *dict.fromkeys(measured.values())])
    return measured if dates and set(dates) == set(measured.values()) and others else {}


def _cut(name: str) -> tuple[str, str]:
    """A header's date, and the word that says what its values are."""
    first, _, rest = name.partition(" ")
    start, _, last = name.rpartition(" ")
    known = words_for("measured") | words_for("unmeasured")
    return (start, normal(last)) if normal(last) in known else (rest, normal(first))


def dates_across(names: Sequence[str]) -> list[str]:
    """The headers behind the first that hold measured values of a period each.

    >>> dates_across(["KPI", "2024-01", "2024-02", "YTD"])
    ['2024-01', '2024-02']
    """
    return date_headers(names) or list(measured_dates(names))
