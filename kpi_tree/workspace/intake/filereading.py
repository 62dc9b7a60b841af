"""Reading a file by what a person said of it, or by the saved mapping that suits it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kpi_tree import ingest
from kpi_tree.errors import Cancelled, Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.mapping.mapping import check_form
from kpi_tree.issues import Issue
from kpi_tree.periods.calendar import zone as time_zone
from kpi_tree.steps import SILENT, Watch
from kpi_tree.store import Home
from kpi_tree.workspace.base.homes import current_settings, today_of
from kpi_tree.workspace.base.own import catalogue_of, own_kpis_of, own_tables_of
from kpi_tree.workspace.intake.mappings import DriftedError, Found, find, for_tables, named
from kpi_tree.workspace.intake.own_loading import OwnTables, read_into, table_for
from kpi_tree.workspace.intake.shopmoney import in_shop_money

Source = Path | str | bytes
MAX_NAME = 200
OF_THE_TABLE = frozenset({"layout", "section", "sheet", "member", "header", "delimiter", "corrections"})
"""Options by which a file has other columns, or a layout of its own: no saved mapping is looked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said about a file, where that is not clear from the file itself."""

    as_table: str | None = None
    kpi: str | None = None
    mapping: Mapping[str, Any] | str | None = None
    timezone: str | None = None


def what_was_said(
    home: Home, mapping: Mapping[str, Any] | str | None, source: Path | bytes, name: str, *, free: bool
) -> tuple[dict[str, Any], Found | None]:
    """A mapping as its fields, and the saved one that it is, by name or (when ``free``) by the headers; what
    was said of this file alone, such as which way its dates go, is said beside the saved one.

    Raises:
        NotFound: no mapping is saved under that name.
        DriftedError: the file lacks columns of the mapping named.
    """
    if isinstance(mapping, str):
        found = named(home, mapping, source, name)
        return dict(found.mapping), found
    if mapping is not None:
        check_form(mapping)
    plain = not (mapping or {}).get("table") and not (mapping or {}).get("columns")
    said = dict((mapping or {}).get("options") or {})
    near = find(home, source, name) if plain and free and not said.keys() & OF_THE_TABLE else None
    if near is not None and not near.missing:
        return {**near.mapping, "options": {**(near.mapping.get("options") or {}), **said}}, near
    return dict(mapping or {}), near


def read_file(
    home: Home, source: Path | bytes, name: str, said: Said, now: datetime | None, watch: Watch = SILENT
) -> ingest.Reading:
    """Read a file by what was said about it, or by the saved mapping that suits it.

    Raises:
        Cancelled: it was stopped.
        DriftedError: nothing else reads it, and a saved mapping would, had the file all its columns.
    """
    told, found = settled(home, source, name, said)
    return read_as(home, source, name, told, found, now, watch)


def settled(home: Home, source: Path | bytes, name: str, said: Said) -> tuple[Said, Found | None]:
    """What was said with every name resolved, as it is kept with the batch; and the saved mapping that it is.

    Raises:
        NotFound, DriftedError: as :func:`read_file`. Refused: there is no such time zone.
    """
    free = said.as_table is None and said.kpi is None
    fields, found = what_was_said(home, said.mapping, source, name, free=free)
    zone = time_zone(said.timezone or current_settings(home).timezone).key
    own = table_for(home, source, name, fields) if free and not fields.get("table") else None
    return replace(said, mapping=fields or None, timezone=zone, as_table=said.as_table or own), found


def read_as(
    home: Home,
    source: Path | bytes,
    name: str,
    told: Said,
    found: Found | None,
    now: datetime | None,
    watch: Watch,
    own: OwnTables | None = None,
) -> ingest.Reading:
    """Read a file by what was said, every name in it resolved; errors as :func:`read_file`."""
    assert not isinstance(told.mapping, str)
    table = (own.known if own is not None else own_tables_of(home)).get(told.as_table or "")
    if table is not None:
        return read_into(table, source, name, told.mapping, str(told.timezone), watch)
    try:
        reading = ingest.read(
            source,
            name,
            as_table=told.as_table,
            kpi=told.kpi,
            mapping=told.mapping,
            timezone=str(told.timezone),
            currency=current_settings(home).currency or "",
            today=today_of(home, now),
            own_kpis=own_kpis_of(home),
            saved=for_tables(home),
            watch=watch,
        )
    except Cancelled:
        raise
    except Refused as error:
        if found is not None and found.missing:
            raise DriftedError(found, name) from error
        raise
    if reading.observations is not None:
        reading.observations, told_of = in_shop_money(
            reading.observations, current_settings(home), catalogue_of(home), name
        )
        reading.issues.extend(told_of)
    if found is not None and not found.missing:
        reading.issues.extend(found.issues(name))
    reading.issues.extend(_other_clock(home, told, reading, name))
    return reading


def _other_clock(home: Home, told: Said, reading: ingest.Reading, name: str) -> Iterator[Issue]:
    """Said where times were not read by the shop's own clock: beside others its days may seem to clash."""
    assert not isinstance(told.mapping, str)
    zone = str((told.mapping or {}).get("timezone") or told.timezone)
    shop = current_settings(home).timezone
    if zone != shop and reading.tables:
        words = msg("Times without an offset were read by the clock of {zone}; the shop's is {shop}.",
                    zone=zone, shop=shop)  # fmt: skip
        remedy = msg("Withdraw it and load it without a time zone if that is not meant.")
        yield Issue("info", "other_clock", words, name, remedy)


def opened_source(source: Source) -> Path | bytes:
    """A file that can be opened, or its bytes.

    Raises:
        Refused: it is a folder, or cannot be opened, with the reason.
    """
    if isinstance(source, bytes):
        return source
    path = Path(source)
    if path.is_dir():
        raise Refused(msg("This is a folder."), place=str(path), remedy=msg("Name the files in it."))
    try:
        with path.open("rb"):
            return path
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Refused(
            msg("The file cannot be opened: {reason}.", reason=reason),
            place=str(path)[:MAX_NAME],
            remedy=msg("Look at its name and its rights."),
        ) from error


def shown_name(name: str) -> str:
    """The last part of a file's name, cut; it is only ever shown, never a path."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    plain = "".join(char if char.isprintable() else "?" for char in last)
    return plain if len(plain) <= MAX_NAME else f"{plain[: MAX_NAME - 1]}…"
