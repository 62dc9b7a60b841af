"""The order of day and month in a column of dates: proved by the whole column, or left open."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kpi_tree.ingest.cells.dateread import DAY_US, DateColumn, no_dates, read_shape
from kpi_tree.ingest.cells.dateshapes import DateReading
from kpi_tree.ingest.cells.shapes import Cells, IntArray

Shapes = Mapping[int, tuple[DateReading, ...]]
"""Shapes of a column by their numbers, with all their readings."""


def settle(cells: Cells, shapes: Shapes, found: DateColumn, order: str | None) -> None:
    """Choose one order for all shapes that leave it open.

    Args:
        found: is told what those texts say; those that stay open, with what each order would give.
        order: the order that a person, or a neighbour column, has said.
    """
    dotted = {number: readings for number, readings in shapes.items() if _is_dotted(readings)}
    others = {number: readings for number, readings in shapes.items() if number not in dotted}
    if dotted:
        _settle_dotted(cells, dotted, found, order)
    if not others:
        return
    tried = {name: _trial(cells, others, name) for name in ("dmy", "mdy", "ymd")}
    texts = np.concatenate([cells.members(n) for n in others])
    chosen = order or _by_evidence(cells, tried, texts)
    if not order:
        found.evidence = chosen
    if chosen:
        _take(tried[chosen], found, texts)
        found.order = chosen
        return
    _leave_open(cells, tried, texts, found)


def _trial(cells: Cells, shapes: Shapes, order: str) -> DateColumn:
    """All shapes in one order."""
    trial = no_dates(len(cells.texts))
    for number, readings in shapes.items():
        reading = next((r for r in readings if r.order == order), None)
        if reading:
            read_shape(cells, number, reading, trial)
    return trial


def _is_dotted(readings: tuple[DateReading, ...]) -> bool:
    """``03.04.24``: with dots and short years, which nobody writes month first."""
    return {reading.order for reading in readings} == {"dmy", "ymd"}


def _settle_dotted(cells: Cells, shapes: Shapes, found: DateColumn, order: str | None) -> None:
    """``03.04.24`` is day first, unless days of many years would be those of one, read year first."""
    tried = {name: _trial(cells, shapes, name) for name in ("dmy", "ymd")}
    texts = np.concatenate([cells.members(n) for n in shapes])
    if order == "ymd":
        _take(tried["ymd"], found, texts)
        return
    days, years = (int(cells.counts[texts][tried[name].ok[texts]].sum()) for name in ("dmy", "ymd"))
    doubtful = order is None and years >= days and _years(tried["ymd"]) < 2 <= _years(tried["dmy"]) - 1
    if doubtful:
        _leave_open(cells, tried, texts, found)
    else:
        _take(tried["dmy"], found, texts)


def _by_evidence(cells: Cells, tried: dict[str, DateColumn], texts: IntArray) -> str:
    """The order that the texts themselves prove: valid (nearly) everywhere where the others are not."""
    counts = cells.counts
    only = {}
    for name, trial in tried.items():
        others = np.zeros(len(counts), bool)
        for other, result in tried.items():
            if other != name and _plausible(cells, tried, other):
                others |= result.ok
        only[name] = int(counts[texts][trial.ok[texts] & ~others[texts]].sum())
    best = max(only, key=lambda name: only[name])
    rest = sum(n for name, n in only.items() if name != best)
    if only[best] and only[best] >= 20 * rest:
        return best
    return ""


def _plausible(cells: Cells, tried: dict[str, DateColumn], order: str) -> bool:
    """Year-first with two digits competes when it reads what another order reads, within as few years."""
    if order != "ymd" and not tried["ymd"].ok.any():
        return True
    rows = {name: int(cells.counts[trial.ok].sum()) for name, trial in tried.items()}
    most = max(rows.values())
    few = any(2 * rows[name] > most and _years(tried[name]) <= 3 for name in tried if name != order)
    if few and rows[order] and _years(tried[order]) > 10:
        return False  # the days would be of a few years: a slip among them proves nothing
    if order == "ymd" and rows[order] < 0.98 * most:
        return False
    spans = {name: _years(trial) for name, trial in tried.items() if rows[name] >= 0.98 * most}
    return not (spans and spans.get(order, 0) > 10 and min(spans.values()) <= 3)


def _years(trial: DateColumn) -> int:
    """How many years lie between the first and the last date."""
    days = trial.micros[trial.ok] // DAY_US
    return int((days.max() - days.min()) // 365) if len(days) else 0


def _take(trial: DateColumn, found: DateColumn, texts: IntArray) -> None:
    for name in ("micros", "ok", "zoned", "timed"):
        getattr(found, name)[texts] = getattr(trial, name)[texts]


def _leave_open(cells: Cells, tried: dict[str, DateColumn], texts: IntArray, found: DateColumn) -> None:
    """Texts on which every possible order agrees are read; the others stay open, with what each would
    give."""
    names = [n for n in tried if _plausible(cells, tried, n) and tried[n].ok[texts].any()]
    first = tried[names[0]] if names else tried["dmy"]
    agree = np.ones(len(texts), bool)
    valid = np.zeros(len(texts), bool)
    for name in names:
        valid |= tried[name].ok[texts]
        agree &= tried[name].ok[texts] & (tried[name].micros[texts] == first.micros[texts])
    _take(first, found, texts[agree])
    if not len(found.ambiguous):
        found.ambiguous = np.zeros(len(cells.texts), bool)
    found.ambiguous[texts[valid & ~agree]] = True
    if not found.ambiguous.any():
        return
    both = [t for t in texts if found.ambiguous[t] and all(tried[n].ok[t] for n in names)]
    sample = int(both[0]) if both else int(texts[valid & ~agree][0])
    found.example = cells.texts[sample].as_py()
    for name in names:
        if tried[name].ok[sample]:
            found.readings[name] = str(tried[name].micros[sample].astype("M8[us]"))[:10]
