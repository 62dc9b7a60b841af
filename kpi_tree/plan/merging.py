"""A tree that was read from a form of a plan, taken as the changes that were made to that form.

A form shows a plan in its own way: it numbers boxes from its first line on, writes a formula's parts before
other children, and leaves much out. So what was read is compared with what the same form shows of the plan as
it stands, and only where these two differ does the plan change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from math import isclose
from typing import Any, TypeVar

from kpi_tree.plan.model import Edge, Node, Plan, Target

_Part = TypeVar("_Part", Node, Edge, Target)
_SHEET_DIGITS = 1e-12
"""How near two numbers are that a spreadsheet, which keeps fifteen digits, takes for the same."""


def merged(base: Plan, seen: Plan, read: Plan) -> Plan:
    """The plan with the changes that were made to one of its forms.

    Args:
        base: the plan as it stands.
        seen: what its form says when it is read back unchanged.
        read: what was read.

    >>> a, b, c = Node("a", "kgi", "A"), Node("b", order=5.0, notes="Mine"), Node("c", order=7.0)
    >>> links = {("a", child): Edge("a", child) for child in "bc"}
    >>> base = Plan("p", nodes={"a": a, "b": b, "c": c}, links=links)
    >>> seen = base.with_(nodes={"a": a, "b": Node("b", order=1.0), "c": Node("c", order=2.0)})
    >>> merged(base, seen, seen) == base
    True
    >>> swapped = seen.with_(nodes={**seen.nodes, "b": Node("b", order=3.0)})
    >>> made = merged(base, seen, swapped)
    >>> made.children("a"), made.nodes["b"].notes, made.nodes["c"].order
    (['c', 'b'], 'Mine', 2.0)
    """
    nodes = {key: _part(key, node, base.nodes, seen.nodes) for key, node in read.nodes.items()}
    nodes |= {key: one for key, one in base.nodes.items() if key not in seen.nodes and key not in nodes}
    links = {
        key: _part(key, edge, base.links, seen.links)
        for key, edge in read.links.items()
        if key in base.links or seen.links.get(key) != edge  # else a line that only the form draws
    }
    links |= {
        key: edge
        for key, edge in base.links.items()
        if key not in seen.links and key not in links and set(key) <= nodes.keys()
    }
    targets = {key: _part(key, one, base.targets, seen.targets) for key, one in read.targets.items()}
    targets |= {
        key: one
        for key, one in base.targets.items()
        if key not in seen.targets and key not in targets and one.node in nodes
    }
    orders = _orders(base, seen, read)
    return base.with_(
        name=base.name if read.name == seen.name else read.name,
        nodes={key: replace(node, order=orders.get(key, node.order)) for key, node in nodes.items()},
        links=links,
        targets=targets,
    )


def _part(key: Any, read: _Part, base: Mapping[Any, _Part], seen: Mapping[Any, _Part]) -> _Part:
    """One box, line or target: as it stands, with the fields that the form no longer says the same of."""
    old, shown = base.get(key), seen.get(key)
    if old is None or shown is None:
        return read
    changed = {
        one.name: getattr(read, one.name)
        for one in fields(read)
        if one.name != "order" and not _same(getattr(read, one.name), getattr(shown, one.name))
    }
    return replace(old, **changed)


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return same_number(one, other)
    return one == other


def same_number(one: float, other: float) -> bool:
    """Whether two numbers are one number in a spreadsheet.

    >>> same_number(0.1 + 0.2, 0.3), same_number(1.0, 1.001)
    (True, False)
    """
    return isclose(one, other, rel_tol=_SHEET_DIGITS)


def _orders(base: Plan, seen: Plan, read: Plan) -> dict[str, float]:
    """The order number of each box that was read: its own, unless it is new here or changed places."""
    numbers = {key: base.nodes[key].order for key in read.nodes if key in base.nodes}
    rows: list[tuple[Sequence[str], Sequence[str]]] = [(seen.tops(), read.tops())]
    rows += [(_at_home(seen, parent), _at_home(read, parent)) for parent in read.nodes]
    for before, now in rows:
        _renumber(before, now, numbers)
    return numbers


def _at_home(plan: Plan, parent: str) -> list[str]:
    """The children that a form writes out below a box; below their other parents it only points at them."""
    if parent not in plan.nodes:
        return []
    return [child for child in plan.children(parent) if plan.parents(child)[0] == parent]


def _renumber(before: Sequence[str], now: Sequence[str], numbers: dict[str, float]) -> None:
    """Numbers for those among siblings that are new or changed places, between those beside them."""
    places = {node: at for at, node in enumerate(before)}
    stood = [node for node in now if node in places and node in numbers]
    stays = {stood[at] for at in _rising([places[node] for node in stood])}
    if len(stays) == len(now):
        return
    last, taken = -1.0, sorted(numbers[node] for node in stays)
    for at, node in enumerate(now):
        if node not in stays:
            later = next((numbers[one] for one in now[at + 1 :] if one in stays), None)
            numbers[node] = _between(last, later, taken, numbers.get(node))
        last = numbers[node]


def _between(last: float, later: float | None, taken: Sequence[float], old: float | None) -> float:
    """A number after ``last`` and before the next; the old one where it lies there already."""
    if later is None or later <= last:  # a formula's parts stand as it names them, whatever their numbers
        later = next((one for one in taken if one > last), None)
    if old is not None and last < old and (later is None or old < later):
        return old
    return last + 1 if later is None else (last + later) / 2


def _rising(places: Sequence[int]) -> list[int]:
    """Where the longest run of rising places stands: the fewest others have moved.

    >>> _rising([2, 0, 1, 3])
    [1, 2, 3]
    """
    tails: list[int] = []
    ends: list[int] = []
    above: list[int] = []
    for at, place in enumerate(places):
        size = bisect_left(tails, place)
        above.append(ends[size - 1] if size else -1)
        tails[size : size + 1] = [place]
        ends[size : size + 1] = [at]
    run: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(at)
        at = above[at]
    return run[::-1]
