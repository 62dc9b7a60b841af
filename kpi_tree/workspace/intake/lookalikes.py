"""Members of dimensions that are new and spelt nearly like one that is known: ``Osl`` beside ``Oslo``."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import timedelta
from difflib import get_close_matches

import pyarrow as pa

from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.store import Home, observations
from kpi_tree.workspace.figuring.measured import days_of

ALIKE = 0.74
"""How alike two names are (0..1) from which one may be meant for the other."""
BACK = timedelta(days=400)
MOST = 300
"""Members of a dimension above which they are not compared: products and search words, not stores."""
Members = Counter[tuple[str, str]]


def look_alikes(home: Home, measured: pa.Table, place: str) -> list[Issue]:
    """Warnings about values whose store, channel or the like is new and nearly one that is known.

    Args:
        measured: the file's values. place: its name.
    """
    first, last = days_of(measured)
    kpis = measured.column("kpi").unique().to_pylist()
    told = _members([measured])
    known = _members(observations.newest(home, kpis, first - BACK, last))
    found = []
    for dimension in dict.fromkeys(dim for dim, _ in told):
        here = {name: n for (dim, name), n in told.items() if dim == dimension}
        there = {name for dim, name in known if dim == dimension}
        if len(here.keys() | there) <= MOST:
            found += [_issue(dimension, *one, place) for one in _new(here, there)]
    return found


def _new(here: Mapping[str, int], there: Set[str]) -> Iterator[tuple[str, int, str]]:
    """Each new name that is nearly a known one, or a far commoner one of the file: how often, and which.

    >>> list(_new({"Osl": 2, "Bergen": 3, "Store 10": 1}, {"Oslo", "Store 1"}))
    [('Osl', 2, 'Oslo')]
    """
    for name, count in here.items():
        if name not in there:
            common = {other for other, n in here.items() if n > 2 * count}
            if near := _nearest(name, there | common):
                yield name, count, near


def _issue(dimension: str, name: str, count: int, known: str, place: str) -> Issue:
    words = msg('"{name}" is new here. Did you mean "{known}"?', name=name, known=known)
    remedy = msg("Correct the cell before you load it, or load it as a new one.")
    return Issue("warning", "look_alike", words, place, remedy, None, dimension, name, count)


def _members(tables: Iterable[pa.Table]) -> Members:
    """(dimension, member) -> how often it stands there."""
    found: Members = Counter()
    for table in tables:
        for one in table.column("dimensions").cast(pa.string()).value_counts().to_pylist():
            for pair in json.loads(one["values"] or "{}").items():
                found[pair] += one["counts"]
    return found


def _nearest(name: str, others: Iterable[str]) -> str | None:
    """The name most like another; names that differ in their numbers alone are others of their kind.

    >>> _nearest("Osl", ["Oslo", "Bergen"]), _nearest("Store 10", ["Store 1"]), _nearest("Bodø", ["Oslo"])
    ('Oslo', None, None)
    """
    bare = re.sub(r"\d+", "", name).casefold()
    spelt = {other.casefold(): other for other in others if re.sub(r"\d+", "", other).casefold() != bare}
    near = get_close_matches(name.casefold(), list(spelt), 1, ALIKE)
    return spelt[near[0]] if near else None
