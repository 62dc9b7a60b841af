"""Which layout a file is read by: the one asked for, a known one, or one that its own column names make
sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.files.source import Source
from kpi_tree.ingest.mapping.evidence import sums_of_lines
from kpi_tree.ingest.mapping.fixed import values_of
from kpi_tree.ingest.mapping.generic import layout_for, record_table
from kpi_tree.ingest.mapping.layout import Layout, layouts, recognise
from kpi_tree.ingest.mapping.mapping import FileMapping, check_table, is_sure, lacking, propose
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.ingest.values.filledtemplate import template_mapping
from kpi_tree.ingest.values.observations import asks_which, is_broken_down, is_long, is_wide, named
from kpi_tree.records.names import ColumnNames, TableName


class UnknownTableError(Refused):
    """A table that no layout reads as it stands."""


def is_observations(raw: Raw, said: FileMapping, as_table: str | None, own: Mapping[str, Any] | None) -> bool:
    """Whether a file's headers say that it holds values of KPIs, and nobody has said otherwise."""
    names = named(raw, own)
    if as_table is not None or said.table is not None or said.columns:
        return False
    if is_long(names) or is_wide(names, own):
        return True
    two_rows = raw.outline.header_rows > 1
    if not is_broken_down(names, own, two_rows=two_rows):
        return False
    layout, proposal = choose(raw, said, None)
    sure = is_broken_down(names, own, also=False) or asks_which(names, own)
    return layout is None and (sure or not _covers(proposal, names))


def _covers(proposal: FileMapping | None, names: Sequence[str]) -> bool:
    """Whether a proposal has a place for every column and lacks none."""
    whole = proposal is not None and proposal.table is not None and not lacking(proposal)
    return whole and proposal is not None and set(names) <= proposal.columns.keys()


def choose(raw: Raw, said: FileMapping, as_table: str | None) -> tuple[Layout | None, FileMapping | None]:
    """The layout to read by, or a proposal to ask about."""
    names = raw.table.names
    if said.options.get("layout") in layouts():
        return layouts()[str(said.options["layout"])], None
    if said.table and said.columns:
        gone = [header for header in said.columns if header not in names]
        if gone:
            raise UnknownTableError(
                msg("The file has no column {name} that its mapping names.", name=gone[0]),
                place=raw.source.name,
                remedy=msg("Its columns are: {names}. Correct the mapping.", names=", ".join(names[:40])),
            )
        return layout_for(said.table, said.columns, values_of(said.options)), said
    only = said.table or as_table
    if only is not None:
        check_table(only, raw.source.name)
    filled = template_mapping(names) if only is None else None
    if filled is not None and filled.table is not None:
        return layout_for(filled.table, filled.columns), filled
    shipped = recognise(names)
    if shipped is not None and (only is None or only in shipped.tables):
        return shipped, None
    proposal = propose(raw.columns, only)
    proposal = sums_of_lines(proposal, raw.columns) if proposal is not None else None
    if only is not None and proposal is not None and proposal.table is not None:
        proposal = replace(proposal, options=dict(said.options))
        if not lacking(proposal):
            return layout_for(only, proposal.columns, values_of(said.options)), proposal
    if only is None and proposal is not None and proposal.table is not None and is_sure(proposal, names):
        return layout_for(proposal.table, proposal.columns), proposal
    return None, proposal


def unknown(source: Source, raw: Raw, proposal: FileMapping | None) -> UnknownTableError:
    """The refusal of a file that no layout reads; says what it lacks."""
    if raw.outline.header_line <= 0:
        return UnknownTableError(
            msg("The file has no header row that names its columns."),
            place=source.name,
            remedy=msg("Add a first row with names, or map its columns by hand."),
        )
    shown = ", ".join(raw.table.names[:20])
    if proposal is not None and proposal.table is not None and lacking(proposal):
        return UnknownTableError(
            msg("No known layout has the columns: {names}.", names=shown),
            place=source.name,
            remedy=msg(
                "As {table} it lacks {fields}. Map its columns, or add what is missing.",
                table=TableName(record_table(proposal.table)),
                fields=ColumnNames.of(record_table(proposal.table), lacking(proposal)),
            ),
        )
    if proposal is not None and proposal.table is not None:
        return UnknownTableError(
            msg("No known layout has the columns: {names}.", names=shown),
            place=source.name,
            remedy=msg(
                "They fit {table}: say that it is this table, or map its columns once and save the mapping.",
                table=TableName(record_table(proposal.table)),
            ),
        )
    return UnknownTableError(
        msg("No known layout has the columns: {names}.", names=shown),
        place=source.name,
        remedy=msg("Choose the table that it fills and map its columns once; the mapping can be saved."),
    )
