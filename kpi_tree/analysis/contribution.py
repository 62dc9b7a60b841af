"""Why a number changed, or missed: each driver's exact share of the difference.

The two states may be last period and this one, last year and this, or target and actual: the arithmetic
is the same. Contributions always add up to the difference shown; what the formula does not explain is a
line of its own.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kpi_tree.analysis.orders import Shared
from kpi_tree.analysis.trajectory import Floats
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

Formula = Callable[[Mapping[str, Floats]], Floats]
"""A formula over arrays of one length: one entry a state."""

MAX_DRIVERS = 16
"""Drivers that changed and stand in one formula: every further one doubles the states to be tried."""


@dataclass(frozen=True, slots=True)
class Share:
    """One driver's part of a difference.

    Attributes:
        id: the driver; parent: the node it stands under.
        value: its contribution to the top's difference; None where the formula has no value in between.
        share: of the top's difference; None where that is zero.
        unexplained: whether this is what ``parent``'s formula does not explain of its measured change.
        within: how far ``value`` may lie from the exact one; 0 where it is exact.
    """

    id: str
    parent: str
    value: float | None
    share: float | None
    unexplained: bool = False
    within: float = 0.0


def shapley(formula: Formula, before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Each name's Shapley value of the formula's change: its mean effect over every order of changing.

    With two factors this is the midpoint rule; with sums it is the plain difference.

    Returns:
        name → contribution; nan for all where a state in between has no value. They add up to
        ``formula(after) - formula(before)``.

    Raises:
        Refused: more than :data:`MAX_DRIVERS` drivers changed at once.

    >>> shapley(lambda v: v["orders"] * v["value"], {"orders": 10, "value": 5}, {"orders": 12, "value": 6})
    {'orders': 11.0, 'value': 11.0}
    """
    changed = [name for name in before if not _same(before[name], after[name])]
    if len(changed) > MAX_DRIVERS:
        raise Refused(
            msg("{n} drivers changed in one formula; at most {most} can be told apart.",
                n=len(changed), most=MAX_DRIVERS),
            remedy=msg("Put some of them under a node of their own."),
        )  # fmt: skip
    states = np.arange(1 << len(changed))
    values: dict[str, Floats] = {name: np.full(states.size, float(before[name])) for name in before}
    for place, name in enumerate(changed):
        values[name] = np.where(states >> place & 1, float(after[name]), float(before[name]))
    with np.errstate(all="ignore"):
        results = np.broadcast_to(np.asarray(formula(values), dtype=np.float64), states.shape)
    found = dict.fromkeys(before, 0.0)
    found.update(
        {name: _mean_effect(results, states, place, len(changed)) for place, name in enumerate(changed)}
    )
    return found


def _mean_effect(results: Floats, states: np.ndarray, place: int, count: int) -> float:
    without = states[(states >> place & 1) == 0]
    sizes = np.array([int(state).bit_count() for state in without])
    weights = np.array([1 / (count * math.comb(count - 1, size)) for size in range(count)])
    effects = results[without | 1 << place] - results[without]
    return float((weights[sizes] * effects).sum())


Split = Callable[[Mapping[str, float], Mapping[str, float]], Shared]
"""Two states into each name's part of the difference."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A node that a formula explains: its children, the formula over them, and how it is split if not by
    :func:`shapley` of the whole."""

    children: tuple[str, ...]
    formula: Formula
    split: Split | None = None


def explain(
    top: str, branches: Mapping[str, Branch], before: Mapping[str, float], after: Mapping[str, float]
) -> list[Share]:
    """The top's difference, down the tree.

    A child's contribution is split among its own children as their own formula splits it, so that what
    stands under a node, its unexplained line included, adds up to what stands on it.

    Args:
        branches: node → how it is made up; nodes not in it are leaves.
        before, after: every node's value in the two states.

    Returns:
        parents before children; the top itself is not in it.
    """
    total = after[top] - before[top]
    found: list[Share] = []
    pending: deque[tuple[str, float | None]] = deque([(top, total)])
    while pending:
        node, carried = pending.popleft()
        branch = branches.get(node)
        if branch is None:
            continue
        old, new = ({name: state[name] for name in branch.children} for state in (before, after))
        own = after[node] - before[node]
        made = branch.split(old, new) if branch.split else Shared(shapley(branch.formula, old, new))
        rest = own - math.fsum(made.values.values())
        within = abs(_scaled(made.within, carried, own) or 0.0) if made.within else 0.0
        for child, part in [*made.values.items(), ("", rest)]:
            value = _scaled(part, carried, own)
            if child:
                found.append(Share(child, node, value, _ratio(value, total), within=within))
                pending.append((child, value))
            elif value is None or not _nothing(rest, own, before[node], after[node]):
                found.append(Share(node, node, value, _ratio(value, total), unexplained=True))
    return found


def mean_of(one: Sequence[Share], other: Sequence[Share]) -> list[Share]:
    """The mean of two explanations of one tree; a line that stands in one only is nothing in the other.

    >>> made = mean_of([Share("a", "t", 2.0, None)], [Share("a", "t", 4.0, None)])
    >>> [(share.id, share.value) for share in made]
    [('a', 3.0)]
    """
    found: dict[tuple[str, str, bool], list[Share]] = {}
    for share in (*one, *other):
        found.setdefault((share.parent, share.id, share.unexplained), []).append(share)
    made = []
    for shares in found.values():
        values = [share.value for share in shares if share.value is not None]
        value = sum(values) / 2 if len(values) == len(shares) else None
        within = sum(share.within for share in shares) / 2
        made.append(replace(shares[0], value=value, share=None, within=within))
    return made


def _scaled(part: float, carried: float | None, own: float) -> float | None:
    """A part of a node's own change, in the size that the node's change has at the top."""
    if carried is None or not math.isfinite(part):
        return None
    if _same(carried, own):
        return part
    return part * carried / own if own else 0.0


def _nothing(rest: float, own: float, *sizes: float) -> bool:
    return abs(rest) <= 1e-9 * max(abs(own), *(abs(size) for size in sizes))


def _ratio(value: float | None, total: float) -> float | None:
    return None if value is None or not total else value / total


def lmdi(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float] | None:
    """A product's change by its factors, in logarithms: "×1.92 = 1.58 × 1.72 × 0.70" in amounts.

    None where a factor is zero or below, which has no logarithm.

    >>> parts = lmdi({"orders": 10, "value": 5}, {"orders": 12, "value": 6})
    >>> round(sum(parts.values()), 9)
    22.0
    """
    if any(not 0 < value < math.inf for state in (before, after) for value in state.values()):
        return None
    old, new = math.prod(before.values()), math.prod(after.values())
    weight = old if _same(old, new) else (new - old) / math.log(new / old)
    return {name: weight * math.log(after[name] / before[name]) for name in before}


@dataclass(frozen=True, slots=True)
class MixRate:
    """A segment's part of a ratio's change: because its weight moved, and because its own ratio did."""

    segment: str
    mix: float
    rate: float


def mix_and_rate(
    segments: Sequence[str],
    before: Sequence[tuple[float, float]],
    after: Sequence[tuple[float, float]],
) -> list[MixRate] | None:
    """A ratio's change by segment, centred: more weight only helps where the ratio is above the whole's.

    Args:
        before, after: (numerator, denominator) of each segment.

    Returns:
        parts that add up to the ratio's change; None where a whole denominator is zero. A segment that
        is there in one state only counts as mix.

    >>> parts = mix_and_rate(["a", "b"], [(1, 10), (4, 10)], [(2, 20), (4, 10)])
    >>> [(part.segment, round(part.mix, 4), part.rate) for part in parts]
    [('a', -0.0208, 0.0), ('b', -0.0292, 0.0)]
    """
    old, new = (np.asarray(state, dtype=np.float64).reshape(-1, 2) for state in (before, after))
    if not old[:, 1].sum() or not new[:, 1].sum():
        return None
    weights = [state[:, 1] / state[:, 1].sum() for state in (old, new)]
    with np.errstate(all="ignore"):
        rates = [state[:, 0] / state[:, 1] for state in (old, new)]
    missing = [~np.isfinite(rate) for rate in rates]
    # Where a segment is missing it had no ratio of its own to change.
    first = np.where(missing[0], np.where(missing[1], 0.0, rates[1]), rates[0])
    second = np.where(missing[1], first, rates[1])
    whole = (old[:, 0].sum() / old[:, 1].sum() + new[:, 0].sum() / new[:, 1].sum()) / 2
    rate = (weights[0] + weights[1]) / 2 * (second - first)
    mix = (weights[1] - weights[0]) * ((first + second) / 2 - whole)
    return [MixRate(s, float(m), float(r)) for s, m, r in zip(segments, mix, rate, strict=True)]


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))
