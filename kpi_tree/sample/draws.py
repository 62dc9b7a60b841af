"""Random draws that depend on nothing but the seed, a stream's name and the row they are for.

There is no generator that is advanced: each draw is a hash of (seed, stream, day, index). So a day's
rows are the same whichever range of days is asked for, in any order, and a whole array is drawn at once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Bools = NDArray[np.bool_]

FIRST_DAY = 12_784
"""Day number (days since 1970) of 1 January 2005: nothing happened in the shop before."""

SALT = "63-"
"""Chosen among some, so that the seed 7 tells the story of :mod:`kpi_tree.sample.story` plainly in 2026."""

_DAY = np.uint64(0x9E3779B97F4A7C15)
_INDEX = np.uint64(0xD1B54A32D192ED03)
_PART = np.uint64(0x8CB92BA72F3D8DD7)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def keys(day: Any, index: Any = 0, part: Any = 0) -> Keys:
    """One 64-bit key for each row, from its day number, its place in the day and, for parts of a row, the
    part.

    >>> bool((keys([1, 1, 2], [1, 2, 1]) == keys([1, 1, 2], [1, 2, 1])).all())
    True
    """
    made: Keys = (
        np.atleast_1d(np.asarray(day)).astype(np.uint64) * _DAY  # an array wraps in silence, a scalar warns
        + np.atleast_1d(np.asarray(index)).astype(np.uint64) * _INDEX
        + np.atleast_1d(np.asarray(part)).astype(np.uint64) * _PART
    )
    return made


@dataclass(frozen=True, slots=True)
class Draws:
    """All the chance of one sample shop.

    >>> Draws(7).uniform("size", keys([20_000, 20_001])).round(3).tolist()
    [0.699, 0.304]
    """

    seed: int

    def bits(self, stream: str, at: Keys) -> Keys:
        """64 random bits for each key (the finisher of SplitMix64 over key + stream)."""
        digest = hashlib.blake2b(f"{SALT}{self.seed}/{stream}".encode(), digest_size=8).digest()
        x = at + np.uint64(int.from_bytes(digest, "little"))
        x ^= x >> np.uint64(30)
        x *= _MIX_1
        x ^= x >> np.uint64(27)
        x *= _MIX_2
        x ^= x >> np.uint64(31)
        return x

    def uniform(self, stream: str, at: Keys) -> Floats:
        """Uniform in [0, 1)."""
        made: Floats = (self.bits(stream, at) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return made

    def chance(self, stream: str, at: Keys, share: Any) -> Bools:
        """True with the probability given (one for all, or one for each key)."""
        made: Bools = self.uniform(stream, at) < share
        return made

    def below(self, stream: str, at: Keys, count: Any) -> Ints:
        """A whole number from 0 to count - 1; 0 where the count is 0."""
        made: Ints = (self.uniform(stream, at) * np.asarray(count)).astype(np.int64)
        return made

    def normal(self, stream: str, at: Keys) -> Floats:
        """Standard normal, by Box and Muller."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(f"{stream}/radius", at)))
        made: Floats = radius * np.cos(2.0 * np.pi * self.uniform(f"{stream}/angle", at))
        return made

    def about(self, stream: str, at: Keys, mean: Any, *, spread: float = 1.0) -> Ints:
        """A count near its mean: normal with ``spread`` times a Poisson's deviation, never below 0."""
        mean = np.asarray(mean, dtype=np.float64)
        value = mean + spread * np.sqrt(mean) * self.normal(stream, at)
        small = self.poisson(f"{stream}/small", at, np.minimum(mean, 6.0))
        made: Ints = np.where(mean < 6.0, small, np.maximum(np.rint(value), 0)).astype(np.int64)
        return made

    def poisson(self, stream: str, at: Keys, mean: Any) -> Ints:
        """Poisson with a small mean (up to about 10), by inversion."""
        mean = np.broadcast_to(np.asarray(mean, dtype=np.float64), at.shape)
        u = self.uniform(stream, at)
        term = np.exp(-mean)
        total = term.copy()
        made = np.zeros(at.shape, dtype=np.int64)
        for k in range(1, 30):
            more = u >= total
            if not more.any():
                break
            made += more
            term = term * mean / k
            total = total + term
        return made

    def pick(self, stream: str, at: Keys, weights: Any) -> Ints:
        """An index with probability in proportion to its weight, the same weights for every key.

        >>> Draws(7).pick("colour", keys(np.arange(5)), [1, 0, 3]).tolist()
        [2, 2, 2, 0, 2]
        """
        return pick(self.uniform(stream, at), np.asarray(weights, dtype=np.float64))

    def pick_by_row(self, stream: str, at: Keys, weights: Floats, row: Ints) -> Ints:
        """The same where each key has its own row of a table of weights."""
        edges = np.cumsum(weights, axis=1)
        edges /= edges[:, -1:]
        # Rows laid end to end, the n-th in [n, n + 1]: one binary search serves all of them.
        flat = (edges + np.arange(len(edges))[:, None]).ravel()
        place = np.searchsorted(flat, row + self.uniform(stream, at), side="right") - row * weights.shape[1]
        made: Ints = np.minimum(place, weights.shape[1] - 1).astype(np.int64)
        return made


def pick(u: Floats, weights: Floats) -> Ints:
    """Uniform draws to indices by weight."""
    edges = np.cumsum(weights)
    made: Ints = (
        np.searchsorted(edges / edges[-1], u, side="right").clip(0, len(weights) - 1).astype(np.int64)
    )
    return made


def number_of(day: Any, index: Any) -> Ints:
    """A number of up to ten digits that is unique to (day, index) and does not show either.

    The pair takes 30 bits (days from 2005 on, index below 16,384) and an odd multiplier modulo 2**30
    permutes them.

    >>> number_of([20_000, 20_000], [0, 1]).tolist()
    [62652416, 227444069]
    """
    packed = ((np.asarray(day, dtype=np.int64) - FIRST_DAY) << 14) | np.asarray(index, dtype=np.int64)
    made: Ints = (packed * 164_791_653) % (1 << 30)
    return made
