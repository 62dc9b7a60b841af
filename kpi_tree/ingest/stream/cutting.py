"""The tables of a large text, one below the other: how each is cut, and where the next one begins."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.files.source import refusal
from kpi_tree.ingest.known import known
from kpi_tree.ingest.mapping.layout import is_report, recognise
from kpi_tree.ingest.stream.file import BigFile
from kpi_tree.ingest.stream.pieces import Cutter
from kpi_tree.ingest.stream.survey import CHUNK, Survey, chunks, survey
from kpi_tree.ingest.table.raw import SAMPLE_ROWS, dialect_of
from kpi_tree.ingest.text.dialect import Dialect
from kpi_tree.ingest.text.encoding import Encoding
from kpi_tree.ingest.text.firsttable import first_outline
from kpi_tree.ingest.text.lines import Faults, Row, open_text, rows_of
from kpi_tree.ingest.text.outline import Outline
from kpi_tree.ingest.text.pairs import pairs
from kpi_tree.ingest.text.table import unique_names
from kpi_tree.steps import Watch

_WIDE = {"utf-16-le": "<u2", "utf-16-be": ">u2", "utf-32-le": "<u4", "utf-32-be": ">u4"}
"""Encodings whose signs are wider than a byte; in all others a line end is a byte of its own."""


def cutters(file: BigFile, options: Mapping[str, Any], limits: Limits, watch: Watch) -> Iterator[Cutter]:
    """How each table of a large text is cut, in their order.

    The rows of each are to be taken to their end before the next is asked for: only then it is known where
    it begins.

    Raises:
        Refused: the text holds no table, or one with too many columns.
    """
    facts = survey(file, options, limits, watch)
    dialect = dialect_of(file.path, facts.encoding, options)
    line, count, begins = 1, 0, 0
    while count < limits.tables:
        faults = Faults()
        first = _first_rows(file, facts, dialect, limits, line)
        cutter = None if count else _report(file, facts, dialect, limits, first, faults)
        if cutter is None:
            header = options.get("header")
            said = None if header is None or count else bool(header)
            outline = first_outline(first, known, header=said, begins=begins)
            if not outline.header:
                break
            cutter = _cutter(file, facts, dialect, outline, limits, faults)
        cutter.line, cutter.first = line, [at for at, cells in first if any(cells)]
        yield cutter
        faults.unclosed[:] = [at + line - 1 for at in faults.unclosed]
        at = file.size if cutter.resume is None else offset_of(file, facts, line, cutter.resume)
        cutter.size = at - facts.encoding.bom
        if cutter.resume is None:
            return
        facts = replace(facts, encoding=Encoding(_exact(file, facts.encoding), at))
        line, count, begins = cutter.resume, count + 1, cutter.resume_header
    if not count:
        raise refusal(
            msg("The file holds no table."),
            file.name,
            msg("Choose a file with a header and at least one row."),
        )


def _first_rows(file: BigFile, facts: Survey, dialect: Dialect, limits: Limits, line: int) -> list[Row]:
    with ExitStack() as stack:

        def again() -> Any:
            return stack.enter_context(open_text(file.path, facts.encoding))

        rows = rows_of(again, dialect, Faults(), limits, odd=dialect.quote in facts.odd)
        return [(at + line - 1, cells) for at, cells in islice(rows, SAMPLE_ROWS)]


def _report(
    file: BigFile, facts: Survey, dialect: Dialect, limits: Limits, first: list[Row], faults: Faults
) -> Cutter | None:
    """The lines of names and values that a report begins with; None where the text does not begin so."""
    found = pairs(first, is_report)
    if found is None:
        return None
    outline, table = found
    rest = None if table.rest is None else next(table.rest, None)
    cutter = Cutter(file, facts, dialect, outline, limits, faults, False)
    cutter.resume = None if rest is None else rest[0]
    cutter.report = [row for row in first if rest is None or row[0] < rest[0]]
    cutter.ready = table
    return cutter


def _cutter(
    file: BigFile,
    facts: Survey,
    dialect: Dialect,
    outline: Outline,
    limits: Limits,
    faults: Faults,
) -> Cutter:
    if len(outline.header) > limits.columns:
        raise Refused(
            msg(
                "The table has {n} columns; {limit} is the most.", n=len(outline.header), limit=limits.columns
            ),
            place=file.name,
            remedy=msg("Leave out the columns that no KPI needs."),
        )
    layout = recognise(unique_names(outline.header))
    drop = layout is not None and layout.extra_cells == "drop"
    return Cutter(file, facts, dialect, outline, limits, faults, drop)


def _exact(file: BigFile, encoding: Encoding) -> str:
    """The name of an encoding without a mark of its own: what follows is read from the middle of the file."""
    if encoding.name.lower() not in ("utf-16", "utf-32"):
        return encoding.name
    big = next(chunks(file.path, 2), b"") in (codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE[:2])
    return encoding.name.lower() + ("-be" if big else "-le")


def offset_of(file: BigFile, facts: Survey, line: int, wanted: int) -> int:
    """Where a line of a text begins, in bytes.

    Args:
        facts: whose encoding says where the text begins, which is line number ``line``.
    """
    kind, at, returned = _WIDE.get(_exact(file, facts.encoding), "u1"), facts.encoding.bom, False
    for chunk in chunks(file.path, CHUNK, at):
        signs = np.frombuffer(chunk, kind, len(chunk) // np.dtype(kind).itemsize)
        ends = signs == 10
        if facts.lone_returns:
            # A return ends a line where no line feed follows: the line then begins behind it.
            alone = np.concatenate([[returned], signs[:-1] == 13]) & ~ends
            starts = np.flatnonzero(np.concatenate([alone, [False]]) | np.concatenate([[False], ends]))
            returned = bool(signs[-1] == 13)
        else:
            starts = np.flatnonzero(ends) + 1
        if line + len(starts) >= wanted:
            return at + int(starts[wanted - line - 1]) * np.dtype(kind).itemsize
        line, at = line + len(starts), at + len(chunk)
    return file.size
