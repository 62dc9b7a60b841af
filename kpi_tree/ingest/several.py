"""Several tables of one file, put together into one reading; those that are not read are named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg, nmsg
from kpi_tree.ingest.choosing import UnknownTableError
from kpi_tree.ingest.files.source import Source
from kpi_tree.ingest.mapping.layout import place, recognise
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.sections import table_names
from kpi_tree.ingest.stream.together import are_many, below, one_of_each
from kpi_tree.ingest.table.preamble import period_of_file
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.issues import Issue
from kpi_tree.records.names import TableName
from kpi_tree.records.parquet import Rows, held
from kpi_tree.records.tables import HIDDEN, ROW, column_label, table

if TYPE_CHECKING:
    from kpi_tree.ingest.reading import Reading

Unread = tuple[Raw, Refused]


ReadOne = Callable[[Raw, FileMapping], "Reading"]
Saved = Callable[[Sequence[str]], FileMapping | None]
"""A table's headers -> the mapping that somebody saved for such tables."""


def nothing_saved(_: Sequence[str]) -> None:
    """No mapping is saved."""


def own_of(said: FileMapping, raw: Raw) -> FileMapping:
    """What was said of a file, for one of its tables: columns that it does not have are those of another."""
    if said.columns and not said.columns.keys() <= set(raw.table.names):
        return FileMapping(None, {}, said.options)
    return said


def read_all(
    source: Source, tables: Sequence[Raw], said: FileMapping, read_one: ReadOne, saved: Saved
) -> Reading:
    """Read each table of a file and put what they hold together.

    Args:
        tables: the tables that are to be read, the main one first.
        said: what a person has said about the file.
        read_one: reads one by what was said; raises :class:`UnknownTableError` for one that fills no record
            table.
        saved: finds the mapping that somebody saved for a table.

    Raises:
        UnknownTableError: none of them is known. Refused: two of them say different things of the same
            record.
    """
    fits = any(own_of(said, raw) is said for raw in tables)
    done: list[tuple[Raw, Reading]] = []
    unread: list[Unread] = []
    for raw in tables:
        try:
            done.append((raw, read_one(raw, own_of(said, raw) if fits else said)))
        except UnknownTableError as refused:
            unread.append((raw, refused))
    for entry in list(unread):
        names = entry[0].table.names
        like = next((its.inspection.mapping for one, its in done if one.table.names == names), saved(names))
        if like is not None and like.table:
            done.append((entry[0], read_one(entry[0], like)))
            unread.remove(entry)
    if not done:
        first = unread[0][1]
        if len(tables) == 1:
            raise first
        raise UnknownTableError(
            first.message,
            place=source.name,
            remedy=msg(
                "{remedy} The file holds several tables ({names}); one is chosen by the option section.",
                remedy=first.remedy or "",
                names=table_names(list(tables)),
            ),
        ) from first
    whole = done[0][1]
    whole.tables = _together([(raw, reading.tables) for raw, reading in done], source)
    found = [reading.observations for _, reading in done if reading.observations is not None]
    whole.observations = pa.concat_tables(found, promote_options="default") if found else None
    whole.quarantine = below([reading.quarantine for _, reading in done])
    whole.rows = sum(reading.rows for _, reading in done)
    issues = [issue for _, reading in done for issue in reading.issues]
    whole.issues = [*issues, *about_tables(source, [raw for raw, _ in done], unread)]
    whole.inspection.issues = list(whole.issues)
    stated = {reading.inspection.exported for _, reading in done} - {None}
    whole.inspection.exported = stated.pop() if len(stated) == 1 else None
    whole.inspection.sections = [
        described(raw, next((reading.inspection.table for one, reading in done if one is raw), None))
        for raw in sorted(tables, key=lambda raw: raw.number)
    ]
    return whole


def described(raw: Raw, fills: str | None, chosen: bool = True) -> dict[str, Any]:
    """One table of a file for JSON; ``table`` is the record table that it fills, None when none is known.

    Args:
        chosen: whether it is among the tables to be read.
    """
    return {
        "number": raw.number,
        "name": raw.place,
        "sheet": raw.sheet,
        "member": raw.member,
        "header_row": raw.outline.header_line if raw.outline.header_line > 0 else None,
        "columns": list(raw.table.names),
        "rows": raw.table.rows,
        "table": fills,
        "chosen": chosen,
    }


def about_tables(source: Source, read: Sequence[Raw], unread: Sequence[Unread]) -> list[Issue]:
    """Which tables of a file are read, and each that is not, with how to choose it."""
    count = len(read)
    names = ", ".join(raw.place for raw in read[:20])
    said = nmsg(
        "{n} table of the file is read: {names}.",
        "{n} tables of the file are read: {names}.",
        count,
        names=names,
    )
    issues = [Issue("info", "sections", said, source.name, count=count)]
    for raw, refused in unread:
        issues += raw.notes
        level: Any = "warning" if raw.table.rows and len(raw.table.names) > 1 else "info"
        message = msg("The table {name} is not read: {reason}", name=raw.place, reason=refused.message)
        remedy = msg(
            "Choose it by the option section ({number}) and map its columns, or load it as its own file.",
            number=raw.number,
        )
        where = f"{source.name}, {raw.place}"
        issues.append(Issue(level, "further_tables", message, where, remedy, max(raw.outline.header_line, 1)))
    return issues


def _together(parts: Sequence[tuple[Raw, dict[str, Rows]]], source: Source) -> dict[str, Rows]:
    found: dict[str, list[tuple[Raw, Rows]]] = {}
    for raw, tables in parts:
        for name, rows in tables.items():
            found.setdefault(name, []).append((raw, rows))
    return {name: _one_of_each(name, rows, source) for name, rows in found.items()}


def _one_of_each(name: str, parts: list[tuple[Raw, Rows]], source: Source) -> Rows:
    """The rows of several tables; what two of them say alike counts once.

    Raises:
        Refused: two say different things under one key: neither adding them nor taking the later is right.
    """
    if len(parts) == 1:
        return parts[0][1]
    found = [rows for _, rows in parts]
    kept, twice = one_of_each(name, found) if are_many(found) else _held_once(name, [*map(held, found)])
    if twice is None:
        return kept
    key = ", ".join(
        f"{column_label(name, k)} {value}" for k, value in twice.items() if value not in (None, "")
    )
    raise Refused(
        msg(
            "Tables of the file ({names}) say different things of the same record of {table}: {key}.",
            names=", ".join(raw.place for raw, _ in parts),
            table=TableName(name),
            key=key[:200],
        ),
        place=source.name,
        remedy=msg("Choose one of them by the option section, or load each as a file of its own."),
    )


def _held_once(name: str, parts: Sequence[pa.Table]) -> tuple[pa.Table, dict[str, Any] | None]:
    """The rows of tables that are held, each once, and a key of which they say different things."""
    rows, keys = pa.concat_tables(parts, promote_options="default"), list(table(name).key)
    if not rows.num_rows:
        return rows, None
    values = [column for column in rows.column_names if column != ROW and column not in HIDDEN]
    at = pa.array(np.arange(rows.num_rows))
    different = rows.append_column("_at", at).group_by(values, use_threads=False).aggregate([("_at", "min")])
    kept = rows.take(np.sort(np.asarray(different.column("_at_min"))))
    counted = kept.group_by(keys, use_threads=False).aggregate([([], "count_all")])
    twice = counted.filter(pc.greater(counted.column("count_all"), 1)).select(keys)
    return kept, twice.slice(0, 1).to_pylist()[0] if twice.num_rows else None


def share_period(tables: Sequence[Raw]) -> None:
    """A table that names no days is of those that the file's other tables name: in a line above one, or in
    the dates of one by the same vendor."""
    for raw in tables:
        raw.period = raw.period or period_of_file(raw.outline.preamble)
    layouts = [recognise(raw.table.names) for raw in tables]
    said = next((raw.period for raw in tables if raw.period), None)
    for raw, layout in zip(tables, layouts, strict=True):
        if raw.period is None and layout is not None and layout.asks:
            spans = [
                span
                for other, its in zip(tables, layouts, strict=True)
                if its is not None and its.vendor == layout.vendor and (span := _days_of(other))
            ]
            raw.period = said or next(iter(spans), None)


def _days_of(raw: Raw) -> tuple[date, date] | None:
    """First and last day of a table's own day column."""
    layout = recognise(raw.table.names)
    header = place(layout, raw.table.names).get("day") if layout else None
    dates = raw.column(header).dates if header and raw.column(header) else None  # type: ignore[union-attr]
    if dates is None or not dates.ok.any() or (len(dates.ambiguous) and dates.ambiguous.any()):
        return None
    days = dates.micros[dates.ok].astype("M8[us]").astype("M8[D]")
    return days.min().astype(object), days.max().astype(object)
