"""Reading a file: from bytes to record tables, with every doubt as an issue and every bad row in
quarantine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest import build as building
from kpi_tree.ingest.asking import AskError
from kpi_tree.ingest.cells.columns import Column, Context, as_dict, header_currency
from kpi_tree.ingest.cells.convert import Converted, convert
from kpi_tree.ingest.cells.quantities import iso_currency
from kpi_tree.ingest.complaints import Complaints
from kpi_tree.ingest.generic import layout_for
from kpi_tree.ingest.layout import Layout, known, layouts, place, recognise
from kpi_tree.ingest.limits import LIMITS, Limits
from kpi_tree.ingest.mapping import FileMapping, is_sure, lacking, mapping_from, propose
from kpi_tree.ingest.observations import is_long, is_wide, observe
from kpi_tree.ingest.preamble import period_of_file
from kpi_tree.ingest.quarantine import quarantine_table
from kpi_tree.ingest.raw import Raw, read_raw
from kpi_tree.ingest.source import Source, open_source
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.ingest.text.table import as_rows
from kpi_tree.issues import Issue
from kpi_tree.records.tables import tables

ZONE = "Europe/Oslo"


@dataclass(slots=True)
class Inspection:
    """What reading a file found out, without loading it."""

    name: str
    kind: str
    encoding: str
    delimiter: str
    quote: str
    header_row: int | None
    skipped_rows: list[int]
    total_rows: list[int]
    rows: int
    columns: list[Column]
    layout: str | None
    table: str | None
    mapping: FileMapping | None
    issues: list[Issue]
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    period: tuple[date, date] | None = None
    fingerprint: str = ""

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON, by the contract of the command line."""
        return {
            "name": self.name,
            "kind": self.kind,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "quote": self.quote,
            "header_row": self.header_row,
            "skipped_rows": self.skipped_rows,
            "total_rows": self.total_rows,
            "rows": self.rows,
            "columns": [as_dict(column) for column in self.columns],
            "layout": self.layout,
            "table": self.table,
            "mapping": self.mapping.to_dict() if self.mapping else None,
            "issues": [issue.to_dict(lang) for issue in self.issues],
            "sheet": self.sheet,
            "sheets": self.sheets,
            "members": self.members,
            "fingerprint": self.fingerprint,
            "period": {"start": self.period[0].isoformat(), "end": self.period[1].isoformat()}
            if self.period
            else None,
        }


@dataclass(slots=True)
class Reading:
    """A file read: typed records, rows set apart, and what to say about both."""

    inspection: Inspection
    tables: dict[str, pa.Table]
    observations: pa.Table | None
    quarantine: pa.Table
    issues: list[Issue]
    rows: int
    fingerprint: str


def inspect(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    mapping: Mapping[str, Any] | FileMapping | None = None,
    limits: Limits = LIMITS,
) -> Inspection:
    """Find out how a file is to be read.

    Args:
        path_or_bytes: where it lies, or its content.
        name: its name as shown to people.
        mapping: what a person has said about it (see :class:`~kpi_tree.ingest.mapping.FileMapping`).

    Raises:
        Refused: it is no table, or too large; a file that is a table never is refused here.

    >>> inspect(b"Ordrenr;Dato;Antall;Pris\\n1;2024-05-01;2;99,50\\n", "ordre.csv").table
    'order_lines'
    """
    said = mapping_from(mapping)
    source, raw = _open(path_or_bytes, name, said, limits)
    layout, proposal = _choose(raw, said, None)
    complaints = Complaints(source.name, limits.shown)
    complaints.about_raw(raw)
    if layout is not None:
        _types(raw, layout, said, ZONE, complaints, strict=False)
    else:
        complaints.about_doubts(raw.columns)
        complaints.unknown(raw, proposal)
    return _inspection(source, raw, layout, proposal, complaints.issues())


def rows(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    mapping: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> Iterator[list[str]]:
    """The data rows of a file, header first, cell text untouched.

    >>> list(rows(b"sep=;\\nNavn;Pris\\nLampe;1,50\\nTotal;1,50\\n", "a.csv"))
    [['Navn', 'Pris'], ['Lampe', '1,50']]
    """
    _, raw = _open(path_or_bytes, name, mapping_from(mapping), limits)
    yield [plain_cell(cell) for cell in raw.outline.header]
    for row in as_rows(raw.table):
        yield [plain_cell(cell) for cell in row]


def numbered_rows(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    mapping: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> Iterator[tuple[int, list[str]]]:
    """The same with the line of each row, which records carry as ``_row``; the header's is 0 when there
    is none."""
    _, raw = _open(path_or_bytes, name, mapping_from(mapping), limits)
    yield max(raw.outline.header_line, 0), [plain_cell(cell) for cell in raw.outline.header]
    for line, row in zip(raw.table.lines.tolist(), as_rows(raw.table), strict=True):
        yield line, [plain_cell(cell) for cell in row]


def read(
    path_or_bytes: Path | str | bytes,
    name: str,
    *,
    as_table: str | None = None,
    kpi: str | None = None,
    mapping: Mapping[str, Any] | FileMapping | None = None,
    timezone: str = ZONE,
    today: date | None = None,
    own_kpis: Mapping[str, Any] | None = None,
    limits: Limits = LIMITS,
) -> Reading:
    """Read a file into record tables.

    Args:
        path_or_bytes: where it lies, or its content.
        name: its name as shown to people.
        as_table: the record table to fill, when the person has said it.
        kpi: the KPI whose values the file holds, for direct observations.
        mapping: what a person has said about the file.
        timezone: zone of times that carry none.
        today: dates after it are warned about.
        own_kpis: the shop's own KPIs by id, beside the catalogue's, for direct observations.

    Raises:
        Refused: no table, unknown columns, or dates or numbers that can be read in two ways; says what
            to choose.

    >>> done = read(b"Ordrenr;Dato;Antall;Pris\\n1;2024-05-01;2;99,50\\n1;2024-05-01;x;10,00\\n", "ordre.csv")
    >>> done.tables["order_lines"].num_rows, done.quarantine.column("reason").to_pylist()
    (1, ['bad_number'])
    """
    said = mapping_from(mapping)
    source, raw = _open(path_or_bytes, name, said, limits)
    if kpi is not None or _is_observations(raw, said, as_table, own_kpis):
        return _observed(source, raw, kpi, said, own_kpis, limits)
    layout, proposal = _choose(raw, said, as_table)
    if layout is None:
        raise _unknown(source, raw, proposal)
    complaints = Complaints(source.name, limits.shown)
    complaints.about_raw(raw)
    zone = str(said.options.get("timezone") or timezone)
    columns, bad = _types(raw, layout, said, zone, complaints, strict=True)
    if not raw.table.rows:
        complaints.no_rows()
    data = building.source_table(layout, columns, raw.table.lines, bad)
    options = _options(raw, layout, said)
    _ask_for_days(raw, layout, options, zone, today)
    built = building.run(layout, data, options)
    complaints.about_built(built)
    complaints.about_dates(built, today)
    found = {
        table: rows for table, rows in built.tables.items() if rows.num_rows or table == layout.main_table
    }
    issues = complaints.issues()
    return Reading(
        _inspection(source, raw, layout, proposal, issues),
        found,
        built.observations,
        quarantine_table(raw, complaints.cells()),
        issues,
        raw.table.rows + raw.table.wide_count,
        source.fingerprint,
    )


def _open(
    path_or_bytes: Path | str | bytes, name: str, said: FileMapping, limits: Limits
) -> tuple[Source, Raw]:
    source = open_source(path_or_bytes, name, limits)
    if source.kind == "zip":
        from kpi_tree.ingest.archive import open_member

        return open_member(source, said.options, limits)
    return source, read_raw(source, known, said.options, limits)


def _is_observations(
    raw: Raw, said: FileMapping, as_table: str | None, own: Mapping[str, Any] | None
) -> bool:
    names = raw.table.names
    told = as_table is not None or said.table is not None or bool(said.columns)
    return not told and (is_long(names) or is_wide(names, own))


def _observed(
    source: Source,
    raw: Raw,
    kpi: str | None,
    said: FileMapping,
    own: Mapping[str, Any] | None,
    limits: Limits,
) -> Reading:
    complaints = Complaints(source.name, limits.shown)
    complaints.about_raw(raw)
    found = observe(raw, kpi, said, own, complaints)
    issues = complaints.issues()
    inspection = _inspection(source, raw, None, None, issues)
    inspection.table = "observations"
    return Reading(
        inspection,
        {},
        found,
        quarantine_table(raw, complaints.cells()),
        issues,
        raw.table.rows,
        source.fingerprint,
    )


def _choose(raw: Raw, said: FileMapping, as_table: str | None) -> tuple[Layout | None, FileMapping | None]:
    """The layout to read by, or a proposal to ask about."""
    names = raw.table.names
    if said.options.get("layout") in layouts():
        return layouts()[str(said.options["layout"])], None
    if said.table and said.columns:
        gone = [header for header in said.columns if header not in names]
        if gone:
            raise Refused(
                msg("The file has no column {name} that its mapping names.", name=gone[0]),
                place=raw.source.name,
                remedy=msg("Its columns are: {names}. Correct the mapping.", names=", ".join(names[:40])),
            )
        return layout_for(said.table, said.columns), said
    shipped = recognise(names)
    only = said.table or as_table
    if shipped is not None and (only is None or only in shipped.tables):
        return shipped, None
    proposal = propose(raw.columns, only)
    if (
        only is not None
        and only in tables()
        and proposal is not None
        and proposal.table is not None
        and not lacking(proposal)
    ):
        return layout_for(proposal.table, proposal.columns), proposal
    if only is None and proposal is not None and proposal.table is not None and is_sure(proposal, names):
        return layout_for(proposal.table, proposal.columns), proposal
    return None, proposal


def _unknown(source: Source, raw: Raw, proposal: FileMapping | None) -> Refused:
    if raw.outline.header_line <= 0:
        return Refused(
            msg("The file has no header row that names its columns."),
            place=source.name,
            remedy=msg("Add a first row with names, or map its columns by hand."),
        )
    shown = ", ".join(raw.table.names[:20])
    if proposal is not None and proposal.table is not None and lacking(proposal):
        return Refused(
            msg("No known layout has the columns: {names}.", names=shown),
            place=source.name,
            remedy=msg(
                "As {table} it lacks {fields}. Map its columns, or add what is missing.",
                table=proposal.table,
                fields=", ".join(entry.replace("|", " / ") for entry in lacking(proposal)),
            ),
        )
    return Refused(
        msg("No known layout has the columns: {names}.", names=shown),
        place=source.name,
        remedy=msg("Choose the table that it fills and map its columns once; the mapping can be saved."),
    )


def _types(
    raw: Raw, layout: Layout, said: FileMapping, timezone: str, complaints: Complaints, *, strict: bool
) -> tuple[dict[str, pa.Array], npt.NDArray[np.bool_]]:
    """Convert the columns that a layout reads; in strict mode a column that can be read two ways is
    refused."""
    columns: dict[str, pa.Array] = {}
    bad = np.zeros(raw.table.rows, bool)
    for key, header in place(layout, raw.table.names).items():
        wanted = layout.columns[key]
        column = raw.column(header)
        assert column is not None
        context = Context(
            raw.context.delimiter,
            said.options.get("decimal") or wanted.decimal,
            said.options.get("date_order") or wanted.order,
            raw.context.neighbour_decimal,
            raw.context.neighbour_order,
        )
        done = convert(column, wanted.type, context, wanted.zone or timezone, wanted.nulls)
        complaints.about_kind(column, done, wanted.type, strict=strict)
        if done.readings:
            complaints.two_ways(column.name, done, strict=strict)
        blank = (
            np.asarray(done.values.is_null(), bool) & ~done.bad
            if wanted.required
            else np.zeros(len(bad), bool)
        )
        complaints.bad_cells(raw, column, done, blank)
        bad |= done.bad | blank
        columns[key] = done.values
    return columns, bad


def _options(raw: Raw, layout: Layout, said: FileMapping) -> dict[str, Any]:
    options: dict[str, Any] = {
        "currency": None,
        "period_start": None,
        "period_end": None,
        "file_name": raw.source.name,
    }
    signs: list[str] = []
    for key, header in place(layout, raw.table.names).items():
        column = raw.column(header)
        if layout.columns[key].type != "money" or column is None:
            continue
        if column.numbers is not None and column.numbers.currencies:
            signs += column.numbers.currencies
        elif code := header_currency(header):
            signs.append(code.lower())
    found = iso_currency(sorted(set(signs))) if signs else None
    period = period_of_file(raw.outline.preamble)
    if period:
        options["period_start"], options["period_end"] = period
    if found or "currency" not in layout.options:
        options["currency"] = found
    elif "currency" in layout.options:
        del options["currency"]
    for name in ("currency", "period_start", "period_end"):
        if said.options.get(name):
            options[name] = said.options[name]
    return options


def _ask_for_days(
    raw: Raw, layout: Layout, options: dict[str, Any], timezone: str, today: date | None
) -> None:
    """A report without days must name those it covers; a count of what there is now is of the day it is
    loaded."""
    have = place(layout, raw.table.names)
    if layout.asks and not any(key in have for key in layout.asks) and not options.get("period_start"):
        raise AskError(
            msg("The file does not say which days it covers."),
            option="period",
            place=raw.source.name,
            remedy=msg("Set the options period_start and period_end to its first and last day."),
        )
    if layout.dated_today:
        day = options.get("period_end") or today
        if day is None:
            raise Refused(
                msg("The file does not say of which day it is."),
                place=raw.source.name,
                remedy=msg("Set the option period_end to the day."),
            )
        at = datetime.combine(date.fromisoformat(str(day)), time(), ZoneInfo(timezone))
        options["day"] = at.astimezone(UTC)


def _inspection(
    source: Source, raw: Raw, layout: Layout | None, proposal: FileMapping | None, issues: Sequence[Issue]
) -> Inspection:
    table = layout.main_table if layout else (proposal.table if proposal else None)
    mapping = proposal
    if layout is not None and mapping is None:
        mapping = FileMapping(
            layout.main_table, {h: k for k, h in place(layout, raw.table.names).items()}, dict(raw.said)
        )
    return Inspection(
        source.name,
        source.kind,
        raw.encoding,
        raw.dialect.delimiter,
        raw.dialect.quote,
        raw.outline.header_line if raw.outline.header_line > 0 else None,
        [line for line, _ in raw.outline.preamble],
        sorted(raw.left_out.totals),
        raw.table.rows,
        raw.columns,
        (layout.id or None) if layout else None,
        "order_lines" if table == "order_table" else table,
        mapping,
        list(issues),
        raw.sheet,
        raw.other_sheets,
        list(raw.members),
        period_of_file(raw.outline.preamble),
        source.fingerprint,
    )


__all__ = ["Converted", "Inspection", "Reading", "inspect", "read", "rows"]
