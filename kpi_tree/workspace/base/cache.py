"""What is kept in the process between two reruns: results by revision, few of them, for all sessions.

A key always holds the home and the revisions that its result was made from, so a change makes old
entries unreachable instead of wrong; they leave when newer ones need the room.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from kpi_tree.store import Home

if TYPE_CHECKING:
    from kpi_tree.plan.model import Plan

T = TypeVar("T")


class Lru:
    """A bounded store of results; the one used longest ago leaves first.

    Two callers that miss the same key at once wait for one computation. Safe for threads.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The result kept under a key, made now if there is none. A failure is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key])
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return cast(T, self._kept[key])
            try:
                made = make()
                with self._lock:
                    self._kept[key] = made
                    while len(self._kept) > self.size:
                        self._kept.popitem(last=False)
                return made
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def newest(self, wanted: Callable[[Any], bool]) -> Any:
        """The result used last of those whose key is wanted; None without one."""
        with self._lock:
            return next((self._kept[key] for key in reversed(self._kept) if wanted(key)), None)

    def clear(self) -> None:
        """Forget everything (tests; a restored home)."""
        with self._lock:
            self._kept.clear()

    def __len__(self) -> int:
        return len(self._kept)


PLANS = Lru(16)
SERIES = Lru(256)
TREES = Lru(64)
ENGINES = Lru(4)
REPORTS = Lru(64)
OWN = Lru(8)
READY = Lru(4)


def plan_cached(home: Home, plan_id: str) -> Plan:
    """A plan as it stands; read again only when its revision moved.

    Raises:
        NotFound: no plan has that id.
    """
    from kpi_tree.store import plans as kept

    key = (identity(home), plan_id, kept.revision(home, plan_id))
    return PLANS.get(key, lambda: kept.get(home, plan_id))


def identity(home: Home) -> Hashable:
    """What tells this home from another one that later stands at the same path."""
    stat = home.database.stat()
    return (str(home.path), stat.st_dev, stat.st_ino)


def forget() -> None:
    """Empty every cache of the process."""
    for cache in (PLANS, SERIES, TREES, ENGINES, REPORTS, OWN, READY):
        cache.clear()
