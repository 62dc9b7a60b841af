"""The shop's own tables: listed, and taken away again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.own.own_design import Design, check_name, safe_name
from kpi_tree.ingest.own.own_table import Wish as Wish
from kpi_tree.ingest.own.own_table import design_of
from kpi_tree.metrics.kinds import reserved_names
from kpi_tree.records.tables import Table
from kpi_tree.store import Home, own_tables
from kpi_tree.store import batches as kept
from kpi_tree.store import own as kept_kpis
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.own import own_tables_of, tables_of
from kpi_tree.workspace.base.rights import Asker, verb


@dataclass(frozen=True, slots=True)
class OwnTableView:
    """One of the shop's own tables.

    Attributes:
        batches: how many active ones fill it.
        kpis: own KPIs that are made from it.
    """

    table: Table
    at: datetime
    who: str
    revision: int
    batches: int
    kpis: tuple[str, ...]

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON: ``title`` is what people call a table or column, ``label`` the header of its file."""
        return {
            "name": self.table.name,
            "title": self.table.title(lang),
            "key": list(self.table.key),
            "time": self.table.time,
            "columns": [
                {"name": one.name, "title": one.title(lang), "label": one.label or one.name,
                 "type": one.type, "unit": one.unit}
                for one in self.table.columns.values()
            ],
            "batches": self.batches,
            "kpis": list(self.kpis),
            "at": self.at.isoformat(),
            "who": self.who,
        }  # fmt: skip


@verb
def own_table_list(home: Home, who: Asker) -> list[OwnTableView]:  # noqa: ARG001
    """The shop's own tables, in the order they were made."""
    active, made = kept.active_files(home), own_tables_of(home)
    return [
        OwnTableView(
            made[one.name],
            one.at,
            one.who,
            one.revision,
            len(active.get(one.name, ())),
            _made_from(home, one.name),
        )
        for one in own_tables.every(home)
        if one.name in made
    ]


def _made_from(home: Home, table: str) -> tuple[str, ...]:
    return tuple(one.id for one in kept_kpis.kpis(home) if table in _tables(one.spec))


def _tables(spec: Mapping[str, Any]) -> set[str]:
    """Tables that a definition speaks of, wherever in it."""
    found = {str(spec["table"])} if isinstance(spec.get("table"), str) else set()
    for value in spec.values():
        if isinstance(value, Mapping):
            found |= _tables(value)
    return found


def free_name(home: Home, title: str) -> str:
    """A name that a new table may have, made of what people call it: small letters, digits and ``_``."""
    return safe_name(title[:40], "my_table", {*tables_of(home), *reserved_names()})[:40]


@verb
def design_table(
    home: Home,
    who: Asker,  # noqa: ARG001
    source: Path | str | bytes,
    name: str,
    wish: Wish | None = None,
    *,
    mapping: Mapping[str, Any] | None = None,
) -> Design:
    """The table that a file would make: its columns with their types, what names a row, when a row is of.

    Args:
        name: the file's own name.
        wish: without it the table is named after the file, by a name that is free.
        mapping: how the file is read, and which of its tables is meant.

    Raises:
        Refused: it cannot have that name, or the file makes no table.
    """
    if wish is None:
        wish = Wish(free_name(home, name.rpartition(".")[0] or name))
    check_name(wish.name, tables_of(home), reserved_names())
    return design_of(source, name, wish, mapping=mapping)


@verb
def drop_table(home: Home, who: Asker, table: str, *, now: datetime | None = None) -> None:
    """Take one of the shop's own tables away, once its batches are withdrawn.

    Bringing such a batch back brings the table back too.

    Raises:
        NotFound: there is no own table of this name.
        Refused: an own KPI is made from it, or an active batch fills it.
    """
    used = _made_from(home, table)
    if used:
        raise Refused(
            msg("{name} is made from it.", name=used[0]),
            place=table,
            remedy=msg("Remove or change that KPI first."),
        )
    own_tables.drop(home, table, who=who.name, now=moment(now))
