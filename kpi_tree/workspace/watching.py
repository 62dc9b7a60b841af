"""A watched folder from one run to the next: which of its files are complete and were not taken yet."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.sources import Bounds, Fetched
from kpi_tree.sources.folder import Seen, look, settled, take
from kpi_tree.store import Home, contents, runs
from kpi_tree.store.contents import Content, Look

ASKED_SETTLE = 1.0
"""Seconds that a run by hand waits for a file that has just been written."""


def new_files(
    home: Home, claim: runs.Claim, known: Mapping[str, Content], target: Path, now: datetime, bounds: Bounds
) -> Iterator[Fetched | KpiTreeError | None]:
    """The complete files whose content was not taken yet, oldest first, each copied out.

    Yields a file; a refusal for one that cannot be used (also one of an earlier run that still lies there);
    or None when there are more than one run takes.
    """
    folder, pattern = Path(claim.source.place["folder"]), claim.source.place.get("pattern") or "*"
    before = contents.looks(home, claim.source.id)
    seen = look(folder, pattern)
    ready = _complete(seen, before, now, bounds, patient=claim.asked_by is not None, folder=folder)
    fresh = {one.name: _look(one, before.get(one.name), now) for one in seen}
    taken = 0
    try:
        for one in ready:
            sha = fresh[one.name].sha256
            if sha is None:
                if taken == bounds.files:
                    yield None
                    return
                taken += 1
                try:
                    fetched = take(folder, one, target / f"{taken}", bounds)
                except Refused as error:
                    yield error
                    continue
                sha = fetched.sha256
                fresh[one.name] = _look(one, before.get(one.name), now, sha)
            else:
                fetched = None
            yield from _again(folder, one, fetched, known.get(sha), target, bounds, claim.asked_by)
            (target / f"{taken}").unlink(missing_ok=True)
    finally:
        contents.note_looks(home, claim.source.id, fresh, before.keys() - fresh.keys())


def _again(
    folder: Path,
    seen: Seen,
    fetched: Fetched | None,
    known: Content | None,
    target: Path,
    bounds: Bounds,
    asked: str | None,
) -> Iterator[Fetched | KpiTreeError]:
    """A content that was refused stays a fault while it lies there; a person who asks has it tried again."""
    if known is not None and known.batch is not None:
        return
    if known is not None and known.problem is not None and asked is None:
        yield known.problem
    else:
        yield fetched or take(folder, seen, target / "again", bounds)


def _complete(
    seen: list[Seen],
    before: Mapping[str, Look],
    now: datetime,
    bounds: Bounds,
    *,
    patient: bool,
    folder: Path,
) -> list[Seen]:
    def ready(one: Seen) -> bool:
        last = before.get(one.name)
        then = Seen(one.name, last.bytes, last.changed_ns) if last else None
        return settled(one, then, last.seen_at if last else None, now, bounds.settle_seconds)

    done = [one for one in seen if ready(one)]
    if len(done) == len(seen) or not patient:
        return done
    # Whoever asks by hand has just put the file there: two looks, a moment apart, tell whether it grows.
    time.sleep(ASKED_SETTLE)
    later = {one.name: one for one in look(folder)}
    return [one for one in seen if one in done or one.same_as(later.get(one.name))]


def _look(one: Seen, last: Look | None, now: datetime, sha256: str | None = None) -> Look:
    """How a file looks now; since when, if nothing was written to it; its content, if that is known."""
    if last is not None and (one.bytes, one.changed_ns) == (last.bytes, last.changed_ns):
        return Look(one.bytes, one.changed_ns, last.seen_at, sha256 or last.sha256)
    return Look(one.bytes, one.changed_ns, now, sha256)
