"""Keeping a solver's own words off standard output, which belongs to the answer."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def quiet() -> Iterator[None]:
    """What C code prints meanwhile goes nowhere: HiGHS has a line of its own that no option turns off.

    One at a time: two that put standard output back in the wrong order would lose it.

    >>> with quiet():
    ...     _ = os.write(1, b"from below")
    """
    with _ONE_AT_A_TIME:
        kept = None
        with suppress(OSError, ValueError):  # a process without standard output has nothing to keep clean
            sys.stdout.flush()
            kept = os.dup(1)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.close(nowhere)
        try:
            yield
        finally:
            if kept is not None:
                with suppress(
                    OSError, AttributeError, TypeError
                ):  # what C still holds back, where it can be asked
                    ctypes.CDLL(None).fflush(None)
                os.dup2(kept, 1)
                os.close(kept)
