"""What there is to say about a file: gathered while it is read, grouped by kind, places kept for the
quarantine."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg, nmsg
from kpi_tree.ingest.asking import AskError
from kpi_tree.ingest.build import Built
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.convert import Converted
from kpi_tree.ingest.cells.numbers import CURRENCIES
from kpi_tree.ingest.mapping import FileMapping, lacking
from kpi_tree.ingest.raw import Raw
from kpi_tree.ingest.reasons import cell_reason, row_reason
from kpi_tree.ingest.text.beside import PART
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.issues import Issue, Level
from kpi_tree.records.names import TableName
from kpi_tree.records.tables import tables

ORDERS = {"dmy": msg("day first"), "mdy": msg("month first"), "ymd": msg("year first")}


@dataclass(slots=True)
class Cell:
    """Rows set apart for one reason; ``values`` are the cells to blame, None where no single one is."""

    lines: npt.NDArray[np.int64]
    column: str
    values: list[str] | None
    code: str


@dataclass(slots=True)
class Complaints:
    """Gathers issues of one file.

    Attributes:
        name: the file's name, for places.
        shown: places kept of each kind.
    """

    name: str
    shown: int = 5
    _issues: list[Issue] = field(default_factory=list)
    _cells: list[Cell] = field(default_factory=list)

    def issues(self) -> list[Issue]:
        """All issues, errors first."""
        order = {"error": 0, "warning": 1, "info": 2}
        return sorted(self._issues, key=lambda issue: order[issue.level])

    def take(self, issues: list[Issue]) -> None:
        """Add what others have told."""
        self._issues.extend(issues)

    def cells(self) -> list[Cell]:
        """Rows set apart."""
        return self._cells

    def say(
        self,
        level: Level,
        code: str,
        message: Msg,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        count: int = 1,
        remedy: Msg | None = None,
    ) -> None:
        """Add one issue; its place is made from row and column."""
        row = row % PART if row else row
        parts = [self.name] + ([f"row {row}"] if row else []) + ([f"column {column}"] if column else [])
        self._issues.append(
            Issue(
                level,
                code,
                message,
                ", ".join(parts),
                remedy,
                row,
                column,
                value[:200] if value else value,
                count,
            )
        )

    def about_raw(self, raw: Raw) -> None:
        """What finding the table told."""
        table, left = raw.table, raw.left_out
        skipped = [line for line, _ in raw.outline.preamble]
        if skipped:
            self.say(
                "info",
                "skipped_rows",
                nmsg(
                    "{n} line before the header is skipped.",
                    "{n} lines before the header are skipped.",
                    len(skipped),
                ),
                row=skipped[0],
                count=len(skipped),
            )
        totals, footers, repeated = left.totals, left.footers, table.repeated
        for code, lines, words in (
            (
                "total_rows",
                totals,
                nmsg("{n} total row is left out.", "{n} total rows are left out.", len(totals)),
            ),
            (
                "footer_rows",
                footers,
                nmsg(
                    "{n} line below the table is left out.",
                    "{n} lines below the table are left out.",
                    len(footers),
                ),
            ),
            (
                "repeated_header",
                repeated,
                nmsg(
                    "The header stands again in {n} row; it is left out.",
                    "The header stands again in {n} rows; they are left out.",
                    len(repeated),
                ),
            ),
        ):
            if lines:
                self.say("info", code, words, row=lines[0], count=len(lines))
        if table.comments:
            words = nmsg(
                "{n} comment line in the table is left out.",
                "{n} comment lines in the table are left out.",
                table.comments,
            )
            self.say("info", "comment_lines", words, count=table.comments)
        if table.short_count:
            self.say(
                "warning",
                "short_rows",
                nmsg(
                    "{n} row has fewer cells than the header; the missing ones count as empty.",
                    "{n} rows have fewer cells than the header; the missing ones count as empty.",
                    table.short_count,
                ),
                row=table.short[0],
                count=table.short_count,
            )
        if raw.faults.unclosed:
            self.say(
                "warning",
                "unclosed_quote",
                cell_reason("unclosed_quote")[0],
                row=raw.faults.unclosed[0],
                count=len(raw.faults.unclosed),
                remedy=msg("It is read as a plain character; check the row."),
            )
        if table.wide:
            line, cells = table.wide[0]
            self._apart(table.wide_lines, "", None, "wide_row")
            self.say(
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
        if raw.encoding and "\ufffd" in "".join(table.names):
            self.say(
                "warning",
                "bad_encoding",
                msg("Some letters can't be read in the encoding {name}.", name=raw.encoding),
            )

    def about_doubts(self, columns: list[Column]) -> None:
        """Columns of a file without a layout that could be read two ways."""
        for column in columns:
            dates, numbers = column.dates, column.numbers
            if column.kind in ("date", "datetime") and dates is not None and dates.ambiguous.any():
                self._two(column.name, "ambiguous_date", dates.example, dict(dates.readings))
            if column.kind in ("integer", "number") and numbers is not None and numbers.ambiguous.any():
                self._two(
                    column.name,
                    "ambiguous_number",
                    numbers.example,
                    {k: f"{v:.10g}" for k, v in numbers.readings.items()},
                )

    def two_ways(self, column: str, done: Converted, *, strict: bool) -> None:
        """A column that two styles read differently: refused when loading, an issue when inspecting."""
        readings = {k: v if isinstance(v, str) else f"{v:.10g}" for k, v in done.readings.items()}
        if strict:
            self.refuse_two_ways(column, done.code, done.example, readings)
        self._two(column, done.code, done.example, readings)

    def refuse_two_ways(self, column: str, code: str, example: str, readings: dict[str, str]) -> None:
        """Refuse a column that can be read in two ways, with both readings.

        Raises:
            AskError: always.
        """
        message, remedy = _two_words(column, code, example, readings)
        option = "date_order" if code == "ambiguous_date" else "decimal"
        raise AskError(
            message,
            option=option,
            example=example,
            choices=readings,
            place=f"{self.name}, column {column}",
            remedy=remedy,
        )

    def _two(self, column: str, code: str, example: str, readings: dict[str, str]) -> None:
        message, remedy = _two_words(column, code, example, readings)
        self.say("error", code, message, column=column, value=example, remedy=remedy)

    def about_kind(self, column: Column, done: Converted, kind: str, *, strict: bool) -> None:
        """A column of money in several currencies, and numbers of things that a spreadsheet has rounded.

        Raises:
            Refused: several currencies, when loading: amounts in them are never added.
        """
        if kind == "money" and len({CURRENCIES.get(sign) or sign for sign in done.currencies}) > 1:
            message = msg("The column mixes currencies: {signs}.", signs=", ".join(sorted(done.currencies)))
            remedy = msg("Load each currency from a file of its own.")
            if strict:
                raise Refused(message, place=f"{self.name}, column {column.name}", remedy=remedy)
            self.say("error", "mixed_currencies", message, column=column.name, remedy=remedy)
        if kind == "text":
            cut = pc.match_substring_regex(column.cells.texts, r"^[0-9][.,][0-9]+[eE]\+[0-9]+$")
            if pc.any(cut).as_py():
                self.say(
                    "warning",
                    "rounded_number",
                    msg("Long numbers in this column were rounded by a spreadsheet; they name nothing now."),
                    column=column.name,
                    value=column.cells.texts.filter(cut)[0].as_py(),
                    remedy=msg(
                        "Export the file again and load it without opening it in a spreadsheet first."
                    ),
                )

    def bad_cells(self, raw: Raw, column: Column, done: Converted, blank: npt.NDArray[np.bool_]) -> None:
        """Cells that can't be read, and required ones that are empty."""
        for mask, code in ((done.bad, done.code or "bad_number"), (blank, "missing")):
            if not mask.any():
                continue
            rows = np.flatnonzero(mask)
            self.cells_apart(column, rows, raw.table.lines[rows], code)

    def cells_apart(
        self, column: Column, rows: npt.NDArray[np.int64], lines: npt.NDArray[np.int64], code: str
    ) -> None:
        """Rows of a column's cells that can't be used: one issue, all places kept."""
        texts = column.cells.texts.take(pa.array(column.cells.index[rows])).to_pylist()
        self._apart(lines, column.name, texts, code)
        self.say_cells(column.name, lines, texts[0], code)

    def say_cells(self, column: str, lines: npt.NDArray[np.int64], first: str, code: str) -> None:
        """Say of cells that can't be used: the first with its text, how many in all."""
        message, remedy = cell_reason(code)
        self.say(
            "error",
            code,
            _with_more(message, lines, self.shown),
            row=int(lines[0]),
            column=column,
            value=plain_cell(first),
            count=len(lines),
            remedy=remedy,
        )

    def about_built(self, built: Built) -> None:
        """Rows that the layout set apart, records that lack a value, keys that repeat, counts to mention."""
        for code, lines in built.rejected.items():
            level, message = row_reason(code, len(lines))
            self._apart(np.asarray(lines, np.int64), "", None, code)
            self.say(level, code, message, row=int(lines[0]), count=len(lines))
        for kind, found in (("missing", built.missing), ("bad_value", built.values)):
            for _, column, lines in found:
                if len(lines):
                    self._apart(np.asarray(lines, np.int64), column, None, kind)
                    message, remedy = cell_reason(kind)
                    self.say(
                        "error",
                        kind,
                        message,
                        row=int(lines[0]),
                        column=column,
                        count=len(lines),
                        remedy=remedy,
                    )
        for table, (same, changed) in built.repeated_keys.items():
            key = ", ".join(tables()[table].key)
            if same:
                self.say(
                    "info",
                    "duplicate_rows",
                    nmsg(
                        "{n} row repeats another exactly; it counts once.",
                        "{n} rows repeat others exactly; they count once.",
                        same,
                    ),
                    column=key,
                    count=same,
                )
            if changed:
                self.say(
                    "warning",
                    "repeated_key",
                    nmsg(
                        "{n} row has the key of a later row; the later one counts.",
                        "{n} rows have the keys of later rows; the later ones count.",
                        changed,
                    ),
                    column=key,
                    count=changed,
                    remedy=msg("Check that the key names one record."),
                )
        for code, count in built.notes:
            level, message = row_reason(code, count)
            self.say(level, code, message, count=count)

    def about_dates(self, built: Built, today: date | None) -> None:
        """Records dated after today."""
        for name, rows in built.tables.items():
            self.say_late(name, late_rows(name, rows, today))

    def say_late(self, table: str, late: int) -> None:
        """So many records of a table are dated after today."""
        if late:
            self.say(
                "warning",
                "future_date",
                nmsg(
                    "{n} record of {table} is dated after today.",
                    "{n} records of {table} are dated after today.",
                    late,
                    table=TableName(table),
                ),
                column=tables()[table].time,
                count=late,
            )

    def no_rows(self) -> None:
        """A header and nothing below it."""
        self.say("warning", "no_rows", msg("The file has a header and no rows."))

    def unknown(self, raw: Raw, proposal: FileMapping | None) -> None:
        """No layout fits; a mapping is needed."""
        if raw.outline.header_line <= 0:
            self.say(
                "warning",
                "no_header",
                msg("The file has no header row that names its columns."),
                remedy=msg("Add a first row with names, or map its columns by hand."),
            )
        if proposal is not None and proposal.table is not None and lacking(proposal):
            words = ", ".join(entry.replace("|", " / ") for entry in lacking(proposal))
            self.say(
                "warning",
                "unknown_layout",
                msg(
                    "No known layout fits. As {table} it lacks {fields}.", table=proposal.table, fields=words
                ),
                remedy=msg("Map its columns."),
            )
        else:
            self.say(
                "warning",
                "unknown_layout",
                msg("No known layout fits."),
                remedy=msg(
                    "Choose the table that it fills and map its columns once; the mapping can be saved."
                ),
            )

    def _apart(self, lines: npt.NDArray[np.int64], column: str, values: list[str] | None, code: str) -> None:
        self._cells.append(Cell(lines, column, values, code))


def late_rows(table: str, rows: pa.Table, today: date | None) -> int:
    """How many records of a table are dated after today; two days' grace for zones."""
    time = tables()[table].time
    if today is None or time is None or not rows.num_rows:
        return 0
    days = rows.column(time).cast(pa.timestamp("us"), safe=False)
    end = pa.scalar(np.datetime64(today, "us") + np.timedelta64(2, "D"))
    return int(pc.sum(pc.greater(days, end)).as_py() or 0)


def _with_more(message: Msg, lines: npt.NDArray[np.int64], shown: int) -> Msg:
    if len(lines) < 2:
        return message
    others = ", ".join(str(line % PART) for line in lines[1:shown])
    return msg(
        "{message} Also in rows {rows} and so on, {n} in all.", message=message, rows=others, n=len(lines)
    )


def _two_words(column: str, code: str, example: str, readings: dict[str, str]) -> tuple[Msg, Msg]:
    first, second = list(readings)[:2]
    if code == "ambiguous_date":
        return (
            msg(
                'The dates in the column {column} can be read in two ways: "{example}" '
                "is {a} ({how_a}) or {b} ({how_b}).",
                column=column,
                example=example,
                a=readings[first],
                b=readings[second],
                how_a=ORDERS[first],
                how_b=ORDERS[second],
            ),
            msg("Choose one: set the option date_order to {a} or {b}.", a=first, b=second),
        )
    return (
        msg(
            'The numbers in the column {column} can be read in two ways: "{example}" '
            "is {a} with a decimal point or {b} with a decimal comma.",
            column=column,
            example=example,
            a=readings["."],
            b=readings[","],
        ),
        msg('Choose one: set the option decimal to "." or ",".'),
    )
