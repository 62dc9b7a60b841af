"""From typed columns to record tables: a layout's SQL, run on an engine that can read nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.mapping.again import kept_of
from kpi_tree.ingest.mapping.engines import borrowed
from kpi_tree.ingest.mapping.layout import Layout
from kpi_tree.ingest.mapping.numbering import numbered
from kpi_tree.records.parquet import conform
from kpi_tree.records.tables import HIDDEN, WHOLE, Table, segment_dims, table
from kpi_tree.steps import SILENT, Watch

if TYPE_CHECKING:
    import duckdb

SQL = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "money": "DECIMAL(18, 4)",
    "quantity": "DECIMAL(18, 4)",
    "boolean": "BOOLEAN",
    "instant": "TIMESTAMPTZ",
    "local": "TIMESTAMP",
    "day": "DATE",
    "duration": "DOUBLE",
    "visit": "DOUBLE",
    "time": "DOUBLE",
    "currency": "VARCHAR",
}

_COSTLY = re.compile(r"\b(?:over|regexp\w*|join|union|group|distinct|qualify|select)\b", re.IGNORECASE)
"""Words of SQL whose rows are worth keeping: each table of a layout asks for them again."""

TOLD_AGAIN = "order_told_again"
"""The code of rows that a later part of the file tells once more."""
SAME_SHOP = "same"
"""The option ``shop`` of a file whose order numbers are those that are known, whatever their dates."""
NUMBERED_BY_SHOP = ("order_id", "refund_id", "cost_id")
"""Columns of numbers that each shop, or each account at a vendor, counts for itself."""

Lines = Sequence[int] | npt.NDArray[np.int64]
"""Source lines, ascending."""


@dataclass(slots=True)
class Built:
    """What a layout made of a file.

    Attributes:
        tables: record tables in their stored schema.
        rejected: reason code -> source lines, of rows that are no records.
        missing: (record table, column, lines) of records that lack a required value.
        values: (record table, column, lines) of records with a word that is not allowed.
        repeated_keys: record table -> how many rows a later row of the file with the same key replaced.
        notes: (code, count).
    """

    tables: dict[str, pa.Table] = field(default_factory=dict)
    rejected: dict[str, Lines] = field(default_factory=dict)
    missing: list[tuple[str, str, Lines]] = field(default_factory=list)
    values: list[tuple[str, str, Lines]] = field(default_factory=list)
    repeated_keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: list[tuple[str, int]] = field(default_factory=list)
    observations: pa.Table | None = None


def source_table(
    layout: Layout, columns: Mapping[str, pa.Array], lines: npt.NDArray[np.int64], bad: npt.NDArray[np.bool_]
) -> pa.Table:
    """The typed rows that a layout's SQL is run over: the keys that the file has, in the layout's order."""
    arrays: dict[str, Any] = {key: columns[key] for key in layout.columns if key in columns}
    arrays["_row"], arrays["_bad"] = pa.array(lines), pa.array(bad)
    return pa.table(arrays)


def see(engine: duckdb.DuckDBPyConnection, layout: Layout, rows: pa.Table) -> None:
    """Let an engine see rows as ``src``: every key that its SQL names, those the file lacks empty."""
    engine.register("given", numbered(layout, rows))
    named = _words_of(layout)
    lacking = [
        f', CAST(NULL AS {SQL[wanted.type]}) AS "{key}"'
        for key, wanted in layout.columns.items()
        if key in named and key not in rows.column_names
    ]
    engine.execute(f"CREATE OR REPLACE TEMP VIEW src AS SELECT *{''.join(lacking)} FROM given")


def _words_of(layout: Layout) -> set[str]:
    """Every word of a layout's SQL."""
    texts = [layout.rows, layout.apart, layout.observations, *layout.tables.values(), *layout.views.values()]
    texts += [sql for _, sql in (*layout.skip, *layout.notes)]
    return set(re.findall(r"\w+", " ".join(texts)))


def run(layout: Layout, source: pa.Table, options: Mapping[str, Any], watch: Watch = SILENT) -> Built:
    """Run a layout's SQL over typed rows.

    Args:
        layout: the layout.
        source: as :func:`source_table` made it.
        options: values for ``getvariable``; the layout's own stand below them.

    Raises:
        Cancelled: it was stopped.
    """
    with engine_for(watch) as engine:
        return run_on(engine, layout, source, options)


@contextmanager
def engine_for(watch: Watch = SILENT) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine to run layouts' SQL on, one after the other, that can read nothing but what it is given.

    Raises:
        Cancelled: it was stopped.
    """
    with borrowed(watch) as engine:
        yield engine


def run_on(
    engine: duckdb.DuckDBPyConnection, layout: Layout, source: pa.Table, options: Mapping[str, Any]
) -> Built:
    """The same on an engine that is there; nothing of these rows stays in it."""
    built = Built()
    see(engine, layout, source)
    set_options(engine, layout, {**first_values(layout, source), **options})
    cases = "".join(f" WHEN {where} THEN '{code}'" for code, where in layout.skip)
    whole = layout.rows or "SELECT * FROM src"
    kind = "TABLE" if _COSTLY.search(whole.strip()[len("SELECT") :]) else "VIEW"
    _do(
        engine,
        f"CREATE OR REPLACE TEMP {kind} marked AS SELECT *, "
        f"CASE WHEN _bad THEN '' {cases} END AS _skip FROM ({whole})",
    )
    good = "SELECT * EXCLUDE (_skip) FROM marked WHERE _skip IS NULL"
    _do(engine, f"CREATE OR REPLACE TEMP VIEW good AS {good}")
    for name, sql in layout.views.items():
        _do(engine, f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")
    for code, line in engine.execute(
        "SELECT _skip, list(_row ORDER BY _row) FROM marked WHERE _skip <> '' GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        built.rejected[code] = line
    for code, sql in layout.notes:
        count = next(iter(engine.execute(sql).fetchall()), None)
        if count and count[0]:
            built.notes.append((code, int(count[0])))
    left_out = 0
    for name, sql in layout.tables.items():
        made = _of_shop(_ordered(engine.sql(sql).to_arrow_table()), options.get("shop"))
        taken = kept_of(name, made, options.get("again"))
        left_out += made.num_rows - taken.num_rows
        built.tables[name] = _records(table(name), taken, built)
    if layout.whole and options.get("whole", True):
        _mark_whole(engine, layout, built, options.get("shop"))
    if left_out:
        built.notes.append(("told_elsewhere", left_out))
    if layout.observations:
        built.observations = engine.sql(layout.observations).to_arrow_table()
    _do(engine, f"DROP {kind} marked")
    engine.unregister("given")
    return built


def _mark_whole(engine: duckdb.DuckDBPyConnection, layout: Layout, built: Built, shop: str | None) -> None:
    """Say of each order that the file tells all of it, but for those of which a row was set apart."""
    owner = table(layout.whole[0]).owner
    rows = built.tables.get(owner)
    if rows is None or not rows.num_rows:
        return
    lines = [line for _, _, some in (*built.missing, *built.values) for line in some]
    engine.register("unread", pa.table({"line": pa.array(lines, pa.int64())}))
    apart = engine.sql(
        f"SELECT DISTINCT ({layout.apart})::VARCHAR AS key FROM marked WHERE _bad "
        f"OR coalesce(_skip, '{TOLD_AGAIN}') <> '{TOLD_AGAIN}' OR _row IN (SELECT line FROM unread)"
    ).to_arrow_table()
    engine.unregister("unread")
    keys = rows.column(table(owner).key[0])
    if shop is not None and shop != SAME_SHOP:
        apart = pa.table({"key": pc.binary_join_element_wise(shop, apart.column("key"), " ")})
    parts = pc.is_in(keys, value_set=apart.column("key").combine_chunks())
    told = pc.if_else(parts, pa.scalar(None, pa.string()), ",".join(layout.whole))
    built.tables[owner] = rows.append_column(WHOLE, told)


def _of_shop(rows: pa.Table, shop: str | None) -> pa.Table:
    """Rows whose order numbers begin with the name of their shop, where a person has said that another shop
    uses the same numbers."""
    if shop is None or shop == SAME_SHOP:
        return rows
    for name in NUMBERED_BY_SHOP:
        if name in rows.column_names:
            numbers = pc.binary_join_element_wise(shop, rows.column(name).cast(pa.string()), " ")
            rows = rows.set_column(rows.schema.get_field_index(name), name, numbers)
    return rows


def _ordered(rows: pa.Table) -> pa.Table:
    """Rows by their line; they often come so."""
    lines = np.asarray(rows.column("_row"))
    if (lines[1:] >= lines[:-1]).all():
        return rows
    return rows.take(pa.array(np.argsort(lines, kind="stable")))


def _do(engine: duckdb.DuckDBPyConnection, sql: str, values: list[Any] | None = None) -> None:
    """Run a statement to its end."""
    engine.execute(sql, values or []).fetchall()


def first_values(layout: Layout, rows: pa.Table) -> dict[str, Any]:
    """What a layout's SQL may ask for of the first rows, where they say it."""
    found = {name: rows.column(name).drop_null() for name in layout.first if name in rows.column_names}
    return {f"first_{name}": values[0].as_py() for name, values in found.items() if len(values)}


def set_options(engine: duckdb.DuckDBPyConnection, layout: Layout, options: Mapping[str, Any]) -> None:
    """Give a layout's SQL what it may ask for with ``getvariable``."""
    for name, value in {**layout.options, **options}.items():
        if name.isidentifier():
            _do(engine, f"SET VARIABLE {name} = ?", [value])


def _records(of: Table, rows: pa.Table, built: Built) -> pa.Table:
    """Rows that satisfy the table: required cells filled, allowed words only, the last of a repeated key."""
    keep = np.ones(rows.num_rows, bool)
    lines = np.asarray(rows.column("_row"))
    for column in of.columns.values():
        if column.name not in rows.column_names:
            if column.required and column.default is None:
                keep[:] = False
                built.missing.append((of.name, column.name, lines.tolist()))
            continue
        values = rows.column(column.name)
        if column.required and column.default is None and values.null_count:
            empty = np.asarray(pc.is_null(values), bool)
            built.missing.append((of.name, column.name, lines[empty & keep].tolist()))
            keep &= ~empty
        if column.values:
            wrong = ~np.asarray(
                pc.or_(pc.is_in(values, value_set=pa.array(column.values)), pc.is_null(values)), bool
            )
            if wrong.any():
                built.values.append((of.name, column.name, lines[wrong & keep].tolist()))
                keep &= ~wrong
    good = conform(of, rows if keep.all() else rows.filter(pa.array(keep)))
    return _last_of_key(of, _broken_down(of, good), built)


def _broken_down(of: Table, rows: pa.Table) -> pa.Table:
    """Rows of a report that comes counted say by which dimensions it is broken down, so that two reports of
    the same days count once."""
    dims = segment_dims(of)
    if not dims or not rows.num_rows:
        return rows
    used = [dim for dim in dims if pc.any(pc.not_equal(rows.column(dim), "")).as_py()]
    return rows.append_column("_by", pa.array([",".join(used)] * rows.num_rows, pa.string()))


def _last_of_key(of: Table, rows: pa.Table, built: Built) -> pa.Table:
    keys = rows.select(list(of.key))
    if rows.num_rows < 2 or _all_differ(keys):
        return rows
    order = pa.array(np.arange(rows.num_rows))
    last = (
        keys.append_column("_at", order).group_by(list(of.key), use_threads=False).aggregate([("_at", "max")])
    )
    if last.num_rows == rows.num_rows:
        return rows
    kept = rows.take(np.sort(np.asarray(last.column("_at_max"))))
    values = [name for name in rows.column_names if name != "_row" and name not in HIDDEN]
    same = rows.num_rows - rows.select(values).group_by(values, use_threads=False).aggregate([]).num_rows
    replaced = rows.num_rows - last.num_rows
    built.repeated_keys[of.name] = (min(same, replaced), replaced - min(same, replaced))
    return kept


def _all_differ(keys: pa.Table) -> bool:
    """Whether rows show at a glance that no key repeats: each value is first met behind the one before it,
    and the numbers within it go up. True for most files; False proves nothing."""
    codes = np.zeros(keys.num_rows, np.int64)
    for column in keys.columns:
        values = column.combine_chunks()
        if pa.types.is_integer(values.type) and not values.null_count:
            code = np.asarray(values).astype(np.int64)
        else:
            code = np.asarray(pc.dictionary_encode(values, null_encoding="encode").indices).astype(np.int64)
        size = int(code.max()) + 1 if len(code) else 1
        if (len(code) and int(code.min()) < 0) or size > 1 << 31 or int(codes.max(initial=0)) > 1 << 31:
            return False
        codes = codes * size + code
    return bool((np.diff(codes) > 0).all())
