"""One run of a source: fetch, load as any file, and say how it went."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kpi_tree.errors import Cancelled, KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.records.leftovers import folder_of_own
from kpi_tree.sources import Bounds, Fetched
from kpi_tree.sources.answers import WaitError
from kpi_tree.sources.cutting import Cancel, never
from kpi_tree.steps import Progress, Step
from kpi_tree.store import Home, contents, observations, runs
from kpi_tree.workspace.base.rights import Asker
from kpi_tree.workspace.base.types import Receipt
from kpi_tree.workspace.feeds.watching import Watched
from kpi_tree.workspace.intake.inbox import load_file
from kpi_tree.workspace.intake.inbox_batches import withdraw

LOG = logging.getLogger("kpi_tree.sources")
RENEW_SECONDS = 60.0
SHOWN_ISSUES = 20
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(hours=6)


def run(
    home: Home,
    claim: runs.Claim,
    *,
    now: datetime,
    bounds: Bounds,
    progress: Progress | None = None,
    cancelled: Cancel = never,
) -> tuple[runs.Ending, list[Receipt]]:
    """Make a claimed run; whatever goes wrong is its ending, never an exception."""
    feeding = _Feeding(home, claim, now, bounds, progress, cancelled)
    try:
        with folder_of_own() as folder:
            feeding.all(folder)
    except Cancelled:
        feeding.stopped = True
    except KpiTreeError as error:
        feeding.problems.append(error)
    except Exception as error:  # a source must not stop the others, and its fault must be seen
        LOG.exception("The source %s failed", claim.source.id)
        feeding.problems.append(
            Refused(
                msg("This went wrong inside the program: {kind}. Nothing was left half-done.",
                    kind=type(error).__name__),
                place=claim.source.name,
            )
        )  # fmt: skip
    return feeding.ending(), feeding.receipts


@dataclass
class _Feeding:
    home: Home
    claim: runs.Claim
    now: datetime
    bounds: Bounds
    progress: Progress | None
    cancelled: Cancel
    receipts: list[Receipt] = field(default_factory=list)
    problems: list[KpiTreeError] = field(default_factory=list)
    marks: dict[str, Any] = field(default_factory=dict)
    again: timedelta | None = None
    stopped: bool = False

    def __post_init__(self) -> None:
        self.source = self.claim.source
        self.marks = dict(self.source.marks)
        self.who = Asker(self.source.name, "uploader")
        self.known = contents.known(self.home, self.source.id)
        self.began = self.renewed = time.monotonic()
        self.lost = self.growing = False

    def all(self, folder: Path) -> None:
        """Fetch and load everything that is new."""
        if self.source.kind == "folder":
            for found in self._from_folder(folder):
                self._take(found)
            return
        fetched = self._fetch(folder / "answer")
        if fetched is None:
            return
        if fetched.sha256 == self.source.marks.get("sha256"):
            self.marks.update(fetched.marks)
            return
        receipt = self._take(fetched)
        if receipt is not None:
            self.marks = {**fetched.marks, "sha256": fetched.sha256, "since": self.now.isoformat()}

    def _fetch(self, target: Path) -> Fetched | None:
        place, bounds, cancelled = self.source.place, self.bounds, self.cancelled
        if self.source.kind == "url":
            from kpi_tree.sources import web

            return web.fetch(
                place["url"], target, marks=self.source.marks, bounds=self.bounds, cancelled=self.cancelled
            )
        from kpi_tree.sources import database

        since = self.source.marks.get("since")
        return database.fetch(
            place["connection"],
            place["query"],
            target,
            name=f"{self.source.name}.csv",
            since=datetime.fromisoformat(since) if since else None,
            bounds=bounds,
            cancelled=cancelled,
        )

    def _from_folder(self, folder: Path) -> Iterator[Fetched]:
        watched = Watched(
            self.home, self.claim, self.known, self.now, self.bounds, self.progress, self.cancelled
        )
        for found in watched.new_files(folder):
            if isinstance(found, KpiTreeError):
                self.problems.append(found)
            else:
                yield found
        self.again, self.growing = watched.again, watched.growing

    def _take(self, fetched: Fetched) -> Receipt | None:
        """Load one file, and remember by its content what became of it."""
        problem: KpiTreeError | None = None
        receipt: Receipt | None = None
        try:
            receipt = self._load(fetched)
            if receipt.repeated and self._is_old(receipt, fetched):
                # What an answer said before counts again: it has to stand over what was loaded since.
                withdraw(self.home, self.who, receipt.batch or "", now=self.now)
                receipt = self._load(fetched)
            self.receipts.append(receipt)
        except Cancelled:
            raise
        except KpiTreeError as error:
            problem = error
            self.problems.append(error)
        contents.remember(
            self.home,
            self.source.id,
            fetched.sha256,
            file=fetched.name[:200],
            batch=receipt.batch if receipt else None,
            problem=problem,
            now=self.now,
        )
        return receipt

    def _load(self, fetched: Fetched) -> Receipt:
        reading: Mapping[str, Any] = self.source.reading
        if self.source.kind == "sql":
            reading = {**reading, "mapping": _plain_numbers(reading.get("mapping"))}
        return load_file(
            self.home,
            self.who,
            fetched.path,
            fetched.name,
            as_table=reading.get("as_table"),
            kpi=reading.get("kpi"),
            mapping=reading.get("mapping"),
            timezone=reading.get("timezone"),
            newest=self.source.kind != "folder",  # an address or a database answers with what is so now
            now=self.now,
            progress=self._go_on,
            cancelled=lambda: self.lost or self.cancelled(),
        )

    def _is_old(self, receipt: Receipt, fetched: Fetched) -> bool:
        """Whether an answer is one that this very source brought before its last one."""
        before = self.known.get(fetched.sha256)
        mine = before is not None and before.batch is not None and before.batch == receipt.batch
        return mine and self.source.kind != "folder" and self.source.marks.get("sha256") != fetched.sha256

    def _go_on(self, step: Step) -> None:
        """Hold on to the run while it takes long; another process may have it once the lease is over."""
        if self.progress is not None:
            self.progress(step)
        passed = time.monotonic()
        if passed - self.renewed >= RENEW_SECONDS:
            self.renewed = passed
            at = self.now + timedelta(seconds=passed - self.began)
            self.lost = not runs.renew(self.home, self.claim, now=at)

    def ending(self) -> runs.Ending:
        """How the run went, and when to try again where it failed."""
        loaded = [receipt for receipt in self.receipts if not receipt.repeated]
        problem = self.problems[0] if self.problems else None
        idle = "stopped" if self.stopped else "waiting" if self.growing else "unchanged"
        outcome = "failed" if problem else "loaded" if loaded else idle
        return runs.Ending(
            outcome=outcome,
            problem=problem,
            receipts=[_kept(receipt) for receipt in self.receipts],
            state=self._state(bool(problem), bool(loaded)),
            marks=self.marks,
            feeds=_fed(self.home, self.source.feeds, self.receipts),
            retry_at=self._retry(bool(problem)),
            not_before=self.now + problem.wait if isinstance(problem, WaitError) else None,
        )

    def _state(self, failed: bool, fresh: bool) -> str:
        if failed:
            return "failing"
        if self.stopped:
            return self.source.state  # it is not known how the run would have ended
        last = self.now if fresh else self.source.last_new or self.source.made_at
        return "late" if is_late(self.source.fresh_hours, last, self.now) else "ok"

    def _retry(self, failed: bool) -> datetime | None:
        if self.again is not None:
            return self.now + self.again
        if not failed:
            return None
        wait: timedelta = FIRST_RETRY * (3 ** min(self.source.failures, 6))
        return self.now + min(wait, LONGEST_RETRY)


def is_late(hours: int | None, last: datetime, now: datetime) -> bool:
    """Whether nothing new came for longer than expected.

    >>> from datetime import UTC
    >>> is_late(24, datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 3, tzinfo=UTC))
    True
    """
    return hours is not None and now - last > timedelta(hours=hours)


def _plain_numbers(mapping: Any) -> Any:
    """How a database writes: a decimal point, and dates with the year first. A saved mapping knows itself."""
    if isinstance(mapping, str):
        return mapping
    said = dict(mapping or {})
    return {**said, "options": {"decimal": ".", "date_order": "ymd", **(said.get("options") or {})}}


def _kept(receipt: Receipt) -> dict[str, Any]:
    said = receipt.to_dict()
    said.pop("effects")
    return {**said, "issues": said["issues"][:SHOWN_ISSUES]}


def _fed(home: Home, feeds: Mapping[str, list[str]], receipts: list[Receipt]) -> dict[str, list[str]]:
    """What the source is known to fill, with what these batches filled."""
    tables = {count.table for receipt in receipts for count in receipt.tables}
    batches = [receipt.batch for receipt in receipts if receipt.batch]
    return {
        "tables": sorted({*feeds.get("tables", ()), *tables}),
        "kpis": sorted({*feeds.get("kpis", ()), *observations.kpis_in(home, batches)}),
    }
