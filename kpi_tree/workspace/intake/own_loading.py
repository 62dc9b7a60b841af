"""Files that fill a table of the shop's own, or make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import KpiTreeError
from kpi_tree.ingest.lookup import headers
from kpi_tree.ingest.own.own_design import Design, check_name
from kpi_tree.ingest.own.own_table import Wish, design_of, read_own
from kpi_tree.records.tables import Table
from kpi_tree.steps import Watch
from kpi_tree.store import Home, own_tables
from kpi_tree.store.batches import NewTable
from kpi_tree.workspace.base.own import own_tables_of, tables_of


@dataclass(frozen=True, slots=True)
class OwnTables:
    """The shop's own tables that a load speaks of, the one that it makes among them."""

    known: Mapping[str, Table] = field(default_factory=dict)
    design: Design | None = None

    def of(self, name: str) -> Table | str:
        """A table of the shop's own; the name of any other."""
        return self.known.get(name, name)

    @property
    def makes(self) -> NewTable | None:
        """What has to be kept so that the table is there."""
        if self.design is None:
            return None
        return NewTable(self.design.table.name, self.design.spec, self.design.fingerprint)


def designed(
    home: Home, source: Path | bytes, name: str, wish: Wish | None, mapping: Mapping[str, Any] | str | None
) -> OwnTables:
    """The shop's own tables, with the one that is asked for.

    Raises:
        Refused: it cannot have that name, or the file makes no table.
    """
    known = own_tables_of(home)
    if wish is None:
        return OwnTables(known)
    from kpi_tree.metrics.kinds import reserved_names  # with its SQL parser: others need not wait

    check_name(wish.name, tables_of(home), reserved_names())
    options = None if isinstance(mapping, str) else mapping
    made = design_of(source, name, wish, mapping=options)
    return OwnTables({**known, made.table.name: made.table}, made)


def table_for(
    home: Home, source: Path | bytes, name: str, mapping: Mapping[str, Any] | None = None
) -> str | None:
    """The own table that was made from a file with the same headers, if there is one.

    Args:
        mapping: says which of several tables of the file is meant.
    """
    known = own_tables.every(home)
    if not known:
        return None
    try:
        section = ((mapping or {}).get("options") or {}).get("section")
        mark = ingest.fingerprint(headers(source, name, section=section))
    except KpiTreeError:
        return None
    return next((one.name for one in known if one.fingerprint == mark), None)


def read_into(
    table: Table,
    source: Path | bytes,
    name: str,
    mapping: Mapping[str, Any] | None,
    timezone: str,
    watch: Watch,
) -> ingest.Reading:
    """Read a file into one of the shop's own tables."""
    return read_own(source, name, table, mapping=mapping, timezone=timezone, watch=watch)


def inspected(
    table: str, source: Path | bytes, name: str, mapping: Mapping[str, Any] | None
) -> ingest.Inspection:
    """What reading a file found, that fills one of the shop's own tables."""
    options = {"options": dict((mapping or {}).get("options") or {})}
    found = ingest.inspect(source, name, mapping=options)
    found.table, found.known, found.layout, found.mapping = table, True, None, None
    found.issues = [issue for issue in found.issues if issue.code != "unknown_layout"]
    return found
