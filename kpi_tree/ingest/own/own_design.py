"""A table of the shop's own, designed from a file: names, types, what names a row, and when a row is of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pyarrow as pa

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.numbersigns import CURRENCIES
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.mapping.mapping import fingerprint
from kpi_tree.ingest.own.own_large import all_different
from kpi_tree.ingest.stream.parts import LargeTable
from kpi_tree.ingest.table.raw import Raw
from kpi_tree.nearest import did_you_mean
from kpi_tree.records.tables import ROW_KEY, Table, table_from

MAX_COLUMNS = 400
MOST_KEYS = 3
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "ß": "ss", "ð": "d", "þ": "th", "ł": "l"})
_NAMES_A_ROW = re.compile(
    r"(?:^|[\s_.#-])(?:id|nr|no|num|number|nummer|key|ref|code|kode)\.?$|番号|コード", re.I
)
_TYPES: Mapping[str, str] = {
    "integer": "integer",
    "number": "number",
    "duration": "number",
    "date": "day",
    "datetime": "instant",
    "boolean": "boolean",
}
_TABLE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Design:
    """A table as it would be made, and the mark of its file's headers."""

    table: Table
    spec: Mapping[str, Any]
    fingerprint: str


def check_name(name: str, taken: Collection[str], reserved: Collection[str] = ()) -> None:
    """Refuse a name that a table cannot have.

    Args:
        taken: names of the tables there are.
        reserved: names that mean something else to the program.

    Raises:
        Refused: it is no safe name, or something else has it.

    >>> check_name("Store visits", [])
    Traceback (most recent call last):
    kpi_tree.errors.Refused: Store visits: This cannot be the name of a table. Write it as store_visits.
    """
    if not _TABLE_NAME.fullmatch(name) or name.startswith("own_") or name.endswith("_changes"):
        raise Refused(
            msg("This cannot be the name of a table."),
            place=name[:80],
            remedy=msg("Write it as {example}.", example=safe_name(name, "my_table", ())[:40]),
        )
    if name in taken:
        raise Refused(
            msg("There is a table of this name already."),
            place=name,
            remedy=msg("Load into it with --as {name}, or choose another name.", name=name),
        )
    if name in reserved:
        raise Refused(
            msg("This name means something else to the program."),
            place=name,
            remedy=msg("Write it as {example}.", example=f"our_{name}"[:40]),
        )


def safe_name(header: str, otherwise: str, taken: Collection[str]) -> str:
    """A header as a name of small letters, digits and ``_``; numbered where it is taken.

    >>> safe_name("Åpne dager (%)", "column_1", ["apne_dager"]), safe_name("売上", "column_2", [])
    ('apne_dager_2', 'column_2')
    """
    plain = unicodedata.normalize("NFKD", header.casefold().translate(_LETTERS))
    stem = re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode()).strip("_")[:50].rstrip("_")
    if not stem or not stem[0].isalpha():
        stem = f"c_{stem}" if stem else otherwise
    stem = stem.removeprefix("own_") or otherwise
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem}_{number}"
    return found


def design(raw: Raw, name: str, *, key: Sequence[str] = (), time: str | None = None) -> Design:
    """A table for the columns of a file.

    Args:
        key: headers (or names) of the columns that name a row; without them they are looked for.
        time: the column that says when a row is of; without it the first with a day or a time.

    Raises:
        Refused: the file has no header, or a column named is not there or does not suit.
    """
    if raw.outline.header_line <= 0 or not raw.columns:
        raise Refused(
            msg("The file has no header row that names its columns."),
            place=raw.source.name,
            remedy=msg("Add a first row with names."),
        )
    if len(raw.columns) > MAX_COLUMNS:
        raise Refused(msg("The file has more than {n} columns.", n=MAX_COLUMNS), place=raw.source.name)
    names = _names(raw.columns)
    timed = _time(raw, names, time)
    keys = _chosen(raw, names, key) or _found(raw, names, timed)
    columns: dict[str, Any] = {}
    if not keys:
        columns[ROW_KEY] = {"type": "text", "required": True}
    for column in raw.columns:
        kind = _type(column)
        entry: dict[str, Any] = {"type": kind, "label": column.name}
        if column.kind == "duration":
            entry["unit"] = "seconds"
        elif column.unit == "percent":
            entry["unit"] = "percent"
        if names[column.name] in keys:
            entry["required"] = True
        columns[names[column.name]] = entry
    spec = {"key": list(keys) or [ROW_KEY], "time": timed, "columns": columns, "order": list(columns)}
    return Design(table_from(name, spec), spec, fingerprint([column.name for column in raw.columns]))


def _names(columns: Sequence[Column]) -> dict[str, str]:
    """Header → its name in the table."""
    found: dict[str, str] = {}
    for at, column in enumerate(columns, 1):
        found[column.name] = safe_name(column.name, f"column_{at}", [*found.values(), ROW_KEY])
    return found


def _type(column: Column) -> str:
    """How a column is kept: money and short decimals exactly, other numbers in floating point."""
    if column.clock:
        return "instant"
    if column.kind not in ("integer", "number"):
        return _TYPES.get(column.kind, "text")
    if column.unit is not None and column.unit not in ("percent", "seconds", column.told):
        return "money"
    if column.told and column.told.lower() in CURRENCIES:
        return "money"
    if column.kind == "number" and column.numbers is not None and column.unit is None:
        used = column.numbers.ok & ~column.blank
        return "quantity" if not (column.numbers.decimals[used] > 2).any() else "number"
    return _TYPES[column.kind]


def _time(raw: Raw, names: Mapping[str, str], said: str | None) -> str | None:
    dated = [column for column in raw.columns if column.kind in ("date", "datetime")]
    if said is None:
        return names[dated[0].name] if dated else None
    column = _column(raw, names, said)
    if column not in dated:
        raise Refused(
            msg("The column {name} holds no days and no times.", name=column.name),
            place=raw.source.name,
            remedy=msg("Columns with days or times are: {names}.",
                       names=", ".join(one.name for one in dated) or "–"),
        )  # fmt: skip
    return names[column.name]


def _column(raw: Raw, names: Mapping[str, str], said: str) -> Column:
    for column in raw.columns:
        if normal(said) in (normal(column.name), normal(names[column.name])):
            return column
    raise Refused(
        msg("The file has no column {name}.", name=said[:60]),
        place=raw.source.name,
        remedy=did_you_mean(
            said,
            [column.name for column in raw.columns],
            msg("Its columns are: {names}.", names=", ".join(one.name for one in raw.columns[:40])),
        ),
    )


def _chosen(raw: Raw, names: Mapping[str, str], said: Sequence[str]) -> tuple[str, ...]:
    columns = [_column(raw, names, one) for one in said]
    for column in columns:
        if _type(column) in ("number", "quantity", "money"):
            raise Refused(
                msg("The column {name} holds amounts and cannot name a row.", name=column.name),
                place=raw.source.name,
                remedy=msg("Choose a column such as a number, a name or a day."),
            )
    return tuple(names[column.name] for column in columns)


def _found(raw: Raw, names: Mapping[str, str], time: str | None) -> tuple[str, ...]:
    """The columns that name a row: one that says it does, else the day with the fewest words beside it."""
    if raw.table.rows < 2:
        return ()
    whole = [column for column in raw.columns if not _has_gaps(column)]
    for column in whole:
        named = _type(column) in ("text", "integer") and _NAMES_A_ROW.search(column.name.strip())
        if named and _names_rows(raw, [column.name]):
            return (names[column.name],)
    words = [column.name for column in whole if _type(column) in ("text", "boolean")]
    dated = [column.name for column in whole if names[column.name] == time]
    for size in range(MOST_KEYS if dated else 0):
        for more in combinations(words[:8], size):
            if _names_rows(raw, [*dated, *more]):
                return tuple(names[one] for one in (*dated, *more))
    if not dated and words and whole[0].name == words[0] and _names_rows(raw, words[:1]):
        return (names[words[0]],)
    return ()


def _has_gaps(column: Column) -> bool:
    return bool(column.cells.counts[column.blank].sum())


def _names_rows(raw: Raw, headers: Sequence[str]) -> bool:
    """Whether no two rows say the same in some columns."""
    places = [raw.table.names.index(header) for header in headers]
    if isinstance(raw.table, LargeTable):
        return all_different(raw.table, places)
    values = pa.table({str(at): raw.table.columns[at] for at in places})
    kinds = values.group_by(values.column_names, use_threads=False).aggregate([]).num_rows
    return int(kinds) == raw.table.rows


__all__ = ["Design", "check_name", "design", "safe_name"]
