"""A column of dates: the order of day and month is settled by the whole column, or refused with both
readings."""

from __future__ import annotations

import re

import numpy as np

from kpi_tree.ingest.cells.dateorder import settle
from kpi_tree.ingest.cells.dateread import DateColumn, no_dates, read_shape
from kpi_tree.ingest.cells.dateshapes import DateReading, date_shapes
from kpi_tree.ingest.cells.headgrain import below_header
from kpi_tree.ingest.cells.shapes import Cells
from kpi_tree.ingest.cells.words import months

FISCAL = r"(?i)\bFY\s?'?[0-9]{2,4}|[0-9]{2,4}年度|\b(?:fiscal|regnskapsår|geschäftsjahr|räkenskapsår)"
"""Periods of a fiscal year: no dates while it is not said when that year begins."""
_DAY_ALONE = re.compile(r"^([^\W\d_]+)(?:\.?[-/ ]|\.)9$")
_GRAINS = ("instant", "day", "week", "month", "quarter")


def read_dates(
    cells: Cells, *, order: str | None = None, coarse: bool = True, compact: bool = True, grain: str = ""
) -> DateColumn:
    """Read every text of a column as a date.

    Args:
        cells: the column.
        order: ``dmy``, ``mdy`` or ``ymd`` when the person or a neighbour column has said it.
        coarse: weeks, months and quarters count as dates (their first day).
        compact: eight digits count as a date.
        grain: what the header says its periods are.

    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> import pyarrow as pa
    >>> found = read_dates(cells_of(pa.array(["03/04/2024", "25/04/2024"])))
    >>> found.order, found.ok.tolist(), str(found.micros.astype("M8[us]")[0])[:10]
    ('dmy', [True, True], '2024-04-03')
    >>> read_dates(cells_of(pa.array(["03/04/2024", "05/06/2024"]))).readings
    {'dmy': '2024-04-03', 'mdy': '2024-03-04'}
    """
    found = no_dates(len(cells.texts))
    open_shapes: dict[int, tuple[DateReading, ...]] = {}
    short_years: dict[int, int] = {}
    weights: dict[str, int] = {}
    shapes = {n: readings for n, shape in enumerate(cells.shapes) if (readings := date_shapes(shape))}
    for number, readings in (below_header(cells, grain, shapes) if grain else shapes).items():
        if not readings or not _wanted(readings[0], cells.shapes[number], coarse=coarse, compact=compact):
            continue
        found.grains[number] = readings[0].grain
        weight = int(cells.counts[cells.members(number)].sum())
        weights[readings[0].style] = weights.get(readings[0].style, 0) + weight
        if _GRAINS.index(readings[0].grain) > _GRAINS.index(found.grain):
            found.grain = readings[0].grain
        if len(readings) == 1:
            read_shape(cells, number, readings[0], found)
            if readings[0].grain == "month" and readings[0].month and len(readings[0].at("y")) == 2:
                short_years[number] = readings[0].month
        else:
            open_shapes[number] = readings
    _doubt_short_years(cells, short_years, found)
    if open_shapes:
        settle(cells, open_shapes, found, order)
    if found.grain == "day" and bool(found.timed[found.ok].any()):
        found.grain = "instant"
    found.styles = sorted(weights, key=lambda style: -weights[style])
    if found.order and found.styles:
        found.styles = [_style_in(cells, open_shapes, found.order)] + [
            s for s in found.styles if "/" not in s and "-" not in s
        ]
    return found


def _doubt_short_years(cells: Cells, shapes: dict[int, int], found: DateColumn) -> None:
    """``Jan 24`` is January 2024 while the months change and the number stays; where there are more numbers
    than months, or a ``Jan 5`` beside it, they are days of a year that is not said, and no dates."""
    if not shapes:
        return
    texts = np.concatenate([cells.members(number) for number in shapes])
    texts = texts[found.ok[texts]]
    years = np.unique(found.micros[texts].astype("M8[us]").astype("M8[Y]").astype(np.int64) + 1970)
    may_be_days = bool((years >= 2001).all() and (years <= 2031).all())
    if may_be_days and (len(years) > len(set(shapes.values())) or any(map(is_day_alone, cells.shapes))):
        found.ok[texts] = False


def is_day_alone(shape: str) -> bool:
    """Whether texts of a shape are days of a month without a year.

    >>> is_day_alone("Jan 9"), is_day_alone("Jan 99"), is_day_alone("Mug 9")
    (True, False, False)
    """
    found = _DAY_ALONE.match(shape)
    return found is not None and found[1].lower() in months()


def _style_in(cells: Cells, shapes: dict[int, tuple[DateReading, ...]], order: str) -> str:
    heaviest = max(shapes, key=lambda n: int(cells.counts[cells.members(n)].sum()))
    return next((r.style for r in shapes[heaviest] if r.order == order), shapes[heaviest][0].style)


def _wanted(reading: DateReading, shape: str, *, coarse: bool, compact: bool) -> bool:
    if reading.grain in ("week", "month", "quarter"):
        return coarse and (reading.sure or coarse)
    return compact or not shape.startswith("99999999")
