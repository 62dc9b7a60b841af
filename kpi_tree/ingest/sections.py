"""The tables of a file: a text file or sheet may hold several, so may a workbook or an archive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.files.markup import refuse_markup
from kpi_tree.ingest.files.source import Source, open_source
from kpi_tree.ingest.known import known
from kpi_tree.ingest.mapping.layout import recognise
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.ingest.table.raw import Raw, read_tables
from kpi_tree.ingest.values.observations import is_long


def open_tables(
    path_or_bytes: Path | str | bytes, name: str, said: FileMapping, limits: Limits
) -> tuple[Source, list[Raw]]:
    """A file and its tables as text, the one that says most about it first.

    The option ``section`` chooses some by their numbers or names, ``sheet`` and ``member`` narrow them down.

    Raises:
        Refused: it holds no table, is too large, or has no section of the name.
    """
    source, found = every_table(path_or_bytes, name, said, limits)
    return source, picked(source, found, said)


def every_table(
    path_or_bytes: Path | str | bytes, name: str, said: FileMapping, limits: Limits
) -> tuple[Source, list[Raw]]:
    """A file and all its tables as text, in their order; errors as :func:`open_tables`."""
    source = open_source(path_or_bytes, name, limits)
    if source.kind == "zip":
        from kpi_tree.ingest.archive import open_members

        found = open_members(source, said.options, limits)
    else:
        if source.kind == "text":
            refuse_markup(source.data, source.name)
        found = read_tables(source, known, said.options, limits)
    name_tables(found)
    return source, found


def picked(source: Source, found: list[Raw], said: FileMapping) -> list[Raw]:
    """The tables that are to be read, the one that says most about the file first.

    Raises:
        Refused: there is no section of a name that was asked for.
    """
    wanted = sections_of(said.options)
    chosen = found
    if wanted:
        names = [_wanted(source, found, each) for each in wanted]
        chosen = [raw for raw in found if any(raw is one for one in names)]
    first = next((raw for raw in chosen if _is_known(raw)), chosen[0])
    return [first, *(raw for raw in chosen if raw is not first)]


def sections_of(options: Mapping[str, Any]) -> list[str]:
    """The tables of a file that a person chose, by number or name; none: all that are known.

    >>> sections_of({"section": 2}), sections_of({"section": ["1", "Lager"]}), sections_of({})
    (['2'], ['1', 'Lager'], [])
    """
    said = options.get("section")
    if said is None or said == "":
        return []
    return [str(each) for each in said] if isinstance(said, list | tuple) else [str(said)]


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
    shown = [
        f"{raw.number}: {raw.place}".removesuffix(": ")
        for raw in sorted(found, key=lambda raw: raw.number)[:20]
    ]
    return ", ".join(shown)


def name_tables(found: list[Raw]) -> None:
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
