"""The clock of the app: while it serves, sources run when they are due, and alerts are told. One thread."""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections.abc import Callable

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.ui.shell import start
from kpi_tree.workspace import Asker

LOG = logging.getLogger("kpi_tree.ui")
WHO = Asker("timer", "owner")
SECONDS = 20.0
PATIENCE = 5.0
"""Seconds that a stop waits for a run under way; one that is cut off is made again by the next process."""


def seconds_between() -> float:
    """How often to look; ``KPI_TREE_TICK_SECONDS`` says otherwise, and 0 turns the clock off."""
    try:
        return float(os.environ.get("KPI_TREE_TICK_SECONDS", SECONDS))
    except ValueError:
        return SECONDS


class Timer:
    """Ticks in the background from :meth:`begin` to :meth:`end`."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds_between() if seconds is None else seconds
        self.stop = threading.Event()
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start, once."""
        if self.seconds > 0 and self.thread is None:
            self.thread = threading.Thread(target=self._run, name="sources", daemon=True)
            self.thread.start()

    def end(self) -> None:
        """Stop; a run under way is waited for a little."""
        self.stop.set()
        if self.thread is not None:
            self.thread.join(PATIENCE)
            self.thread = None

    def _run(self) -> None:
        swept = time.monotonic()
        while not self.stop.wait(self.seconds):
            self._once("The sources could not be looked at", workspace.tick)
            self._once("The alerts could not be looked at", workspace.send_alerts)
            if time.monotonic() - swept >= SECONDS:  # Streamlit is told not to, after every run
                gc.collect()
                swept = time.monotonic()

    def _once(self, failed: str, work: Callable[..., object]) -> None:
        """One job of a round; one that fails stops no other."""
        try:
            work(start.home(), WHO, stop=self.stop)
        except KpiTreeError:
            LOG.warning(failed, exc_info=True)
        except Exception:
            LOG.exception(failed)
