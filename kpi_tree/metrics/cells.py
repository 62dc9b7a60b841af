"""Cells that were scanned before, kept from one data revision to the next where no row of theirs changed.

A cell of a period follows from the rows of its fact that are dated in it, and from nothing else: whatever
looks further (the order before, the first ever, the trailing window) is a column of the row or a row of its
own in the fact. So the days on which a fact's rows differ between two revisions say which periods have to be
scanned again, for every kind of KPI alike, and late data, refunds in a later month, withdrawn batches and
rows sent again unchanged need no rules of their own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

Rows = dict[str, np.ndarray[Any, Any]]
"""Columns of a scan; ``p`` is the start of each row's period."""
Days = np.ndarray[tuple[int], np.dtype[np.datetime64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

EVER = np.datetime64("0001-01-01", "D")
"""Before the first day that any record can have."""
MOST_BLOCKS = 400
MOST_ROWS = 2_000_000


@dataclass(frozen=True)
class Marks:
    """A fact's days, and for each what its rows add up to.

    Attributes:
        days: day → its mark over all columns, and over those that later records leave alone.
    """

    days: Mapping[date, tuple[int, int]]

    def differ(self, other: Marks, *, settled: bool = False) -> Days:
        """The days, in order, on which the rows of two states of a fact are not the same.

        Args:
            settled: whether only columns count that later records leave alone.

        >>> one, two = date(2026, 1, 1), date(2026, 1, 2)
        >>> Marks({one: (7, 3), two: (8, 4)}).differ(Marks({one: (9, 3), two: (8, 4)}))
        array(['2026-01-01'], dtype='datetime64[D]')
        """
        which = int(settled)
        mine = {(day, marks[which]) for day, marks in self.days.items()}
        theirs = {(day, marks[which]) for day, marks in other.days.items()}
        return np.unique(np.array([day for day, _ in mine ^ theirs], dtype="datetime64[D]"))


@dataclass(frozen=True)
class Periods:
    """Periods scanned: their starts (ascending), and the first and last day of each that counts.

    Attributes:
        since: first day whose rows matter to it: its own first, or that of the period before.
    """

    starts: Days
    firsts: Days
    lasts: Days
    since: Days

    def pick(self, keep: Mask) -> Periods:
        """Some of them."""
        return Periods(self.starts[keep], self.firsts[keep], self.lasts[keep], self.since[keep])

    def inside(self, other: Periods) -> Mask:
        """Which of these the other has, with the same first and last day."""
        if not len(other.starts):
            return np.zeros(len(self.starts), dtype=bool)
        at = np.minimum(np.searchsorted(other.starts, self.starts), len(other.starts) - 1)
        return np.asarray(
            (other.starts[at] == self.starts)
            & (other.firsts[at] == self.firsts)
            & (other.lasts[at] == self.lasts)
        )

    def untouched(self, days: Days) -> Mask:
        """Which of these hold none of the days (ascending)."""
        return np.asarray(
            np.searchsorted(days, self.since) >= np.searchsorted(days, self.lasts, side="right")
        )


@dataclass(frozen=True)
class Block:
    """What was scanned under one key, and the state of the facts that it was scanned from."""

    periods: Periods
    rows: Rows
    signatures: Mapping[str, str]


class Cells:
    """Scanned cells by what was asked; safe for threads."""

    def __init__(self, before: Cells | None = None) -> None:
        self._lock = threading.Lock()
        self._blocks: OrderedDict[Hashable, Block] = OrderedDict()
        self._marks: dict[tuple[str, str], Marks] = {}
        self.scanned = self.reused = 0
        if before is not None:
            with before._lock:
                self._blocks = before._blocks.copy()
            used = {(fact, one) for fact, signatures in self.facts().items() for one in signatures}
            self._marks = {key: marks for key, marks in before._marks.items() if key in used}

    def forget(self) -> None:
        """Keep nothing (benchmarks)."""
        with self._lock:
            self._blocks.clear()

    def facts(self) -> dict[str, set[str]]:
        """Facts that something is kept of → the signatures it was scanned under."""
        found: dict[str, set[str]] = {}
        with self._lock:
            for block in self._blocks.values():
                for fact, signature in block.signatures.items():
                    found.setdefault(fact, set()).add(signature)
        return found

    def mark(self, fact: str, signature: str, make: Callable[[], Marks]) -> Marks:
        """A fact's marks at a signature, made now if they are not known."""
        found = self._marks.get((fact, signature))
        if found is None:
            found = self._marks[fact, signature] = make()
        return found

    def rows(
        self,
        key: Hashable,
        asked: Periods,
        signatures: Mapping[str, str],
        marks: Callable[[str], Marks],
        scan: Callable[[Mask], Rows],
        *,
        settled: bool = False,
    ) -> Rows:
        """The rows of the periods asked: those kept, and the others scanned now.

        Args:
            key: what is asked, apart from the periods.
            signatures: each fact that is read → its present signature.
            marks: the present marks of a fact.
            scan: the rows of the periods of a mask (others may come along); their ``p`` is a period's start.
            settled: whether only columns are read that later records leave alone.
        """
        with self._lock:
            block = self._blocks.get(key)
        if block is not None:
            block = self._brought_up(block, signatures, marks, settled=settled)
        missing = np.ones(len(asked.starts), bool) if block is None else ~asked.inside(block.periods)
        self.scanned += int(missing.sum())
        self.reused += int((~missing).sum())
        if block is None:
            block = Block(asked, scan(missing), signatures)
        elif missing.any():
            fresh = asked.pick(missing)
            block = _merged(block, fresh, _of(scan(missing), fresh.starts), signatures)
        with self._lock:
            self._blocks[key] = block
            self._blocks.move_to_end(key)
            self._shrink()
        return _of(block.rows, asked.starts)

    def _brought_up(
        self, block: Block, now: Mapping[str, str], marks: Callable[[str], Marks], *, settled: bool
    ) -> Block | None:
        """A block without the periods that changed since; None where that is not known."""
        keep = np.ones(len(block.periods.starts), dtype=bool)
        for fact, signature in now.items():
            if block.signatures.get(fact) == signature:
                continue
            old = self._marks.get((fact, block.signatures.get(fact, "")))
            if old is None:
                return None
            keep &= block.periods.untouched(old.differ(marks(fact), settled=settled))
        if keep.all():
            return replace(block, signatures=now)
        periods = block.periods.pick(keep)
        return Block(periods, _of(block.rows, periods.starts), now)

    def _shrink(self) -> None:
        size = sum(len(block.rows["p"]) for block in self._blocks.values())
        while len(self._blocks) > 1 and (len(self._blocks) > MOST_BLOCKS or size > MOST_ROWS):
            _, gone = self._blocks.popitem(last=False)
            size -= len(gone.rows["p"])


def _of(rows: Rows, starts: Days) -> Rows:
    """The rows of some periods."""
    keep = np.isin(rows["p"], starts)
    return rows if keep.all() else {column: values[keep] for column, values in rows.items()}


def _merged(block: Block, fresh: Periods, rows: Rows, signatures: Mapping[str, str]) -> Block:
    stays = ~np.isin(block.periods.starts, fresh.starts)
    old = block.periods.pick(stays)
    kept = _of(block.rows, old.starts)
    order = np.argsort(np.concatenate([old.starts, fresh.starts]), kind="stable")

    def both(mine: Days, theirs: Days) -> Days:
        return np.asarray(np.concatenate([mine, theirs])[order])

    periods = Periods(
        both(old.starts, fresh.starts),
        both(old.firsts, fresh.firsts),
        both(old.lasts, fresh.lasts),
        both(old.since, fresh.since),
    )
    merged = {column: np.concatenate([kept[column], rows[column]]) for column in rows}
    return Block(periods, merged, signatures)
