"""Long work that goes on while its page is closed: started, watched, stopped, found again.

A job runs in a thread of this process. Its work calls verbs as any face does; what it changes is whole or
absent, whenever the process ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kpi_tree.errors import Cancelled, KpiTreeError
from kpi_tree.steps import Cancel, Progress, Step
from kpi_tree.store import Home
from kpi_tree.workspace.base.rights import Asker

KEPT_SECONDS = 1800.0
"""How long the outcome of a job that nobody has put away can be found again."""
MOST = 4
"""Jobs that work at the same time; the others wait for their turn."""

Work = Callable[[Progress, Cancel], Any]
_TURN = threading.BoundedSemaphore(MOST)


@dataclass
class Job:
    """One piece of work.

    Attributes:
        kind, name: what it does to what, for the page that shows it.
        step: where it is; None before it begins.
        result, error: its outcome, once ``finished``.
        fault: an error of ours, for the log; the person is told that something went wrong.
    """

    id: int
    kind: str
    name: str
    step: Step | None = None
    result: Any = None
    error: KpiTreeError | None = None
    fault: BaseException | None = None
    ended: float | None = None
    _done: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def finished(self) -> bool:
        """Whether there is an outcome."""
        return self._done.is_set()

    @property
    def stopping(self) -> bool:
        """Whether somebody has asked it to stop."""
        return self._stop.is_set()

    @property
    def stopped(self) -> bool:
        """Whether it ended because somebody stopped it."""
        return isinstance(self.error, Cancelled)

    def stop(self) -> None:
        """Ask it to stop; it does at its next step, and leaves nothing behind."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the outcome for some time; whether it is there."""
        return self._done.wait(seconds)

    def _run(self, work: Work) -> None:
        try:
            with _TURN:
                if self._stop.is_set():
                    raise Cancelled
                self.result = work(self._tell, self._stop.is_set)
        except KpiTreeError as error:
            self.error = error
        except BaseException as error:  # noqa: BLE001 - shown by the page, logged by it, never lost in a thread
            self.fault = error
        finally:
            self.ended = time.monotonic()
            self._done.set()

    def _tell(self, step: Step) -> None:
        self.step = step


class Jobs:
    """The jobs of this process, each found by its home and its person only.

    >>> jobs = Jobs()
    >>> job = jobs.start("home", "Kari", "load", "a.csv", lambda progress, cancelled: 42)
    >>> job.wait(5), job.result, [one.name for one in jobs.of("home", "Kari")], jobs.of("home", "Ola")
    (True, 42, ['a.csv'], [])
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[int, tuple[str, str, Job]] = {}
        self._last = 0

    def start(self, home: str, who: str, kind: str, name: str, work: Work) -> Job:
        """Begin some work in a thread of its own."""
        with self._lock:
            self._last += 1
            job = Job(self._last, kind, name)
            self._all[job.id] = (home, who, job)
        threading.Thread(target=job._run, args=(work,), name=f"job-{job.id}", daemon=True).start()
        return job

    def of(self, home: str, who: str, kind: str | None = None) -> list[Job]:
        """A person's jobs in a home, the newest first; old outcomes are forgotten."""
        old = time.monotonic() - KEPT_SECONDS
        with self._lock:
            self._all = {
                number: kept
                for number, kept in self._all.items()
                if kept[2].ended is None or kept[2].ended > old
            }
            found = [job for place, person, job in self._all.values() if (place, person) == (home, who)]
        return sorted((job for job in found if kind in (None, job.kind)), key=lambda job: -job.id)

    def put_away(self, job: Job) -> None:
        """Forget an outcome that has been seen."""
        with self._lock:
            self._all.pop(job.id, None)


JOBS = Jobs()


def start(home: Home, who: Asker, kind: str, name: str, work: Work) -> Job:
    """Begin some work for a person in a home.

    Args:
        kind: a word by which the page that shows it finds it.
        work: gets where to tell its steps and whom to ask whether to stop.
    """
    return JOBS.start(str(home.path), who.name, kind, name, work)


def jobs_of(home: Home, who: Asker, kind: str | None = None) -> list[Job]:
    """A person's jobs in a home, the newest first."""
    return JOBS.of(str(home.path), who.name, kind)
