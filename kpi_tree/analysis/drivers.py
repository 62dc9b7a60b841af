"""A forecast of a formula node made of forecasts of its leaves, pushed through the formulas.

All leaves are forecast from the same earlier days, so what is held against the node's own past are their
joint errors: leaves that err together, or make up for each other, do so in the error paths too, and the
interval is made by drawing whole such paths.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from kpi_tree.analysis.methods import DEFAULT, Candidate, Ints, runs
from kpi_tree.analysis.trajectory import Floats

LEAST = 28
"""Days that a leaf must know before it is forecast."""


@dataclass(frozen=True)
class Drivers:
    """The leaves below a formula node.

    Attributes:
        leaves: each one's daily values, the last of the same day for all; nan where there is none.
        combine: the node's values from the leaves', all of one length.
        kept: the leaves' forecasts made so far; nodes of one tree share them.

    >>> days = np.tile([1.0, 2, 3, 4, 5, 6, 7], 12)
    >>> made = Drivers({"a": days, "b": days * 2}, lambda leaves: leaves["a"] * leaves["b"])
    >>> made.candidate()(np.array([14, 0]), 3).round(0).tolist()
    [[2.0, 8.0, 18.0], [2.0, 8.0, 18.0]]
    """

    leaves: Mapping[str, Floats]
    combine: Callable[[Mapping[str, Floats]], Floats]
    kept: dict[tuple[str, int, int, bytes], Floats] = field(default_factory=dict)

    def candidate(self, skip: int = 0) -> Candidate:
        """The candidate for a chooser, for a node whose own values end ``skip`` days before the leaves'."""

        def made(before: Ints, horizon: int) -> Floats:
            ahead = {name: self._leaf(name, before + skip, horizon).ravel() for name in self.leaves}
            return self.combine(ahead).reshape(before.size, horizon)

        return made

    def _leaf(self, name: str, before: Ints, horizon: int) -> Floats:
        """One leaf's forecasts from so many days before its end; nan where it knew too little then."""
        key = (name, self.leaves[name].size, horizon, before.tobytes())
        if key not in self.kept:
            self.kept[key] = _forecasts(self.leaves[name], before, horizon)
        return self.kept[key]


def _forecasts(values: Floats, before: Ints, horizon: int) -> Floats:
    known = np.flatnonzero(np.isfinite(values))
    made = np.full((before.size, horizon), np.nan)
    if not known.size:
        return made
    series = values[known[0] :]
    origins = series.size - before
    rows = np.flatnonzero(origins >= LEAST)
    if rows.size:
        guesses = runs(series, origins[rows], horizon)[DEFAULT]
        made[rows] = np.maximum(guesses, 0.0) if np.nanmin(series) >= 0 else guesses
    return made
