"""What a person has not brought to its end yet: it outlives a reload and other pages, not this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Keeper(Generic[V]):
    """Values by key, bounded in what they weigh together and in time; the oldest go first.

    Args:
        most: what all values may weigh; one that weighs more is not kept, and pushes no others off.
        weight: what a value weighs. seconds: how long it is kept since it was last put.

    >>> kept = Keeper[str](most=5, weight=len, seconds=60.0)
    >>> kept.put("a", "abc", now=0.0), kept.put("b", "abcdef", now=1.0)
    (None, None)
    >>> kept.get("a", now=2.0), kept.get("b", now=2.0)
    ('abc', None)
    >>> kept.put("c", "cde", now=3.0)
    >>> kept.get("a", now=4.0), kept.get("c", now=4.0), kept.get("c", now=64.0)
    (None, 'cde', None)
    """

    def __init__(self, most: float, weight: Callable[[V], float], seconds: float) -> None:
        self._most, self._weight, self._seconds = most, weight, seconds
        self._lock = threading.Lock()
        self._all: dict[Hashable, tuple[float, V]] = {}

    def put(self, key: Hashable, value: V, *, now: float | None = None) -> None:
        """Keep a value in place of what was kept before; what is too old or too much goes."""
        at = time.monotonic() if now is None else now
        with self._lock:
            self._all.pop(key, None)
            if self._weight(value) <= self._most:
                self._all[key] = (at, value)
            self._all = {name: one for name, one in self._all.items() if at - one[0] <= self._seconds}
            while self._all and sum(self._weight(one) for _, one in self._all.values()) > self._most:
                self._all.pop(next(iter(self._all)))

    def get(self, key: Hashable, *, now: float | None = None) -> V | None:
        """What is kept under a key, if it is not too old."""
        at = time.monotonic() if now is None else now
        with self._lock:
            found = self._all.get(key)
        return found[1] if found is not None and at - found[0] <= self._seconds else None

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under a key."""
        with self._lock:
            self._all.pop(key, None)
