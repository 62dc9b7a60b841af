"""What stands beside values of KPIs: remarks, and the dimensions that they are broken down by."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.i18n import msg, nmsg
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.words import is_sure_total_label
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.values.dimensions import dimension_named, dimensions_of
from kpi_tree.ingest.values.kpiwords import words_for
from kpi_tree.ingest.values.observed import words
from kpi_tree.ingest.values.observedcells import ObservedCells
from kpi_tree.ingest.values.observedheads import is_remark

STORE = "store"
LONG_TEXT, MANY_WORDS = 60, 6
"""A text of more letters or words than these is a remark and names nothing."""


class ObservedBeside(ObservedCells):
    """Reads the columns of words beside the values of one file."""

    def remarks(self, columns: list[Column]) -> tuple[list[Column], pa.Array | None]:
        """The columns that are no remarks, and the remarks as one text a row (None without).

        Remarks are columns named so, whatever stands to the right of one and names no dimension (people add
        such columns to a template), and columns with a sentence here and there.
        """
        at = next((n for n, column in enumerate(columns) if is_remark(column.name)), len(columns))
        kept: list[Column] = []
        found: list[Column] = []
        for n, column in enumerate(columns):
            free = column.kind == "text" and dimension_named(column.name) is None
            mine = is_remark(column.name) or (free and (n > at or _sentences(column)))
            (found if mine else kept).append(column)
        if not found:
            return kept, None
        texts = [pc.utf8_trim_whitespace(one.cells.texts.take(pa.array(one.cells.index))) for one in found]
        joined = pc.binary_join_element_wise(*texts, "; ") if len(texts) > 1 else texts[0]
        joined = pc.replace_substring_regex(joined, "^(; )+|(; )+$", "")
        coded = joined.dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        return kept, words(coded.dictionary, np.asarray(coded.indices, np.int64))

    def broken_down(self, columns: list[Column], times: int = 1) -> dict[str, pa.Array]:
        """The dimensions of the values, so many a row; rows that are of all members together are left out.

        Args:
            columns: those beside the values that are no remarks.
        """
        for column in columns:
            if column.kind in ("text", "boolean"):
                self._leave_out_totals(column)
            if column.kind == "text" and dimension_named(column.name) is None:
                self.complaints.say(
                    "info",
                    "own_dimension",
                    msg("Values are kept apart by what stands in the column {name}.", name=column.name),
                    column=column.name,
                    value=next(iter(column.sample(1)), None),
                    remedy=msg("If it holds remarks, name it {name} and load the file again.", name="Note"),
                )
        return dimensions_of(columns, times)

    def _leave_out_totals(self, column: Column) -> None:
        """Rows of a total beside rows of its parts would count twice."""
        texts, every = column.cells.texts.to_pylist(), words_for("every")
        total = np.array([is_sure_total_label(text) or normal(text) in every for text in texts], bool)
        named = np.array([bool(text.strip()) for text in texts], bool) & ~total
        rows = total[column.cells.index] & ~self.bad
        if not rows.any() or not named.any():
            return
        self.bad |= rows
        count = int(rows.sum())
        self.complaints.say(
            "info",
            "total_rows",
            nmsg("{n} total row is left out.", "{n} total rows are left out.", count),
            row=int(self.raw.table.lines[np.flatnonzero(rows)[0]]),
            column=column.name,
            count=count,
        )


def _sentences(column: Column) -> bool:
    """Whether a column holds a sentence here and there; what stands in every row names what the row is of."""
    texts = column.cells.texts.to_pylist()
    some = any(len(text) > LONG_TEXT or len(text.split()) >= MANY_WORDS for text in texts)
    empty = np.array([not text.strip() for text in texts], bool)[column.cells.index]
    return some and bool(empty.mean() > 0.5)
