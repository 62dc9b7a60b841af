"""What a person should know about an allocation: limits in the way, gaps in the formulas, other answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kpi_tree.allocation import Allocation, Conflict
from kpi_tree.i18n import Msg, Quantity, format_number, msg
from kpi_tree.issues import Issue
from kpi_tree.periods import Period
from kpi_tree.workspace.base.naming import NodeName

APART = 1e-4
"""How far, as a share, what was measured may lie from what formulas make before it is said."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A node as a message shows it."""

    unit: str | None
    currency: str | None
    words: NodeName

    def value(self, number: float, beside: float | None = None) -> Quantity:
        """A number in the node's unit."""
        return Quantity(number, self.unit, self.currency, beside=beside)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an allocation stands: node, value wanted, start, what was measured then, and notes."""

    root: str
    value: float
    base: Period
    measured: float
    notes: tuple[Msg, ...]


def issues_of(stand: Stand, made: Allocation, shown: Mapping[str, Shown]) -> list[Issue]:
    """All that is to be said, what stands in the way first."""
    top = shown[stand.root]
    found = _out_of_reach(stand, made, shown) if not made.feasible else []
    computed = made.base[stand.root]
    if _is_apart(stand.measured, computed):
        message = msg(
            "In {period} {name} was {measured}; its formulas make {computed}, and go on from there.",
            period=stand.base, name=top.words,
            measured=top.value(stand.measured, computed), computed=top.value(computed, stand.measured),
        )  # fmt: skip
        remedy = msg("Look at the formula: something in the number is not in the tree.")
        found.append(Issue("warning", "formula_gap", message, stand.root, remedy))
    if math.isclose(computed, stand.value, rel_tol=1e-9):
        message = msg(
            "{name} was at the target already in {period}: nothing has to move.",
            name=top.words,
            period=stand.base,
        )
        found.append(Issue("info", "met_already", message, stand.root))
    found += [Issue("info", "note", note, stand.root) for note in (*stand.notes, *made.notes)]
    if made.feasible and made.several:
        found.append(Issue("info", "several", _several(made), stand.root))
    return found


def _is_apart(measured: float, computed: float) -> bool:
    return math.isfinite(measured) and abs(measured - computed) > APART * max(abs(measured), 1e-12)


def _out_of_reach(stand: Stand, made: Allocation, shown: Mapping[str, Shown]) -> list[Issue]:
    top = shown[stand.root]
    message = msg(
        "Within the locks and bounds {name} comes to {reached}, not to {target}: {short} apart.",
        name=top.words, reached=top.value(made.reached, stand.value), target=top.value(stand.value),
        short=top.value(abs(made.reached - stand.value)),
    )  # fmt: skip
    remedy = msg("Loosen one of the limits below, or choose another target.")
    rest = [_in_the_way(one, shown[one.node]) for one in made.conflicts if one.node in shown]
    return [Issue("error", "out_of_reach", message, stand.root, remedy), *rest]


def _several(made: Allocation) -> Msg:
    if made.others:
        values = ", ".join(format_number(one) for one in made.others)
        return msg("Other values would do as well ({values}); chosen: {rule}.", values=values, rule=made.rule)
    return msg("Other values would reach the target as well; these were chosen so: {rule}.", rule=made.rule)


_LIMITS = {
    ("lock", True): msg("{name} is locked at {value}."),
    ("low", True): msg("{name} may not go below {value}."),
    ("high", True): msg("{name} may not go above {value}."),
    ("low", False): msg("{name} can never be below {value}."),
    ("high", False): msg("{name} can never be above {value}."),
}


def _in_the_way(conflict: Conflict, one: Shown) -> Issue:
    words = msg(_LIMITS[conflict.kind, conflict.own].id, name=one.words, value=one.value(conflict.value))
    remedy: Msg | None = None
    if conflict.own and conflict.needed is not None:
        needed = one.value(conflict.needed, conflict.value)
        remedy = msg("It would have to be {needed}, the others as they are here.", needed=needed)
    elif conflict.own:
        remedy = msg("Loosened alone it is not enough.")
    return Issue("warning", f"limit_{conflict.kind}", words, conflict.node, remedy)
