"""Observations on their way between a file and the store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.periods import Calendar, Grain, period_of
from kpi_tree.store.journal import canonical
from kpi_tree.store.observations import KEY, MEASURED, Observation

_VALUES = ("value", "numerator", "denominator")


def measured_of(table: pa.Table | None) -> pa.Table | None:
    """A reading's observations as the store takes them; columns that are none of ours are dimensions.

    >>> table = pa.table({"kpi": ["sales"], "start": [date(2026, 1, 1)], "value": [2.0], "store": ["Oslo"]})
    >>> found = measured_of(table)
    >>> found.column("grain").to_pylist(), found.column("dimensions").to_pylist()
    (['day'], ['{"store":"Oslo"}'])
    """
    if table is None or not table.num_rows:
        return None
    none = pa.chunked_array([pa.nulls(table.num_rows)])
    known = {"kpi", "start", "end", "period", "grain", "_row", "row", "note", *_VALUES}
    start = "start" if "start" in table.column_names else "period"
    given = {
        "kpi": _words(table.column("kpi")),
        "start": table.column(start).cast(pa.date32()),
        "grain": _words(table.column("grain"))
        if "grain" in table.column_names
        else _words(pa.chunked_array([pa.repeat("day", table.num_rows)])),
        "dimensions": _dimensions(table.select([name for name in table.column_names if name not in known])),
    }
    for name, column in (*((name, name) for name in _VALUES), ("row_number", "_row"), ("note", "note")):
        found = table.column(column) if column in table.column_names else none
        given[name] = _words(found) if name == "note" else found.cast(MEASURED.field(name).type)
    return pa.table([given[name] for name in MEASURED.names], schema=MEASURED)


def _words(column: pa.ChunkedArray) -> pa.Array:
    """A column of texts by its distinct ones."""
    if not pa.types.is_dictionary(column.type):
        return column.cast(pa.string()).combine_chunks().dictionary_encode()
    return column.unify_dictionaries().combine_chunks()


def _dimensions(columns: pa.Table) -> pa.Array:
    """The values of each row's dimensions as canonical JSON; each set of values is spelled once."""
    words = {name: _words(columns.column(name)) for name in sorted(columns.column_names)}
    of_row = np.zeros(columns.num_rows, np.int64)
    spelled: list[dict[str, str]] = [{}]
    for name, column in words.items():
        texts = [*column.dictionary.to_pylist(), None]
        at = np.asarray(column.indices.fill_null(len(texts) - 1), np.int64)
        sets, of_row = np.unique(of_row * len(texts) + at, return_inverse=True)
        spelled = [
            {**spelled[one // len(texts)], **_said(name, texts[one % len(texts)])} for one in sets.tolist()
        ]
    said = pa.array([canonical(one) for one in spelled], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(of_row, pa.int32()), said)


def _said(name: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {name: value}


def observations_in(measured: pa.Table) -> list[Observation]:
    """The rows of a table as the store would hand them back; they belong to no batch yet.

    Args:
        measured: as :data:`~kpi_tree.store.observations.MEASURED`.

    >>> from kpi_tree.store.observations import table_of
    >>> one = {"kpi": "sales", "start": date(2026, 1, 1), "grain": "day", "value": 2.0}
    >>> [(found.kpi, found.value, dict(found.dimensions)) for found in observations_in(table_of([one]))]
    [('sales', 2.0, {})]
    """
    renamed = {"row_number": "row"}
    return [
        Observation(
            batch="",
            **{renamed.get(name, name): value for name, value in row.items() if name != "dimensions"},
            dimensions=json.loads(row["dimensions"]),
        )
        for row in measured.to_pylist()
    ]


def days_of(measured: pa.Table) -> tuple[date, date]:
    """The first and the last day on which a period of some observations begins."""
    ends = pc.min_max(measured.column("start")).as_py()
    return ends["min"], ends["max"]


def span_of(measured: pa.Table, calendar: Calendar) -> tuple[date, date]:
    """The first and the last day that some observations speak of: a month's value speaks of its last day.

    >>> from kpi_tree.periods import DEFAULT_CALENDAR
    >>> from kpi_tree.store.observations import table_of
    >>> one = {"kpi": "sales", "start": date(2026, 1, 1), "grain": "month", "value": 2.0}
    >>> [str(day) for day in span_of(table_of([one]), DEFAULT_CALENDAR)]
    ['2026-01-01', '2026-01-31']
    """
    grains = measured.column("grain").cast(pa.string())
    lasts = []
    for grain in grains.unique().to_pylist():
        _, last = days_of(measured.filter(pc.equal(grains, grain)))
        lasts.append(period_of(last, grain, calendar).last if grain != Grain.HOUR else last)
    return days_of(measured)[0], max(lasts)


def codes_of(tables: Sequence[pa.Table]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The keys of all rows as numbers, equal where the keys are; and their values, NaN for none."""
    whole = pa.concat_tables([one.select([*KEY, "value"]) for one in tables])
    codes = np.zeros(whole.num_rows, np.int64)
    for name in KEY:
        column = whole.column(name)
        column = (
            _words(column)
            if name != "start"
            else column.cast(pa.int32()).combine_chunks().dictionary_encode()
        )
        _, codes = np.unique(codes * len(column.dictionary) + np.asarray(column.indices), return_inverse=True)
    values = whole.column("value").combine_chunks().fill_null(np.nan)
    return codes, np.asarray(values, np.float64)
