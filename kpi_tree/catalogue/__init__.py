"""The KPI definitions as data: what each indicator means, how it is computed, what it moves."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_tree.catalogue.check import check_definitions, check_entry
from kpi_tree.catalogue.load import CATEGORIES, OWN, Definitions, definitions
from kpi_tree.catalogue.model import Fact, Kpi, Measure, Query, RankedTable
from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean

__all__ = [
    "CATEGORIES",
    "OWN",
    "Definitions",
    "Fact",
    "Kpi",
    "Measure",
    "Query",
    "RankedTable",
    "catalogue",
    "check_definitions",
    "check_entry",
    "definitions",
    "find_kpi",
]


def catalogue(extra: Mapping[str, Kpi] | None = None) -> Mapping[str, Kpi]:
    """Every KPI by id: the built-in ones, then the shop's own, which may replace a built-in one.

    >>> catalogue()["sales"].unit
    'money'
    """
    built_in = definitions().kpis
    return {**built_in, **extra} if extra else built_in


def find_kpi(kpi_id: str, among: Mapping[str, Kpi] | None = None) -> Kpi:
    """One KPI by its id.

    Raises:
        NotFound: there is none; the nearest id is named.

    >>> find_kpi("salse")
    Traceback (most recent call last):
    kpi_tree.errors.NotFound: salse: There is no KPI with this id. Did you mean sales?
    """
    known = among if among is not None else catalogue()
    if kpi_id in known:
        return known[kpi_id]
    raise NotFound(
        msg("There is no KPI with this id."),
        place=kpi_id[:80],
        remedy=did_you_mean(kpi_id, known, msg("See the catalogue for all ids.")),
    )
