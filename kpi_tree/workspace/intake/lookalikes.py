"""Members of dimensions that are new and spelt nearly like one that is known: ``Osl`` beside ``Oslo``."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from difflib import get_close_matches
from typing import Any

import pyarrow as pa

from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.store import Home, observations
from kpi_tree.workspace.figuring.measured import days_of

ALIKE = 0.74
"""How alike two names are (0..1) from which one may be meant for the other."""
BACK = timedelta(days=400)
SHOWN = 5
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
    for (dimension, name), count in told.items():
        if (dimension, name) in known:
            continue
        others = {other for dim, other in known if dim == dimension}
        others |= {other for (dim, other), n in told.items() if dim == dimension and n > 2 * count}
        if near := _nearest(name, others):
            words = msg('"{name}" is new here. Did you mean "{known}"?', name=name, known=near)
            remedy = msg("Correct the cell before you load it, or load it as a new one.")
            said: dict[str, Any] = {"column": dimension, "value": name, "count": count}
            found.append(Issue("warning", "look_alike", words, place, remedy, **said))
    return found[:SHOWN]


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
