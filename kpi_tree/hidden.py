"""Libraries that others import where they are installed, kept away from commands that never ask for them.

pandas takes a third of a second to import: as long as all else that a command needs to read a small file.
What else was tried: docs/decisions/0027-pandas-is-hidden-from-two-libraries.md.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec

PANDAS = "pandas"


class _Nowhere:
    """Says of pandas that it is not installed."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name == PANDAS:
            raise ModuleNotFoundError(name, name=name)
        return None


@contextmanager
def without_pandas() -> Iterator[None]:
    """Whatever is imported in the block finds no pandas.

    Nothing is hidden where pandas is there already, or where another thread might ask for it meanwhile.

    >>> with without_pandas():
    ...     import json
    """
    if PANDAS in sys.modules or threading.active_count() > 1:
        yield
        return
    nowhere = _Nowhere()
    sys.meta_path.insert(0, nowhere)
    try:
        yield
    finally:
        sys.meta_path.remove(nowhere)


READING = ("inspect", "rows", "load")
"""Commands that read files, and measure nothing."""


def take_in_arrow(command: Sequence[str]) -> None:
    """Import Arrow for a command line that never asks for pandas.

    Arrow looks for pandas when it is first given a list, and again when it is to make a frame of a table.
    Only ``__main__`` may call this: a process that goes on to other work would have its columns of pandas
    taken for plain sequences until then.

    Args:
        command: the arguments of the program.
    """
    if command and command[0] in READING and "--dry-run" not in command:
        with without_pandas():
            import pyarrow as pa

            pa.array([None])
