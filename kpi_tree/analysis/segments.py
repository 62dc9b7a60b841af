"""The few segments that explain most of a change: one or two dimensions at a time, never overlapping.

The ideas are those of Adtributor (Bhagwan and others, NSDI 2014: explanatory power, surprise, as few elements
as will do) and RiskLoc (Kalander 2022: combinations of dimensions); the search is small and always the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ENOUGH, TOO_MUCH = 0.7, 1.3
"""The share of the change that a set has to explain, and beyond which others pull against it."""
LEFT_OVER = 1.0
"""How much the rest may move, up and down together, as a share of the change: with more it is an accident."""
LEAST = 0.05
"""A segment below this share of the change is not worth naming."""
MOST = 5
"""Segments of a set."""
STANDS_OUT = 0.15
"""How much more of the change than of the whole a set has to have."""
EACH = 0.05
"""What every further segment, and a second dimension, has to bring."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A segment: its part of the change, and how much of the whole it was and is."""

    value: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A set of segments of one or two dimensions.

    Attributes:
        dims: the dimensions. keys: the segments, the biggest part first, a value for each dimension.
        share: of the change that they explain. size: of the whole that they are, on the mean of both sides.
    """

    dims: Key
    keys: tuple[Key, ...]
    share: float
    size: float

    @property
    def told(self) -> float:
        """How much of the change is told: to explain more than all of it tells as little as too little."""
        return 1 - abs(1 - self.share)

    @property
    def score(self) -> float:
        """How much more they explain than their size would, less what more words cost."""
        return self.told - self.size - EACH * (len(self.keys) - 1) - EACH * (len(self.dims) - 1)


def smallest_set(cells: Mapping[Key, Mapping[Key, Cell]], delta: float) -> list[Finding]:
    """For each split the fewest segments that explain most of a change, the most telling split first.

    Args:
        cells: dimensions → segment → its cell; the parts of one split add up to ``delta``.

    Returns:
        empty where nothing stands out: the change is spread as the whole is.

    >>> cells = {("country",): {("NO",): Cell(-90, 500, 410), ("SE",): Cell(-10, 500, 490)}}
    >>> [(one.keys, one.share) for one in smallest_set(cells, -100)]
    [((('NO',),), 0.9)]
    """
    if not delta:
        return []
    found = [made for dims, rows in cells.items() if (made := _of_one_split(dims, rows, delta)) is not None]
    found = [one for one in found if one.told - one.size >= STANDS_OUT]
    return sorted(found, key=lambda one: (-round(one.score, 9), len(one.dims), one.dims))


def _of_one_split(dims: Key, rows: Mapping[Key, Cell], delta: float) -> Finding | None:
    """Segments that pull the way of the change, the biggest first, until they are enough."""
    ranked = sorted(rows, key=lambda key: (-rows[key].value / delta, key))
    chosen: list[Key] = []
    share = 0.0
    for key in ranked[:MOST]:
        own = rows[key].value / delta
        if own < LEAST:
            break
        chosen.append(key)
        share += own
        if share >= ENOUGH:
            break
    rest = sum(abs(cell.value) for key, cell in rows.items() if key not in chosen) / abs(delta)
    if not ENOUGH <= share <= TOO_MUCH or rest > LEFT_OVER or len(chosen) == len(rows):
        return None
    return Finding(dims, tuple(chosen), share, _size(rows, chosen))


def _size(rows: Mapping[Key, Cell], chosen: Sequence[Key]) -> float:
    def of(side: str) -> float:
        whole = sum(abs(getattr(cell, side)) for cell in rows.values())
        return sum(abs(getattr(rows[key], side)) for key in chosen) / whole if whole else 0.0

    # A segment that is new had no size before: what it was counts as much as what it is.
    return (of("before") + of("after")) / 2
