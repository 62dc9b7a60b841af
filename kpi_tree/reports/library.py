"""The prebuilt reports, made from the catalogue: a KPI that is added there gets its reports by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from kpi_tree.catalogue import CATEGORIES, OWN, Kpi, catalogue
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Grain
from kpi_tree.plan.goals.kpi_names import plain_text
from kpi_tree.reports.model import COMPARISONS, DimensionName, KpiName, Report
from kpi_tree.reports.sets import SETS

NOT_SENSIBLE = frozenset({"product", "hour", "currency", "medium"})
"""Dimensions without a report of their own: a name says more, the heat map shows hours."""


def sensible(kpi: Kpi) -> tuple[str, ...]:
    """The dimensions worth a report: not those whose every value is a single record.

    >>> sensible(catalogue()["review_rating"]), "channel" in sensible(catalogue()["orders"])
    ((), True)
    """
    return tuple(d for d in kpi.dimensions if d not in NOT_SENSIBLE and not d.endswith("_id"))


def over_time(kpi: Kpi) -> Report:
    """A KPI by period, beside the same periods a year before."""
    name = KpiName(kpi)
    return Report(
        f"{kpi.id}_over_time",
        msg("{kpi} over time", kpi=name),
        msg("How has {kpi} moved, and against what?", kpi=name),
        "over_time",
        kpi.category,
        (kpi.id,),
        grain=Grain.MONTH,
        compare="last_year",
    )


def breakdown(kpi: Kpi, *dims: str) -> Report:
    """A KPI by the values of one or more dimensions."""
    name, (first, *more) = KpiName(kpi), [DimensionName(dim, kpi.columns.get(dim)) for dim in dims]
    title = msg("{kpi} by {dimension}", kpi=name, dimension=first)
    if more:
        title = msg("{kpi} by {dimension} and {other}", kpi=name, dimension=first, other=more[0])
    return Report(
        "_by_".join((kpi.id, *dims)),
        title,
        msg("Which {dimension} makes {kpi} what it is?", kpi=name, dimension=first),
        "breakdown",
        kpi.category,
        (kpi.id,),
        dims,
        compare="previous",
    )


def _of_kpi(kpi: Kpi) -> Iterator[Report]:
    name = KpiName(kpi)
    yield over_time(kpi)
    for dim in sensible(kpi):
        yield breakdown(kpi, dim)
    if {"weekday", "hour"} <= set(kpi.dimensions):
        title = msg("{kpi} by weekday and hour", kpi=name)
        question = msg("At what time of the week is {kpi} high?", kpi=name)
        yield Report(
            f"{kpi.id}_by_weekday_and_hour",
            title,
            question,
            "heat_map",
            kpi.category,
            (kpi.id,),
            ("weekday", "hour"),
        )
    if kpi.table is not None:
        title, question = msg("{kpi}: the list", kpi=name), msg("What stands behind {kpi}, ranked?", kpi=name)
        yield Report(f"{kpi.id}_list", title, question, "ranked", kpi.category, (kpi.id,))


@lru_cache(maxsize=1)
def _built_in() -> Mapping[str, Report]:
    found = {report.id: report for report in SETS}
    for kpi in catalogue().values():
        found.update((report.id, report) for report in _of_kpi(kpi))
    return found


def library(own: Iterable[Kpi] = ()) -> Mapping[str, Report]:
    """Every prebuilt report by id, the composed ones first, those of a shop's own KPIs last.

    >>> len(library()) > 100, library()["sales_over_time"].kpis
    (True, ('sales',))
    """
    made = {report.id: report for kpi in own for report in _of_kpi(kpi)}
    return {**_built_in(), **{name: report for name, report in made.items() if name not in _built_in()}}


def find(report_id: str, own: Iterable[Kpi] = ()) -> Report:
    """One report by its id.

    Raises:
        NotFound: there is none; the nearest id is named.
    """
    known = library(own)
    if report_id in known:
        return known[report_id]
    raise NotFound(
        msg("There is no report with this id."),
        place=report_id[:80],
        remedy=did_you_mean(report_id, known, msg("See the list of all reports.")),
    )


def search(words: str = "", category: str | None = None, own: Iterable[Kpi] = ()) -> list[Report]:
    """The reports of a category that hold every word, in any of the languages; title first.

    Raises:
        Refused: there is no such category.
    """
    if category is not None and category not in (*CATEGORIES, OWN):
        raise Refused(
            msg("There is no such category."),
            place=category[:80],
            remedy=msg("The categories are: {names}.", names=", ".join((*CATEGORIES, OWN))),
        )
    wanted = plain_text(words).split()
    every, texts, found = library(own), _texts(), []
    for report_id, report in every.items():
        text = texts.get(report_id) or _text_of(report)
        if category in (None, report.category) and all(word in text for word in wanted):
            found.append(report)
    return found


@lru_cache(maxsize=1)
def _texts() -> Mapping[str, str]:
    return {report.id: _text_of(report) for report in _built_in().values()}


def _text_of(report: Report) -> str:
    """Everything a report can be found by."""
    from kpi_tree.i18n import LANGUAGES, translate

    words = (translate(each, lang) for lang in LANGUAGES for each in (report.title, report.question))
    return plain_text(" ".join([report.id, *words]))


__all__ = ["COMPARISONS", "breakdown", "find", "library", "over_time", "search", "sensible"]
