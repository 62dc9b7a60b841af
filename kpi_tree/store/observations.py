"""Observations: one measured value of one KPI for one period and, if any, its dimension values.

Each belongs to a batch. Where two active batches speak of the same period, the one further on in line counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlite_utils import Database

from kpi_tree.store import journal
from kpi_tree.store.home import Home

_WORD = pa.dictionary(pa.int32(), pa.string())
MEASURED = pa.schema(
    {
        "kpi": _WORD,
        "start": pa.date32(),
        "grain": _WORD,
        "dimensions": _WORD,
        "value": pa.float64(),
        "numerator": pa.float64(),
        "denominator": pa.float64(),
        "row_number": pa.int64(),
        "note": _WORD,
    }
)
"""Observations on their way into the store; ``dimensions`` is canonical JSON."""
KEY = ("kpi", "start", "grain", "dimensions")
COLUMNS = tuple(MEASURED.names)
CHUNK = 20_000
"""Rows that are held as Python values at once."""
_INSERT = f"insert into observations (batch_id, {', '.join(COLUMNS)}) values (?{', ?' * len(COLUMNS)})"


@dataclass(frozen=True, slots=True)
class Observation:
    """One measured value; ``start`` is the first day of its period."""

    kpi: str
    start: date
    grain: str
    dimensions: Mapping[str, str]
    value: float | None
    numerator: float | None
    denominator: float | None
    batch: str
    row: int | None
    note: str | None = None


def table_of(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Observations written out by hand, as :data:`MEASURED`; what a row doesn't say is empty.

    >>> one = {"kpi": "sales", "start": date(2026, 1, 1), "grain": "day", "dimensions": {"n": "1"}}
    >>> table_of([one]).column("dimensions").to_pylist()
    ['{"n":"1"}']
    """
    said = [{**row, "dimensions": journal.canonical(row.get("dimensions") or {})} for row in rows]
    return pa.table(
        [
            pa.array(
                [row.get(field.name) for row in said], pa.string() if field.type == _WORD else field.type
            )
            for field in MEASURED
        ],
        names=COLUMNS,
    ).cast(MEASURED)


def insert(db: Database, batch_id: str, measured: pa.Table | None) -> dict[str, Any]:
    """Add a batch's observations in the caller's transaction; how many, and their hash for the journal.

    Args:
        measured: as :data:`MEASURED`; where it speaks twice of the same period, its later row counts.
    """
    count, hashed = 0, hashlib.sha256()
    for rows in _ordered(measured) if measured is not None else ():
        said = [_told(column, canonical=True) for column in rows.columns]
        lines = "\n".join(f"[{','.join(cells)}]" for cells in zip(*said, strict=True))
        hashed.update((("\n" if count else "") + lines).encode())
        values = [_told(column, canonical=False) for column in rows.columns]
        db.conn.executemany(_INSERT, zip(repeat(batch_id), *values, strict=False))
        count += rows.num_rows
    return {"count": count, "sha256": hashed.hexdigest()}


def _ordered(measured: pa.Table) -> Iterator[pa.RecordBatch]:
    """The last row of each key, some at a time, in the order in which they are hashed.

    It is also the order of the store's index, which grows fastest at its end.
    """
    whole = measured.unify_dictionaries().combine_chunks()
    keys = [_rank(whole.column(name)) for name in KEY]
    order = np.lexsort(keys[::-1])
    last = np.ones(len(order), bool)
    last[:-1] = np.any([key[order[1:]] != key[order[:-1]] for key in keys], axis=0)
    order = order[last]
    for start in range(0, len(order), CHUNK):
        yield from whole.take(order[start : start + CHUNK]).combine_chunks().to_batches()


def _rank(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """For each cell the place of its value among all, texts as they are sorted in quotes."""
    if not pa.types.is_dictionary(column.type):
        days: npt.NDArray[np.int64] = np.asarray(column.cast(pa.int32()), np.int64)
        return days
    cells = column.combine_chunks()
    quoted = [journal.canonical(word) for word in cells.dictionary.to_pylist()]
    place = {word: at for at, word in enumerate(sorted(set(quoted)))}
    found: npt.NDArray[np.int64] = np.array([place[word] for word in quoted], np.int64).take(cells.indices)
    return found


def _told(column: pa.Array, *, canonical: bool) -> list[Any]:
    """A column as Python values, or each as canonical JSON."""
    if pa.types.is_date32(column.type) or pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()  # only the words of these rows
    else:
        values = column.to_pylist() if column.null_count else column.to_numpy().tolist()
        return ["null" if value is None else repr(value) for value in values] if canonical else values
    words = [*column.dictionary.to_pylist(), None]
    told = [journal.canonical(word) for word in words] if canonical else words
    return [told[at] for at in column.indices.fill_null(len(words) - 1).to_pylist()]


def fingerprint(db: Database, batch_id: str) -> str:
    """A hash of a batch's observations that doesn't depend on their order.

    It is that of all rows as canonical JSON, sorted and joined by line ends. Of two different texts in quotes
    neither begins the other, so that sorting by key in quotes is sorting the whole; SQLite does it within its
    own memory.
    """
    quoted = lru_cache(1 << 16)(journal.canonical)
    db.conn.create_function("quoted", 1, quoted, deterministic=True)
    found = db.execute(
        f"select {', '.join(COLUMNS)} from observations where batch_id = ? "
        "order by quoted(kpi), quoted(start), quoted(grain), quoted(dimensions)",
        [batch_id],
    )
    hashed, between = hashlib.sha256(), ""
    while rows := found.fetchmany(CHUNK):
        hashed.update((between + "\n".join(journal.canonical(row) for row in rows)).encode())
        between = "\n"
    return hashed.hexdigest()


def active_at(db: Database, at: datetime) -> frozenset[str]:
    """The batches that were active at a moment of the past, by the journal."""
    active: set[str] = set()
    for line in journal.lines(db, "batch"):
        if line.at > at:
            continue
        if line.action == "withdraw":
            active.discard(line.subject)
        else:
            active.add(line.subject)
    return frozenset(active)


def _counting(db: Database, at: datetime | None, among: Set[str] | None = None) -> tuple[str, list[str]]:
    """SQL that keeps the batches that count now, or counted at a moment, or some."""
    if at is None and among is None:
        return "b.status = 'active'", []
    then = sorted(active_at(db, at) if among is None and at is not None else among or ())
    return f"b.id in ({', '.join('?' * len(then))})", then


def known(home: Home, at: datetime | None = None) -> dict[str, tuple[date, date]]:
    """KPI → the first and last period start with an active observation, now or at a moment of the past."""
    with home.read() as db:
        counts, given = _counting(db, at)
        return {
            row["kpi"]: (date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
            for row in db.query(
                "select o.kpi, min(o.start) as first, max(o.start) as last from observations o "
                f"join batches b on b.id = o.batch_id where {counts} group by o.kpi",
                given,
            )
        }


def kpis_in(home: Home, batches: Sequence[str]) -> list[str]:
    """The KPIs of which some batches have observations, by id."""
    with home.read() as db:
        found = db.query(
            f"select distinct kpi from observations where batch_id in ({', '.join('?' * len(batches))})",
            list(batches),
        )
        return sorted(row["kpi"] for row in found)


def batches_with(home: Home, kpis: Set[str]) -> frozenset[str]:
    """The batches, withdrawn ones too, that have observations of any of some KPIs."""
    with home.read() as db:
        found = db.query(
            f"select distinct batch_id from observations where kpi in ({', '.join('?' * len(kpis))})",
            sorted(kpis),
        )
        return frozenset(row["batch_id"] for row in found)


def of(
    home: Home, kpi: str, at: datetime | None = None, *, among: Set[str] | None = None
) -> list[Observation]:
    """A KPI's observations that count, by period: the newest active batch wins each.

    Args:
        at: a moment in the past: as they were active then.
        among: ids of batches: as if these were the active ones.
    """
    with home.read() as db:
        counts, given = _counting(db, at, among)
        newest: dict[tuple[str, str, str], Observation] = {}
        for row in db.query(
            "select o.* from observations o join batches b on b.id = o.batch_id "
            f"where {counts} and o.kpi = ? order by o.start, b.place",
            [*given, kpi],
        ):
            newest[row["start"], row["grain"], row["dimensions"]] = Observation(
                kpi=row["kpi"],
                start=date.fromisoformat(row["start"]),
                grain=row["grain"],
                dimensions=json.loads(row["dimensions"]),
                value=row["value"],
                numerator=row["numerator"],
                denominator=row["denominator"],
                batch=row["batch_id"],
                row=row["row_number"],
                note=row["note"],
            )
    return list(newest.values())


def newest(
    home: Home, kpis: Sequence[str], first: date, last: date, *, among: Set[str] | None = None
) -> Iterator[pa.Table]:
    """What is known of some KPIs between two days: ``KEY`` and value, some rows at a time.

    Of several rows of one key the last one counts.

    Args:
        among: ids of batches: only what these active ones know.
    """
    some = sorted(among) if among is not None else []
    only = f"and b.id in ({', '.join('?' * len(some))}) " if among is not None else ""
    with home.read() as db:
        found = db.execute(
            "select o.kpi, o.start, o.grain, o.dimensions, o.value from observations o "
            f"join batches b on b.id = o.batch_id where b.status = 'active' {only}"
            f"and o.kpi in ({', '.join('?' * len(kpis))}) and o.start between ? and ? order by b.place",
            [*some, *kpis, first.isoformat(), last.isoformat()],
        )
        while rows := found.fetchmany(CHUNK):
            texts = [pa.array(column, pa.string()) for column in list(zip(*rows, strict=True))[:4]]
            texts[1] = texts[1].cast(pa.date32())
            values = pa.array([row[4] for row in rows], pa.float64())
            yield pa.table([*texts, values], names=[*KEY, "value"]).cast(
                pa.schema([MEASURED.field(name) for name in (*KEY, "value")])
            )
