"""The tables of a file: a text file or sheet may hold several, so may a workbook or an archive."""

from __future__ import annotations

from pathlib import Path

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.layout import known, recognise
from kpi_tree.ingest.limits import Limits
from kpi_tree.ingest.mapping import FileMapping
from kpi_tree.ingest.markup import refuse_markup
from kpi_tree.ingest.observations import is_long
from kpi_tree.ingest.raw import Raw, read_tables
from kpi_tree.ingest.source import Source, open_source


def open_tables(
    path_or_bytes: Path | str | bytes, name: str, said: FileMapping, limits: Limits
) -> tuple[Source, list[Raw]]:
    """A file and its tables as text, the one that says most about it first.

    The option ``section`` chooses one by its number or name, ``sheet`` and ``member`` narrow it down.

    Raises:
        Refused: it holds no table, is too large, or has no section of the name.
    """
    source = open_source(path_or_bytes, name, limits)
    if source.kind == "zip":
        from kpi_tree.ingest.archive import open_members

        found = open_members(source, said.options, limits)
    else:
        if source.kind == "text":
            refuse_markup(source.data, source.name)
        found = read_tables(source, known, said.options, limits)
    _name(found)
    wanted = said.options.get("section")
    if wanted is not None:
        return source, [_wanted(source, found, str(wanted))]
    first = next((raw for raw in found if _is_known(raw)), found[0])
    return source, [first, *(raw for raw in found if raw is not first)]


def open_table(
    path_or_bytes: Path | str | bytes, name: str, said: FileMapping, limits: Limits
) -> tuple[Source, Raw]:
    """A file and its first table; see :func:`open_tables`."""
    source, found = open_tables(path_or_bytes, name, said, limits)
    return source, found[0]


def _is_known(raw: Raw) -> bool:
    return recognise(raw.table.names) is not None or is_long(raw.table.names)


def _wanted(source: Source, found: list[Raw], wanted: str) -> Raw:
    for raw in found:
        if wanted in (str(raw.number), raw.place):
            return raw
    raise Refused(
        msg("The file has no table {name}.", name=wanted[:80]),
        place=source.name,
        remedy=msg("Its tables are: {names}.", names=table_names(found)),
    )


def table_names(found: list[Raw]) -> str:
    """The tables of a file with their numbers, for a message."""
    shown = [f"{raw.number}: {raw.place}" for raw in sorted(found, key=lambda raw: raw.number)[:20]]
    return ", ".join(shown)


def _name(found: list[Raw]) -> None:
    """Number the tables in their order and say where each stands."""
    several = len(found) > 1
    containers = [raw.member or raw.sheet for raw in found]
    for number, raw in enumerate(found, start=1):
        raw.number = number
        if not several:
            continue
        where = [part for part in (raw.member, raw.sheet) if part]
        if containers.count(raw.member or raw.sheet) > 1:
            where.append(_title(raw))
        raw.place = ", ".join(where)


def _title(raw: Raw) -> str:
    """The text above a table, else its first line."""
    for _, cells in reversed(raw.outline.preamble):
        filled = [cell.strip(" #-=") for cell in cells if cell.strip(" #-=")]
        if len(filled) == 1 and any(char.isalpha() for char in filled[0]) and ":" not in filled[0]:
            return filled[0][:60]
    return f"row {max(raw.outline.header_line, 1)}, column {raw.table.names[0]}"[:60]
