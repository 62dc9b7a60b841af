"""Long cells laid out as arrays over periods × combinations, gaps and zeros told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from kpi_tree.catalogue.model import STOCKS, Measure
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.metrics.long import Long, Scanned
from kpi_tree.metrics.spans import Span

MAX_CELLS = 6_000_000
Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Days = tuple[date, date] | None


@dataclass
class Grid:
    """One measure: its cells (period × combination), its figure by combination, and its total.

    Attributes:
        seen: combinations that it has any record of.
        guessed: whether any of its cells (or its total) would have had to be guessed.
    """

    cells: Array
    records: Array
    whole: Array
    whole_records: Array
    total: float
    total_records: float
    seen: np.ndarray[tuple[int], np.dtype[np.bool_]]
    guessed: bool = False
    total_guessed: bool = False


def combinations(scans: Mapping[str, Scanned]) -> list[str]:
    """Every combination of dimension values that any measure has, in order."""
    found: set[str] = set()
    for scan in scans.values():
        found.update(pd.unique(scan.cells.key))
        if scan.whole is not None:
            found.update(pd.unique(scan.whole.key))
    return sorted(found)


def lay_out(measure: Measure, scan: Scanned, keys: list[str], span: Span, covered: Days) -> Grid:
    """A measure's cells as arrays, filled as the measure says inside the days it covers.

    Raises:
        Refused: there would be more cells than can be shown or held.
    """
    shape = (len(span), len(keys))
    if shape[0] * shape[1] > MAX_CELLS:
        raise Refused(
            msg("The breakdown has more than {n} cells.", n=MAX_CELLS),
            remedy=msg("Choose a coarser grain, a shorter span or fewer dimensions."),
        )
    index = pd.Index(keys)
    if measure.kind in STOCKS:
        return _levels(measure, scan, index, span, covered)
    cells, records = _scatter(scan.cells, index, shape)
    within = _covered(span, covered)
    zero = measure.fill == "zero"
    if (measure.needs or measure.told_by) and covered is None:
        return _unknown(shape)
    if zero:
        cells = np.where(np.isnan(cells) & within[:, None] & ~_blocked(scan.cells, index, shape), 0.0, cells)
    if measure.additive:
        whole, whole_records = _sums(cells), records.sum(axis=0)
        total, total_records = float(_sums(whole)), float(whole_records.sum())
        if not keys and zero and within.any():
            total = 0.0
    else:
        whole, whole_records, total, total_records = _whole(scan, index, zero=zero and bool(within.any()))
    if measure.warmup and covered is not None:
        cells, whole, total = _warm(measure, cells, whole, total, span, covered)
    seen = np.zeros(len(keys), dtype=bool)
    seen[index.get_indexer(pd.Index(pd.unique(scan.cells.key)))] = True
    grand = scan.grand.guessed if scan.grand is not None else None
    return Grid(
        cells,
        records,
        whole,
        whole_records,
        total,
        total_records,
        seen,
        guessed=bool(scan.cells.guessed is not None and scan.cells.guessed.any()),
        total_guessed=bool(grand is not None and grand.any()),
    )


def _unknown(shape: tuple[int, int]) -> Grid:
    """Nothing is known: there may be rows, but none of them tells it."""
    nothing, none = np.full(shape[1], np.nan), np.zeros(shape[1])
    seen = np.zeros(shape[1], dtype=bool)
    return Grid(np.full(shape, np.nan), np.zeros(shape), nothing, none, np.nan, 0.0, seen)


def _scatter(long: Long, index: pd.Index, shape: tuple[int, int]) -> tuple[Array, Array]:
    cells = np.full(shape, np.nan)
    records = np.zeros(shape)
    at = index.get_indexer(pd.Index(long.key))
    keep = long.p >= 0
    # Two rows meet in one cell where a value is null and another empty: both are "(not set)".
    np.add.at(records, (long.p[keep], at[keep]), np.nan_to_num(long.records[keep]))
    known = keep & ~np.isnan(long.value)
    cells[long.p[known], at[known]] = 0.0
    np.add.at(cells, (long.p[known], at[known]), long.value[known])
    return cells, records


def _blocked(
    long: Long, index: pd.Index, shape: tuple[int, int]
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Cells that have records and yet no value: they stay gaps."""
    blocked = np.zeros(shape, dtype=bool)
    unknown = (long.p >= 0) & np.isnan(long.value) & (np.nan_to_num(long.records) > 0)
    blocked[long.p[unknown], index.get_indexer(pd.Index(long.key[unknown]))] = True
    return blocked


def _covered(span: Span, covered: Days) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if covered is None:
        return np.zeros(len(span), dtype=bool)
    first, last = np.datetime64(covered[0]), np.datetime64(covered[1])
    return np.asarray((span.lasts >= first) & (span.firsts <= last))


def _sums(cells: Array) -> Array:
    """Column sums in which a column without any value has none."""
    if cells.ndim == 1:
        return np.array(np.nansum(cells) if (~np.isnan(cells)).any() else np.nan)
    return np.where((~np.isnan(cells)).any(axis=0), np.nansum(cells, axis=0), np.nan)


def _whole(scan: Scanned, index: pd.Index, *, zero: bool) -> tuple[Array, Array, float, float]:
    empty = 0.0 if zero else np.nan

    def first(long: Long | None) -> tuple[float, float]:
        if long is None or not len(long.value):
            return empty, 0.0
        records = float(np.nan_to_num(long.records[0]))
        return (float(long.value[0]) if records > 0 else empty), records

    total, total_records = first(scan.grand)
    if scan.whole is None:
        return np.full(len(index), total), np.full(len(index), total_records), total, total_records
    cells, records = _scatter(scan.whole, index, (1, len(index)))
    whole = np.where(np.isnan(cells[0]) & (records[0] == 0), empty, cells[0])
    return whole, records[0], total, total_records


def _levels(measure: Measure, scan: Scanned, index: pd.Index, span: Span, covered: Days) -> Grid:
    """Levels at the end (or start) of each period from the changes, carried on up to the last day known."""
    shape = (len(span), len(index))
    changes, records = _scatter(scan.cells, index, shape)
    at = index.get_indexer(pd.Index(scan.cells.key))
    before = (scan.cells.p < 0) & ~np.isnan(scan.cells.value)
    opening = np.zeros(len(index))
    np.add.at(opening, at[before], scan.cells.value[before])
    closing = opening + np.cumsum(np.nan_to_num(changes), axis=0)
    starts = np.vstack([opening[None, :], closing[:-1]]) if len(span) else closing
    levels = closing if measure.kind == "closing" else starts
    within = _covered(span, covered)
    if measure.kind == "opening" and covered is not None:
        within &= np.asarray(span.firsts > np.datetime64(covered[0]))
    if np.isnan(scan.cells.value).all():
        within &= False  # changes that are all unknown make no level
    levels = np.where(within[:, None], levels, np.nan)
    cumulated = np.cumsum(records, axis=0)
    cumulated += np.bincount(
        at[before], weights=np.nan_to_num(scan.cells.records[before]), minlength=len(index)
    )
    known = np.flatnonzero(within)
    nothing = np.full(len(index), np.nan)
    pick = (known[-1] if measure.kind == "closing" else known[0]) if len(known) else None
    whole = levels[pick] if pick is not None else nothing
    whole_records = cumulated[known[-1]] if len(known) else np.zeros(len(index))
    if measure.warmup and covered is not None:
        levels, whole, _ = _warm(measure, levels, whole, 0.0, span, covered)
    total = float(np.nansum(whole)) if len(whole) and not np.isnan(whole).all() else np.nan
    if not len(index) and within.any():
        total = 0.0
    seen = np.ones(len(index), dtype=bool)
    return Grid(levels, cumulated, whole, whole_records, total, float(whole_records.sum()), seen)


def _warm(
    measure: Measure, cells: Array, whole: Array, total: float, span: Span, covered: tuple[date, date]
) -> tuple[Array, Array, float]:
    """No value where the history before is shorter than the measure's window."""
    first, last = np.datetime64(covered[0]), np.datetime64(covered[1])
    ends = np.minimum(span.lasts, last)
    ready = (ends - first).astype(int) + 1 >= measure.warmup
    cells = np.where(ready[:, None], cells, np.nan)
    if len(ready) and not ready[span.firsts <= last][-1:].any():
        return cells, np.full_like(whole, np.nan), np.nan
    return cells, whole, total
