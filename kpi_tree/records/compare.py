"""What a file would change: its rows held against the active ones, by key, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.i18n import msg
from kpi_tree.records.described import described, says_the_same
from kpi_tree.records.filerows import CHANGED, NEW, UNCHANGED, Comparison, FileRows, KindArray
from kpi_tree.records.parquet import GROUP, Rows, RowsFile, conform, times_at_ends
from kpi_tree.records.room import LOADING, roomy
from kpi_tree.records.tables import ROW, Table, table
from kpi_tree.records.whole import told_whole
from kpi_tree.steps import SILENT, Watch

_MOVED = 3
"""Changed, and its moment is another one by more than :data:`REDATED`."""
_BEHIND = 8
"""Added to the kind of a record of which the file that counts goes on counting."""
MOST_LINES = 5
"""File rows that are named of records that stay as they are."""
REDATED = timedelta(days=2)
"""How far a record's moment may move between two exports: zones and clocks, and not another record."""
CLOCK = timedelta(hours=3)
"""More than any clock is set back at once."""


def compare(
    of: Table | str, data: Rows, active: Sequence[tuple[int, Path]], *, timezone: str = "UTC"
) -> Comparison:
    """Hold the rows of a file against the active batches of its table.

    Args:
        data: rows in the table's columns (see :func:`kpi_tree.records.conform`), with ``_row``, or the file
            that holds them.
        active: (sequence number, Parquet file) of each active batch of the table, as they stand in line.
        timezone: the shop's, for the business days.

    >>> rows = pa.table({"month": ["2026-01-01", "2026-02-01"], "value": ["5", "6"]})
    >>> compare("market_size", rows, []).kinds.tolist()
    [2, 2]
    """
    of = table(of) if isinstance(of, str) else of
    rows: list[npt.NDArray[np.int64]] = [np.zeros(0, np.int64)]
    kinds: list[KindArray] = [np.zeros(0, np.int8)]
    with _compared(of, data, active, SILENT) as found:
        for some, of_kind in found:
            rows.append(some)
            kinds.append(np.where(of_kind == _MOVED, CHANGED, of_kind).astype(np.int8))
    return Comparison(np.concatenate(rows), np.concatenate(kinds), *span(of, data, timezone))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a file are of each kind, and the days they speak of."""

    new: int
    changed: int
    unchanged: int
    first: date | None
    last: date | None
    redated: int = 0
    """Of the known ones, those whose moment is another one by days."""
    behind: int = 0
    """Of the unchanged ones, those that a newer file tells otherwise."""
    lines: tuple[int, ...] = ()
    """The first file rows of those."""


def tally(
    of: Table | str,
    data: Rows,
    active: Sequence[tuple[int, Path]],
    marks: FileRows,
    *,
    newer: Set[int] = frozenset(),
    owners: Sequence[tuple[int, Path]] = (),
    timezone: str = "UTC",
    watch: Watch = SILENT,
) -> Tally:
    """The same as :func:`compare` for rows of any number: they are counted, and marked by file row.

    Args:
        marks: is told what each file row's records are.
        newer: numbers of the batches that go on counting before these rows: a record that one of them tells
            otherwise stays as it is.
        owners: as ``active``, of the table that the rows belong to.

    Raises:
        Cancelled: it was stopped.

    >>> rows, marks = pa.table({"month": ["2026-01-01", "2026-02-01"], "value": ["5", "6"]}), FileRows()
    >>> tally("market_size", rows, [], marks).new, marks.count(NEW)
    (2, 2)
    """
    of = table(of) if isinstance(of, str) else of
    counts, redated, overruled = np.zeros(3, np.int64), 0, 0
    lines: list[int] = []
    ruled = told_whole(of, [one for one in owners if one[0] in newer]) if newer and of.owner else ""
    with _compared(of, data, active, watch, newer, ruled) as found:
        for rows, told in found:
            watch.tell(msg("Comparing with what is known"), float(counts.sum()) / max(data.num_rows, 1))
            behind, kinds = told >= _BEHIND, told % _BEHIND
            redated += int((kinds == _MOVED).sum())
            kinds[kinds == _MOVED] = CHANGED
            behind &= kinds != UNCHANGED
            kinds[behind] = UNCHANGED
            overruled += int(behind.sum())
            lines = sorted({*lines, *rows[behind].tolist()})[:MOST_LINES]
            marks.take(rows, kinds)
            counts += np.bincount(kinds, minlength=3)
    ends = span(of, data, timezone)
    new, changed, unchanged = (int(counts[kind]) for kind in (NEW, CHANGED, UNCHANGED))
    return Tally(new, changed, unchanged, *ends, redated, overruled, tuple(lines))


@contextmanager
def _compared(
    of: Table,
    data: Rows,
    active: Sequence[tuple[int, Path]],
    watch: Watch,
    newer: Set[int] = frozenset(),
    ruled: str = "",
) -> Iterator[Iterator[tuple[npt.NDArray[np.int64], KindArray]]]:
    """File rows with their kinds, some at a time. An engine is made only where there is something known."""
    if not (active or ruled) or not data.num_rows:
        yield _all_new(data)
        return
    with roomy(LOADING, watch) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET python_enable_replacements = false")
        if isinstance(data, RowsFile):
            con.execute(f"CREATE VIEW fresh AS SELECT * FROM read_parquet({_literal(str(data.path))})")
            # What is compared with what is known may come in any order: less has to be held.
            con.execute("SET preserve_insertion_order = false")
        else:
            con.register("fresh", conform(of, data))
        yield _fetched(con.sql(_sql(of, active, newer, ruled)).to_arrow_reader(GROUP))


def _all_new(data: Rows) -> Iterator[tuple[npt.NDArray[np.int64], KindArray]]:
    """The file rows of records where nothing is known yet."""
    if isinstance(data, RowsFile):
        found = (np.asarray(batch.column(0), np.int64) for batch in data.batches([ROW]))
    elif ROW in data.column_names:
        found = (row for row in [np.asarray(data.column(ROW), np.int64)])
    else:
        found = (row for row in [np.arange(1, data.num_rows + 1)])
    for rows in found:
        yield rows, np.full(len(rows), NEW, np.int8)


def _fetched(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[npt.NDArray[np.int64], KindArray]]:
    for batch in batches:
        yield np.asarray(batch.column(0), np.int64), np.array(batch.column(1), np.int8)


def span(of: Table, data: Rows, timezone: str) -> tuple[date | None, date | None]:
    """The first and last business day that rows speak of; None without a time, or without rows.

    Args:
        timezone: whose days moments are of.

    >>> rows = pa.table({"month": ["2026-02-01", "2026-01-01"], "value": ["5", "6"]})
    >>> [day.isoformat() for day in span(table("market_size"), rows, "Europe/Oslo")]
    ['2026-01-01', '2026-02-01']
    """
    if of.time is None or not data.num_rows:
        return None, None
    values = times_at_ends(data, of.time) if isinstance(data, RowsFile) else conform(of, data).column(of.time)
    ends = pc.min_max(values)
    if of.columns[of.time].type == "instant" and ends["min"].is_valid:
        # Only moments at the ends are turned into days: it takes long. Where a clock is set back over
        # midnight an earlier moment may be of a later day, so those of some hours are looked at.
        near = pa.scalar(CLOCK, pa.duration("us"))
        low, high = pc.add(ends["min"], near), pc.subtract(ends["max"], near)
        moments = values.filter(pc.or_(pc.less(values, low), pc.greater(values, high)))
        local = pc.local_timestamp(moments.cast(pa.timestamp("us", tz=timezone)))
        ends = pc.min_max(pc.floor_temporal(local, unit="day").cast(pa.date32()))
    return ends["min"].as_py(), ends["max"].as_py()


def _sql(of: Table, active: Sequence[tuple[int, Path]], newer: Set[int], ruled: str) -> str:
    """New rows joined to the active row of their key that counts; only keys in the file are looked at."""
    names = [_name(column) for column in of.columns]
    keys = [_name(key) for key in of.key]
    paths = ", ".join(_literal(str(path)) for _, path in active)
    above = ", ".join(_literal(str(path)) for seq, path in active if seq in newer)
    behind = f"coalesce(known._file IN ({above}), false)" if above else "false"
    if ruled:
        behind = f"({behind} OR fresh.{_name(of.owned_by)} IN (SELECT _key FROM ({ruled})))"
    # One scan over all files: a UNION of one SELECT a file costs milliseconds for each of them.
    files = f"read_parquet([{paths}], filename = '_file', union_by_name = true)"
    if not active:
        files = "(SELECT *, '' AS _file FROM fresh WHERE false)"
    on = " AND ".join(f"known.{key} IS NOT DISTINCT FROM fresh.{key}" for key in keys)
    same = " AND ".join(f"known.{name} IS NOT DISTINCT FROM fresh.{name}" for name in names)
    place = f"list_position([{paths}]::VARCHAR[], _file)"
    told = f"SELECT * FROM {files} known WHERE EXISTS (SELECT 1 FROM fresh WHERE {on})"
    rank = f"row_number() OVER (PARTITION BY {', '.join(keys)} ORDER BY {place} DESC, {ROW} DESC)"
    newest = f"SELECT * FROM ({told}) QUALIFY {rank} = 1"
    if of.describes:
        same, newest = says_the_same(of, "fresh", "known"), described(of, told, f"{place}, {ROW}", ["_file"])
    return f"""
        WITH known AS (
            SELECT {", ".join(names)}, _file, true AS _there FROM ({newest})
        )
        SELECT fresh.{ROW} AS {ROW},
            (CASE WHEN known._there IS NULL THEN {NEW}
                WHEN {same} THEN {UNCHANGED} WHEN {_moved(of)} THEN {_MOVED}
                ELSE {CHANGED} END + CASE WHEN {behind} THEN {_BEHIND} ELSE 0 END)::TINYINT AS kind
        FROM fresh LEFT JOIN known ON {on}
    """


def _moved(of: Table) -> str:
    """SQL: whether a known record is of another moment by days; a time in the key is part of its name."""
    if of.time is None or of.time in of.key:
        return "false"
    column = _name(of.time)
    return f"abs(epoch(known.{column}) - epoch(fresh.{column})) > {REDATED.total_seconds():.0f}"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
