"""Corrected rows: read again together with their whole file, and kept as a batch that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from kpi_tree import ingest
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.reasons import cell_reason
from kpi_tree.ingest.table.quarantine import faults_of
from kpi_tree.issues import Issue
from kpi_tree.records.filerows import NEW, UNCHANGED, Comparison, by_file_row
from kpi_tree.records.parquet import Rows, rows_at
from kpi_tree.steps import Cancel, Progress, Watch
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.store.files import one_at_a_time, sha256_of
from kpi_tree.workspace.base.homes import current_settings, moment
from kpi_tree.workspace.base.own import own_tables_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import Receipt, TableCount
from kpi_tree.workspace.figuring.measured import days_of
from kpi_tree.workspace.intake.brought import Brought, brought_by
from kpi_tree.workspace.intake.corrections import MENDS, encoded, root_of, standing
from kpi_tree.workspace.intake.effects import outcome
from kpi_tree.workspace.intake.filereading import Said, opened_source, read_file
from kpi_tree.workspace.intake.inbox_receipt import NothingUsableError
from kpi_tree.workspace.intake.setaside import SetAside, aside_reason, corrected_in, only_changed, set_aside


@verb
def mend(
    home: Home,
    who: Asker,
    batch: str,
    rows: Mapping[int, Sequence[Any]],
    *,
    dry_run: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
    cancelled: Cancel | None = None,
) -> Receipt:
    """Load corrected rows of a batch: those that can be used now leave its quarantine, the others stay.

    The rows are read with the whole file, so that dates, numbers and line numbers mean what they meant
    there. Only what the corrections bring is kept, as a batch that is withdrawn and restored with the
    first; where a newer file has told the same record meanwhile, that file goes on counting.

    Args:
        rows: line of the file -> its cells in the order of the columns; lines left as they were do nothing.

    Raises:
        NotFound: no batch has that name.
        Refused: nothing was corrected, or no row can be used yet; nothing is changed.
        Cancelled: it was stopped; nothing is changed.
    """
    found = set_aside(home, who, batch)
    return _mend(home, who, found, only_changed(found, rows), dry_run, now, Watch(progress, cancelled))


@verb
def mend_from(
    home: Home,
    who: Asker,
    batch: str,
    source: Path | str | bytes,
    name: str,
    *,
    dry_run: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
    cancelled: Cancel | None = None,
) -> Receipt:
    """The same with the file that ``set_aside_file`` gave, corrected in a spreadsheet (CSV or XLSX).

    Raises:
        NotFound, Refused, Cancelled: as :func:`mend`; the file is another one.
    """
    found = set_aside(home, who, batch)
    given = corrected_in(found, opened_source(source), name)
    return _mend(home, who, found, only_changed(found, given), dry_run, now, Watch(progress, cancelled))


def _mend(
    home: Home,
    who: Asker,
    found: SetAside,
    rows: dict[int, list[str]],
    dry_run: bool,
    now: datetime | None,
    watch: Watch,
) -> Receipt:
    batch = kept.get(home, found.batch)
    if batch.status != "active":
        raise Refused(
            msg("The batch is withdrawn; its rows do not count."),
            place=found.batch,
            remedy=msg("Bring it back first, then correct its rows."),
        )
    width = len(found.names)
    fitting = {line: cells[:width] for line, cells in rows.items() if not any(cells[width:])}
    before = standing(home, batch.id)
    with _read_again(home, batch, {**before, **fitting}, now, watch) as reading, one_at_a_time(home, watch):
        watch.check()
        left = _still_wrong(reading.quarantine, rows, fitting, batch.file)
        done = sorted(set(fitting) - set(left))
        brought = brought_by(home, batch, reading, set(done))
        watch.check()
        receipt = _receipt(batch, rows, done, left, brought, dry_run)
        if not done:
            raise NothingUsableError(receipt)
        chosen = current_settings(home)
        if dry_run:
            seen = outcome(
                home, brought.tables, chosen, receipt.data_from, receipt.data_through, receipt.file, watch
            )
            return replace(receipt, effects=seen.effects, issues=(*receipt.issues, *seen.issues))
        return _keep(home, who, batch, found, {line: fitting[line] for line in done}, brought, receipt, now)


def _read_again(
    home: Home,
    batch: kept.Batch,
    corrections: Mapping[int, Sequence[str]],
    now: datetime | None,
    watch: Watch,
) -> ingest.Reading:
    """The batch's file as it was read then, the corrections laid over it."""
    said = _said(batch)
    mapping = dict(said.mapping) if isinstance(said.mapping, Mapping) else {}
    options = {**(mapping.get("options") or {}), "corrections": dict(corrections)}
    told = replace(said, mapping={**mapping, "options": options})
    return read_file(home, kept.source_file(home, batch.id), batch.file, told, now, watch)


def _said(batch: kept.Batch) -> Said:
    """What was said about a file when it was loaded; for older batches what it can be told from."""
    said = batch.receipt.get("said")
    if said is not None:
        return Said(**said)
    mapping = batch.receipt.get("mapping") or {}
    return Said(mapping={"options": mapping.get("options") or {}} if batch.receipt.get("layout") else mapping)


def _still_wrong(
    quarantine: Rows, rows: Mapping[int, Sequence[str]], fitting: Mapping[int, Sequence[str]], place: str
) -> dict[int, list[Issue]]:
    """The corrected lines that cannot be used yet, each with all its reasons."""
    found = {
        int(row["row"]): [_wrong(place, int(row["row"]), *fault) for fault in faults_of(row)]
        for row in rows_at(quarantine, np.array(sorted(fitting), np.int64), "row").to_pylist()
    }
    return found | {line: [_wrong(place, line, "", "", "wide_row")] for line in rows if line not in fitting}


def _wrong(file: str, line: int, column: str, value: str, code: str) -> Issue:
    message, remedy = aside_reason(code), cell_reason(code)[1]
    where = f"{file}, row {line}, column {column}" if column else f"{file}, row {line}"
    return Issue("error", code, message, where, remedy, line, column or None, value or None)


def _receipt(
    batch: kept.Batch,
    rows: Mapping[int, Sequence[str]],
    done: Sequence[int],
    left: Mapping[int, Sequence[Issue]],
    brought: Brought,
    dry_run: bool,
) -> Receipt:
    parts = [*brought.compared.values(), *([brought.observed] if brought.observed else [])]
    wanted = np.array(done, dtype=np.int64)
    new, changed, unchanged = by_file_row([_only(part, wanted) for part in parts])
    days = [day for part in brought.compared.values() for day in (part.first, part.last) if day is not None]
    days += days_of(brought.measured) if brought.measured is not None else ()
    issues = [issue for line in sorted(left) for issue in left[line]]
    if brought.overtaken:
        words = msg("A newer file has told some of these rows meanwhile; its word stands.")
        issues.append(Issue("info", "overtaken", words, batch.file, count=brought.overtaken))
    return Receipt(
        file=batch.file,
        batch=None,
        table=batch.main_table,
        rows=len(rows),
        accepted=new,
        changed=changed,
        unchanged=unchanged + len(done) - (new + changed + unchanged),
        rejected=len(left),
        issues=tuple(issues),
        dry_run=dry_run,
        layout=batch.receipt.get("layout"),
        tables=tuple(
            TableCount(name, part.count(NEW), len(part.kinds) - part.count(NEW) - part.count(UNCHANGED),
                       part.count(UNCHANGED))
            for name, part in brought.compared.items()
        ),
        data_from=min(days, default=None),
        data_through=max(days, default=None),
    )  # fmt: skip


def _only(part: Comparison, lines: Any) -> Comparison:
    inside = np.isin(part.rows, lines)
    return Comparison(part.rows[inside], part.kinds[inside], part.first, part.last)


def _keep(
    home: Home,
    who: Asker,
    batch: kept.Batch,
    found: SetAside,
    rows: Mapping[int, Sequence[str]],
    brought: Brought,
    receipt: Receipt,
    now: datetime | None,
) -> Receipt:
    content, said = encoded(batch.id, found.names, rows), receipt.to_dict()
    incoming = kept.Incoming(
        file=batch.file,
        source=content,
        sha256=sha256_of(content),
        tables=brought.tables,
        own=own_tables_of(home),
        measured=brought.measured,
        counts={key: said[key] for key in ("rows", "accepted", "changed", "unchanged", "rejected")},
        main_table=receipt.table,
        receipt={
            **{key: said[key] for key in ("tables", "layout", "data_from", "data_through", "issues")},
            "mapping": batch.receipt.get("mapping"),
            MENDS: root_of(home, batch).id,
            "mended": sorted(rows),
        },
        after=root_of(home, batch).id,
    )
    made, known = kept.add(home, incoming, who=who.name, now=moment(now))
    return replace(receipt, batch=made.id, number=made.seq, repeated=known)
