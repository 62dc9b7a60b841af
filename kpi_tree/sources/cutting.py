"""What cuts a fetch off from outside: its time is over, or a person stopped it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_EVERY = 0.25
"""Seconds between two looks at whether somebody has stopped it."""

Cancel = Callable[[], bool]


def never() -> bool:
    """Nobody stops it."""
    return False


class Cut:
    """Whether a fetch was cut off, and why.

    Attributes:
        late: its time was over. stopped: a person asked for it.
    """

    def __init__(self, seconds: float, cancelled: Cancel) -> None:
        self.deadline = time.monotonic() + seconds
        self.cancelled = cancelled
        self.late = self.stopped = False

    def due(self) -> bool:
        """Look now whether it has to end.

        >>> Cut(60, never).due(), Cut(-1, never).due(), Cut(60, lambda: True).due()
        (False, True, True)
        """
        self.stopped = self.stopped or self.cancelled()
        self.late = self.late or time.monotonic() > self.deadline
        return self.stopped or self.late


@contextmanager
def watched(cut: Cut, act: Callable[[], None]) -> Iterator[None]:
    """Have ``act`` called from another thread once ``cut`` is due, and again until this is over.

    A server that sends a byte now and then, or nothing at all, passes every time-out of a socket, but not
    this one.
    """
    over = threading.Event()

    def look() -> None:
        asleep = LOOK_EVERY if cut.cancelled is not never else cut.deadline - time.monotonic()
        while not over.wait(asleep):
            asleep = LOOK_EVERY
            if cut.due():
                act()

    thread = threading.Thread(target=look, name="cut-off", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def hang_up(line: socket.socket) -> None:
    """End a connection under whoever reads from it."""
    with contextlib.suppress(OSError):  # closed already: the answer came in time
        line.shutdown(socket.SHUT_RDWR)
