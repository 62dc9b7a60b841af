"""Observations: one measured value of one KPI for one period and, if any, its dimension values.

Each belongs to a batch. Where two active batches speak of the same period, the newer one counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from kpi_tree.store import journal
from kpi_tree.store.home import Home

COLUMNS = ("kpi", "start", "grain", "dimensions", "value", "numerator", "denominator", "row_number", "note")


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


def insert(db: Database, batch_id: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add a batch's observations in the caller's transaction; how many, and their hash for the journal."""
    # Where one file speaks twice of the same period, its later row counts.
    by_key = {_key(row): row for row in (_prepared(batch_id, row) for row in rows)}
    prepared = list(by_key.values())
    if prepared:
        db.table("observations").insert_all(prepared)
    return {"count": len(prepared), "sha256": fingerprint(prepared)}


def _prepared(batch_id: str, row: Mapping[str, Any]) -> dict[str, Any]:
    start = row["start"]
    return {
        "batch_id": batch_id,
        "kpi": row["kpi"],
        "start": start.isoformat() if isinstance(start, date) else str(start),
        "grain": str(row["grain"]),
        "dimensions": journal.canonical(row.get("dimensions") or {}),
        **{name: row.get(name) for name in ("value", "numerator", "denominator", "row_number", "note")},
    }


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["kpi"], row["start"], row["grain"], row["dimensions"])


def fingerprint(rows: Iterable[Mapping[str, Any]]) -> str:
    """A hash of a batch's observations that doesn't depend on their order."""
    said = sorted(journal.canonical([row[name] for name in COLUMNS]) for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


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


def _counting(db: Database, at: datetime | None) -> tuple[str, list[str]]:
    """SQL that keeps the batches that count now, or counted at a moment."""
    if at is None:
        return "b.status = 'active'", []
    then = sorted(active_at(db, at))
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


def of(home: Home, kpi: str, at: datetime | None = None) -> list[Observation]:
    """A KPI's observations that count, by period: the newest active batch wins each.

    Args:
        at: a moment in the past: as they were active then.
    """
    with home.read() as db:
        counts, given = _counting(db, at)
        newest: dict[tuple[str, str, str], Observation] = {}
        for row in db.query(
            "select o.* from observations o join batches b on b.id = o.batch_id "
            f"where {counts} and o.kpi = ? order by o.start, b.seq",
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
