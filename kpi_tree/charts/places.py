"""Where the words of level lines stand, so that those of close lines do not cover each other."""

from __future__ import annotations

from collections.abc import Sequence

LINE = 13
"""Height of a line of words, in pixels."""
APART = 3
"""Between a line and its words."""


def label_offsets(heights: Sequence[float]) -> list[float]:
    """How far above its own line the lower edge of each label stands; negative is below the line.

    A label stands just above its line. Where the one above leaves no room for it, it goes below its line;
    where there is no room down there either, labels are stacked upwards.

    Args:
        heights: of the lines, in pixels from the bottom of the chart.

    >>> label_offsets([200.0, 100.0]), label_offsets([200.0, 195.0]), label_offsets([8.0, 4.0])
    ([3.0, 3.0], [3.0, -16.0], [12.0, 3.0])
    """
    down = _downwards(heights)
    if all(height + offset >= 0 for height, offset in zip(heights, down, strict=True)):
        return down
    return _upwards(heights)


def _downwards(heights: Sequence[float]) -> list[float]:
    offsets, floor = [float(APART)] * len(heights), float("inf")
    for place in sorted(range(len(heights)), key=lambda n: -heights[n]):
        height = heights[place]
        lower = height + APART
        if lower + LINE > floor:
            lower = min(height - APART, floor) - LINE
        offsets[place], floor = lower - height, lower
    return offsets


def _upwards(heights: Sequence[float]) -> list[float]:
    offsets, top = [float(APART)] * len(heights), float("-inf")
    for place in sorted(range(len(heights)), key=lambda n: heights[n]):
        lower = max(heights[place] + APART, top)
        offsets[place], top = lower - heights[place], lower + LINE
    return offsets
