"""What there is to say about a file: gathered while it is read, grouped by kind, places kept for the
quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.answers.reasons import cell_reason
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.convert import Converted
from kpi_tree.ingest.cells.currencies import one_by_one
from kpi_tree.ingest.cells.shapes import rounded_numbers
from kpi_tree.ingest.mapping.mapping import FileMapping, lacking
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.table.twoways import two_words
from kpi_tree.ingest.text.beside import PART
from kpi_tree.ingest.text.outline import plain_cell
from kpi_tree.issues import Issue, Level


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
        currency: the shop's own: what a sign of several currencies means.
    """

    name: str
    shown: int = 5
    currency: str = ""
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
        message, remedy = two_words(column, code, example, readings)
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
        message, remedy = two_words(column, code, example, readings)
        self.say("error", code, message, column=column, value=example, remedy=remedy)

    def about_kind(
        self, column: Column, done: Converted, kind: str, *, strict: bool, required: bool = False
    ) -> None:
        """A column of money in several currencies, and numbers of things that a spreadsheet has rounded.

        Raises:
            Refused: several currencies, when loading: amounts in them are never added.
        """
        if kind == "money" and self.different(done.currencies, column.name):
            message = msg("The column mixes currencies: {signs}.", signs=", ".join(sorted(done.currencies)))
            remedy = msg("Load each currency from a file of its own.")
            if strict:
                raise Refused(message, place=f"{self.name}, column {column.name}", remedy=remedy)
            self.say("error", "mixed_currencies", message, column=column.name, remedy=remedy)
        if "unit" in done.notes:
            self.say(
                "info",
                "time_unit",
                msg("The numbers of this column are lengths of time in the unit that its header names."),
                column=column.name,
                value=next(iter(column.sample(1)), None),
            )
        if "measure" in done.notes:
            self.say(
                "warning",
                "measured_number",
                msg("The numbers of this column have a unit behind them; they count as they are written."),
                column=column.name,
                value=next(iter(column.sample(1)), None),
            )
        if kind == "text":
            cut = rounded_numbers(column.cells)
            if cut is not None:
                self.say(
                    "error" if required else "warning",
                    "rounded_number",
                    msg("Long numbers in this column were rounded by a spreadsheet; they name nothing now."),
                    column=column.name,
                    value=column.cells.texts.filter(cut)[0].as_py(),
                    remedy=msg(
                        "Export the file again and load it without opening it in a spreadsheet first."
                    ),
                )

    def different(self, signs: Sequence[str], column: str) -> bool:
        """Whether amounts of a column are in several currencies; a sign taken for the shop's own is told."""
        found = one_by_one(signs, self.currency)
        if len(found) == 1 and len(one_by_one(signs, "")) > 1:
            self.say(
                "info",
                "shared_sign",
                msg(
                    "{signs} are taken for one currency, the shop's own: {code}.",
                    signs=", ".join(sorted(signs)),
                    code=self.currency,
                ),
                column=column,
            )
        return len(found) > 1

    def bad_cells(self, raw: Raw, column: Column, done: Converted, blank: npt.NDArray[np.bool_]) -> None:
        """Cells that can't be read, and required ones that are empty."""
        for mask, code in ((done.bad, done.code or "bad_number"), (blank, "missing")):
            if not mask.any():
                continue
            rows = np.flatnonzero(mask)
            self.cells_apart(column, rows, raw.table.lines[rows], code, allowed(done.words, code))

    def cells_apart(
        self,
        column: Column,
        rows: npt.NDArray[np.int64],
        lines: npt.NDArray[np.int64],
        code: str,
        remedy: Msg | None = None,
    ) -> None:
        """Rows of a column's cells that can't be used: one issue, all places kept."""
        texts = column.cells.texts.take(pa.array(column.cells.index[rows])).to_pylist()
        self.apart(lines, column.name, texts, code)
        self.say_cells(column.name, lines, texts[0], code, remedy)

    def say_cells(
        self, column: str, lines: npt.NDArray[np.int64], first: str, code: str, better: Msg | None = None
    ) -> None:
        """Say of cells that can't be used: the first with its text, how many in all; ``better`` is a
        remedy that knows more than the usual one."""
        message, remedy = cell_reason(code, plain_cell(first))
        self.say(
            "error",
            code,
            _with_more(message, lines, self.shown),
            row=int(lines[0]),
            column=column,
            value=plain_cell(first),
            count=len(lines),
            remedy=better or remedy,
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

    def apart(self, lines: npt.NDArray[np.int64], column: str, values: list[str] | None, code: str) -> None:
        """Rows set apart for one reason."""
        self._cells.append(Cell(lines, column, values, code))


def allowed(words: Sequence[str], code: str) -> Msg | None:
    """The remedy that names the allowed words, where a cell holds another."""
    if code != "bad_value" or not words:
        return None
    return msg("Write one of these: {words}.", words=", ".join(words))


def _with_more(message: Msg, lines: npt.NDArray[np.int64], shown: int) -> Msg:
    if len(lines) < 2:
        return message
    others = ", ".join(str(line % PART) for line in lines[1:shown])
    return msg(
        "{message} Also in rows {rows} and so on, {n} in all.", message=message, rows=others, n=len(lines)
    )
