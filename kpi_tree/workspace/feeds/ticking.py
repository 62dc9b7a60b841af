"""What is due, now: every source whose time has come, each by one process only."""

from __future__ import annotations

import os
import socket
import threading
import time
from datetime import datetime, timedelta

from kpi_tree.sources import Bounds
from kpi_tree.sources.cutting import Cancel, never
from kpi_tree.steps import Progress
from kpi_tree.store import Home, runs
from kpi_tree.store import sources as kept
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.feeds.feeding import is_late, run
from kpi_tree.workspace.feeds.sourceviews import SourceRun
from kpi_tree.workspace.feeds.sourcing import next_run_of

LOOK_SECONDS = 1.0
"""Seconds between two looks at whether somebody has asked a run to stop."""
MOST = 100
"""Runs of one tick; with so many the next one goes on."""


@verb
def tick(
    home: Home,
    who: Asker,  # noqa: ARG001
    *,
    now: datetime | None = None,
    bounds: Bounds | None = None,
    stop: threading.Event | None = None,
) -> list[SourceRun]:
    """Run the sources that are due, and say which of them brought nothing for too long.

    Several processes may tick at once: each run is made once. A source that fails does not stop the others;
    its run says why, and it is tried again.

    Args:
        stop: when set, no further run is begun.
    """
    at, within = moment(now), bounds or Bounds.from_environment()
    done: list[SourceRun] = []
    for _ in range(MOST):
        if home.read_only or (stop is not None and stop.is_set()):
            break
        claim = runs.claim_due(home, worker=_worker(), now=at, next_run=next_run_of(home, at))
        if claim is None:
            break
        done.append(_made(home, claim, at, within))
    _note_late(home, at)
    return done


@verb
def run_source(
    home: Home,
    who: Asker,
    name: str,
    *,
    now: datetime | None = None,
    bounds: Bounds | None = None,
    progress: Progress | None = None,
    cancelled: Cancel = never,
) -> SourceRun:
    """Run a source now, whatever its schedule; what was refused before is tried again.

    Args:
        progress: told where the loading is.
        cancelled: asked several times a second whether to stop; a run that is stopped changes nothing, and
            says nothing of how the source stands.

    Raises:
        NotFound: there is no such source.
        Refused: it is running already.
    """
    at = moment(now)
    claim = runs.claim(
        home, name, asked_by=who.name, worker=_worker(), now=at, next_run=next_run_of(home, at)
    )
    return _made(home, claim, at, bounds or Bounds.from_environment(), progress, cancelled)


@verb
def stop_source(home: Home, who: Asker, name: str, *, now: datetime | None = None) -> None:  # noqa: ARG001
    """Ask a run that is under way to stop, whoever began it: a person, the schedule, another process.

    What it has loaded stays; the file at which it is stopped changes nothing.

    Raises:
        NotFound: there is no such source.
        Refused: it is not running.
    """
    runs.ask_to_stop(home, name, now=moment(now))


class _AskedToStop:
    """Whether a run is to stop: who called for it says so here, everybody else in the home."""

    def __init__(self, home: Home, claim: runs.Claim, cancelled: Cancel) -> None:
        self.home, self.claim, self.cancelled = home, claim, cancelled
        self.said, self.looked = False, time.monotonic()

    def __call__(self) -> bool:
        passed = time.monotonic()
        if not self.said and passed - self.looked >= LOOK_SECONDS:
            self.looked = passed
            self.said = runs.is_to_stop(self.home, self.claim)
        return self.said or self.cancelled()


def _made(
    home: Home,
    claim: runs.Claim,
    at: datetime,
    bounds: Bounds,
    progress: Progress | None = None,
    cancelled: Cancel = never,
) -> SourceRun:
    began = time.monotonic()
    asked = _AskedToStop(home, claim, cancelled)
    ending, _ = run(home, claim, now=at, bounds=bounds, progress=progress, cancelled=asked)
    ended = at + timedelta(seconds=time.monotonic() - began)
    kept_it = runs.finish(home, claim, ending, now=ended)
    return SourceRun(
        claim.source.name,
        at,
        ended,
        ending.outcome if kept_it else "lost",
        claim.asked_by,
        ending.problem,
        ending.receipts,
    )


def _note_late(home: Home, now: datetime) -> None:
    """A source that works and brings nothing is told from one whose news are expected later."""
    if home.read_only:
        return
    fresh = {}
    for source in kept.every(home):
        if source.state in ("ok", "late", "new"):
            late = is_late(source.fresh_hours, source.last_new or source.made_at, now)
            # A run that was stopped says nothing: a source that never ended one stays new.
            state = "late" if late else "new" if source.state == "new" else "ok"
            if state != source.state:
                fresh[source.id] = state
    if fresh:
        runs.note_states(home, fresh)


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
