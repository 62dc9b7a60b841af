"""What one arm of an experiment saw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Arm:
    """What one arm saw.

    Attributes:
        name: of the arm. units: people exposed.
        total: conversions, or the sum of the values. squares: the sum of the squared values; None for
            conversions.
    """

    name: str
    units: int
    total: float
    squares: float | None = None

    @property
    def mean(self) -> float:
        """Conversion rate, or value a unit."""
        return self.total / self.units

    @property
    def variance(self) -> float:
        """Of one unit."""
        if self.squares is None:
            return self.mean * (1 - self.mean)
        spread = self.squares - self.units * self.mean**2
        return max(spread, 0.0) / (self.units - 1) if self.units > 1 else math.nan


def from_values(name: str, values: Any) -> Arm:
    """An arm from one value a unit."""
    known = np.asarray(values, dtype=np.float64)
    return Arm(name, int(known.size), float(known.sum()), float((known**2).sum()))
