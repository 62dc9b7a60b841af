"""Lines and refunds that a file takes out of their orders: they count no more, and each has its place."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_tree.i18n import nmsg
from kpi_tree.ingest.text.beside import PART
from kpi_tree.issues import Issue
from kpi_tree.records.names import TableName
from kpi_tree.records.parquet import Rows
from kpi_tree.records.tables import tables
from kpi_tree.records.whole import Gone, gone
from kpi_tree.steps import Watch
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.workspace.intake.newness import Standing

TAKEN_OUT = "taken_out"


def told(home: Home, found: Mapping[str, Rows], where: Standing, place: str, watch: Watch) -> list[Issue]:
    """What a file that tells its orders whole takes out of them.

    Args:
        found: what it brings, by record table. where: its place in line.
    """
    active = kept.active_files(home)
    newer = {at for files in active.values() for at, batch, _ in files if batch in where.newer}
    issues = []
    for of in tables().values():
        if of.owner not in found or of.name not in active:
            continue
        files = {name: [(at, path) for at, _, path in active.get(name, ())] for name in (of.name, of.owner)}
        out = gone(of, found.get(of.name), found[of.owner], files[of.name], files[of.owner], newer, watch)
        if out.count:
            issues.append(_issue(home, of.name, out, place))
    return issues


def _issue(home: Home, table: str, out: Gone, place: str) -> Issue:
    batches = {one.place: one for one in kept.all_batches(home)}
    places = [f"{key} ({batches[at].file}, row {row % PART})" for at, row, key in out.places]
    words = nmsg(
        "{n} record of {table} is no longer in its order and counts no more: {places}",
        "{n} records of {table} are no longer in their orders and count no more: {places}",
        out.count,
        table=TableName(table),
        places=", ".join([*places, *(["…"] if out.count > len(places) else [])]),
    )
    remedy = nmsg(
        "It stays in the history. If this file only leaves it out, set the option whole to false.",
        "They stay in the history. If this file only leaves them out, set the option whole to false.",
        out.count,
    )
    return Issue("warning", TAKEN_OUT, words, place, remedy, None, None, None, out.count)
