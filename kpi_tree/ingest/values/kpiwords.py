"""The words of files of KPI values, from data: names of KPIs and of units, what was measured and what not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from kpi_tree.ingest.mapping.layout import load_yaml, normal

_HERE = Path(__file__)
_EVERYDAY = _HERE.parents[2] / "plan" / "goals" / "kpi_words.yaml"


@lru_cache(maxsize=1)
def _words() -> Any:
    return load_yaml(_HERE.with_name("kpinames.yaml"))


@lru_cache(maxsize=1)
def also() -> Mapping[str, str]:
    """What KPIs are called besides their names in the catalogue, to their ids: what files say, then what
    people say of goals, without words that may mean another."""
    found = {normal(name): kpi for kpi, names in _words()["also"].items() for name in names}
    unsure = words_for("either") | words_for("unsure") | words_for("unmeasured")
    for kpi, by in load_yaml(_EVERYDAY).items():
        for names in by.values():
            for name in map(normal, map(str, names)):
                if name not in unsure:
                    found.setdefault(name, str(kpi))
    return found


@lru_cache(maxsize=32)
def words_for(what: str) -> frozenset[str]:
    """Normalised words of a kind: ``measured``, ``unmeasured`` (targets, plans, other years), ``either`` ...

    >>> "budsjett" in words_for("unmeasured"), "実績" in words_for("measured")
    (True, True)
    """
    return frozenset(normal(str(word)) for word in _words()[what])


def words_of(unit: str) -> frozenset[str]:
    """What a unit is called in files: ``seconds``, ``minutes``, ``hours``, ``days``, ``pieces``.

    >>> "t" in words_of("hours"), "件" in words_of("pieces")
    (True, True)
    """
    return words_for(f"unit_{unit}")
