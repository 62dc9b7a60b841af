"""What a newer file that tells an order whole tells no more: lines and refunds that were taken out of it.

A row of ``orders`` says of which tables its file tells all that belongs to it (``_whole``). What older files
tell of such an order in these tables counts no more, unless the newer one is withdrawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kpi_tree.metrics.connection import Batch
from kpi_tree.metrics.sqltext import name
from kpi_tree.records.tables import Table
from kpi_tree.records.whole import told_whole


def still_told(
    con: duckdb.DuckDBPyConnection,
    table: Table,
    rows: str,
    batches: Sequence[Batch],
    owners: Sequence[Batch],
) -> str:
    """Rows of a table without those that a newer file, which tells all of their owner, tells no more.

    Args:
        rows: SQL of the rows with ``_seq``. owners: the batches of the table that they belong to.
    """
    first = min((number for number, _, _ in batches), default=0)
    newer = [(number, path) for number, _, path in owners if number > first]
    if not table.owner or not newer:
        return rows
    gone, by = f"files.{name('gone_' + table.name)}", name(table.owned_by)
    con.execute(
        f"CREATE TABLE IF NOT EXISTS {gone} AS SELECT DISTINCT _key, _told FROM ({told_whole(table, newer)}) "
        f"JOIN (SELECT {by}, _seq FROM ({rows})) ON {by} = _key AND _seq < _told"
    )
    if not con.execute(f"SELECT count(*) FROM {gone}").fetchall()[0][0]:
        return rows
    return f"SELECT r.* FROM ({rows}) AS r ANTI JOIN {gone} AS g ON r.{by} = g._key AND r._seq < g._told"
