"""Where the words of level lines stand, so that they cover neither each other nor the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LINE = 13
"""Height of a line of words, in pixels."""
APART = 3
"""Between a line and its words."""
NARROW = 290
"""Pixels of a chart's width on a phone: words that hide nothing there hide nothing on a wide screen."""
PIECES = 8
"""Places along its line where a label may begin."""
UPS = (float(APART), float(-APART - LINE))
"""Just above its line, or just below it."""
COVER = 1000
"""How much worse it is to cover other words than to cover a point of a line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label stands: its left edge as a share of the width, ``up`` pixels above its line.

    ``right`` where it ends with its line: it is then held by its right edge, whatever its true width.
    """

    at: float
    up: float
    right: bool = False


def label_places(
    lines: Sequence[tuple[float, int]], points: Sequence[tuple[float, float]], words: Sequence[Box] = ()
) -> list[Place]:
    """Where each level line's label hides least of the curves, and none of the other labels.

    Args:
        lines: (pixels above the bottom, pixels that its label is wide).
        points: of the curves: (share of the width, pixels above the bottom).
        words: boxes that other words take already.

    >>> label_places([(100.0, 80)], [(0.1, 108.0), (0.2, 110.0)])
    [Place(at=0.0, up=-16.0, right=False)]
    >>> label_places([(100.0, 80)], [(0.1, 108.0), (0.1, 92.0)])[0].right
    True
    """
    taken: list[Box] = list(words)
    found = []
    for height, width in lines:
        share = min(width / NARROW, 1.0)
        ends = [Place(0.0, up) for up in UPS] + [Place(1 - share, up, True) for up in UPS]
        middle = [Place(n / PIECES, up) for n in range(1, PIECES) for up in UPS if n / PIECES + share <= 1]
        boxes = [
            (place, Box(place.at, place.at + share, height + place.up, height + place.up + LINE))
            for place in (*ends, *middle)
        ]
        best, box = min(
            boxes, key=lambda one: _cost(one[0], one[1], points, taken, [line for line, _ in lines])
        )
        found.append(best)
        taken.append(box)
    return found


def _cost(
    place: Place,
    box: Box,
    points: Sequence[tuple[float, float]],
    taken: Sequence[Box],
    lines: Sequence[float],
) -> float:
    """How much a label there hides; where two hide the same, one at an end of its line is better."""
    cost = float(sum(box.holds(*point) for point in points))
    cost += COVER * sum(box.meets(other) for other in taken) + (COVER if box.low < 0 else 0)
    # A level line through the words is worse than none, and better than a number.
    cost += 0.9 * sum(box.low < other < box.high for other in lines)
    return cost + (0.5 if place.at > 0 and not place.right else 0.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of the chart: shares of its width, pixels above its bottom."""

    left: float
    right: float
    low: float
    high: float

    def holds(self, across: float, height: float) -> bool:
        """Whether a point lies in it."""
        return self.left <= across <= self.right and self.low - 2 <= height <= self.high + 2

    def meets(self, other: Box) -> bool:
        """Whether two pieces overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.low < other.high
            and other.low < self.high
        )


def nice_range(low: float, high: float, steps: int = 5) -> tuple[float, float]:
    """The ends of an axis on round numbers, so that what is drawn fits in, with a little room above.

    >>> nice_range(0.0, 430.0), nice_range(0.021, 0.034)
    ((0.0, 500.0), (0.02, 0.035))
    """
    if not high > low:
        slack = abs(high) * 0.1 or 1.0
        low, high = (low - slack, high + slack) if low else (0.0, slack)
    rough = (high - low) / steps
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * n for n in (1, 2, 2.5, 5, 10) if size * n >= rough * 0.999)
    slack = (high - low) * 0.04
    first = math.floor(low / step + 1e-9) if low >= 0 else math.floor((low - slack) / step)
    last = math.ceil((high + slack) / step - 1e-9)
    digits = max(0, 3 - math.floor(math.log10(step)))
    return round(first * step, digits), round(last * step, digits)
