"""Runs of sources: claimed by one process each, with a lease, so that a run happens once.

A claim is one transaction that begins as a writer, so two processes that look at the same moment come one
after the other, and the second finds the source taken. A process that dies lets its lease run out; the run
is then counted as lost, and made anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.store import journal, sources
from kpi_tree.store.home import Home
from kpi_tree.store.sources import Source
from kpi_tree.store.wording import packed_error, unpacked_error

LEASE = timedelta(minutes=10)
KEPT_RUNS = 200
Next = Callable[[Source], datetime | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that this process, and no other, may make."""

    run: int
    source: Source
    asked_by: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is kept.

    ``outcome``: running, stopping, loaded, unchanged, waiting, failed, stopped, lost.
    """

    run: int
    source: str
    asked_by: str | None
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    problem: KpiTreeError | None
    receipts: Sequence[Mapping[str, Any]]


def claim_due(home: Home, *, worker: str, now: datetime, next_run: Next) -> Claim | None:
    """The next run that is due, or was lost with its process; None when there is none.

    Args:
        next_run: when a source runs after this one.
    """
    with home.read() as db:  # most looks find nothing, and need not wait for a writer
        if "sources" not in db.table_names() or not _due(db, now):
            return None
    with home.write() as db:
        for source in _due(db, now):
            return _claimed(db, source, None, worker, now, next_run(source))
    return None


def claim(home: Home, name: str, *, asked_by: str, worker: str, now: datetime, next_run: Next) -> Claim:
    """A run that a person asks for now.

    Raises:
        NotFound: there is no such source.
        Refused: it is running already.
    """
    source_id = sources.get(home, name).id
    with home.write() as db:
        source = sources.rows(db, "id = ?", [source_id])
        if not source or _running(db, source_id, now):
            raise Refused(
                msg("This source is running already."),
                place=name[:80],
                remedy=msg("Wait until it is done; its receipt stands on the data page."),
            )
        planned = source[0].next_run if source[0].paused else next_run(source[0])
        return _claimed(db, source[0], asked_by, worker, now, planned)


def _due(db: Database, now: datetime) -> list[Source]:
    at = journal.instant(now)
    waiting = sources.rows(
        db,
        "paused = 0 and (next_run <= ? or exists (select 1 from source_runs r where r.source_id = sources.id "
        "and r.finished_at is null and r.lease_until <= ?))",
        [at, at],
    )
    return [source for source in waiting if not _running(db, source.id, now)]


def _running(db: Database, source_id: str, now: datetime) -> bool:
    text = "select 1 from source_runs where source_id = ? and finished_at is null and lease_until > ?"
    return db.execute(text, [source_id, journal.instant(now)]).fetchone() is not None


def _claimed(
    db: Database, source: Source, asked_by: str | None, worker: str, now: datetime, following: datetime | None
) -> Claim:
    at = journal.instant(now)
    db.execute(
        "update source_runs set outcome = 'lost', finished_at = ? "
        "where source_id = ? and finished_at is null",
        [at, source.id],
    )
    row = {
        "source_id": source.id,
        "asked_by": asked_by,
        "worker": worker,
        "started_at": at,
        "lease_until": journal.instant(now + LEASE),
        "outcome": "running",
        "receipts": "[]",
    }
    names = ", ".join(row)
    made = db.execute(
        f"insert into source_runs ({names}) values ({', '.join('?' * len(row))})", list(row.values())
    )
    db.execute(
        "update sources set next_run = ?, last_run = ? where id = ?",
        [journal.instant(following) if following else None, at, source.id],
    )
    return Claim(int(made.lastrowid or 0), source, asked_by)


def renew(home: Home, claim: Claim, *, now: datetime) -> bool:
    """Hold on to a run that takes long; False when another process has taken it over."""
    with home.write() as db:
        done = db.execute(
            "update source_runs set lease_until = ? where id = ? and finished_at is null",
            [journal.instant(now + LEASE), claim.run],
        )
        return int(done.rowcount) == 1


def ask_to_stop(home: Home, name: str, *, now: datetime) -> None:
    """Ask whoever makes a source's run, in this process or another, to stop it.

    Raises:
        NotFound: there is no such source. Refused: it is not running.
    """
    source_id = sources.get(home, name).id
    with home.write() as db:
        done = db.execute(
            "update source_runs set outcome = 'stopping' "
            "where source_id = ? and finished_at is null and lease_until > ?",
            [source_id, journal.instant(now)],
        )
    if not done.rowcount:
        raise Refused(
            msg("This source is not running."),
            place=name[:80],
            remedy=msg("Look at its last run: it may have ended just now."),
        )


def is_to_stop(home: Home, claim: Claim) -> bool:
    """Whether somebody has asked to stop a run."""
    with home.read() as db:
        text = "select 1 from source_runs where id = ? and outcome = 'stopping'"
        return db.execute(text, [claim.run]).fetchone() is not None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run went, and what the source is to remember of it."""

    outcome: str
    problem: KpiTreeError | None
    receipts: Sequence[Mapping[str, Any]]
    state: str
    marks: Mapping[str, Any]
    feeds: Mapping[str, list[str]]
    retry_at: datetime | None
    not_before: datetime | None = None


def finish(home: Home, claim: Claim, ending: Ending, *, now: datetime) -> bool:
    """Write down how a run went; False when another process has taken it over meanwhile."""
    at, source = journal.instant(now), claim.source
    with home.write() as db:
        done = db.execute(
            "update source_runs set outcome = ?, problem = ?, receipts = ?, finished_at = ? "
            "where id = ? and finished_at is null",
            [
                ending.outcome,
                packed_error(ending.problem) if ending.problem else None,
                journal.canonical(list(ending.receipts)),
                at,
                claim.run,
            ],
        )
        if int(done.rowcount) != 1:
            return False
        _remember(db, source, ending, at)
        db.execute(
            "delete from source_runs where source_id = ? and id not in "
            "(select id from source_runs where source_id = ? order by id desc limit ?)",
            [source.id, source.id, KEPT_RUNS],
        )
    return True


def _remember(db: Database, source: Source, ending: Ending, at: str) -> None:
    failed = ending.outcome == "failed"
    fresh: dict[str, Any] = {
        "marks": journal.canonical(ending.marks),
        "feeds": journal.canonical(ending.feeds),
    }
    if ending.outcome != "stopped":  # that one was stopped says nothing of its source
        fresh["problem"] = packed_error(ending.problem) if ending.problem else None
        fresh["failures"] = source.failures + 1 if failed else 0
    if not failed and ending.outcome != "stopped":
        fresh["failing_since"] = None
    elif failed and source.failing_since is None:
        fresh["failing_since"] = at
    if any(receipt.get("batch") and not receipt.get("repeated") for receipt in ending.receipts):
        fresh["last_new"] = at
    db.table("sources").update(source.id, fresh)
    if ending.retry_at is not None:
        db.execute(
            "update sources set next_run = ? where id = ? and paused = 0 and next_run > ?",
            [journal.instant(ending.retry_at), source.id, journal.instant(ending.retry_at)],
        )
    if ending.not_before is not None:
        db.execute(
            "update sources set next_run = ? where id = ? and paused = 0 and next_run < ?",
            [journal.instant(ending.not_before), source.id, journal.instant(ending.not_before)],
        )
    set_state(db, source.id, ending.state)


def set_state(db: Database, source_id: str, state: str) -> None:
    """Say how a source stands; where that is new, every figure is shown anew with it."""
    done = db.execute("update sources set state = ? where id = ? and state <> ?", [state, source_id, state])
    if int(done.rowcount) == 1:
        journal.bump(db, "data")


def note_states(home: Home, states: Mapping[str, str]) -> None:
    """Say how several sources stand now."""
    with home.write() as db:
        for source_id, state in states.items():
            set_state(db, source_id, state)


def of(home: Home, source_id: str, limit: int = 20) -> list[Run]:
    """A source's runs, the newest first."""
    text = "select * from source_runs where source_id = ? order by id desc limit ?"
    with home.read() as db:
        return [_run(row) for row in db.query(text, [source_id, limit])]


def last_runs(home: Home, source_ids: Iterable[str]) -> dict[str, Run]:
    """Source -> its newest run."""
    found = {source_id: of(home, source_id, 1) for source_id in source_ids}
    return {source_id: runs[0] for source_id, runs in found.items() if runs}


def _run(row: Mapping[str, Any]) -> Run:
    return Run(
        run=row["id"],
        source=row["source_id"],
        asked_by=row["asked_by"],
        started_at=datetime.fromisoformat(row["started_at"]),
        finished_at=datetime.fromisoformat(row["finished_at"]) if row["finished_at"] else None,
        outcome=row["outcome"],
        problem=unpacked_error(row["problem"]),
        receipts=json.loads(row["receipts"]),
    )
