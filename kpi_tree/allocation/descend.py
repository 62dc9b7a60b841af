"""A target laid down a tree by arithmetic: each formula hands what it has to become to its own parts.

Sums hand out the change: by size, by room, by effort, or equally. Products hand out the growth in the same
way, as logarithms, so that ``growth = growth of a × growth of b``. Each part takes what lies between its ends
and the others take the rest; because the ends of a whole follow from those of its parts, nothing is left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kpi_tree.allocation.intervals import BrokenError
from kpi_tree.allocation.model import By, Task
from kpi_tree.allocation.parts import Part, Parts, room
from kpi_tree.allocation.sharing import Floats, share_out
from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Number, Percent, Product, Sum

Weights = tuple[Floats, Floats]
"""Whom a change is shared out to first, and whom it comes to where the first are at their ends."""

FARTHEST_LOG = 7.0
"""Room for growth beyond which more room counts no more: a thousandfold."""


class Descent:
    """One target on its way down.

    Attributes:
        found: node → what it has to become, filled by :meth:`run`.
        several: whether somewhere one of several parts was chosen to move alone.
        roomless: whether somewhere the parts had not room enough in their own history.
    """

    def __init__(self, task: Task, parts: Parts) -> None:
        self.task, self.parts = task, parts
        self.found: dict[str, float] = {}
        self.several = self.roomless = False

    def run(self, target: float) -> dict[str, float]:
        """What every driver has to become for the root to be at the target.

        Raises:
            BrokenError: arithmetic finds no way; a search may.
        """
        self.found = {self.task.root: target}
        for node in reversed(list(self.task.formulas)):
            if node in self.found:
                self._hand(self.task.formulas[node], self.found[node])
        return {name: self.found.get(name, driver.base) for name, driver in self.task.drivers.items()}

    def _hand(self, expr: Expr, value: float) -> None:
        match expr:
            case Number():
                return
            case Name(name):
                low, high = self.parts.of[name].ends
                self.found[name] = min(max(value, low), high)
            case Neg(inner):
                self._hand(inner, -value)
            case Percent(inner):
                self._hand(inner, value * 100.0)
            case Sum(terms):
                self._sum([(1.0 if sign == "+" else -1.0, part) for sign, part in terms], value)
            case Call("sum", arguments):
                self._sum([(1.0, part) for part in arguments], value)
            case Call("mean", arguments):
                self._sum([(1.0, part) for part in arguments], value * len(arguments))
            case Call("min" | "max" as function, arguments):
                self._furthest(function, arguments, value)
            case Product(factors):
                self._product([(op == "*", part) for op, part in factors], value)
            case _:
                raise BrokenError

    # --- sums ----------------------------------------------------------------------------------------------

    def _sum(self, terms: Sequence[tuple[float, Expr]], value: float) -> None:
        known = [self.parts(part) for _, part in terms]
        signs = np.array([sign for sign, _ in terms])
        bases = np.array([part.base for part in known]) * signs
        change = value - float(bases.sum())
        lows = np.array([_signed(part, sign)[0] for part, sign in zip(known, signs, strict=True)]) - bases
        highs = np.array([_signed(part, sign)[1] for part, sign in zip(known, signs, strict=True)]) - bases
        rising = [bool(sign * change > 0) for sign in signs]
        rooms = [room(part, up) for part, up in zip(known, rising, strict=True)]
        moves = self._shared(change, self._sum_weights(known, rising), rooms, lows, highs)
        wanted = bases + moves
        _settle(wanted, lows + bases, highs + bases, value)
        for (sign, part), one in zip(terms, wanted, strict=True):
            self._hand(part, float(one * sign))

    def _sum_weights(self, known: Sequence[Part], rising: Sequence[bool]) -> Weights:
        free = np.array([float(part.free > 0) for part in known])
        sizes = np.array([abs(part.base) for part in known]) * free
        by: By = self.task.by
        if by == "equal":
            sizes = free
        elif by == "effort":
            sizes = np.multiply(sizes, [part.weight / max(part.free, 1) for part in known])
        return _willing_first(sizes if sizes.any() else free, known, rising)

    def _shared(
        self, total: float, weights: Weights, rooms: Sequence[float], lows: Floats, highs: Floats
    ) -> Floats:
        """The moves by weights; by headroom each goes towards its best first, and what is left by weights."""
        if self.task.by != "headroom" or not total:
            return share_out(total, *weights, lows, highs)
        side = np.sign(total)
        first = np.clip(np.multiply(rooms, weights[1] > 0) * side, lows, highs)
        if abs(first.sum()) >= abs(total) and first.sum() * side > 0:
            return share_out(total, np.abs(first), weights[1], lows, highs)
        self.roomless = True
        rest = share_out(total - float(first.sum()), *weights, lows - first, highs - first)
        moves: Floats = first + rest
        return moves

    # --- products ------------------------------------------------------------------------------------------

    def _product(self, factors: Sequence[tuple[bool, Expr]], value: float) -> None:
        known = [self.parts(part) for _, part in factors]
        above = [straight for straight, _ in factors]
        wanted = self._by_growth(known, above, value) or self._by_one(known, above, value)
        if wanted is None:
            raise BrokenError
        for (_, part), one in zip(factors, wanted, strict=True):
            self._hand(part, one)

    def _by_growth(self, known: Sequence[Part], above: Sequence[bool], value: float) -> list[float] | None:
        """The growth shared out as logarithms; None where there is none, as from zero or across it."""
        bases = [part.base for part in known]
        whole = _multiplied(bases, above)
        if not value or not math.isfinite(whole) or whole * value <= 0 or 0 in bases:
            return None
        growth = math.log(value / whole)
        turned = [1.0 if straight else -1.0 for straight in above]
        logs = [_log_ends(part, turn) for part, turn in zip(known, turned, strict=True)]
        if any(ends is None for ends in logs):
            return None
        lows, highs = (np.array([ends[n] for ends in logs if ends]) for n in (0, 1))
        if not lows.sum() - 1e-9 <= growth <= highs.sum() + 1e-9:
            return None
        rising = [turn * growth * part.base > 0 for part, turn in zip(known, turned, strict=True)]
        rooms = [_log_room(part, up) for part, up in zip(known, rising, strict=True)]
        shares = self._shared(growth, self._growth_weights(known, rising), rooms, lows, highs)
        wanted = [
            min(max(part.base * math.exp(share * turn), part.ends[0]), part.ends[1])
            for part, share, turn in zip(known, shares, turned, strict=True)
        ]
        return _settled(wanted, known, above, value)

    def _growth_weights(self, known: Sequence[Part], rising: Sequence[bool]) -> Weights:
        by: By = self.task.by
        if by == "effort":
            weights = np.array([part.weight for part in known])
        elif by == "equal":
            weights = np.array([float(part.free > 0) for part in known])
        else:
            weights = np.array([float(part.free) for part in known])
        return _willing_first(weights, known, rising)

    def _by_one(self, known: Sequence[Part], above: Sequence[bool], value: float) -> list[float] | None:
        """One factor moved alone, the others where they are: from zero, to zero, or to the other sign."""
        held = [min(max(part.base, part.ends[0]), part.ends[1]) for part in known]
        if math.isclose(_multiplied(held, above), value, rel_tol=1e-12):
            return held
        ways: list[tuple[float, int, float]] = []
        for n, part in enumerate(known):
            rest = _multiplied([one for m, one in enumerate(held) if m != n],
                               [one for m, one in enumerate(above) if m != n])  # fmt: skip
            need = _needed(value, rest, above[n])
            if need is not None and part.ends[0] <= need <= part.ends[1]:
                far = abs(need - part.base) / (abs(part.base) or math.inf)
                ways.append((far, n, need))
        if not ways:
            return None
        self.several = self.several or len(ways) > 1
        _, place, need = min(ways)
        held[place] = need
        return held

    # --- smallest and largest ------------------------------------------------------------------------------

    def _furthest(self, function: str, arguments: Sequence[Expr], value: float) -> None:
        """Only what has to move does: what lies beyond the value comes to it, else the nearest that can."""
        turn = 1.0 if function == "max" else -1.0
        known = [self.parts(part) for part in arguments]
        wanted = []
        for one in known:
            wish = min(one.base * turn, value * turn) * turn
            wanted.append(min(max(wish, one.ends[0]), one.ends[1]))
        if max(each * turn for each in wanted) < value * turn:
            able = [n for n, one in enumerate(known) if one.ends[0] <= value <= one.ends[1]]
            if not able:
                raise BrokenError
            self.several = self.several or len(able) > 1
            wanted[max(able, key=lambda n: known[n].base * turn)] = value
        for part, value_of_it in zip(arguments, wanted, strict=True):
            self._hand(part, value_of_it)


def _willing_first(weights: Floats, known: Sequence[Part], rising: Sequence[bool]) -> Weights:
    """The weights of those who are asked for better; all of them for where these are not enough."""
    willing = np.array([float(part.willing(up)) for part, up in zip(known, rising, strict=True)])
    first = weights * willing
    return (first, weights) if first.any() else (weights, weights)


def _signed(part: Part, sign: float) -> tuple[float, float]:
    low, high = part.ends
    return (low, high) if sign > 0 else (-high, -low)


def _settle(wanted: Floats, lows: Floats, highs: Floats, value: float) -> None:
    """Puts what rounding left of a sum on its largest part that has room."""
    left = value - math.fsum(wanted)
    if not left or abs(left) > 1e-6 * max(float(np.abs(wanted).max()), abs(value)):
        return
    for n in np.argsort(-np.abs(wanted)):
        if lows[n] <= wanted[n] + left <= highs[n]:
            wanted[n] += left
            return


def _multiplied(values: Sequence[float], above: Sequence[bool]) -> float:
    product = 1.0
    for one, straight in zip(values, above, strict=True):
        if not straight and one == 0:
            return math.nan
        product = product * one if straight else product / one
    return product


def _needed(value: float, rest: float, straight: bool) -> float | None:
    """What one factor has to be; None where nothing does it."""
    if not math.isfinite(rest) or rest == 0:
        return None
    if straight:
        return value / rest
    return rest / value if value else None


def _settled(
    wanted: list[float], known: Sequence[Part], above: Sequence[bool], value: float
) -> list[float] | None:
    """The factors with what rounding left of their product on one that has room."""
    if _multiplied(wanted, above) == value:
        return wanted
    for n in sorted(range(len(wanted)), key=lambda n: -known[n].free):
        rest = _multiplied([one for m, one in enumerate(wanted) if m != n],
                           [one for m, one in enumerate(above) if m != n])  # fmt: skip
        need = _needed(value, rest, above[n])
        if need is not None and known[n].ends[0] <= need <= known[n].ends[1]:
            wanted[n] = need
            return wanted
    return wanted


def _log_ends(part: Part, turn: float) -> tuple[float, float] | None:
    """How far a factor can grow, as logarithms, without changing its sign; None where its ends leave it."""
    low, high = part.ends
    near, far = (low, high) if part.base > 0 else (-high, -low)
    size = abs(part.base)
    if far <= 0:
        return None
    ends = (
        (-math.inf if near <= 0 else math.log(near / size)),
        (math.inf if math.isinf(far) else math.log(far / size)),
    )
    return ends if turn > 0 else (-ends[1], -ends[0])


def _log_room(part: Part, rising: bool) -> float:
    """Room to its own best, as a logarithm; ``rising`` says whether the value itself has to rise."""
    best = part.best[1] if rising else part.best[0]
    ratio = best / part.base if part.base else 1.0
    return FARTHEST_LOG if ratio <= 0 else min(abs(math.log(ratio)), FARTHEST_LOG)
