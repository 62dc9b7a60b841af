"""What the verbs on sources hand back: plain, frozen, ready for JSON, and without anything secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.sources import Schedule
from kpi_tree.store import runs
from kpi_tree.store.sources import Source

STATES: Mapping[str, Msg] = {
    "new": msg("Not run yet"),
    "ok": msg("Works"),
    "late": msg("Overdue"),
    "failing": msg("Fails"),
    "paused": msg("Paused"),
}
OUTCOMES: Mapping[str, Msg] = {
    "running": msg("Running"),
    "stopping": msg("Stopping"),
    "waiting": msg("Still being written"),
    "loaded": msg("Loaded"),
    "unchanged": msg("Nothing new"),
    "failed": msg("Failed"),
    "lost": msg("Broken off"),
    "stopped": msg("Stopped"),
}


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as a list shows it.

    Args:
        where: what it reads, short: a folder, a host, a connection. Never a whole address, nor a query.
        state: ``new, ok, late, failing, paused``.
        settings: what its form needs, for those who may change it; else empty.
    """

    id: str
    name: str
    kind: str
    where: str
    state: str
    schedule: str
    fresh_hours: int | None
    problem: KpiTreeError | None
    failing_since: datetime | None
    next_run: datetime | None
    last_run: datetime | None
    last_new: datetime | None
    running: bool
    stopping: bool
    tables: tuple[str, ...]
    kpis: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def words(self) -> Msg:
        """The schedule for people."""
        return Schedule.parse(self.schedule).words()

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The source for JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "where": self.where,
            "state": self.state,
            "schedule": self.schedule,
            "fresh_hours": self.fresh_hours,
            "problem": self.problem.to_dict(lang) if self.problem else None,
            "failing_since": _iso(self.failing_since),
            "next_run": _iso(self.next_run),
            "last_run": _iso(self.last_run),
            "last_new": _iso(self.last_new),
            "running": self.running,
            "stopping": self.stopping,
            "tables": list(self.tables),
            "kpis": list(self.kpis),
        }


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One run of a source, with a receipt a file."""

    source: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    asked_by: str | None
    problem: KpiTreeError | None
    receipts: Sequence[Mapping[str, Any]]

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The run for JSON."""
        return {
            "source": self.source,
            "started_at": _iso(self.started_at),
            "finished_at": _iso(self.finished_at),
            "outcome": self.outcome,
            "asked_by": self.asked_by,
            "problem": self.problem.to_dict(lang) if self.problem else None,
            "receipts": [dict(receipt) for receipt in self.receipts],
        }


def view_of(source: Source, last: runs.Run | None, now: datetime, *, whole: bool) -> SourceView:
    """A source as it is shown; ``whole`` with all that can be changed."""
    running = last is not None and last.finished_at is None and now - last.started_at < runs.LEASE
    settings = {"place": dict(source.place), "reading": dict(source.reading)} if whole else {}
    return SourceView(
        id=source.id,
        name=source.name,
        kind=source.kind,
        where=where_of(source),
        state="paused" if source.paused else source.state,
        schedule=source.schedule,
        fresh_hours=source.fresh_hours,
        problem=source.problem,
        failing_since=source.failing_since,
        next_run=None if source.paused else source.next_run,
        last_run=source.last_run,
        last_new=source.last_new,
        running=running,
        stopping=running and last is not None and last.outcome == "stopping",
        tables=tuple(source.feeds.get("tables", ())),
        kpis=tuple(source.feeds.get("kpis", ())),
        settings=settings,
    )


def where_of(source: Source) -> str:
    """What a source reads, in a few letters that give nothing away."""
    if source.kind == "url":
        return urlsplit(str(source.place["url"])).hostname or ""
    return str(source.place["connection"] if source.kind == "sql" else source.place["folder"])


def run_view(source: str, run: runs.Run) -> SourceRun:
    """A run as it is shown."""
    return SourceRun(
        source, run.started_at, run.finished_at, run.outcome, run.asked_by, run.problem, run.receipts
    )


def state_words(state: str, lang: str) -> str:
    """A source's state as a word."""
    return translate(STATES.get(state, state), lang)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
