"""What if: a tree with some of its nodes at other values, and how far chance alone would carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kpi_tree.plan.program import Program

Floats = npt.NDArray[np.float64]

BLOCK = 4
"""Weeks drawn together, so that a good week is followed by one like it as often as it is in the data."""

TREND_WEEKS = 13
"""Weeks whose median counts as what was usual then: trend and season are no chance."""

AT_ONCE = 128
"""Leaves moved in one evaluation: enough to share its cost, few enough to stay small."""

CHANCES = 400
"""Draws that a spread is taken from."""

FEWEST_WEEKS = 16
"""Weeks of history below which nothing is drawn."""


@dataclass(frozen=True)
class Ground:
    """A tree as it stands.

    Attributes:
        program: its formulas. base: every node's and outside KPI's value; nan where there is none.
    """

    program: Program
    base: Mapping[str, float]

    def with_values(
        self, changed: Mapping[str, Floats | float], more: Mapping[str, float] | None = None
    ) -> dict[str, Floats]:
        """Every node's value once some have others: all at once, an entry a scenario.

        A node above a change moves by what its formula moves, so that what the formula does not explain of it
        stays as it is. A node that is changed itself ignores what stands below it.

        Args:
            changed: node or outside KPI → its values, of one length.
            more: node or outside KPI → what comes on top of what stands there, or is made there.

        >>> from kpi_tree.plan.model import Node, Plan
        >>> from kpi_tree.plan.program import compile_plan
        >>> sales = Node("sales", "kgi", formula="orders * value")
        >>> plan = Plan("p", nodes={"sales": sales, "orders": Node("orders"), "value": Node("value")})
        >>> ground = Ground(compile_plan(plan), {"sales": 105.0, "orders": 10.0, "value": 10.0})
        >>> ground.with_values({"orders": np.array([11.0, 12.0])})["sales"].tolist()
        [115.0, 125.0]
        """
        names = [*self.program.outside, *(step.node for step in self.program.steps)]
        before = [np.asarray(self.base.get(name, np.nan), dtype=np.float64) for name in names]
        after = [
            np.asarray(changed.get(name, old), dtype=np.float64)
            for name, old in zip(names, before, strict=True)
        ]
        added = more or {}
        after = [value + added.get(name, 0.0) for name, value in zip(names, after, strict=True)]
        moved = [name in changed or name in added for name in names]
        with np.errstate(all="ignore"):
            for place, step in enumerate(self.program.steps, len(self.program.outside)):
                if step.run is None or step.node in changed or not any(moved[one] for one in step.inputs):
                    continue
                made = before[place] + step.run(after) - step.run(before)
                after[place] = made + added.get(step.node, 0.0)
                moved[place] = True
        return dict(zip(names, after, strict=True))

    def leaves(self, top: str) -> tuple[str, ...]:
        """What the formulas under a node end in, each once."""
        names = [*self.program.outside, *(step.node for step in self.program.steps)]
        inputs = {step.node: [names[one] for one in step.inputs] for step in self.program.steps}
        found: dict[str, None] = {}
        pending, seen = [top], {top}
        while pending:
            name = pending.pop()
            below = inputs.get(name, [])
            if not below and name != top:
                found[name] = None
            pending.extend(one for one in below if one not in seen)
            seen.update(below)
        return tuple(sorted(found))


def one_by_one(ground: Ground, top: str, leaves: Sequence[str], factors: Sequence[float]) -> Floats:
    """The top's value with each leaf, one at a time, at so many times its value.

    Returns:
        shape (leaves, factors).

    >>> from kpi_tree.plan.model import Node, Plan
    >>> from kpi_tree.plan.program import compile_plan
    >>> sales = Node("sales", "kgi", formula="orders * value")
    >>> plan = Plan("p", nodes={"sales": sales, "orders": Node("orders"), "value": Node("value")})
    >>> ground = Ground(compile_plan(plan), {"sales": 100.0, "orders": 10.0, "value": 10.0})
    >>> one_by_one(ground, "sales", ["orders", "value"], (0.5, 2)).tolist()
    [[50.0, 200.0], [50.0, 200.0]]
    """
    made = np.empty((len(leaves), len(factors)))
    for first in range(0, len(leaves), AT_ONCE):
        some = leaves[first : first + AT_ONCE]
        rows = {}
        for n, leaf in enumerate(some):
            row = np.full((len(some), len(factors)), float(ground.base[leaf]))
            row[n] *= factors
            rows[leaf] = row.ravel()
        result = np.broadcast_to(ground.with_values(rows)[top], len(some) * len(factors))
        made[first : first + len(some)] = result.reshape(len(some), len(factors))
    return made


def spread(weeks: Floats, span: float) -> float | None:
    """How far chance alone carries one leaf over a span, as a share of its value: one standard deviation.

    Args:
        weeks: its values a week, oldest first. span: in weeks.

    >>> weeks = np.random.default_rng(1).normal(100, 10, 104)
    >>> spread(weeks, 1.0) > 3 * spread(weeks, 13.0)
    True
    """
    drawn = by_chance(weeks[:, None], span, CHANCES, seed=1)
    return None if drawn is None else round(float(drawn.std()), 3)


def in_bins(values: Floats, most: int = 36) -> tuple[tuple[float, float, int], ...]:
    """How many values lie in each of some equal steps; what lies far out is counted in the last one.

    >>> in_bins(np.array([1.0, 2.0, 2.0, 3.0]), 2)
    ((1.0, 2.0, 1), (2.0, 3.0, 3))
    """
    low, high = (float(one) for one in np.quantile(values, (0.002, 0.998), method="nearest"))
    if low == high:
        return ((low, high, int(values.size)),)
    counts, edges = np.histogram(np.clip(values, low, high), bins=most, range=(low, high))
    return tuple((float(a), float(b), int(n)) for a, b, n in zip(edges[:-1], edges[1:], counts, strict=True))


def by_chance(weeks: Floats, span: float, samples: int, seed: int) -> Floats | None:
    """How far a span of days may lie from what is usual, each leaf from its own past, all moving as they did.

    Blocks of consecutive weeks are drawn with all their leaves, so that what moved together does so here.

    Args:
        weeks: shape (weeks, leaves), oldest first; nan where not known.
        span: weeks that the scenario covers; the longer, the more chance evens out.
        samples: how many draws. seed: the same seed gives the same draws.

    Returns:
        shape (samples, leaves): a factor around 1 for each leaf; None with too few whole weeks.
    """
    usual = _usual(weeks)
    with np.errstate(all="ignore"):
        shares = np.where(usual != 0, weeks / usual, np.nan)
    whole = shares[np.isfinite(shares).all(axis=1)]
    if len(whole) < FEWEST_WEEKS:
        return None
    whole = whole / whole.mean(axis=0)
    length = max(1, min(BLOCK, round(span)))
    blocks = max(1, round(span / length))
    starts = np.random.default_rng(seed).integers(0, len(whole) - length + 1, size=(samples, blocks))
    sums = np.concatenate([np.zeros((1, whole.shape[1])), whole.cumsum(axis=0)])
    # Every run of weeks added up once; a leaf's draws lie side by side, for that is how they are used.
    runs = np.ascontiguousarray((sums[length:] - sums[:-length]).T) / (length * blocks)
    drawn: Floats = runs[:, starts[:, 0]]
    for block in range(1, blocks):
        drawn += runs[:, starts[:, block]]
    return drawn.T


def _usual(weeks: Floats) -> Floats:
    """The median of the weeks around each one."""
    half = TREND_WEEKS // 2
    padded = np.pad(weeks, ((half, half), (0, 0)), constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, TREND_WEEKS, axis=0)
    ranked = np.sort(around, axis=2)  # what is not known comes last
    count = np.isfinite(ranked).sum(axis=2)[..., None]
    low, high = (
        np.take_along_axis(ranked, np.maximum(place, 0), axis=2) for place in ((count - 1) // 2, count // 2)
    )
    found: Floats = np.where(count > 0, (low + np.where(count > 0, high, 0.0)) / 2, np.nan)[..., 0]
    return found
