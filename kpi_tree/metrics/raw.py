"""``raw.<table>``: a record table over its active batches, one row a key, the last batch in line wins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import duckdb

from kpi_tree.metrics.connection import Batch
from kpi_tree.metrics.segments import NO_ALTERNATIVES, with_alternatives
from kpi_tree.metrics.settings import Settings
from kpi_tree.metrics.sqltext import literal, name
from kpi_tree.metrics.whole import still_told
from kpi_tree.records.described import described
from kpi_tree.records.tables import Table

SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "quantity": "DECIMAL(18,4)",
    "money": "DECIMAL(18,4)",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "instant": "TIMESTAMPTZ",
    "day": "DATE",
}

SEGMENTS: Mapping[str, str] = {"_by": "VARCHAR", "_through": "DATE", "_origin": "VARCHAR"}
"""Hidden columns of by-day tables, which files of older versions lack."""


def raw_names(sql: str) -> tuple[str, ...]:
    """The record tables that a query reads as ``raw.<table>``, in order.

    >>> raw_names('SELECT * FROM raw.orders JOIN raw."order_lines" USING (order_id)')
    ('orders', 'order_lines')
    """
    return tuple(dict.fromkeys(re.findall(r"\braw\.\"?(\w+)", sql)))


def make_view(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    batches: Sequence[Batch],
    settings: Settings,
    owners: Sequence[Batch] = (),
) -> None:
    """Make the view ``raw.<table>`` with its local time ``_at`` and business day ``_day``.

    Args:
        batches: the active ones that bring rows to it, as they stand in line; without any the view is empty.
        owners: those of the table that its rows belong to: orders, for their lines.
    """
    con.execute(f"CREATE VIEW raw.{name(table.name)} AS {rows_of(con, table, batches, settings, owners)}")


def rows_of(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    batches: Sequence[Batch],
    settings: Settings,
    owners: Sequence[Batch] = (),
    only: str = "true",
) -> str:
    """SQL of what the view ``raw.<table>`` shows.

    Args:
        owners: the active batches of the table that its rows belong to.
        only: a condition on the table's key: nothing else is worked out of the other rows.
    """
    columns = list(table.columns.values())
    if batches:
        paths = ", ".join(literal(str(path)) for _, _, path in batches)
        numbers = ", ".join(str(seq) for seq, _, _ in batches)
        rows = (
            f"SELECT *, map([{paths}], [{numbers}])[filename]::INTEGER AS _seq "
            f"FROM read_parquet([{paths}], filename = true, union_by_name = true) WHERE {only}"
        )
        rows = still_told(con, table, rows, batches, owners)
        if table.aggregate:
            hidden = ", ".join(f"NULL::{kind} AS {column}" for column, kind in SEGMENTS.items())
            rows = f"SELECT * FROM ({rows}) UNION ALL BY NAME SELECT {hidden} WHERE false"
        picked = ", ".join(f"{_read(table, c.name, settings)} AS {name(c.name)}" for c in columns)
        keys = ", ".join(name(key) for key in table.key)
        if table.aggregate:
            picked = ", ".join([picked, *SEGMENTS])
        source = _newest(con, table, f"SELECT {picked}, _row, _seq FROM ({rows})", keys)
        if table.aggregate:
            source = f"({with_alternatives(con, table, f'SELECT * FROM {source}')})"
    else:
        empty = ", ".join(f"NULL::{SQL_TYPES[c.type]} AS {name(c.name)}" for c in columns)
        if table.aggregate:
            empty = f"{empty}, {NO_ALTERNATIVES}"
        source = f"(SELECT {empty}, NULL::BIGINT AS _row, NULL::INTEGER AS _seq WHERE false)"
    return f"SELECT *{_times(table)} FROM {source}"


def twice_of(table: str) -> str:
    """The relation of the hashes, ``h``, of the keys that come more than once in a table's batches.

    >>> twice_of("orders")
    'files."twice_orders"'
    """
    return f"files.{name('twice_' + table)}"


def _newest(con: duckdb.DuckDBPyConnection, table: Table, rows: str, keys: str) -> str:
    """One row a key. Ranking all rows is dear, so only those whose key comes twice are ranked.

    Keys are compared by their hash first: different hashes are different keys, and rows of equal
    hashes are ranked by the keys themselves, so that a collision costs time and nothing else.
    """
    twice = twice_of(table.name)
    hashed = f"hash({keys})"
    con.execute(
        f"CREATE TABLE IF NOT EXISTS {twice} AS SELECT h FROM (SELECT {hashed} AS h FROM ({rows})) "
        f"GROUP BY h HAVING count(*) > 1"
    )
    if not con.execute(f"SELECT count(*) FROM {twice}").fetchall()[0][0]:
        return f"({rows})"
    if table.describes:
        again = f"SELECT * FROM ({rows}) WHERE {hashed} IN (SELECT h FROM {twice})"
        return (
            f"(SELECT * FROM ({rows}) WHERE {hashed} NOT IN (SELECT h FROM {twice}) UNION ALL BY NAME "
            f"{described(table, again, '_seq, _row', ['_row', '_seq'])})"
        )
    return (
        f"(SELECT * FROM ({rows}) WHERE {hashed} NOT IN (SELECT h FROM {twice}) UNION ALL "
        f"SELECT * FROM ({rows}) WHERE {hashed} IN (SELECT h FROM {twice}) "
        f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY _seq DESC, _row DESC) = 1)"
    )


def _read(table: Table, column: str, settings: Settings) -> str:
    """A column as read: amounts in a currency that the shop gave a rate for, in the shop's own."""
    rates, own = settings.rates, settings.currency
    if not rates or own is None or "currency" not in table.columns:
        return name(column)
    if column == "currency":
        codes = ", ".join(literal(code) for code in rates)
        return f"CASE WHEN currency IN ({codes}) THEN {literal(own)} ELSE currency END"
    if table.columns[column].type != "money":
        return name(column)
    cases = " ".join(f"WHEN {literal(code)} THEN {rate!r}::DECIMAL(18,8)" for code, rate in rates.items())
    return f"({name(column)} * CASE currency {cases} ELSE 1 END)::DECIMAL(18,4)"


def _times(table: Table) -> str:
    if table.time is None:
        return ""
    column = name(table.time)
    if table.columns[table.time].type == "instant":
        return f", local_time({column}) AS _at, local_day({column}) AS _day"
    return f", NULL::TIMESTAMP AS _at, {column} AS _day"
