"""Two things at once: the next part is made while one is worked on, and parts are worked on side by side.

The heavy work (cutting, packing, queries) runs outside of Python's lock. What is told to people, or added up
over parts, is told and added by whoever takes them, in their order, never by a thread of ours: a page's
progress bar knows only its script's thread. All threads of a large file are those of this module.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_END = object()


@contextmanager
def ahead(items: Iterator[T]) -> Iterator[Iterator[T]]:
    """The same items, of which the next one is being made while one is looked at.

    When the block is left the thread is done, and generators are closed.

    >>> with ahead(iter("abc")) as letters:
    ...     list(letters)
    ['a', 'b', 'c']
    """

    def each() -> Iterator[T]:
        coming = pool.submit(next, items, _END)
        while (item := coming.result()) is not _END:
            coming = pool.submit(next, items, _END)
            yield item  # type: ignore[misc]

    with ThreadPoolExecutor(1) as pool:
        try:
            yield each()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            if close := getattr(items, "close", None):
                close()


@contextmanager
def side_by_side(works: list[Callable[[T], R]], items: Iterable[T]) -> Iterator[Iterator[R]]:
    """What is made of items by workers who take turns, each in a thread of its own, in their order.

    No more items are held than there are workers. What a worker raises is raised where its item would have
    come. When the block is left no thread is at work, and generators are closed.

    >>> with side_by_side([abs, abs], [3, -4, -5]) as found:
    ...     list(found)
    [3, 4, 5]
    """

    def each() -> Iterator[R]:
        waiting: deque[Future[R]] = deque()
        for number, item in enumerate(items):
            turn = number % len(works)
            waiting.append(pools[turn].submit(works[turn], item))
            del item
            if len(waiting) == len(works):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    pools = [ThreadPoolExecutor(1) for _ in works]
    try:
        yield each()
    finally:
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)
        if close := getattr(items, "close", None):
            close()
