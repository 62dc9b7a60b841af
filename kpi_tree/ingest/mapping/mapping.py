"""Which table an unknown file fills, and which of its columns go where: proposed, corrected by a person,
saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.saying import check_options
from kpi_tree.ingest.cells.columns import Column, Context
from kpi_tree.ingest.cells.convert import read_column_dates
from kpi_tree.ingest.mapping.composed import COMPOSED, ORDER_TABLE
from kpi_tree.ingest.mapping.fixed import check_values, values_of
from kpi_tree.ingest.mapping.generic import assign, field_names, fields_of, needed, record_table
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.records.names import TableName
from kpi_tree.records.tables import column_label, table_label, tables

SURE = 0.85
EXPLAINED = 0.34
"""Share of a file's columns that a table must know to be proposed before one that lacks something."""
SAID = 1.0
"""What it costs a table in the comparison that a person must say a field for the whole file."""

_FITTING = {
    "integer": {"integer", "empty"},
    "number": {"integer", "number", "duration", "empty"},
    "money": {"integer", "number", "empty"},
    "quantity": {"integer", "number", "empty"},
    "boolean": {"boolean", "integer", "empty", "text"},
    "instant": {"date", "datetime", "empty"},
    "day": {"date", "datetime", "empty"},
}


@dataclass(frozen=True, slots=True)
class FileMapping:
    """What a person, or a proposal, says about a file. JSON-able by :meth:`to_dict`.

    Attributes:
        table: record table or ``order_table``; None to leave it to the layouts.
        columns: header -> field.
        options: ``date_order``, ``decimal``, ``encoding``, ``delimiter``, ``header``, ``sheet``, ``member``,
            ``currency``, ``timezone``, ``layout``, ``period_start``, ``period_end``, ``total_rows``,
            ``shop``, ``day_of``, ``percent``, ``year``, ``grain``, ``either``,
            ``values`` (field -> what it is in every row).
        confidence: header -> 0..1, for proposals.
    """

    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The mapping for JSON."""
        return {
            "table": self.table,
            "columns": dict(self.columns),
            "options": dict(self.options),
            "confidence": {name: round(value, 2) for name, value in self.confidence.items()},
        }


def replaced(mapping: FileMapping, header: str, target: str) -> FileMapping:
    """The same mapping with another field for a column.

    >>> dict(replaced(FileMapping("order_table", {"Sum": "total"}), "Sum", "line_total").columns)
    {'Sum': 'line_total'}
    """
    return replace(mapping, columns={**mapping.columns, header: target})


def mapping_from(given: Mapping[str, Any] | FileMapping | None) -> FileMapping:
    """A mapping from JSON.

    Raises:
        Refused: it names a table or field that there is not, or is not of this form.

    >>> mapping_from({"table": "costs", "columns": {"Beløp": "amount"}}).columns
    {'Beløp': 'amount'}
    """
    if given is None:
        return FileMapping()
    if isinstance(given, FileMapping):
        return given
    check_form(given)
    table = given.get("table")
    if table is not None:
        check_table(str(table), "mapping")
    columns = {str(k): str(v) for k, v in given.get("columns", {}).items() if v}
    for header, name in columns.items():
        if table is not None and name not in fields_of(table):
            raise Refused(
                msg(
                    "The table {table} has no column {name}.",
                    table=TableName(record_table(table)),
                    name=name[:80],
                ),
                place=f"mapping, {header}",
                remedy=msg("Its columns are: {names}.", names=", ".join(fields_of(table))),
            )
    options = {name: value for name, value in given.get("options", {}).items() if value is not None}
    check_options(options)
    if table is not None:
        check_values(values_of(options), fields_of(table), _allowed(table))
    return FileMapping(table, columns, options)


def _allowed(table: str) -> dict[str, tuple[str, ...]]:
    """The words of those fields that allow only some."""
    if table in COMPOSED:
        return {}
    return {name: column.values for name, column in tables()[table].columns.items() if column.values}


def check_form(given: Mapping[str, Any]) -> None:
    """Let what looks like a mapping through.

    Raises:
        Refused: it is not of this form.
    """
    if not isinstance(given, Mapping) or not all(
        isinstance(given.get(k, {}), Mapping) for k in ("columns", "options")
    ):
        raise Refused(
            msg("The mapping is not of the form that is read."),
            place="mapping",
            remedy=msg(
                "It looks like this: {example}",
                example='{"table": "orders", "columns": {"Dato": "ordered_at"}, "options": {}}',
            ),
        )


def check_table(name: str, place: str) -> None:
    """Let the name of a record table through.

    Raises:
        Refused: there is none of this name.
    """
    if name not in COMPOSED and name not in tables():
        raise Refused(
            msg("There is no record table {name}.", name=name[:80]),
            place=place,
            remedy=msg("The tables are: {names}.", names=", ".join((*COMPOSED, *tables()))),
        )


def propose(columns: Sequence[Column], only: str | None = None) -> FileMapping | None:
    """The table that a file most likely fills, with its columns; None when nothing fits.

    Args:
        columns: the file's columns as they were looked at.
        only: the table, when the person has said it.
    """
    names = [column.name for column in columns]
    looked = {column.name: column for column in columns}
    best: tuple[float, FileMapping] | None = None
    for table in [only] if only else [*COMPOSED, *tables()]:
        found = {
            header: (target, score * (1.0 if _fits(looked[header], fields_of(table)[target]) else 0.5))
            for header, (target, score) in assign(names, table).items()
            if not is_rate(looked[header], fields_of(table)[target])
        }
        mapping = FileMapping(
            table, {h: t for h, (t, _) in found.items()}, {}, {h: s for h, (_, s) in found.items()}
        )
        need = needed(table)
        gone = lacking(mapping)
        have = len(need) - len(gone)
        score = sum(mapping.confidence.values()) + 3 * have / max(len(need), 1)
        score -= 4 if any(not may_be_said(table, entry) for entry in gone) else SAID * len(gone)
        score += 0.5 * (table == ORDER_TABLE)
        # A column or two of many are no evidence, however little else the table needs.
        score -= 4 * (table != ORDER_TABLE and have == len(need) and len(found) < EXPLAINED * len(names))
        if found and (best is None or score > best[0]):
            best = (score, mapping)
    return best[1] if best else None


def may_be_said(table: str, field: str) -> bool:
    """Whether a person may say a field for the whole file, such as its network; never what names a row.

    >>> may_be_said("message_sends", "channel"), may_be_said("costs", "amount")
    (True, False)
    """
    return fields_of(table).get(field) == "text" and not field.endswith("_id")


def is_rate(column: Column, wanted: str) -> bool:
    """Whether a column of percentages stands where an amount is wanted: ``25 %`` is a rate of tax, no tax."""
    return wanted == "money" and column.unit == "percent"


def _fits(column: Column, wanted: str) -> bool:
    """Whether the cells suit a type; a column with many bad cells still does."""
    if wanted == "text" or column.kind in _FITTING[wanted]:
        return True
    if wanted in ("instant", "day") and column.kind in ("integer", "number"):
        days = read_column_dates(column, Context())  # a workbook's days, or seconds since 1970
        return bool((days.ok | column.blank).all())
    found = column.dates if wanted in ("instant", "day") else column.numbers
    if column.kind != "text" or found is None or wanted == "boolean":
        return False
    filled = ~column.blank
    rows = int(column.cells.counts[filled].sum())
    readable = found.ok | found.ambiguous if len(found.ambiguous) else found.ok
    return bool(rows) and int(column.cells.counts[filled & readable].sum()) >= 0.05 * rows


def lacking(mapping: FileMapping) -> list[str]:
    """Fields that the table needs and the mapping does not fill."""
    assert mapping.table is not None
    given = {*mapping.columns.values(), *values_of(mapping.options)}
    return [entry for entry in needed(mapping.table) if not any(part in given for part in entry.split("|"))]


def is_sure(mapping: FileMapping, names: Sequence[str]) -> bool:
    """Whether a proposal may be followed without asking: an order table by name, or a template of ours."""
    if mapping.table is None or lacking(mapping):
        return False
    need = {part for entry in needed(mapping.table) for part in entry.split("|")}
    sure = all(
        score >= SURE for header, score in mapping.confidence.items() if mapping.columns[header] in need
    )
    if mapping.table == ORDER_TABLE:
        return sure
    own = sum(_is_own_name(mapping.table, header, target) for header, target in mapping.columns.items())
    specific = any(
        target.endswith("_id") or target in need - {"day", "kind", "amount"}
        for target in mapping.columns.values()
    )
    return sure and specific and own >= 0.7 * len(names) and own >= 2


def _is_own_name(table: str, header: str, target: str) -> bool:
    own = {normal(target)} | {normal(column_label(table, target, lang)) for lang in ("en", "nb", "ja")}
    return normal(header) in own and field_names(table, target).get(normal(header), 0) >= 0.96


def fingerprint(names: Sequence[str]) -> str:
    """The mark by which a saved mapping is found again: the headers, in any order and case.

    >>> fingerprint(["A", "b"]) == fingerprint(["B ", "a"])
    True
    """
    return hashlib.sha256("\x1f".join(sorted(normal(name) for name in names)).encode()).hexdigest()[:16]


def drift(mapping: FileMapping, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Columns of a saved mapping that the file has no more, and new ones of the file.

    >>> drift(FileMapping("costs", {"Beløp": "amount", "Dato": "incurred_on"}), ["Beløp", "Dag"])
    (['Dato'], ['Dag'])
    """
    have = {normal(name) for name in names}
    known = {normal(name) for name in mapping.columns}
    return [n for n in mapping.columns if normal(n) not in have], [n for n in names if normal(n) not in known]


def describe(mapping: FileMapping, lang: str) -> list[dict[str, Any]]:
    """The mapping as rows of a table for a person to correct."""
    assert mapping.table is not None
    table = record_table(mapping.table)
    return [
        {
            "column": header,
            "field": target,
            "label": column_label(table, target, lang),
            "table": table_label(table, lang),
            "confidence": round(mapping.confidence.get(header, 1.0), 2),
        }
        for header, target in mapping.columns.items()
    ]
