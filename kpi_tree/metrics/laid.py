"""A KPI's figures as arrays over parts × periods, so that several can be computed with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from kpi_tree.i18n import Msg
from kpi_tree.metrics.long import NOT_SET, SEPARATOR
from kpi_tree.metrics.query import NOBODY
from kpi_tree.metrics.series import Series

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
FIGURES = ("value", "numerator", "denominator", "records")
Figures = Mapping[str, Array]


@dataclass
class Laid:
    """One KPI's figures.

    Attributes:
        keys: the parts, each a combination of dimension values; one empty key without a breakdown.
        cells: figure → parts × periods. whole: figure → parts. total: figure → one number.
    """

    keys: list[str]
    cells: Figures
    whole: Figures
    total: Figures
    data_from: date | None = None
    data_through: date | None = None
    currency: str | None = None
    notes: list[Msg] = field(default_factory=list)

    def over(self, keys: Sequence[str]) -> Laid:
        """The same over other parts: one that this KPI never met says what it says of nobody."""
        place = {key: at for at, key in enumerate(self.keys)}
        nobody = place.get(nobody_of(keys))
        at = [place.get(key, nobody) for key in keys]
        known = np.array([one is not None for one in at], dtype=bool)
        rows = np.array([one or 0 for one in at], dtype=np.int64)

        def picked(figures: Figures) -> Figures:
            found = {}
            for name, values in figures.items():
                empty = 0.0 if name == "records" else np.nan
                mask = known if values.ndim == 1 else known[:, None]
                found[name] = (
                    np.where(mask, values[rows], empty)
                    if len(values)
                    else np.full((len(keys), *values.shape[1:]), empty)
                )
            return found

        return Laid(
            list(keys), picked(self.cells), picked(self.whole), self.total, self.data_from, self.data_through,
            self.currency, self.notes,
        )  # fmt: skip


def nobody_of(keys: Sequence[str]) -> str:
    """The part that no record is in, with as many dimensions as the others."""
    return SEPARATOR.join([NOBODY] * (keys[0].count(SEPARATOR) + 1)) if keys else NOBODY


def laid_out(series: Series) -> Laid:
    """A series as arrays."""
    by, frame = series.by, series.frame
    periods = frame["period"].nunique() if len(frame) else 0
    count = len(frame) // periods if periods else 0
    keys = _keys(frame.head(count), by) if by else [""]
    cells = {name: _numbers(frame, name).reshape(periods, -1).T for name in FIGURES}
    if not periods:
        cells = {name: np.full((len(keys), 0), np.nan) for name in FIGURES}
    if not by:
        whole = {name: np.array([_number(series.total.get(name))]) for name in FIGURES}
    else:
        totals = series.totals
        at = {key: n for n, key in enumerate(_keys(totals, by))} if totals is not None else {}
        whole = {
            name: np.array([_numbers(totals, name)[at[k]] if k in at else np.nan for k in keys])
            for name in FIGURES
        }
    total = {name: np.array(_number(series.total.get(name))) for name in FIGURES}
    return Laid(
        keys, cells, whole, total, series.data_from, series.data_through, series.currency, list(series.notes)
    )


def _keys(frame: pd.DataFrame, by: Sequence[str]) -> list[str]:
    return [SEPARATOR.join(str(part) for part in row) for row in frame[list(by)].itertuples(index=False)]


def _numbers(frame: pd.DataFrame | None, name: str) -> Array:
    if frame is None or name not in frame:
        return np.full(0 if frame is None else len(frame), np.nan)
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def every_key(found: Iterable[Laid]) -> list[str]:
    """All parts that any of them has, in order."""
    return sorted({key for one in found for key in one.keys})


def columns_of(keys: Sequence[str], by: Sequence[str], times: int) -> dict[str, object]:
    """The dimension columns of a frame with the parts in order within each period."""
    parts = [key.split(SEPARATOR) for key in keys]
    return {
        dim: np.tile(np.array([part[at] or NOT_SET for part in parts], dtype=object), times)
        for at, dim in enumerate(by)
    }
