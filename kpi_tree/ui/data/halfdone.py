"""Corrections of rows that were typed and not loaded yet: they outlive a reload and other pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from kpi_tree.ui.shell.session import Session

MOST = 200
"""Batches whose half-done corrections are kept by this process; the oldest go first."""

Rows = dict[int, list[str]]
Key = tuple[str, str, str]


class HalfDone:
    """Half-done corrections by home, person and batch: line of the file -> its cells as they were typed.

    >>> kept = HalfDone()
    >>> kept.put(("home", "Kari", "b1"), {3: ["1", "2"]})
    >>> kept.get(("home", "Kari", "b1")), kept.get(("home", "Ola", "b1"))
    ({3: ['1', '2']}, {})
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: OrderedDict[Key, Rows] = OrderedDict()

    def get(self, key: Key) -> Rows:
        """What was typed; nothing where nothing was."""
        with self._lock:
            return {line: list(cells) for line, cells in self._all.get(key, {}).items()}

    def put(self, key: Key, rows: Mapping[int, Sequence[str]]) -> None:
        """Keep this in place of what was typed before; nothing is forgotten."""
        with self._lock:
            self._all.pop(key, None)
            if rows:
                self._all[key] = {line: list(cells) for line, cells in rows.items()}
            while len(self._all) > MOST:
                self._all.popitem(last=False)


KEPT = HalfDone()


def of(session: Session, batch: str) -> Rows:
    """What this person typed into the rows of a batch that were set aside."""
    return KEPT.get(_key(session, batch))


def keep(session: Session, batch: str, rows: Mapping[int, Sequence[str]]) -> None:
    """Keep what this person typed; ``rows`` are those that differ from what was set aside."""
    KEPT.put(_key(session, batch), rows)


def _key(session: Session, batch: str) -> Key:
    return str(session.home.path), session.who.name, batch
