"""How a shop's own definitions are computed: each kind turned into facts, queries and measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kpi_tree.catalogue.load import Definitions, definitions
from kpi_tree.catalogue.own.check import check, uses
from kpi_tree.catalogue.own.faults import Fault
from kpi_tree.catalogue.own.model import Checked
from kpi_tree.catalogue.own.text import Entry
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.metrics.kinds.build import build
from kpi_tree.metrics.kinds.sources import Sources, fact_of_own
from kpi_tree.periods import Calendar
from kpi_tree.records.tables import Table, tables

__all__ = ["Assembled", "added", "assemble", "reserved_names", "with_tables"]
RESERVED = ("order_table", "observations", "quarantine", "spine")
"""Names that mean something else where the name of a table stands."""


@dataclass
class Assembled:
    """Definitions with a shop's own beside them, those that were added, and every fault of the others."""

    definitions: Definitions
    added: dict[str, Checked] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def reserved_names() -> frozenset[str]:
    """Names that a table of the shop's own cannot have: those of relations and queries of ours."""
    built_in = definitions()
    return frozenset({*RESERVED, *built_in.facts, *built_in.queries})


def with_tables(base: Definitions, own_tables: Mapping[str, Table]) -> Definitions:
    """The definitions with the shop's own tables as relations to compute from."""
    facts = {name: fact_of_own(one) for name, one in own_tables.items() if one.time}
    return replace(base, facts={**base.facts, **facts})


def assemble(
    base: Definitions, entries: Sequence[Entry], own_tables: Mapping[str, Table], calendar: Calendar
) -> Assembled:
    """Definitions put together, whatever order they stand in; each faulty one is named and left out.

    Args:
        base: what they may speak of: the built-in definitions, and own ones that are there already.
        own_tables: the shop's own tables.
    """
    sources = Sources(base, {**tables(), **own_tables})
    made = Assembled(with_tables(base, own_tables), issues=_twice(entries))
    waiting = {entry.place: entry for entry in entries}
    while waiting:
        ready = [name for name, entry in waiting.items() if not uses(entry.spec) & waiting.keys() - {name}]
        circle = not ready
        for name in ready or list(waiting):
            entry = waiting.pop(name)
            if circle:
                made.issues.append(_in_circle(name))
            checked, issues = check(
                entry, sources, made.definitions.kpis, [*waiting, *_faulty(entries, made)]
            )
            made.issues += issues
            needed = uses(entry.spec) <= made.definitions.kpis.keys()
            if checked is None or circle or not needed:
                continue
            grown, issues = build(checked, made.definitions, calendar)
            made.issues += issues
            if grown is not None:
                made.definitions = grown
                made.added[name] = checked
    return made


def _faulty(entries: Sequence[Entry], made: Assembled) -> list[str]:
    """Ids of the same file that are not known for a fault of their own: they are not called unknown."""
    return [entry.place for entry in entries if entry.place not in made.definitions.kpis]


def _twice(entries: Sequence[Entry]) -> list[Issue]:
    places = [entry.place for entry in entries]
    return [
        Fault("twice", msg("{name} is defined twice.", name=name), msg("Keep one of them.")).at(f"{name}.id")
        for name in dict.fromkeys(places)
        if places.count(name) > 1
    ]


def _in_circle(name: str) -> Issue:
    text = msg("{name} is made from itself, through others.", name=name)
    return Fault("circle", text, msg("Take one of the KPIs out of the circle.")).at(name)


def added(
    base: Definitions,
    specs: Mapping[str, Mapping[str, Any]],
    own_tables: Mapping[str, Table],
    calendar: Calendar,
) -> Definitions:
    """The definitions with a shop's own beside the built-in ones; one that no longer fits is left out."""
    entries = [Entry(name, spec) for name, spec in specs.items()]
    if not entries:
        return with_tables(base, own_tables)
    return assemble(base, entries, own_tables, calendar).definitions
