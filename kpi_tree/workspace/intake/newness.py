"""How new a file is beside those that are known, and so where it stands in line.

See docs/decisions/0026. Of two files the later one by the first of these that both tell: the moment of export
that stands above the table, the last moment in it, the moment it was saved. Where they tell none in common,
or the same, the one that was loaded later is the newer.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from kpi_tree import ingest
from kpi_tree.ingest.files.newness import saved_at
from kpi_tree.records.parquet import latest
from kpi_tree.records.tables import Table
from kpi_tree.store import Home, observations
from kpi_tree.store import batches as kept
from kpi_tree.workspace.intake.corrections import MENDS

NEWNESS = "newness"
"""In a receipt: what its file tells of how new it is."""
AHEAD = timedelta(days=1)
"""How far a file's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Newness:
    """What a file tells of how new it is, as ISO texts; a day where it knows no more.

    Attributes:
        stated: the moment of export that stands above its table, or when a person said that it is the newest.
        latest: the last moment of a record in it. saved: when the workbook or archive was saved.
    """

    stated: str | None = None
    latest: str | None = None
    saved: str | None = None

    def older_than(self, other: Newness) -> str | None:
        """By what it is older; None where it is not.

        >>> Newness(latest="2026-01-31").older_than(Newness(latest="2026-03-01T10:00:00"))
        'latest'
        >>> Newness(stated="2026-04-01", latest="2026-01-31").older_than(Newness("2026-03-01", "2026-03-01"))
        """
        for kind in (field.name for field in fields(self)):
            mine, theirs = getattr(self, kind), getattr(other, kind)
            if mine is None or theirs is None:
                continue
            length = min(len(mine), len(theirs))  # a day says nothing of which hour of it
            if mine[:length] != theirs[:length]:
                return kind if mine < theirs else None
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a file stands in line.

    Attributes:
        behind: the first batch that goes on counting before it; None at the end of the line.
        by: what tells that it is older. newer: the batches that count before it.
    """

    mine: Newness
    behind: kept.Batch | None = None
    by: str = ""
    newer: frozenset[str] = frozenset()


def newness_of(
    reading: ingest.Reading,
    content: Path | bytes,
    tables: Mapping[str, Table],
    zone: str,
    now: datetime,
    *,
    newest: bool = False,
) -> Newness:
    """What a file tells of how new it is; moments that have not come yet tell nothing.

    Args:
        tables: the record tables by name. zone: whose clock times without an offset are of.
        newest: a person says that it is the newest.
    """
    clock = ZoneInfo(zone)
    found = [
        at
        for name, rows in reading.tables.items()
        if (column := tables[name].time) is not None and (at := latest(rows, column, now + AHEAD)) is not None
    ]
    last = max((_text(at, clock) for at in found), default=None)
    stated = reading.inspection.exported
    if stated is not None and stated.tzinfo is None:
        stated = stated.replace(tzinfo=clock)
    told = [
        _text(at, clock) if at is not None and at <= now + AHEAD else None
        for at in (stated, saved_at(content, zone))
    ]
    # What was exported or saved before its last record has a clock that nobody set.
    stated_at, saved = (at if at and (last is None or at[:10] >= last[:10]) else None for at in told)
    return Newness(_text(now, clock) if newest else stated_at, last, saved)


def _text(at: date, clock: ZoneInfo) -> str:
    """A moment by the shop's clock, or a day: both sort as they follow each other."""
    if not isinstance(at, datetime):
        return at.isoformat()
    return at.astimezone(clock).replace(tzinfo=None).isoformat(timespec="seconds")


def standing(home: Home, mine: Newness, tables: Set[str], kpis: Set[str]) -> Standing:
    """Where a file stands in line: behind the first batch that knows of the same and is newer.

    Args:
        tables: the record tables that it fills. kpis: the KPIs that it has values of.
    """
    valued = observations.batches_with(home, kpis) if kpis else frozenset()
    check_ins = kept.check_ins(home)
    ahead = [
        (one, by)
        for one in kept.all_batches(home)
        if not one.receipt.get(MENDS)
        and one.id not in check_ins
        and (one.id in valued or not tables.isdisjoint(_tables(one)))
        and (by := mine.older_than(newness_kept(one))) is not None
    ]
    if not ahead:
        return Standing(mine)
    behind, by = min(ahead, key=lambda pair: pair[0].place)
    return Standing(mine, behind, by, kept.from_on(home, behind.id))


def _tables(batch: kept.Batch) -> set[str]:
    return {count["table"] for count in batch.receipt.get("tables", ())}


def newness_kept(batch: kept.Batch) -> Newness:
    """What the file of a batch told; of those of earlier releases their last day is known."""
    told = batch.receipt.get(NEWNESS)
    if told is not None:
        return Newness(**told)
    return Newness(latest=batch.receipt.get("data_through") if _tables(batch) else None)
