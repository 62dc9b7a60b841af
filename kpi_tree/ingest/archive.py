"""A ZIP of tables: all its tables are read, what is none is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import MEGABYTE, Limits
from kpi_tree.ingest.answers.refusing import refusal, too_many_files, too_much_together
from kpi_tree.ingest.files.markup import refuse_markup
from kpi_tree.ingest.files.members import about_ignored, is_no_table
from kpi_tree.ingest.files.source import Source, open_source
from kpi_tree.ingest.known import known
from kpi_tree.ingest.mapping.layout import recognise
from kpi_tree.ingest.table.raw import Raw, read_tables
from kpi_tree.issues import Issue

MOST_MEMBERS = 500
_PAGE = frozenset({".html", ".htm"})
"""Pages are read for their tables; one without a table says something about the others."""


def open_members(source: Source, options: Mapping[str, Any], limits: Limits) -> list[Raw]:
    """The tables of a ZIP: of the member asked for, or of all of them, the best known first.

    What is no table (a readme, a picture) is noted; so is a ZIP inside it, with the reason.

    Raises:
        Refused: it holds no table, or no member of the name asked for.
    """
    wanted = options.get("member")
    if wanted is not None and wanted not in source.members:
        raise refusal(
            msg("The ZIP has no file {name}.", name=str(wanted)[:80]),
            source.name,
            msg("Its files are: {names}.", names=", ".join(list(source.members)[:20])),
        )
    found: list[list[Raw]] = []
    ignored, faults = list(source.ignored), dict[str, Refused]()
    ignored += [name for name in source.members if wanted is None and is_no_table(name)]
    tables = [str(wanted)] if wanted is not None else [name for name in source.members if name not in ignored]
    _check_together(source, tables, limits)
    for name in tables:
        part = max((raw.part + 1 for tables in found for raw in tables), default=0)
        try:
            found.append(_member(source, name, options, limits, part))
        except Refused as refused:
            if wanted is None and PurePosixPath(name.lower()).suffix in _PAGE and len(source.members) > 1:
                ignored.append(name)
            else:
                faults[name] = refused
    if not found:
        raise next(iter(faults.values()), None) or refusal(
            msg("The ZIP holds no table."), source.name, msg("Send the table itself.")
        )
    raws = [raw for member in sorted(found, key=_rank, reverse=True) for raw in member]
    raws[0].notes = [*raws[0].notes, *_notes(source.name, ignored, faults)]
    raws[0].members = list(source.members)
    return raws


def _check_together(source: Source, tables: list[str], limits: Limits) -> None:
    """Refuse more tables than can be held at once.

    Raises:
        Refused: they are too many, or too large together.
    """
    if len(tables) > MOST_MEMBERS:
        raise too_many_files(source.name, len(tables), MOST_MEMBERS)
    size = sum(source.sizes[name] for name in tables)
    if size > limits.several_bytes:
        raise too_much_together(source.name, size // MEGABYTE, limits.several_bytes // MEGABYTE)


def _member(source: Source, name: str, options: Mapping[str, Any], limits: Limits, part: int) -> list[Raw]:
    inner = open_source(source.members[name](), name, limits)
    if inner.kind == "zip":
        raise refusal(
            msg("This is a ZIP inside a ZIP; it is not opened."),
            name,
            msg("Unpack it and send what it holds."),
        )
    if inner.kind == "text":
        refuse_markup(inner.data, name)
    found = read_tables(inner, known, options, limits, part=part)
    for raw in found:
        raw.member = name
    if inner.kind == "text":
        inner.data = b""  # its rows are there; other members need the room
    return found


def _rank(tables: list[Raw]) -> int:
    layouts = [recognise(raw.table.names) for raw in tables]
    return max(
        100 + layout.priority if layout else known(raw.table.names)
        for layout, raw in zip(layouts, tables, strict=True)
    )


def _notes(place: str, ignored: list[str], faults: Mapping[str, Refused]) -> list[Issue]:
    notes = [
        Issue("warning", "unread_member", fault.message, f"{place}, {name}", fault.remedy)
        for name, fault in faults.items()
    ]
    return [*notes, *about_ignored(place, ignored)]
