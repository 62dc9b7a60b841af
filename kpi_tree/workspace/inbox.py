"""The inbox: look at a file, load it, take it back, see what was not accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree import ingest
from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.lookup import rows_at
from kpi_tree.issues import Issue
from kpi_tree.records.compare import CHANGED, NEW, UNCHANGED, Comparison, by_file_row, compare
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.store.files import one_at_a_time, sha256_of
from kpi_tree.workspace.effects import outcome
from kpi_tree.workspace.homes import current_settings, data_revision, moment, today_of
from kpi_tree.workspace.mappings import DriftedError, Found, find, named
from kpi_tree.workspace.measured import rows_of
from kpi_tree.workspace.rights import Asker, verb
from kpi_tree.workspace.types import BatchView, Receipt, Settings, TableCount

Source = Path | str | bytes
Progress = Callable[[Msg], None]
TRIES = 5
MAX_NAME = 200
SAMPLE = "sample shop"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said about a file, where that is not clear from the file itself."""

    as_table: str | None = None
    kpi: str | None = None
    mapping: Mapping[str, Any] | str | None = None
    timezone: str | None = None


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
    said, _ = _said(home, mapping, _source(source), _shown(name), free=as_table is None)
    if as_table is not None:
        said = {**said, "table": as_table}
    return ingest.inspect(_source(source), _shown(name), mapping=said or None)


def _said(
    home: Home, mapping: Mapping[str, Any] | str | None, source: Path | bytes, name: str, *, free: bool
) -> tuple[dict[str, Any], Found | None]:
    """A mapping as its fields, and the saved one that it is, by name or (when ``free``) by the headers.

    Raises:
        NotFound: no mapping is saved under that name.
        DriftedError: the file lacks columns of the mapping named.
    """
    if isinstance(mapping, str):
        found = named(home, mapping, source, name)
        return dict(found.mapping), found
    near = find(home, source, name) if mapping is None and free else None
    if near is not None and not near.missing:
        return dict(near.mapping), near
    return dict(mapping or {}), near


def read_file(
    home: Home, source: Path | bytes, name: str, said: Said, now: datetime | None
) -> ingest.Reading:
    """Read a file by what was said about it, or by the saved mapping that suits it.

    Raises:
        DriftedError: nothing else reads it, and a saved mapping would, had the file all its columns.
    """
    free = said.as_table is None and said.kpi is None
    fields, found = _said(home, said.mapping, source, name, free=free)
    try:
        reading = ingest.read(
            source,
            name,
            as_table=said.as_table,
            kpi=said.kpi,
            mapping=fields or None,
            timezone=said.timezone or current_settings(home).timezone,
            today=today_of(home, now),
        )
    except Refused as error:
        if found is not None and found.missing:
            raise DriftedError(found, name) from error
        raise
    if found is not None and not found.missing:
        reading.issues.extend(found.issues(name))
    return reading


@verb
def read_rows(home: Home, who: Asker, source: Source, name: str) -> Iterator[list[str]]:  # noqa: ARG001
    """The data rows as read, header first, cell text untouched.

    Raises:
        Refused: the file cannot be read at all, with the reason.
    """
    return ingest.rows(_source(source), _shown(name))


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
) -> Receipt:
    """Load a file as one batch: whole, or not at all. With ``dry_run`` say what would happen.

    Args:
        source: a path, or the bytes themselves; ``name`` is only shown.
        as_table, kpi, mapping: what the file holds, where that is not clear from the file itself.
        timezone: the zone of times without one; the shop's if not given.

    Raises:
        Refused: the file cannot be read, or holds no row that can be used; nothing is changed.
    """
    tell = progress or (lambda _: None)
    shown, content = _shown(name), _source(source)
    sha256 = sha256_of(content)
    known = kept.active_with(home, sha256)
    if known is not None:
        return _repeated(known, shown, dry_run)
    tell(msg("Reading {file}", file=shown))
    chosen = current_settings(home)
    reading = read_file(home, content, shown, Said(as_table, kpi, mapping, timezone), now)
    with one_at_a_time(home):
        return _compare_and_keep(home, who, reading, content, sha256, shown, chosen, dry_run, now, tell)


def _compare_and_keep(
    home: Home,
    who: Asker,
    reading: ingest.Reading,
    content: Path | bytes,
    sha256: str,
    name: str,
    chosen: Settings,
    dry_run: bool,
    now: datetime | None,
    tell: Progress,
) -> Receipt:
    for _ in range(TRIES):
        revision = data_revision(home)
        tell(msg("Comparing with what is known"))
        receipt = _receipt(home, reading, name, chosen, dry_run)
        if dry_run:
            return _with_outcome(home, reading, receipt, chosen)
        tell(msg("Keeping {n} rows", n=receipt.rows))
        incoming = _incoming(reading, content, sha256, name, receipt)
        try:
            batch, repeated = kept.add(home, incoming, who=who.name, now=moment(now), based_on=revision)
        except kept.MovedError:
            continue  # somebody withdrew or restored a batch meanwhile: the counts are worked out anew
        return _repeated(batch, name, dry_run) if repeated else _with_batch(receipt, batch.id)
    raise Refused(
        msg("Others kept changing the data while this file was compared. Nothing was changed."),
        place=name,
        remedy=msg("Try again."),
    )


def _with_outcome(home: Home, reading: ingest.Reading, receipt: Receipt, chosen: Settings) -> Receipt:
    """A dry run's receipt with what the KPIs become, and what looks odd about it."""
    filled = {table: rows for table, rows in reading.tables.items() if rows.num_rows}
    seen = outcome(home, filled, chosen, receipt.data_from, receipt.data_through, receipt.file)
    return replace(receipt, effects=seen.effects, issues=(*receipt.issues, *seen.issues))


def _source(source: Source) -> Path | bytes:
    if isinstance(source, bytes):
        return source
    path = Path(source)
    if path.is_dir():
        raise Refused(msg("This is a folder."), place=str(path), remedy=msg("Name the files in it."))
    try:
        with path.open("rb"):
            return path
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Refused(
            msg("The file cannot be opened: {reason}.", reason=reason),
            place=str(path)[:MAX_NAME],
            remedy=msg("Look at its name and its rights."),
        ) from error


def _shown(name: str) -> str:
    """The last part of a file's name, cut; it is only ever shown, never a path."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    plain = "".join(char if char.isprintable() else "?" for char in last)
    return plain if len(plain) <= MAX_NAME else f"{plain[: MAX_NAME - 1]}…"


def _receipt(home: Home, reading: ingest.Reading, name: str, chosen: Settings, dry_run: bool) -> Receipt:
    active = kept.active_files(home)
    compared = {
        table: compare(
            table, rows, [(seq, path) for seq, _, path in active.get(table, ())], timezone=chosen.timezone
        )
        for table, rows in reading.tables.items()
    }
    parts = list(compared.values())
    observed = rows_of(reading.observations)
    if observed:
        parts.append(_compare_observations(home, observed))
    new, changed, unchanged = by_file_row(parts)
    quarantined = reading.quarantine.column("row").to_pylist() if reading.quarantine is not None else []
    used = {int(row) for part in parts for row in part.rows} if quarantined else set()
    days = [day for part in compared.values() for day in (part.first, part.last) if day is not None]
    days += [date.fromisoformat(row["start"]) for row in observed]
    receipt = Receipt(
        file=name,
        batch=None,
        table=reading.inspection.table or next(iter(reading.tables), None),
        rows=reading.rows,
        accepted=new,
        changed=changed,
        unchanged=unchanged,
        rejected=len(set(quarantined) - used),
        quarantine=len(quarantined),
        issues=tuple(reading.issues),
        dry_run=dry_run,
        layout=reading.inspection.layout,
        tables=tuple(_table_count(table, part) for table, part in compared.items()),
        data_from=min(days, default=None),
        data_through=max(days, default=None),
    )
    if new + changed + unchanged == 0:
        raise NothingUsableError(receipt)
    return receipt


class NothingUsableError(Refused):
    """Every row of a file was set apart; nothing was kept.

    Attributes:
        receipt: the counts, and every issue with its place.
    """

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        worst = next((issue for issue in receipt.issues if issue.level == "error"), None)
        reason = worst.message if worst else msg("There is no row with data.")
        super().__init__(
            msg(
                "None of the {n} rows can be used: {reason} Nothing was changed.",
                n=receipt.rows,
                reason=reason,
            ),
            place=worst.place if worst and worst.place else receipt.file,
            remedy=msg("Correct the file and load it again."),
        )


def _table_count(table: str, part: Comparison) -> TableCount:
    return TableCount(table, part.count(NEW), part.count(CHANGED), part.count(UNCHANGED))


def _compare_observations(home: Home, observed: Sequence[Mapping[str, Any]]) -> Comparison:
    import numpy as np

    from kpi_tree.store import journal, observations

    known = {
        (
            found.kpi,
            found.start.isoformat(),
            found.grain,
            journal.canonical(dict(found.dimensions)),
        ): found.value
        for kpi in {str(row["kpi"]) for row in observed}
        for found in observations.of(home, kpi)
    }
    kinds = []
    for row in observed:
        key = (row["kpi"], row["start"], row["grain"], journal.canonical(row["dimensions"]))
        kinds.append(NEW if key not in known else UNCHANGED if known[key] == row["value"] else CHANGED)
    rows = np.array([row["row_number"] or at for at, row in enumerate(observed, 1)], dtype=np.int64)
    return Comparison(rows, np.array(kinds, dtype=np.int8), None, None)


def _incoming(
    reading: ingest.Reading, content: Path | bytes, sha256: str, name: str, receipt: Receipt
) -> kept.Incoming:
    said, found = receipt.to_dict(), reading.inspection.mapping
    return kept.Incoming(
        file=name,
        source=content,
        sha256=sha256,
        tables={table: rows for table, rows in reading.tables.items() if rows.num_rows},
        quarantine=reading.quarantine,
        measured=tuple(rows_of(reading.observations)),
        counts={key: said[key] for key in ("rows", "accepted", "changed", "unchanged", "rejected")},
        main_table=receipt.table,
        receipt={
            **{
                key: said[key]
                for key in ("tables", "layout", "data_from", "data_through", "quarantine", "issues")
            },
            "mapping": found.to_dict() if found is not None else None,
        },
    )


def _with_batch(receipt: Receipt, batch: str) -> Receipt:
    return replace(receipt, batch=batch)


def _repeated(batch: kept.Batch, name: str, dry_run: bool) -> Receipt:
    view = view_of(batch)
    when = msg(
        "This very content was loaded before, as {file} (batch {batch}).", file=batch.file, batch=batch.id
    )
    return Receipt(
        file=name,
        batch=batch.id,
        table=batch.main_table,
        rows=batch.rows,
        unchanged=batch.accepted + batch.changed + batch.unchanged,
        rejected=batch.rejected,
        quarantine=batch.receipt.get("quarantine", 0),
        issues=(
            Issue("info", "repeated", when, name, msg("Nothing needs doing: the figures stay as they are.")),
        ),
        repeated=True,
        dry_run=dry_run,
        layout=view.layout,
        data_from=view.data_from,
        data_through=view.data_through,
    )


@verb
def batches(home: Home, who: Asker) -> list[BatchView]:
    """Every batch, the newest first; an uploader's list holds their own."""
    return [view_of(batch) for batch in kept.all_batches(home) if _may_see(who, batch)]


def _may_see(who: Asker, batch: kept.Batch) -> bool:
    return who.role != "uploader" or batch.who == who.name


def _seen(home: Home, who: Asker, batch_id: str) -> kept.Batch:
    """A batch; one of somebody else's is, for an uploader, not there.

    Raises:
        NotFound: no batch has that name.
    """
    found = kept.get(home, batch_id)
    if not _may_see(who, found):
        raise NotFound(
            msg("There is no batch of this name."),
            place=batch_id[:80],
            remedy=msg("List the batches to see their names."),
        )
    return found


@verb
def batch(home: Home, who: Asker, batch: str) -> BatchView:
    """One batch.

    Raises:
        NotFound: no batch has that name.
    """
    return view_of(_seen(home, who, batch))


@verb
def withdraw(home: Home, who: Asker, batch: str, *, now: datetime | None = None) -> BatchView:
    """Take a batch out of every figure; it can come back exactly as it was.

    Raises:
        NotFound: no batch has that name.
        Refused: it is withdrawn already.
    """
    _seen(home, who, batch)
    return view_of(kept.withdraw(home, batch, who=who.name, now=moment(now)))


@verb
def restore_batch(home: Home, who: Asker, batch: str, *, now: datetime | None = None) -> BatchView:
    """Bring a withdrawn batch back.

    Raises:
        NotFound: no batch has that name.
        Refused: it is not withdrawn, or its content was loaded again meanwhile.
    """
    _seen(home, who, batch)
    return view_of(kept.restore(home, batch, who=who.name, now=moment(now)))


@verb
def quarantine(home: Home, who: Asker, batch: str) -> pd.DataFrame:
    """The rows of a batch that were not accepted: ``row, column, value, reason, cells``.

    Raises:
        NotFound: no batch has that name.
    """
    path = kept.quarantine_file(home, _seen(home, who, batch).id)
    if path is None:
        return pd.DataFrame(columns=["row", "column", "value", "reason", "cells"])
    from kpi_tree import records

    found: pa.Table = records.read(path)
    frame: pd.DataFrame = found.to_pandas()
    return frame


@verb
def source_rows(home: Home, who: Asker, batch: str, rows: Sequence[int]) -> list[list[str]]:
    """The file's own cells for some of its rows (numbered by line, as records carry them), header first.

    Raises:
        NotFound: no batch has that name.
    """
    found = _seen(home, who, batch)
    if found.receipt.get("layout") == SAMPLE:
        return _record_rows(home, found, rows)
    # Only how the file is read, not what its columns mean: the cells are shown as they are.
    options = (found.receipt.get("mapping") or {}).get("options") or {}
    return rows_at(kept.source_file(home, batch), found.file, rows, mapping={"options": options})


def _record_rows(home: Home, batch: kept.Batch, rows: Sequence[int]) -> list[list[str]]:
    """Rows of a batch that was never a file: as its records say them."""
    from kpi_tree import records

    path = home.records / str(batch.main_table) / f"{batch.id}.parquet"
    found = records.read(path)
    picked = found.filter(pc.is_in(found.column(records.ROW), pa.array(sorted(set(rows)), pa.int64())))
    names = [name for name in picked.column_names if name != records.ROW]
    body = [["" if row[name] is None else str(row[name]) for name in names] for row in picked.to_pylist()]
    return [names, *body]


def view_of(batch: kept.Batch) -> BatchView:
    """A batch as the inbox shows it."""
    said = batch.receipt
    day = {
        name: date.fromisoformat(said[name]) if said.get(name) else None
        for name in ("data_from", "data_through")
    }
    return BatchView(
        batch=batch.id,
        file=batch.file,
        at=batch.at,
        who=batch.who,
        status=batch.status,
        tables=tuple(TableCount(**count) for count in said.get("tables", ())),
        table=batch.main_table,
        rows=batch.rows,
        accepted=batch.accepted,
        changed=batch.changed,
        unchanged=batch.unchanged,
        rejected=batch.rejected,
        sha256=batch.sha256,
        bytes=batch.bytes,
        layout=said.get("layout"),
        data_from=day["data_from"],
        data_through=day["data_through"],
    )
