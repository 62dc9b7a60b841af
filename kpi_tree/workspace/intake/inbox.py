"""The inbox: look at a file, and load it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.own.own_table import Wish
from kpi_tree.steps import SILENT, Cancel, Progress, Watch
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.store.files import one_at_a_time, sha256_of
from kpi_tree.workspace.base.homes import current_settings, data_revision, moment
from kpi_tree.workspace.base.own import own_tables_of, tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.scope import filled_by, filled_in, part_of, refuse_others
from kpi_tree.workspace.base.types import Receipt, Settings
from kpi_tree.workspace.figuring.measured import measured_of
from kpi_tree.workspace.intake.filereading import (
    Said,
    Source,
    opened_source,
    read_as,
    settled,
    shown_name,
    what_was_said,
)
from kpi_tree.workspace.intake.inbox_receipt import NothingUsableError, receipt_of, repeated, untold_by
from kpi_tree.workspace.intake.mappings import for_tables
from kpi_tree.workspace.intake.newness import NEWNESS, Newness, Standing, newness_of, standing
from kpi_tree.workspace.intake.own_loading import OwnTables, designed, inspected, table_for

TRIES = 5
READ = 0.75
"""Share of a load that reading the file takes."""


@verb
def inspect_file(
    home: Home,
    who: Asker,  # noqa: ARG001
    source: Source,
    name: str,
    *,
    mapping: Mapping[str, Any] | str | None = None,
    as_table: str | None = None,
) -> ingest.Inspection:
    """What reading a file found, without loading anything.

    Raises:
        Refused: the file cannot be read at all, with the reason.
    """
    content, shown = opened_source(source), shown_name(name)
    said, _ = what_was_said(home, mapping, content, shown, free=as_table is None)
    own = as_table or (None if said.get("table") else table_for(home, content, shown, said))
    if own is not None and own in own_tables_of(home):
        return inspected(own, content, shown, said)
    if as_table is not None:
        said = {**said, "table": as_table}
    return ingest.inspect(content, shown, mapping=said or None, saved=for_tables(home))


@verb
def read_rows(
    home: Home,  # noqa: ARG001
    who: Asker,  # noqa: ARG001
    source: Source,
    name: str,
    *,
    section: str | None = None,
) -> Iterator[list[str]]:
    """The data rows as read, header first, cell text untouched.

    Args:
        section: number or name of one of several tables of the file; the main one without.

    Raises:
        Refused: the file cannot be read at all, with the reason.
    """
    said = {"options": {"section": section}} if section else None
    return ingest.rows(opened_source(source), shown_name(name), mapping=said)


@verb
def load_file(
    home: Home,
    who: Asker,
    source: Source,
    name: str,
    *,
    as_table: str | None = None,
    kpi: str | None = None,
    mapping: Mapping[str, Any] | str | None = None,
    timezone: str | None = None,
    dry_run: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
    cancelled: Cancel | None = None,
    only: Collection[str] | None = None,
    new_table: Wish | None = None,
    all_or_nothing: bool = False,
    newest: bool = False,
) -> Receipt:
    """Load a file as one batch: whole, or not at all. With ``dry_run`` say what would happen.

    Args:
        source: a path, or the bytes themselves; ``name`` is only shown.
        as_table, kpi, mapping: what the file holds, where that is not clear from the file itself.
        timezone: the zone of times without one; the shop's if not given.
        progress: told every :class:`~kpi_tree.steps.Step` as it begins.
        cancelled: asked now and then whether to stop.
        only: the record tables that may be filled; a file for others is refused before anything is kept.
        new_table: a table of the shop's own to make of it; later files with its headers fill it too.
        all_or_nothing: refuse a file of which any row would be set aside, instead of keeping the good ones.
        newest: its word counts before that of every file loaded so far, whatever it tells of its age.

    Raises:
        Denied: it would fill a table that is not among ``only``.
        Refused: the file cannot be read, or holds no row that can be used; nothing is changed.
        Cancelled: it was stopped; nothing is changed.
    """
    told = Said(as_table, kpi, mapping, timezone)
    watch = Watch(progress, cancelled)
    return keep(
        home, who, source, name, told, dry_run=dry_run, now=now, watch=watch, only=only,
        new_table=new_table, all_or_nothing=all_or_nothing, newest=newest,
    )  # fmt: skip


def keep(
    home: Home,
    who: Asker,
    source: Source,
    name: str,
    told: Said,
    *,
    dry_run: bool = False,
    now: datetime | None = None,
    watch: Watch = SILENT,
    only: Collection[str] | None = None,
    new_table: Wish | None = None,
    check_in: str | None = None,
    all_or_nothing: bool = False,
    newest: bool = False,
) -> Receipt:
    """As :func:`load_file`, for verbs that bring a file of their own making.

    Args:
        check_in: id of the check-in whose value it is, where nobody sent it as a file.
    """
    shown, content = shown_name(name), opened_source(source)
    watch.tell(msg("Reading {file}", file=shown), 0.0)
    sha256 = sha256_of(content)
    known = kept.active_with(home, sha256, part_of(told.mapping))
    if known is not None:
        refuse_others(only, filled_in(known), shown)
        return repeated(known, shown, dry_run)
    told, found = settled(home, content, shown, told)
    own = designed(home, content, shown, new_table, told.mapping)
    told = replace(told, as_table=new_table.name) if new_table is not None else told
    with read_as(home, content, shown, told, found, now, watch.part(0.0, READ), own) as reading:
        refuse_others(only, filled_by(reading), shown)
        rest, chosen = watch.part(READ, 1.0), current_settings(home)
        job = _Job(
            home, who, shown, content, sha256, told, chosen, now, rest, own, check_in, all_or_nothing, newest
        )
        with one_at_a_time(home, rest):
            return job.compare_and_keep(reading, dry_run)


@dataclass(frozen=True, slots=True)
class _Job:
    """One file on its way into the home, once it is read."""

    home: Home
    who: Asker
    name: str
    content: Path | bytes
    sha256: str
    told: Said
    chosen: Settings
    now: datetime | None
    watch: Watch
    own: OwnTables
    check_in: str | None
    all_or_nothing: bool
    newest: bool

    def compare_and_keep(self, reading: ingest.Reading, dry_run: bool) -> Receipt:
        """Count what is new, changed and unchanged, and keep it unless this is a dry run."""
        mine = self._newness(reading)
        for _ in range(TRIES):
            revision = data_revision(self.home)
            self.watch.tell(msg("Comparing with what is known"), 0.0)
            compare = self.watch.part(0.0, 0.3 if dry_run else 0.5)
            where = self._standing(reading, mine)
            receipt = receipt_of(
                self.home, reading, self.name, self.chosen, dry_run, where, self.own.known, compare
            )
            if dry_run and self.own.design is not None:
                return receipt  # nothing is made from a table that is not there yet
            if self.all_or_nothing and receipt.quarantine and not dry_run:
                raise NothingUsableError(receipt)
            if dry_run:
                return _with_outcome(self.home, reading, receipt, self.chosen, where, self.watch)
            self.watch.tell(msg("Keeping {n} rows", n=receipt.rows), 0.5)
            incoming = _incoming(reading, self.content, self.sha256, self.name, self.told, receipt, where)
            incoming = replace(incoming, own=self.own.known, makes=self.own.makes, check_in=self.check_in)
            try:
                batch, known = kept.add(
                    self.home, incoming, who=self.who.name, now=moment(self.now), based_on=revision,
                    watch=self.watch,
                )  # fmt: skip
            except kept.MovedError:
                continue  # somebody withdrew or restored a batch meanwhile: the counts are worked out anew
            return repeated(batch, self.name, dry_run) if known else _kept(receipt, batch)
        raise Refused(
            msg("Others kept changing the data while this file was compared. Nothing was changed."),
            place=self.name,
            remedy=msg("Try again."),
        )

    def _newness(self, reading: ingest.Reading) -> Newness:
        tables = {**tables_of(self.home), **self.own.known}
        zone, at = self.chosen.timezone, moment(self.now)
        return newness_of(reading, self.content, tables, zone, at, newest=self.newest)

    def _standing(self, reading: ingest.Reading, mine: Newness) -> Standing:
        if self.newest or self.check_in is not None:
            return Standing(mine)
        measured = measured_of(reading.observations)
        kpis = set(measured.column("kpi").unique().to_pylist()) if measured is not None else set()
        return standing(self.home, mine, reading.tables.keys(), kpis)


def _kept(receipt: Receipt, batch: kept.Batch) -> Receipt:
    return replace(receipt, batch=batch.id, number=batch.seq)


def _with_outcome(
    home: Home, reading: ingest.Reading, receipt: Receipt, chosen: Settings, where: Standing, watch: Watch
) -> Receipt:
    """A dry run's receipt with what the KPIs become, and what looks odd about it."""
    # With all that measures: a load itself needs none of it.
    from kpi_tree.workspace.intake import effects, effects_observed, lookalikes

    filled = {table: rows for table, rows in reading.tables.items() if rows.num_rows}
    days = (receipt.data_from, receipt.data_through)
    seen = effects.outcome(home, filled, chosen, *days, receipt.file, watch, newer=where.newer)
    moved, odd = seen.effects, seen.issues
    measured = measured_of(reading.observations)
    if measured is not None:
        measured = measured.filter(untold_by(home, measured, where.newer))
    if measured is not None and measured.num_rows:
        watched = effects.watched_kpis(home)
        told = effects_observed.outcome(home, measured, chosen, watched, receipt.file, watch)
        moved, odd = (*moved, *told[0]), (*odd, *told[1])
        odd = (*odd, *lookalikes.look_alikes(home, measured, receipt.file))
    return replace(receipt, effects=moved, issues=(*receipt.issues, *odd))


def _incoming(
    reading: ingest.Reading,
    content: Path | bytes,
    sha256: str,
    name: str,
    told: Said,
    receipt: Receipt,
    where: Standing,
) -> kept.Incoming:
    said, found = receipt.to_dict(), reading.inspection.mapping
    return kept.Incoming(
        file=name,
        source=content,
        sha256=sha256,
        tables={table: rows for table, rows in reading.tables.items() if rows.num_rows},
        quarantine=reading.quarantine,
        measured=measured_of(reading.observations),
        counts={key: said[key] for key in ("rows", "accepted", "changed", "unchanged", "rejected")},
        main_table=receipt.table,
        receipt={
            **{
                key: said[key]
                for key in ("tables", "layout", "data_from", "data_through", "quarantine", "issues")
            },
            "mapping": found.to_dict() if found is not None else None,
            "said": asdict(told),
            "part": part_of(told.mapping),
            NEWNESS: asdict(where.mine),
            "behind": receipt.behind,
            "behind_batch": where.behind.id if where.behind is not None else None,
        },
        behind=where.behind.id if where.behind is not None else None,
    )
