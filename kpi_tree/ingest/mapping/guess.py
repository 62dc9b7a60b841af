"""What a column may hold by its values and its type, where its name says nothing: only ever proposed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.mapping.composed import COMPOSED
from kpi_tree.ingest.mapping.evidence import with_evidence
from kpi_tree.ingest.mapping.generic import field_names, fields_of
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.mapping.mapping import FileMapping, is_rate, lacking
from kpi_tree.records.tables import tables

BY_WORDS, BY_NAME, BY_TYPE = 0.8, 0.7, 0.6
"""How sure a guess is when all words of a column are allowed ones; when its name holds a known one; when it
is the only one of its type."""
_KINDS = {
    "day": {"date", "datetime"},
    "instant": {"date", "datetime"},
    "money": {"number", "integer"},
    "number": {"number", "integer"},
    "quantity": {"number", "integer"},
    "integer": {"integer"},
    "boolean": {"boolean"},
}


_MEASURES = {"money", "number", "quantity", "integer"}
_SIGN = re.compile(r"(?=.*\d)[\w./#-]{2,40}")


def guessed(proposal: FileMapping, columns: Sequence[Column]) -> FileMapping:
    """A proposal with its gaps filled, as far as the columns left over can only mean one thing.

    Args:
        proposal: what the names told. columns: the file's columns as they were looked at.

    Returns:
        The same, with further columns and how sure each is; below what is read without asking. No table
        where the names told so little that it would be one by chance.
    """
    if proposal.table is None:
        return proposal
    found, sure = dict(proposal.columns), dict(proposal.confidence)
    for field in [part for entry in lacking(proposal) for part in entry.split("|")[:1]]:
        free = [column for column in columns if column.name not in found]
        words = [column for column in free if _speaks(proposal.table, field, column)]
        typed = [column for column in free if _is_of(column, fields_of(proposal.table)[field])]
        near = [column for column in free if _is_near(proposal.table, field, column)]
        named = [column for column in free if field.endswith("_id") and _names_rows(column)]
        for fitting, share in ((words, BY_WORDS), (near, BY_NAME), (typed, BY_TYPE), (named, BY_TYPE)):
            if len(fitting) == 1:
                found[fitting[0].name], sure[fitting[0].name] = field, share
                break
    for column in columns:  # what is not needed: only by words of its header
        fields = [one for one in fields_of(proposal.table) if one not in found.values()]
        near_fields = [one for one in fields if _is_near(proposal.table, one, column)]
        if column.name not in found and len(near_fields) == 1:
            found[column.name], sure[column.name] = near_fields[0], BY_NAME
    made = replace(proposal, columns=found, confidence=sure)
    if _says_little(made, len(columns)):
        return replace(made, table=None, columns={}, confidence={})
    return with_evidence(made, columns)


def _says_little(proposal: FileMapping, columns: int) -> bool:
    """Whether so few columns are known that the table is one by chance: a day, say, as any table has one."""
    assert proposal.table is not None
    kinds = fields_of(proposal.table)
    measured = any(kinds.get(field) in _MEASURES for field in proposal.columns.values())
    known = tables().get(proposal.table)
    if known is not None and known.aggregate and not measured:
        return True  # counts of a day without a count
    return len(proposal.columns) * 3 < columns and (not measured or bool(lacking(proposal)))


def _names_rows(column: Column) -> bool:
    """Whether a column may be what names a row: signs without blanks, with a digit, none of them twice."""
    texts = [text for text in column.cells.texts.to_pylist() if text and text.strip()]
    once = bool(texts) and bool((column.cells.counts[~column.blank] == 1).all())
    return once and column.kind == "text" and all(_SIGN.fullmatch(text.strip()) for text in texts)


def _is_of(column: Column, kind: str) -> bool:
    """Whether a column is of a type; one of days with a few that are none is still one of days."""
    if column.kind in _KINDS.get(kind, ()):
        return not is_rate(column, kind)
    if kind not in ("day", "instant") or column.kind != "text" or column.dates is None:
        return False
    rows = column.cells.counts[~column.blank]
    readable = column.dates.ok | column.dates.ambiguous if len(column.dates.ambiguous) else column.dates.ok
    return bool(rows.sum()) and bool(column.cells.counts[~column.blank & readable].sum() >= 0.5 * rows.sum())


def _is_near(table: str, field: str, column: Column) -> bool:
    """Whether a known name of a field is among the words of a header: ``Varekode (ny)``, ``Dato bokført``."""
    said, kind = f" {normal(column.name)} ", fields_of(table)[field]
    fits = kind not in _KINDS or _is_of(column, kind)
    return fits and any(len(name) > 2 and f" {name} " in said for name in field_names(table, field))


def _speaks(table: str, field: str, column: Column) -> bool:
    """Whether every word of a column is one of those that a field allows."""
    if table in COMPOSED or field not in tables()[table].columns:
        return False
    allowed = {normal(word) for word in tables()[table].columns[field].values}
    said = {normal(text) for text in column.cells.texts.to_pylist() if text and text.strip()}
    return bool(allowed) and bool(said) and said <= allowed
