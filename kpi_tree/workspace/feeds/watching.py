"""A watched folder from one run to the next: which of its files are complete and were not taken yet."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from kpi_tree.errors import Cancelled, KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.sources import Bounds, Fetched
from kpi_tree.sources.cutting import Cancel, never
from kpi_tree.sources.folder import Seen, look, settled, take
from kpi_tree.steps import Progress, Step
from kpi_tree.store import Home, contents
from kpi_tree.store.contents import Content, Look
from kpi_tree.store.runs import Claim

LOOK_SECONDS = 0.25
"""Seconds between two looks at whether to stop waiting."""


@dataclass
class Watched:
    """One look at the folder of a source.

    Attributes:
        again: when to look again earlier than planned, counted from now: files are still being written, or
            there are more than one run takes.
        growing: a file was still being written after a wait, and was left for later.
    """

    home: Home
    claim: Claim
    known: Mapping[str, Content]
    now: datetime
    bounds: Bounds
    progress: Progress | None = None
    cancelled: Cancel = never
    again: timedelta | None = None
    growing: bool = False

    def __post_init__(self) -> None:
        place = self.claim.source.place
        self.folder, self.pattern = Path(place["folder"]), str(place.get("pattern") or "*")
        self.before = contents.looks(self.home, self.claim.source.id)

    def new_files(self, target: Path) -> Iterator[Fetched | KpiTreeError]:
        """The complete files whose content was not taken yet, oldest first, each copied into ``target``.

        Yields a file, or the refusal of one that cannot be used; also of one that an earlier run refused,
        while it still lies there.
        """
        seen = look(self.folder, self.pattern)
        fresh = {one.name: self._looked(one) for one in seen}
        taken = 0
        try:
            for one in self._complete(seen):
                sha256 = fresh[one.name].sha256
                told = self._told(sha256)
                if told is None and taken == self.bounds.files:
                    self.again = timedelta(0)
                    return
                if told is not None:
                    yield from told
                    continue
                taken += 1
                found = self._taken(one, target / str(taken))
                if isinstance(found, Fetched):
                    fresh[one.name] = self._looked(one, found.sha256)
                    told = self._told(found.sha256)
                yield from [found] if told is None else told
                (target / str(taken)).unlink(missing_ok=True)
        finally:
            contents.note_looks(self.home, self.claim.source.id, fresh, self.before.keys() - fresh.keys())

    def _told(self, sha256: str | None) -> list[KpiTreeError] | None:
        """What is to be said of a content without reading it again; None when it has to be read."""
        known = self.known.get(sha256 or "")
        if known is None:
            return None
        if known.problem is None:
            return []
        # A content that was refused stays a fault while it lies there; who asks by hand has it tried again.
        return [known.problem] if self.claim.asked_by is None else None

    def _taken(self, one: Seen, target: Path) -> Fetched | Refused:
        try:
            return take(self.folder, one, target, self.bounds)
        except Refused as error:
            return error

    def _complete(self, seen: list[Seen]) -> list[Seen]:
        """Those that nobody writes to any more; for the others we wait a little, and look again."""
        done = [one for one in seen if self._settled(one)]
        if len(done) == len(seen):
            return done
        self._wait([one for one in seen if one not in done])
        later = {one.name: one for one in look(self.folder, self.pattern)}
        ready = [one for one in seen if one in done or one.same_as(later.get(one.name))]
        if len(ready) < len(later):
            self.again, self.growing = timedelta(seconds=self.bounds.settle_seconds), True
        return ready

    def _wait(self, fresh: list[Seen]) -> None:
        """Wait until the youngest of some files has not been written to for long enough, if nobody writes on.

        Raises:
            Cancelled: somebody stopped it.
        """
        settle, youngest = self.bounds.settle_seconds, max(one.changed_ns for one in fresh) / 1e9
        # The clock of a file server may be ahead of ours: then nothing is known of the file's age.
        end = time.monotonic() + min(max(settle - (self.now.timestamp() - youngest), 0.0), settle)
        if self.progress is not None:
            self.progress(Step(msg("Waiting until {file} is written", file=fresh[-1].name)))
        while (left := end - time.monotonic()) > 0:
            if self.cancelled():
                raise Cancelled()
            time.sleep(min(left, LOOK_SECONDS))

    def _settled(self, one: Seen) -> bool:
        last = self.before.get(one.name)
        then = Seen(one.name, last.bytes, last.changed_ns) if last else None
        if last is not None and last.sha256 is not None and one.same_as(then):
            return True
        return settled(one, then, last.seen_at if last else None, self.now, self.bounds.settle_seconds)

    def _looked(self, one: Seen, sha256: str | None = None) -> Look:
        """How a file looks now; since when, if nothing was written to it; its content, if that is known."""
        last = self.before.get(one.name)
        if last is not None and (one.bytes, one.changed_ns) == (last.bytes, last.changed_ns):
            return Look(one.bytes, one.changed_ns, last.seen_at, sha256 or last.sha256)
        return Look(one.bytes, one.changed_ns, self.now, sha256)
