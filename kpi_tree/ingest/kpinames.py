"""Which KPI a text names, and which ones a text that names none may mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpi_tree.catalogue import Kpi, catalogue
from kpi_tree.ingest.cells.told import header_currency
from kpi_tree.ingest.layout import load_yaml, normal

PERCENT_HEADER = re.compile(r"(?:[(\[（]\s*(?:i |in |en )?[%％]\s*[)\]）]|\S\s*[%％])\s*$")
CLOSE = 0.8
"""How alike a name must be to be offered; of shorter words below it any two are alike."""

_UNIT_BEHIND = re.compile(r"\s*[(\[（][^()]*[)\]）]\s*$|\s+[A-Z]{3}$|\s*(?:i |in |en )?[%％]\s*$")


@lru_cache(maxsize=1)
def _also() -> Mapping[str, str]:
    """What KPIs are called besides their names in the catalogue, to their ids."""
    return {normal(name): kpi for kpi, names in _words()["also"].items() for name in names}


@lru_cache(maxsize=1)
def _words() -> Any:
    return load_yaml(Path(__file__).with_suffix(".yaml"))


@lru_cache(maxsize=8)
def words_for(what: str) -> frozenset[str]:
    """Normalised words of a kind: ``measured``, ``unmeasured`` (targets, plans, other years), ``either``.

    >>> "budsjett" in words_for("unmeasured"), "実績" in words_for("measured")
    (True, True)
    """
    return frozenset(normal(str(word)) for word in _words()[what])


def kpi_ids(own: Mapping[str, Kpi] | None) -> dict[str, str]:
    """Normalised ids and names of KPIs, in every language, to their ids; see :func:`kpi_of`."""
    found: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for kpi in catalogue(own).values():
        for name in kpi.name.values():
            found.setdefault(normal(str(name)), kpi.id)
            loose.setdefault(_words_of(str(name)), set()).add(kpi.id)
    for kpi in catalogue(own).values():
        found[normal(kpi.id)] = kpi.id
    for name, ids in loose.items():
        if len(ids) == 1:
            found.setdefault(name, next(iter(ids)))
    return found


def kpi_of(ids: Mapping[str, str], text: str, *, also: bool = True) -> str | None:
    """The KPI that a text names: by its id or name, words in any order, without a unit in brackets behind it.

    Args:
        also: whether what it is called besides counts; not where a name alone makes a file one of KPI values.

    >>> found = kpi_ids(None)
    >>> [kpi_of(found, text) for text in ("sales", "Net sales", "Gross sales (NOK)", "Sales (all)", "NOK")]
    ['sales', 'sales', 'gross_sales', None, None]
    """
    known = ids.get(normal(text)) or ids.get(_words_of(text))
    if known is None and also:
        known = ids.get(_also().get(normal(text), ""))
    if known is None and (header_currency(text) or PERCENT_HEADER.search(text)):
        short = re.sub(r"\s*[(\[（][^()]*[)\]）]\s*$|\s+[A-Z]{3}$|\s*(?:i |in |en )?[%％]\s*$", "", text)
        return kpi_of(ids, short, also=also) if short != text else None  # a unit alone names nothing
    return known


def _words_of(name: str) -> str:
    """The words of a name in one order, told from a plain name by a mark."""
    return "\x1f".join(["", *sorted(re.findall(r"[^\W_]+", normal(name)))])


def meant(ids: Mapping[str, str], text: str) -> list[str]:
    """The KPIs that a text which names none may mean, the likeliest first.

    >>> ids = kpi_ids(None)
    >>> meant(ids, "ordrs"), meant(ids, "Umsatz"), meant(ids, "Gizmo index")
    (['orders'], ['sales', 'gross_sales'], [])
    """
    said = normal(text)
    if said in words_for("either"):
        return ["sales", "gross_sales"]
    near = get_close_matches(said, [*ids, *_also()], 1, CLOSE)
    return [ids.get(near[0]) or _also()[near[0]]] if near else []
