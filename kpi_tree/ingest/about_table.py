"""What there is to say about a table as it stands in its file: lines left out, units, odd rows, odd dates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.i18n import Msg, msg, nmsg
from kpi_tree.ingest.answers.reasons import cell_reason
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.convert import scale
from kpi_tree.ingest.cells.odddays import odd_texts
from kpi_tree.ingest.cells.shapes import BoolArray, IntArray, cells_of, plain_text
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.table.complaints import Complaints
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.text.firsttable import rows_above
from kpi_tree.ingest.text.table import RawTable


def about_table(complaints: Complaints, raw: Raw) -> None:
    """What finding the table told."""
    _left_out(complaints, raw)
    _units(complaints, raw)
    _odd_rows(complaints, raw)
    for column in raw.columns:
        _clock(complaints, column)
        _odd_days(complaints, raw, column)
    clocks = {column.clock for column in raw.columns}
    for column in raw.columns:
        if column.time_of_day and column.name not in clocks:
            complaints.say(
                "info",
                "time_without_date",
                msg("This column holds times of day; no column of dates belongs to it."),
                column=column.name,
                value=next(iter(column.sample(1)), None),
            )


def _left_out(complaints: Complaints, raw: Raw) -> None:
    """Lines above, in and below the table that are no rows."""

    def say(code: str, lines: list[int], words: Msg) -> None:
        if lines:
            complaints.say("info", code, words, row=lines[0], count=len(lines))

    skipped = [line for line, _ in raw.outline.preamble]
    say(
        "skipped_rows",
        skipped,
        nmsg(
            "{n} line before the header is skipped.", "{n} lines before the header are skipped.", len(skipped)
        ),
    )
    if likely := rows_above(raw.outline.preamble):
        complaints.say(
            "warning",
            "rows_above",
            msg(
                "Lines {first} to {last} above the header look like a table; they are not read.",
                first=likely[0],
                last=likely[-1],
            ),
            row=likely[0],
            count=len(likely),
            remedy=msg(
                "If they are, put an empty line and a header of names around it, or load it as its own file."
            ),
        )
    totals, footers, repeated = raw.left_out.totals, raw.left_out.footers, raw.table.repeated
    say(
        "total_rows", totals,
        nmsg("{n} total row is left out.", "{n} total rows are left out.", len(totals)),
    )  # fmt: skip
    say(
        "footer_rows",
        footers,
        nmsg(
            "{n} line below the table is left out.", "{n} lines below the table are left out.", len(footers)
        ),
    )
    say(
        "repeated_header",
        repeated,
        nmsg(
            "The header stands again in {n} row; it is left out.",
            "The header stands again in {n} rows; they are left out.",
            len(repeated),
        ),
    )
    comments = raw.table.comments
    say(
        "comment_lines",
        comments,
        nmsg(
            "{n} comment line in the table is left out.",
            "{n} comment lines in the table are left out.",
            len(comments),
        ),
    )


def _units(complaints: Complaints, raw: Raw) -> None:
    """A row of units, and columns whose numbers are in thousands."""
    if raw.outline.units_line:
        words = ", ".join(unit for unit in raw.outline.units if unit)
        complaints.say(
            "info",
            "units_row",
            msg("The row below the header names units ({units}); it is no record.", units=words[:100]),
            row=raw.outline.units_line,
        )
    for column in raw.columns:
        if column.kind in ("integer", "number") and (factor := scale(column)) != 1:
            complaints.say(
                "info",
                "scaled_numbers",
                msg("The numbers of this column are taken times {factor}, as its unit says.", factor=factor),
                column=column.name,
                value=next(iter(column.sample(1)), None),
            )


def _odd_rows(complaints: Complaints, raw: Raw) -> None:
    """Rows with too few or too many cells, quotation marks that never close, letters that can't be read."""
    table = raw.table
    if table.short_count:
        words = nmsg(
            "{n} row has fewer cells than the header; the missing ones count as empty.",
            "{n} rows have fewer cells than the header; the missing ones count as empty.",
            table.short_count,
        )
        complaints.say("warning", "short_rows", words, row=table.short[0], count=table.short_count)
    if raw.faults.unclosed:
        complaints.say(
            "warning",
            "unclosed_quote",
            cell_reason("unclosed_quote")[0],
            row=raw.faults.unclosed[0],
            count=len(raw.faults.unclosed),
            remedy=msg("It is read as a plain character; check the row."),
        )
    if table.wide:
        line, cells = table.wide[0]
        complaints.apart(table.wide_lines, "", None, "wide_row")
        complaints.say(
            "error",
            "wide_row",
            msg("The row has {n} cells, the header {width}.", n=len(cells), width=len(table.names)),
            row=line,
            count=table.wide_count,
            remedy=msg(
                "Put quotation marks around cells that hold the delimiter, "
                "and load the rows again from the quarantine."
            ),
        )
    if raw.encoding:
        _damaged(complaints, raw)


def _damaged(complaints: Complaints, raw: Raw) -> None:
    """Letters that can't be read, with the first place."""
    words = msg("Some letters can't be read in the encoding {name}.", name=raw.encoding)
    remedy = msg("Export the file again, or say its encoding: set the option encoding.")
    if "\ufffd" in "".join(raw.table.names):
        complaints.say("warning", "bad_encoding", words, remedy=remedy)
    for column in raw.columns:
        odd = np.asarray(pc.match_substring(column.cells.texts, "\ufffd"), bool)
        if odd.any():
            row, count, text = _first(raw, column, odd)
            complaints.say(
                "warning", "bad_encoding", words,
                row=row, column=column.name, value=text, count=count, remedy=remedy,
            )  # fmt: skip


def _clock(complaints: Complaints, column: Column) -> None:
    """Days and times of two columns that are one point in time."""
    if column.clock:
        complaints.say(
            "info",
            "date_and_time",
            msg(
                "The days of this column and the times of the column {name} are read as one.",
                name=column.clock,
            ),
            column=column.name,
        )


def _odd_days(complaints: Complaints, raw: Raw, column: Column) -> None:
    """Days that stand for "not known", and days far from all the others: they are kept, and said."""
    held, far = odd_texts(column)
    if held.any():
        row, count, text = _first(raw, column, held)
        complaints.say(
            "warning",
            "placeholder_date",
            msg("This date often stands for one that is not known; the row is kept as of that day."),
            row=row,
            column=column.name,
            value=text,
            count=count,
            remedy=msg("If it is not meant, correct or empty the cells, and load the file again."),
        )
    if far.any():
        row, count, text = _first(raw, column, far)
        complaints.say(
            "warning",
            "far_date",
            msg("This date lies years away from all others of its column; the row is kept as of that day."),
            row=row,
            column=column.name,
            value=text,
            count=count,
            remedy=msg("Check it; if it is a slip, correct the cell and load the file again."),
        )


def _first(raw: Raw, column: Column, odd: BoolArray) -> tuple[int | None, int, str]:
    """Where the first of some texts of a column stands, in how many rows they do, and what it says."""
    texts = column.cells.texts.filter(pa.array(odd))
    table = raw.table
    if not isinstance(table, LargeTable):
        rows = np.flatnonzero(odd[column.cells.index])
        text = column.cells.texts[int(column.cells.index[rows[0]])].as_py()
        return int(table.lines[rows[0]]), len(rows), text
    at = table.names.index(column.name)

    def chosen(part: RawTable) -> IntArray:
        cells = cells_of(part.columns[at])
        hit = np.asarray(pc.is_in(cells.texts, value_set=texts), bool)
        return np.flatnonzero(hit[cells.index])

    found = table.rows_where(chosen, table.parts)
    line = int(found.lines[0]) if found.rows else None
    return (
        line,
        max(found.rows, 1),
        plain_text(found.columns[at][0].as_py() if found.rows else texts[0].as_py()),
    )
