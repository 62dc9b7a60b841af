"""From a source to a raw table with everything that finding it out has told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.columns import Column, Context, look, neighbours
from kpi_tree.ingest.layout import recognise
from kpi_tree.ingest.limits import Limits
from kpi_tree.ingest.overlay import overlay
from kpi_tree.ingest.source import Source, refusal
from kpi_tree.ingest.text.dialect import Dialect, find_dialect
from kpi_tree.ingest.text.encoding import Encoding, detect
from kpi_tree.ingest.text.fast import WORTH, build_fast
from kpi_tree.ingest.text.lines import Faults, Row, check_lines, check_width, numbered, open_text
from kpi_tree.ingest.text.outline import Outline, find_outline
from kpi_tree.ingest.text.table import RawTable, build, unique_names
from kpi_tree.ingest.totals import LeftOut, leave_out
from kpi_tree.ingest.workbook import choose_sheet, iterate, open_workbook

SAMPLE_CHARS = 200_000
SAMPLE_ROWS = 400


@dataclass(slots=True)
class Raw:
    """A file's table as text, and how it was read."""

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

    def column(self, name: str) -> Column | None:
        """The column of a header."""
        return next((c for c in self.columns if c.name == name), None)


def read_raw(
    source: Source, known: Callable[[Sequence[str]], int], options: Mapping[str, Any], limits: Limits
) -> Raw:
    """Read a text file or workbook into a raw table.

    Args:
        source: the file.
        known: how many of a row's cells are headers that some layout knows.
        options: what the person has said: ``encoding``, ``delimiter``, ``quote``, ``header`` (False: none),
            ``decimal``, ``date_order``, ``sheet``, ``total_rows`` (False: keep them), ``corrections``
            (line -> its cells as a person has corrected them).
    """
    faults = Faults()
    sheet: str | None = None
    others: list[str] = []
    if source.kind == "workbook":
        book = open_workbook(source.data, source.name)
        sheet, rows, others = choose_sheet(book, known, options.get("sheet"), source.name)
        encoding, dialect = "", Dialect("")
        stream: Iterator[Row] = iterate(rows)
    else:
        check_lines(source.data, limits, source.name)
        check_width(source.data, limits, source.name)
        found = (
            Encoding(str(options["encoding"]))
            if options.get("encoding")
            else detect(source.data, source.name)
        )
        encoding, dialect = found.name, _dialect(source.data, found, options)
        stream = numbered(source.data, found, dialect, faults, limits)
    first = list(islice(stream, SAMPLE_ROWS))
    header = options.get("header")
    outline = find_outline(first, known, header=None if header is None else bool(header))
    if not outline.header:
        raise refusal(
            msg("The file holds no table."),
            source.name,
            msg("Choose a file with a header and at least one row."),
        )
    table = None
    if source.kind != "workbook" and len(source.data) > WORTH and len(outline.header) <= limits.columns:
        table = build_fast(source.data, found, dialect, outline)
    if table is None:
        layout = recognise(unique_names(outline.header))
        drop = layout is not None and layout.extra_cells == "drop"
        table = build(chain(first, stream), outline, limits, source.name, drop_extra=drop)
    overlay(table, options.get("corrections") or {})
    context = Context(dialect.delimiter, options.get("decimal"), options.get("date_order"))
    columns = look_all(table, context)
    left_out = LeftOut()
    if options.get("total_rows") is not False:
        before = table.rows
        left_out = leave_out(table, columns)
        if table.rows != before:
            columns = look_all(table, context)
    return Raw(
        source,
        encoding,
        dialect,
        outline,
        table,
        columns,
        context,
        left_out,
        faults,
        sheet,
        others,
        said=options,
    )


def look_all(table: RawTable, context: Context) -> list[Column]:
    """Look at every column, then again at those that their neighbours can settle."""
    columns = [look(name, values, context) for name, values in zip(table.names, table.columns, strict=True)]
    context.neighbour_decimal, context.neighbour_order = neighbours(columns)
    helped = Context(
        context.delimiter,
        context.decimal or context.neighbour_decimal or None,
        context.order or context.neighbour_order or None,
    )
    for i, column in enumerate(columns):
        open_numbers = column.numbers is not None and column.numbers.ambiguous.any()
        open_dates = column.dates is not None and column.dates.ambiguous.any()
        if (open_numbers and helped.decimal) or (open_dates and helped.order):
            columns[i] = look(column.name, table.columns[i], helped)
    return columns


def _dialect(data: bytes, encoding: Encoding, options: Mapping[str, Any]) -> Dialect:
    sample = sample_text(data, encoding)
    if options.get("delimiter"):
        return Dialect(str(options["delimiter"]), str(options.get("quote", '"')))
    declared = sample[:6].lower()
    if declared.startswith("sep=") and len(sample) > 5:
        return Dialect(sample[4], '"')
    return find_dialect(sample)


def sample_text(data: bytes, encoding: Encoding) -> str:
    """The first whole lines of a text file."""
    stream = open_text(data, encoding)
    text = stream.read(SAMPLE_CHARS)
    if len(text) < SAMPLE_CHARS:
        return text
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[: cut + 1] if cut > 0 else text
