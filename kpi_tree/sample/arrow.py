"""Arrays to Arrow columns in the record schemas, without a Python loop over rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.records import ROW, arrow_schema
from kpi_tree.sample.draws import Bools, Floats, Ints
from kpi_tree.sample.shop import CURRENCY


def money(ore: Ints, missing: Bools | None = None) -> pa.Array:
    """Amounts in øre as exact decimals with four places.

    >>> money(np.array([12_345, -50])).to_pylist()
    [Decimal('123.4500'), Decimal('-0.5000')]
    """
    return _decimal(np.asarray(ore, dtype=np.int64) * 100, missing)


def quantity(count: Ints, missing: Bools | None = None) -> pa.Array:
    """Whole counts as exact decimals with four places."""
    return _decimal(np.asarray(count, dtype=np.int64) * 10_000, missing)


def _decimal(scaled: Ints, missing: Bools | None) -> pa.Array:
    words = np.empty((len(scaled), 2), dtype=np.int64)  # 128 bits each: low word, then the sign
    words[:, 0] = scaled
    words[:, 1] = scaled >> 63
    made = pa.Array.from_buffers(pa.decimal128(18, 4), len(scaled), [None, pa.py_buffer(words.tobytes())])
    return _blank(made, missing)


def _blank(made: pa.Array, missing: Bools | None) -> pa.Array:
    if missing is None or not missing.any():
        return made
    return pc.if_else(pa.array(missing), pa.scalar(None, made.type), made)


def text(codes: Ints, values: Sequence[str | None] | pa.Array) -> pa.Array:
    """Text by position in a list of values; a negative position is no value.

    >>> text(np.array([1, -1, 0]), ["a", "b"]).to_pylist()
    ['b', None, 'a']
    """
    codes = np.asarray(codes)
    index = (
        pa.array(codes.astype(np.int32), mask=codes < 0)
        if (codes < 0).any()
        else pa.array(codes.astype(np.int32))
    )
    known = values if isinstance(values, pa.Array) else pa.array(list(values), pa.string())
    return pa.DictionaryArray.from_arrays(index, known).cast(pa.string())


def same(value: str, count: int) -> pa.Array:
    """One text for all rows."""
    return pa.repeat(pa.scalar(value, pa.string()), count)


def numbered(prefix: str, number: Ints, missing: Bools | None = None) -> pa.Array:
    """Ids: a prefix and a number.

    >>> numbered("s", np.array([7, 12])).to_pylist()
    ['s7', 's12']
    """
    digits = pa.array(np.asarray(number, dtype=np.int64)).cast(pa.string())
    return _blank(pc.binary_join_element_wise(pa.scalar(prefix), digits, ""), missing)


def instants(seconds: Ints, missing: Bools | None = None) -> pa.Array:
    """Seconds since 1970 as instants in UTC."""
    made = pa.array(np.asarray(seconds, dtype=np.int64) * 1_000_000).cast(pa.timestamp("us", tz="UTC"))
    return _blank(made, missing)


def days(number: Ints, missing: Bools | None = None) -> pa.Array:
    """Day numbers as calendar days."""
    return _blank(pa.array(np.asarray(number).astype(np.int32)).cast(pa.date32()), missing)


def whole(values: Ints, missing: Bools | None = None) -> pa.Array:
    """Whole numbers."""
    return _blank(pa.array(np.asarray(values, dtype=np.int64)), missing)


def real(values: Floats, places: int, missing: Bools | None = None) -> pa.Array:
    """Numbers, rounded to some places so that files and screens show what is stored."""
    return _blank(pa.array(np.round(np.asarray(values, dtype=np.float64), places)), missing)


def yes_no(values: Bools) -> pa.Array:
    """Booleans."""
    return pa.array(np.asarray(values, dtype=bool))


def build(name: str, columns: Mapping[str, Any], *, keep: Bools | Ints | None = None) -> pa.Table:
    """A record table in its schema: absent columns empty, the currency filled in, rows numbered from 1.

    Args:
        keep: rows to keep, as a mask or as positions in the order wanted.
    """
    schema = arrow_schema(name)
    size = len(next(iter(columns.values())))
    chosen = None if keep is None else pa.array(np.flatnonzero(keep) if keep.dtype == bool else keep)
    rows = size if chosen is None else len(chosen)
    arrays = []
    for field in schema:
        if field.name == ROW:
            arrays.append(pa.array(np.arange(1, rows + 1, dtype=np.int64)))
        elif field.name in columns:
            column = columns[field.name]
            arrays.append(column if chosen is None else column.take(chosen))
        elif field.name == "currency":
            arrays.append(same(CURRENCY, rows))
        else:
            arrays.append(pa.nulls(rows, field.type))
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
    return pa.Table.from_arrays(arrays, schema=schema)
