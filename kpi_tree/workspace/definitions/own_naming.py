"""What people call the shop's own tables and columns, and what their numbers count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kpi_tree.catalogue.own.faults import one_of
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import LANGUAGES, msg
from kpi_tree.nearest import did_you_mean
from kpi_tree.records.tables import Table, table_from
from kpi_tree.store import Home, own_tables
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb

MAX_NAME = 80
_UNITS: Mapping[str, tuple[str, ...]] = {
    "integer": ("minutes", "hours", "days"),
    "number": ("percent", "minutes", "hours", "days"),
    "quantity": ("money", "percent", "minutes", "hours", "days"),
    "money": ("money",),
}
"""Type of a column → what its numbers may count; money is kept exactly, as quantities are."""
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Naming:
    """New names: language → name, empty to take one back. What is not named stays as it is.

    Attributes:
        columns: column → its names; ``units``: column → what it counts, empty for a bare number.
    """

    table: Names = field(default_factory=dict)
    columns: Mapping[str, Names] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def units_of(kind: str, now: str | None) -> tuple[str, ...]:
    """What the numbers of a column may count; a column read as a duration stays in seconds.

    >>> units_of("integer", None), units_of("number", "seconds"), units_of("text", None)
    (('minutes', 'hours', 'days'), ('seconds',), ())
    """
    return (now,) if now == "seconds" else _UNITS.get(kind, ())


@verb
def name_table(
    home: Home,
    who: Asker,
    table: str,
    naming: Naming,
    *,
    based_on: int | None = None,
    now: datetime | None = None,
) -> Table:
    """Name one of the shop's own tables, its columns and their units, for people; files still fit by header.

    Args:
        based_on: the table's revision that the person saw.

    Raises:
        NotFound: no such table or column; the nearest is named.
        Refused: a name is too long, or the column cannot count that.
        Conflict: somebody else named it meanwhile.
    """
    known = {one.name: one for one in own_tables.every(home)}
    if table not in known:
        raise NotFound(
            msg("There is no table of your own with this name."),
            place=table[:80],
            remedy=did_you_mean(table, known, msg("List the tables to see their names.")),
        )
    before = known[table]
    spec = _named(table, before.spec, naming)
    based = before.revision if based_on is None else based_on
    own_tables.describe(home, table, spec, who=who.name, now=moment(now), based_on=based)
    return table_from(table, spec)


def _named(table: str, before: Mapping[str, Any], naming: Naming) -> dict[str, Any]:
    columns = dict(before["columns"])
    _check_columns(table, {*naming.columns, *naming.units}, columns)
    for name, words in naming.columns.items():
        columns[name] = _with_names(columns[name], words, f"{table}.{name}")
    for name, unit in naming.units.items():
        columns[name] = _with_unit(columns[name], unit, f"{table}.{name}")
    return _with_names({**before, "columns": columns}, naming.table, table)


def _check_columns(table: str, asked: Collection[str], known: Collection[str]) -> None:
    for name in asked:
        if name not in known:
            raise NotFound(
                msg("{table} has no column {name}.", table=table, name=name[:60]),
                place=f"{table}.{name[:60]}",
                remedy=one_of(name, known),
            )


def _with_names(spec: Mapping[str, Any], words: Names, place: str) -> dict[str, Any]:
    names = dict(spec.get("names") or {})
    for lang, said in words.items():
        name = " ".join(said.split())
        if lang not in LANGUAGES:
            raise Refused(
                msg("There is no language {name}.", name=lang[:20]),
                place=place,
                remedy=msg("The languages are: {names}.", names=", ".join(LANGUAGES)),
            )
        if len(name) > MAX_NAME or not name.isprintable():
            raise Refused(
                msg("A name has at most {n} letters, and only such that can be seen.", n=MAX_NAME),
                place=place,
                remedy=msg("Shorten it."),
            )
        names[lang] = name
    kept = {lang: names[lang] for lang in LANGUAGES if names.get(lang)}
    return {
        **{key: value for key, value in spec.items() if key != "names"},
        **({"names": kept} if kept else {}),
    }


def _with_unit(spec: Mapping[str, Any], unit: str, place: str) -> dict[str, Any]:
    kind, now = spec["type"], spec.get("unit")
    may = units_of(kind, now)
    if unit not in ("", *may) or (now == "seconds" and unit != now):
        raise Refused(
            msg("This column cannot count {unit}.", unit=unit[:30] or msg("a bare number")),
            place=place,
            remedy=msg("It may count: {names}.", names=", ".join(may))
            if may
            else msg("Only a column of numbers counts something."),
        )
    # Money and quantities are kept alike, to the fourth decimal: one may become the other.
    if kind in ("money", "quantity"):
        return {**_without_unit(spec), "type": "money" if unit == "money" else "quantity",
                **({"unit": unit} if unit not in ("", "money") else {})}  # fmt: skip
    return {**_without_unit(spec), **({"unit": unit} if unit else {})}


def _without_unit(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key != "unit"}
