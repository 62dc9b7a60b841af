"""From a source to a raw table with everything that finding it out has told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.answers.refusing import cut_short, refusal
from kpi_tree.ingest.cells.columns import Column, Context, look_together
from kpi_tree.ingest.cells.shapes import cells_of
from kpi_tree.ingest.files.source import Source
from kpi_tree.ingest.mapping.layout import is_report, recognise
from kpi_tree.ingest.sheets.workbook import choose_sheets, open_book
from kpi_tree.ingest.table.overlay import overlay
from kpi_tree.ingest.table.totals import LeftOut, leave_out
from kpi_tree.ingest.text.beside import PART, split_beside
from kpi_tree.ingest.text.dialect import Dialect, find_dialect
from kpi_tree.ingest.text.encoding import Encoding, detect
from kpi_tree.ingest.text.fast import WORTH, build_fast
from kpi_tree.ingest.text.firsttable import first_outline
from kpi_tree.ingest.text.gather import build
from kpi_tree.ingest.text.lines import Faults, Row, check_lines, check_width, closed_up, numbered, open_text
from kpi_tree.ingest.text.outline import Outline
from kpi_tree.ingest.text.pairs import pairs
from kpi_tree.ingest.text.table import RawTable, unique_names
from kpi_tree.issues import Issue

SAMPLE_CHARS = 200_000
SAMPLE_ROWS = 400


@dataclass(slots=True)
class Raw:
    """A file's table as text, and how it was read.

    Attributes:
        part: 0 for the first of tables that share lines (sheets, members, side by side); lines of part
            ``n`` are numbered from ``n * PART`` on.
        number: its place among the tables of the file, from 1; ``member`` the ZIP entry that holds it.
        period: the days that it covers, as far as the file says them outside the table.
        notes: what unpacking the file told.
        place: where it stands, for people, when the file holds several tables: a sheet, a member, a title.
    """

    source: Source
    encoding: str
    dialect: Dialect
    outline: Outline
    table: RawTable
    columns: list[Column]
    context: Context
    left_out: LeftOut = field(default_factory=LeftOut)
    faults: Faults = field(default_factory=Faults)
    sheet: str | None = None
    other_sheets: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    said: Mapping[str, Any] = field(default_factory=dict)
    part: int = 0
    number: int = 1
    place: str = ""
    member: str | None = None
    period: tuple[date, date] | None = None
    notes: list[Issue] = field(default_factory=list)

    def column(self, name: str) -> Column | None:
        """The column of a header."""
        return next((c for c in self.columns if c.name == name), None)


def read_raw(
    source: Source, known: Callable[[Sequence[str]], int], options: Mapping[str, Any], limits: Limits
) -> Raw:
    """The first table of a text file, or of the best sheet of a workbook; see :func:`read_tables`."""
    return read_tables(source, known, options, limits, most=1)[0]


def read_tables(
    source: Source,
    known: Callable[[Sequence[str]], int],
    options: Mapping[str, Any],
    limits: Limits,
    *,
    most: int | None = None,
    part: int = 0,
) -> list[Raw]:
    """Every table of a text file or workbook as text, the first or best known one first.

    Args:
        source: the file.
        known: how many of a row's cells are headers that some layout knows.
        options: what the person has said: ``encoding``, ``delimiter``, ``quote``, ``header`` (False: none),
            ``decimal``, ``date_order``, ``sheet``, ``total_rows`` (False: keep them), ``corrections``
            (line -> its cells as a person has corrected them).
        most: how many tables to look for, if fewer than the limit.
        part: the number of the first of them among tables that share lines.

    Raises:
        Refused: it holds no table, or one with too many columns.
    """
    most = most or limits.tables
    if source.kind == "workbook":
        book = open_book(source.data, source.name, limits)
        sheets, notes = choose_sheets(book, known, options.get("sheet"), source.name)
        found: list[Raw] = []
        for place, (sheet, rows) in enumerate(sheets[:1] if most == 1 else sheets):
            part = max((raw.part + 1 for raw in found), default=part)
            text = Text(source, "", Dialect(""), closed_up(rows), sheet=sheet, part=part)
            try:
                found += tables_in(text, known, options, limits, most - len(found))
            except Refused:
                if not place:
                    raise
        for raw in found:
            raw.other_sheets = [sheet for sheet, _ in sheets if sheet != raw.sheet]
        found[0].notes += [*notes, *([cut_short(source.name)] if book.cut else [])]
        return found
    check_lines(source.data, limits, source.name)
    check_width(source.data, limits, source.name)
    encoding = (
        Encoding(str(options["encoding"])) if options.get("encoding") else detect(source.data, source.name)
    )
    faults = Faults()
    dialect = dialect_of(source.data, encoding, options)
    stream = numbered(source.data, encoding, dialect, faults, limits)
    text = Text(source, encoding.name, dialect, stream, faults, encoding, part=part)
    return tables_in(text, known, options, limits, most)


@dataclass(slots=True)
class Text:
    """A text file or a sheet as a stream of rows."""

    source: Source
    encoding: str
    dialect: Dialect
    rows: Iterator[Row]
    faults: Faults = field(default_factory=Faults)
    found: Encoding | None = None
    sheet: str | None = None
    part: int = 0


def tables_in(
    text: Text,
    known: Callable[[Sequence[str]], int],
    options: Mapping[str, Any],
    limits: Limits,
    most: int,
) -> list[Raw]:
    """The tables that stand one below the other, and side by side, in one stream of rows."""
    found: list[Raw] = []
    rows: Iterator[Row] | None = text.rows
    begins = 0
    while rows is not None and len(found) < max(most, 1):
        first = list(islice(rows, SAMPLE_ROWS))
        report = pairs(first, is_report) if not found else None
        if report is not None:
            found.append(_raw(text, *report, options, text.part))
            rows = chain(report[1].rest, rows) if report[1].rest is not None else None
            continue
        header = options.get("header")
        said = None if header is None or found else bool(header)
        outline = first_outline(first, known, header=said, begins=begins)
        if not outline.header:
            break
        table = _table(text, outline, chain(first, rows), limits, fast=not found)
        rows, begins = table.rest, table.rest_header
        if found and not table.rows and not table.wide and known(outline.header) < 2:
            end = table.rest_line or first[-1][0] + 1
            found[0].left_out.footers += [line for line, cells in first if any(cells) and line < end]
            continue
        for part, (beside, cut) in enumerate(split_beside(outline, table)):
            found.append(_raw(text, beside, cut, options, text.part + part))
    if not found:
        raise refusal(
            msg("The file holds no table."),
            text.source.name,
            msg("Choose a file with a header and at least one row."),
        )
    if rows is not None and most > 1 and (beyond := next(rows, None)):
        found[0].notes.append(not_all(text.source.name, beyond[0]))
    return found


def not_all(place: str, line: int) -> Issue:
    """What is said of a file with more tables than are looked for.

    Args:
        line: where the first of those stands that are not read.
    """
    return Issue(
        "warning",
        "more_tables",
        msg("The file holds too many tables: from row {line} on it is not read.", line=line),
        place,
        msg("Divide the file at that row, and load the rest as a file of its own."),
        line,
    )


def _table(text: Text, outline: Outline, rows: Iterator[Row], limits: Limits, *, fast: bool) -> RawTable:
    table = None
    if fast and text.found and len(text.source.data) > WORTH and len(outline.header) <= limits.columns:
        table = build_fast(text.source.data, text.found, text.dialect, outline)
    if table is None:
        layout = recognise(unique_names(outline.header))
        drop = layout is not None and layout.extra_cells == "drop"
        table = build(rows, outline, limits, text.source.name, drop_extra=drop)
    return table


def _raw(text: Text, outline: Outline, table: RawTable, options: Mapping[str, Any], part: int) -> Raw:
    table.number(part * PART)
    overlay(table, corrections_in(table, options.get("corrections") or {}))
    context = context_of(text.dialect, outline, table.names, options)
    columns = look_all(table, context)
    left_out = LeftOut()
    if options.get("total_rows") is not False:
        before = table.rows
        left_out = leave_out(table, columns)
        if table.rows != before:
            columns = look_all(table, context)
    left_out.footers += table.footers
    return Raw(
        text.source,
        text.encoding,
        text.dialect,
        outline,
        table,
        columns,
        context,
        left_out,
        text.faults,
        text.sheet,
        said=options,
        part=part,
    )


def context_of(
    dialect: Dialect, outline: Outline, names: Sequence[str], options: Mapping[str, Any]
) -> Context:
    """What a file, and a person, say about the style of all its columns."""
    units = {name: unit for name, unit in zip(names, outline.units, strict=False) if unit}
    return Context(dialect.delimiter, options.get("decimal"), options.get("date_order"), units=units)


def corrections_in(table: RawTable, corrections: Mapping[int, Sequence[str]]) -> dict[int, Sequence[str]]:
    """The corrected rows that belong to this table of the file."""
    wide = {line for line, _ in table.wide}
    mine = np.isin(np.array(list(corrections), np.int64), table.lines)
    return {
        line: cells
        for (line, cells), inside in zip(corrections.items(), mine, strict=True)
        if inside or line in wide
    }


def look_all(table: RawTable, context: Context) -> list[Column]:
    """Look at every column, then again at those that their neighbours can settle."""
    return look_together(table.names, [cells_of(column) for column in table.columns], context)


def dialect_of(data: bytes | Path, encoding: Encoding, options: Mapping[str, Any]) -> Dialect:
    """How the lines of a text are cut, as a person has said it or as its beginning shows."""
    sample = sample_text(data, encoding)
    if options.get("delimiter"):
        return Dialect(str(options["delimiter"]), str(options.get("quote", '"')))
    declared = sample[:6].lower()
    if declared.startswith("sep=") and len(sample) > 5:
        return Dialect(sample[4], '"')
    return find_dialect(sample)


def sample_text(data: bytes | Path, encoding: Encoding) -> str:
    """The first whole lines of a text file."""
    with open_text(data, encoding) as stream:
        text = stream.read(SAMPLE_CHARS)
    if len(text) < SAMPLE_CHARS:
        return text
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[: cut + 1] if cut > 0 else text
