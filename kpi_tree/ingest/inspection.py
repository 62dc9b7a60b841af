"""What reading a file found out, without loading it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kpi_tree.ingest.cells.columns import Column, as_dict
from kpi_tree.ingest.files.newness import exported_in
from kpi_tree.ingest.files.source import Source
from kpi_tree.ingest.mapping.generic import record_table
from kpi_tree.ingest.mapping.guess import guessed
from kpi_tree.ingest.mapping.layout import Layout, place
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.table.preamble import period_of_file
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.issues import Issue


@dataclass(slots=True)
class Inspection:
    """What reading a file found out, without loading it.

    Attributes:
        sections: the tables of a file that holds several; empty when it holds one.
        known: whether it can be loaded as it is.
        exported: when it was exported, as a line above its table says; without an offset as it is written.
    """

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
    sections: list[dict[str, Any]] = field(default_factory=list)
    known: bool = False
    exported: datetime | None = None

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
            "sections": self.sections,
            "period": {"start": self.period[0].isoformat(), "end": self.period[1].isoformat()}
            if self.period
            else None,
        }


def inspection_of(
    source: Source, raw: Raw, layout: Layout | None, proposal: FileMapping | None, issues: Sequence[Issue]
) -> Inspection:
    """The findings about a file that was read by a layout, by a proposal, or by neither."""
    table = layout.main_table if layout else (proposal.table if proposal else None)
    mapping = guessed(proposal, raw.columns) if layout is None and proposal is not None else proposal
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
        [line for line, _ in raw.outline.preamble]
        + ([raw.outline.units_line] if raw.outline.units_line else []),
        sorted(raw.left_out.totals),
        raw.table.rows,
        raw.columns,
        (layout.id or None) if layout else None,
        record_table(table) if table is not None else None,
        mapping,
        list(issues),
        raw.sheet,
        raw.other_sheets,
        list(raw.members),
        raw.period or period_of_file(raw.outline.preamble),
        source.fingerprint,
        known=layout is not None,
        exported=exported_in(raw.outline.preamble),
    )
