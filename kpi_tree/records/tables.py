"""The record tables as data: their columns, types, units, keys and names in three languages."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from kpi_tree import yamlfiles
from kpi_tree.errors import NotFound
from kpi_tree.i18n import msg
from kpi_tree.nearest import did_you_mean

HERE = Path(__file__).resolve().parent

MARKETS = ("Amazon", "Etsy")
"""Marketplaces, as the channel of orders and the origin of reports: what is sold there is not told
by the shop's own reports."""
ROW = "_row"
"""Hidden column of every stored record: its row in the file it came from."""
ROW_KEY = "row_key"
"""Key of a shop's own table where nothing else names a row: its content, and its number among its equals."""

SEGMENT_TYPES: Mapping[str, pa.DataType] = {
    "_by": pa.string(),
    "_through": pa.date32(),
    "_origin": pa.string(),
}
"""Hidden columns that rows of a by-day table may carry: what the report is broken down by (names of
dimensions, comma between), the last day that a row sums up where it is not its first, and what counted it
where that is not the shop's own site."""

WHOLE = "_whole"
"""Hidden column of a row that owns others: the tables of which its file tells all that belong to it, comma
between. What an older file tells of them beyond that counts no more."""
HIDDEN: Mapping[str, pa.DataType] = {**SEGMENT_TYPES, WHOLE: pa.string()}

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "quantity": pa.decimal128(18, 4),
    "money": pa.decimal128(18, 4),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "instant": pa.timestamp("us", tz="UTC"),
    "day": pa.date32(),
}
"""Column type of ``tables.yaml`` → how it is stored."""

UNITS: Mapping[str, str] = {"_seconds": "seconds", "_minutes": "minutes", "_hours": "hours", "hours": "hours"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a record table.

    Attributes:
        type: ``text``, ``integer``, ``quantity``, ``money``, ``number``, ``boolean``, ``instant`` or ``day``.
        unit: what a number counts (``seconds``, ``hours``, ``money``), None where it is a bare count or text.
        required: whether a row without it is refused.
        values: the only values allowed, empty if any.
        default: what an absent cell stands for, None if it stays absent.
        label: the header of the file that a table of the shop's own was made from.
        names: what the shop calls the column of a table of its own, by language.
    """

    name: str
    type: str
    unit: str | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    default: str | None = None
    label: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)

    def title(self, lang: str = "en") -> str:
        """What people call it: the shop's own name, else the header, else the name made readable.

        >>> Column("dag", "day", label="Dag", names={"en": "Day"}).title("nb"), Column("a_b", "day").title()
        ('Day', 'A b')
        """
        return _said(self.names, lang) or self.label or _plain(self.name)

    @property
    def arrow(self) -> pa.DataType:
        """The column's stored type."""
        return ARROW_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class Table:
    """One record table.

    Attributes:
        key: columns that name a row for ever; the newest batch that carries a key wins.
        time: column that periods go by; None for tables that only describe (products).
        aggregate: whether its rows come already counted (a report by day).
        describes: whether its rows tell what things are like: what a later file leaves out still holds.
        owner: the table whose rows its own belong to (the order of a line), by ``owned_by``.
        names: what the shop calls a table of its own, by language.
    """

    name: str
    key: tuple[str, ...]
    time: str | None
    columns: Mapping[str, Column] = field(default_factory=dict)
    aggregate: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    describes: bool = False
    owner: str = ""
    owned_by: str = ""

    def title(self, lang: str = "en") -> str:
        """What people call it: the shop's own name, else the built-in one, else the name made readable."""
        return _said(self.names, lang) or table_label(self.name, lang)


def _said(names: Mapping[str, str], lang: str) -> str:
    """A name in a language, else in the one it was given in; empty for none."""
    return names.get(lang) or next(iter(names.values()), "")


def _unit_of(name: str, kind: str) -> str | None:
    if kind == "money":
        return "money"
    return next((unit for suffix, unit in UNITS.items() if name.endswith(suffix)), None)


def _column(name: str, spec: Mapping[str, Any]) -> Column:
    return Column(
        name=name,
        type=spec["type"],
        unit=spec.get("unit") or _unit_of(name, spec["type"]),
        required=bool(spec.get("required", False)),
        values=tuple(spec.get("values", ())),
        default=spec.get("default"),
        label=str(spec.get("label") or ""),
        names=dict(spec.get("names") or {}),
    )


def table_from(name: str, spec: Mapping[str, Any]) -> Table:
    """A table from its entry in a YAML file; a shop's own tables come the same way.

    >>> table_from("visits", {"key": ["id"], "columns": {"id": {"type": "text"}}}).key
    ('id',)
    """
    return Table(
        name=name,
        key=tuple(spec["key"]),
        time=spec.get("time"),
        columns={column: _column(column, entry) for column, entry in spec["columns"].items()},
        aggregate=bool(spec.get("aggregate", False)),
        names=dict(spec.get("names") or {}),
        describes=bool(spec.get("describes", False)),
        owner=str(spec.get("owner", "")),
        owned_by=str(spec.get("owned_by", "")),
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """One of our YAML files as a mapping."""
    return dict(yamlfiles.load(path) or {})


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Table]:
    """Every built-in record table by name, in the order of ``tables.yaml``.

    >>> tables()["orders"].key, tables()["orders"].time, len(tables())
    (('order_id',), 'ordered_at', 38)
    """
    source = read_yaml(HERE / "tables.yaml")
    return {name: table_from(name, spec) for name, spec in source.items()}


def table(name: str) -> Table:
    """One record table by name.

    Raises:
        NotFound: no table has that name; the nearest is named.

    >>> table("order_line")
    Traceback (most recent call last):
    kpi_tree.errors.NotFound: order_line: There is no record table of this name. Did you mean order_lines?
    """
    known = tables()
    if name in known:
        return known[name]
    raise NotFound(
        msg("There is no record table of this name."),
        place=name[:80],
        remedy=did_you_mean(name, known, msg("The tables are: {names}.", names=", ".join(known))),
    )


def segment_dims(of: Table) -> tuple[str, ...]:
    """The dimensions that reports of a by-day table may be broken down by or not.

    >>> segment_dims(table("ad_stats")), segment_dims(table("orders"))
    (('medium', 'campaign', 'ad_group', 'device'), ())
    """
    if not of.aggregate:
        return ()
    return tuple(key for key in of.key if of.columns[key].type == "text" and not of.columns[key].required)


def arrow_schema(of: Table | str) -> pa.Schema:
    """The stored columns of a table, with the hidden ``_row`` last.

    Money and quantities are exact decimals with four places, instants are in UTC.

    >>> arrow_schema("market_size").names
    ['market', 'month', 'value', 'currency', '_row']
    """
    found = table(of) if isinstance(of, str) else of
    fields = [pa.field(column.name, column.arrow) for column in found.columns.values()]
    return pa.schema([*fields, pa.field(ROW, pa.int64())])


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = read_yaml(HERE / "labels.yaml")
    return loaded


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()


def table_label(name: str, lang: str = "en") -> str:
    """A table's name for people.

    >>> table_label("order_lines"), table_label("orders", "nb")
    ('Order lines', 'Ordre')
    """
    return str(_words()["tables"].get(name, {}).get(lang) or _plain(name))


def is_labelled(column: str) -> bool:
    """Whether the product itself has a name for columns of this name.

    >>> is_labelled("country"), is_labelled("butikk")
    (True, False)
    """
    return column in _words()["columns"]


def column_label(table_name: str, column: str, lang: str = "en") -> str:
    """A column's name for people; a table may call a column by a name of its own.

    >>> column_label("orders", "ordered_at"), column_label("orders", "customer_id", "nb")
    ('Ordered at', 'Kundenummer')
    """
    words = _words()["columns"]
    found = words.get(f"{table_name}.{column}") or words.get(column) or {}
    return str(found.get(lang) or _plain(column))


def template_csv(name: str) -> str:
    """A CSV file to fill in: the table's columns and two example rows.

    >>> print(template_csv("market_size").splitlines()[0])
    market,month,value,currency
    """
    found = table(name)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(found.columns)
    for row in (0, 1):
        writer.writerow([_example(found, column, row) for column in found.columns.values()])
    return out.getvalue()


_BY_TYPE: Mapping[str, tuple[str, str]] = {
    "integer": ("120", "85"),
    "quantity": ("2", "1"),
    "money": ("149.00", "299.50"),
    "number": ("12.5", "8"),
    "boolean": ("true", "false"),
    "instant": ("2026-03-02T09:15:00+01:00", "2026-03-03T18:40:00+01:00"),
    "day": ("2026-03-02", "2026-03-03"),
}


def _example(of: Table, column: Column, row: int) -> str:
    words = _words()["examples"]
    pair = words.get(f"{of.name}.{column.name}") or words.get(column.name)
    if pair and (not column.values or pair[row] in column.values):  # a channel of orders is none of mails
        return str(pair[row])
    if column.values:
        return column.values[min(row, len(column.values) - 1)]
    if column.type in _BY_TYPE:
        return _BY_TYPE[column.type][row]
    if column.name.endswith("_id") or column.name in of.key:
        return f"{column.name.removesuffix('_id')[:1].upper()}{1001 + row}"
    return ""
