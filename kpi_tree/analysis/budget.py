"""Which of several actions to take under a budget and hours: the best set, exactly, and what more would buy.

The sum of the single gains is what is maximised (a linear view of a tree that is not linear); the caller
puts the set found through the formulas again and says the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from kpi_tree.analysis.quiet import quiet

Floats = npt.NDArray[np.float64]

STEP = 1e-5
"""A gain counts as more from this share of the largest on: ten times the solver's own tolerance."""

FEW = 14
"""Candidates up to which the curve is read from all their sets, which takes no time."""

MOST_STEPS = 24
"""Points of the curve of more that are found one by one; beyond, it is laid through :data:`GRID` budgets."""

GRID = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """An action to choose or leave.

    Attributes:
        gain: what it adds alone, in the goal's unit, above zero where it is better. cost: money.
        hours: of ``owner``'s time. needs, excludes: ids of others that must, or must not, come with it.
        must: it has to be in.
    """

    id: str
    gain: float
    cost: float = 0.0
    hours: float = 0.0
    owner: str = ""
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    must: bool = False


@dataclass(frozen=True)
class Limits:
    """What there is: money, hours in all, hours of single owners; None has no bound."""

    budget: float | None = None
    hours: float | None = None
    hours_of: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A set of actions: their ids in the order given, and what they add and take together."""

    ids: tuple[str, ...]
    gain: float
    cost: float
    hours: float


def best(candidates: Sequence[Candidate], limits: Limits) -> Chosen | None:
    """The set with the highest sum of gains, and of those the cheapest; None where no set fits.

    What needs an action that is not among the candidates cannot be chosen.

    >>> a, b = Candidate("a", 10, cost=6), Candidate("b", 9, cost=5)
    >>> c = Candidate("c", 4, cost=4, needs=("b",))
    >>> best([a, b, c], Limits(budget=10)).ids
    ('b', 'c')
    """
    if not candidates:
        return Chosen((), 0.0, 0.0, 0.0)
    model = _Model(candidates, limits)
    most = model.solve(-model.gains, model.rows)
    if most is None:
        return None
    cheapest = model.solve(
        model.costs, [*model.rows, (model.gains, float(model.gains @ most) - STEP / 2, np.inf)]
    )
    return model.chosen(most if cheapest is None else cheapest)


def next_step(candidates: Sequence[Candidate], limits: Limits, gain: float) -> Chosen | None:
    """The cheapest set that adds more than ``gain``, whatever the budget; None where none does."""
    if not candidates:
        return None
    model = _Model(candidates, Limits(None, limits.hours, limits.hours_of))
    above = (model.gains, gain / model.scale + STEP, np.inf)
    cheapest = model.solve(model.costs, [*model.rows, above])
    if cheapest is None:
        return None
    within = (model.costs, -np.inf, float(model.costs @ cheapest) + STEP / 10)
    most = model.solve(-model.gains, [*model.rows, within])
    return model.chosen(cheapest if most is None else most)


def curve(candidates: Sequence[Candidate], limits: Limits) -> list[Chosen]:
    """The best set for each budget at which it becomes a better one, from nothing up to all that helps.

    Hours stay bound as ``limits`` says; its budget is left out.

    >>> [(one.cost, one.gain) for one in curve([Candidate("a", 10, 6), Candidate("b", 9, 5)], Limits())]
    [(0.0, 0.0), (5.0, 9.0), (6.0, 10.0), (11.0, 19.0)]
    """
    return _all_sets(candidates, limits) if len(candidates) <= FEW else by_steps(candidates, limits)


def _all_sets(candidates: Sequence[Candidate], limits: Limits) -> list[Chosen]:
    """The curve from every set there is."""
    if not candidates:
        return [Chosen((), 0.0, 0.0, 0.0)]
    model = _Model(candidates, Limits(None, limits.hours, limits.hours_of))
    size = len(candidates)
    sets = ((np.arange(2**size)[:, None] >> np.arange(size)) & 1).astype(np.float64)
    fits = ((sets >= model.low) & (sets <= model.high)).all(axis=1)
    for row, low, high in model.rows:
        total = sets @ row
        fits &= (total >= low - STEP / 10) & (total <= high + STEP / 10)
    sets = sets[fits]
    gains, costs = sets @ model.gains, np.round(sets @ model.costs, 12)
    found: list[Chosen] = []
    reached = -np.inf
    for place in np.lexsort((-gains, costs)):
        if gains[place] > reached + STEP:
            reached = gains[place]
            found.append(model.chosen(sets[place]))
    return found


def by_steps(candidates: Sequence[Candidate], limits: Limits) -> list[Chosen]:
    """The same curve from one better set to the next, for any number of candidates."""
    unbound = Limits(None, limits.hours, limits.hours_of)
    last = best(candidates, unbound)
    if last is None:
        return []
    first = best(candidates, Limits(0.0, limits.hours, limits.hours_of))
    found = [first] if first is not None else []
    at = first.gain if first is not None else -np.inf
    while len(found) < MOST_STEPS:
        step = next_step(candidates, limits, at) if np.isfinite(at) else _cheapest(candidates, limits)
        if step is None:
            return found
        found.append(step)
        at = step.gain
    for budget in np.linspace(found[-1].cost, last.cost, GRID + 1)[1:]:
        step = best(candidates, Limits(float(budget), limits.hours, limits.hours_of))
        if step is not None and step.gain > found[-1].gain:
            found.append(step)
    return found


def _cheapest(candidates: Sequence[Candidate], limits: Limits) -> Chosen | None:
    """The least that what must be in costs, and the best set for that much."""
    model = _Model(candidates, Limits(None, limits.hours, limits.hours_of))
    found = model.solve(model.costs, model.rows)
    if found is None:
        return None
    return best(candidates, Limits(model.chosen(found).cost, limits.hours, limits.hours_of))


Row = tuple[Floats, float, float]


class _Model:
    """The choice as whole numbers 0 and 1; gains scaled so that the largest is 1."""

    def __init__(self, candidates: Sequence[Candidate], limits: Limits) -> None:
        self.candidates = candidates
        gains = np.array([one.gain for one in candidates], dtype=np.float64)
        self.scale = float(np.abs(gains).max()) or 1.0
        self.gains = gains / self.scale
        costs = np.array([one.cost for one in candidates], dtype=np.float64)
        self.dearest = float(costs.max()) or 1.0
        self.costs = costs / self.dearest
        self.place = {one.id: n for n, one in enumerate(candidates)}
        self.rows: list[Row] = [*self._bounds(limits), *self._ties()]
        self.low = np.array([1.0 if one.must else 0.0 for one in candidates])
        self.high = np.array([float(all(name in self.place for name in one.needs)) for one in candidates])

    def _bounds(self, limits: Limits) -> list[Row]:
        hours = np.array([one.hours for one in self.candidates], dtype=np.float64)
        size = float(hours.max()) or 1.0
        found: list[Row] = []
        if limits.budget is not None:
            found.append((self.costs, -np.inf, limits.budget / self.dearest))
        if limits.hours is not None:
            found.append((hours / size, -np.inf, limits.hours / size))
        for owner, most in limits.hours_of.items():
            own = np.array([one.owner == owner for one in self.candidates])
            found.append((np.where(own, hours, 0.0) / size, -np.inf, most / size))
        return found

    def _ties(self) -> list[Row]:
        found: list[Row] = []
        for n, one in enumerate(self.candidates):
            for other in one.needs:
                if other in self.place and other != one.id:
                    found.append((self._row({n: 1.0, self.place[other]: -1.0}), -np.inf, 0.0))
            for other in one.excludes:
                if other in self.place and other != one.id:
                    found.append((self._row({n: 1.0, self.place[other]: 1.0}), -np.inf, 1.0))
        return found

    def _row(self, parts: Mapping[int, float]) -> Floats:
        row = np.zeros(len(self.candidates))
        for place, value in parts.items():
            row[place] += value
        return row

    def solve(self, objective: Floats, rows: Sequence[Row]) -> Floats | None:
        """The 0s and 1s that make the objective least; None where nothing fits."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        if (self.low > self.high).any():
            return None
        ties = (
            [LinearConstraint(np.stack([row for row, _, _ in rows]), [low for _, low, _ in rows],
                              [high for _, _, high in rows])]
            if rows
            else []
        )  # fmt: skip
        with quiet():
            found = milp(
                objective,
                integrality=np.ones(len(objective)),
                bounds=Bounds(self.low, self.high),
                constraints=ties,
                options={"mip_rel_gap": 0.0},
            )
        return None if found.x is None else np.round(found.x)

    def chosen(self, picked: Floats) -> Chosen:
        """The set in the units that were given."""
        ones = [one for one, taken in zip(self.candidates, picked, strict=True) if taken > 0.5]
        return Chosen(
            tuple(one.id for one in ones),
            float(sum(one.gain for one in ones)),
            float(sum(one.cost for one in ones)),
            float(sum(one.hours for one in ones)),
        )
