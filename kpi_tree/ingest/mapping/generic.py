"""Layouts made on the spot: a record table filled from a file whose columns a person or their names have told."""

# ruff: noqa: E501 - word lists, patterns and SQL read better unbroken
from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from kpi_tree.ingest.mapping.composed import (
    COMPOSED,
    FILLS,
    NEEDED,
    ORDER_TABLE,
    STOCK_LIST,
    order_layout,
    status_sql,
    stock_layout,
)
from kpi_tree.ingest.mapping.fixed import with_values
from kpi_tree.ingest.mapping.layout import Layout, Wanted, load_yaml, normal
from kpi_tree.records.tables import Table, column_label, tables


def record_table(table: str) -> str:
    """The record table that names a table for people: an order table is one of order lines.

    >>> record_table("order_table"), record_table("costs")
    ('order_lines', 'costs')
    """
    return FILLS[table][0] if table in FILLS else table


@lru_cache(maxsize=1)
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Field, or ``table.field`` for one table only, to the headers that may name it."""
    source = load_yaml(Path(__file__).parent / "synonyms.yaml")
    return {str(field): tuple(str(name) for name in names) for field, names in source.items()}


@cache
def field_names(table: str, field: str) -> Mapping[str, float]:
    """Normalised headers that may name a field, with how sure each is.

    >>> names = field_names("orders", "order_id")
    >>> names["order id"], names["ordrenr"] > 0.8
    (1.0, True)
    """
    found: dict[str, float] = {}
    own = synonyms().get(f"{table}.{field}") or synonyms().get(field, ())
    for place, name in enumerate(own):
        found.setdefault(normal(name), 0.96 - 0.08 * place / len(own))
    label_table = record_table(table)
    for lang in ("en", "nb", "ja"):
        label = normal(column_label(label_table, field, lang))
        found[label] = max(found.get(label, 0.0), 0.98)
    found[normal(field)] = 1.0
    return found


@lru_cache(maxsize=1)
def known_headers() -> frozenset[str]:
    """Every normalised header that names some field."""
    names = {normal(n) for listed in synonyms().values() for n in listed}
    for table in tables().values():
        for column in table.columns:
            names |= {normal(column)} | {
                normal(column_label(table.name, column, lang)) for lang in ("en", "nb", "ja")
            }
    return frozenset(names)


def fields_of(table: str) -> Mapping[str, str]:
    """Field to type, of a record table or of the order table."""
    if table in COMPOSED:
        return COMPOSED[table]
    return {name: column.type for name, column in tables()[table].columns.items()}


def needed(table: str) -> tuple[str, ...]:
    """Fields that a file must have; ``a|b`` where one of two will do.

    >>> needed("order_table"), needed("market_size")
    (('order_id', 'ordered_at', 'quantity', 'unit_price|line_total'), ('month', 'value'))
    """
    if table in NEEDED:
        return NEEDED[table]
    return tuple(
        name
        for name, column in tables()[table].columns.items()
        if column.required and column.default is None and not derivable(tables()[table], name)
    )


def derivable(table: Table, field: str) -> bool:
    """Whether a key may be made up from the rest of the row where the file has none."""
    if field == "line_no":
        return True
    return (
        table.key == (field,)
        and field.endswith("_id")
        and field not in ("order_id", "customer_id", "product_id", "session_id", "project_id")
    )


def assign(names: Sequence[str], table: str) -> dict[str, tuple[str, float]]:
    """Which field each header names, best guesses first, each field and header used once.

    >>> found = assign(["Ordrenr", "Dato", "Antall", "Pris"], "order_table")
    >>> [found[name][0] for name in ("Ordrenr", "Dato", "Antall", "Pris")]
    ['order_id', 'ordered_at', 'quantity', 'unit_price']
    """
    options = []
    fields = {field: field_names(table, field) for field in fields_of(table)}
    for name in names:
        full, cleaned = normal(name), _bare(name)
        if not {full, cleaned} & known_headers():
            continue
        for field, sure in fields.items():
            score = max(sure.get(full, 0.0), 0.97 * sure.get(cleaned, 0.0))
            if score:
                options.append((score, name, field))
    options.sort(key=lambda option: -option[0])
    found: dict[str, tuple[str, float]] = {}
    used: set[str] = set()
    for score, name, field in options:
        if name not in found and field not in used:
            found[name] = (field, score)
            used.add(field)
    return found


@lru_cache(maxsize=20_000)
def _bare(name: str) -> str:
    """A header without what stands in brackets at its end, and without a currency code: ``Pris (NOK)``."""
    text = normal(name).rstrip("?:* ")  # a form's questions, and its sign for what must be filled in
    if text.endswith((")", "]")):
        text = text[: max(text.rfind("("), text.rfind("["), 0)]
    for code in (
        " nok",
        " sek",
        " dkk",
        " eur",
        " usd",
        " gbp",
        " jpy",
        " kr",
        " inkl. mva",
        " eks. mva",
        " inkl. moms",
        " exkl. moms",
        " inkl moms",
        " exkl moms",
        " brutto",
        " netto",
        " (税込)",
        " (税抜)",
        " inkl mva",
        " eks mva",
        " incl vat",
        " ex vat",
    ):
        text = text.removesuffix(code)
    return text.strip()


def layout_for(table: str, columns: Mapping[str, str], values: Mapping[str, str] | None = None) -> Layout:
    """A layout that fills a table from a file's columns.

    Args:
        table: a record table or one of ``COMPOSED``.
        columns: header -> field.
        values: field -> what it is in every row, where no cell says it.
    """
    said = {field: value for field, value in (values or {}).items() if field in fields_of(table)}
    return with_values(_layout(table, columns, set(said)), said)


def _layout(table: str, columns: Mapping[str, str], said: set[str]) -> Layout:
    types = fields_of(table)
    required = {field for field in needed(table) if "|" not in field}
    wanted = {
        field: Wanted(
            field,
            "currency" if field == "currency" else types[field],
            (header,),
            required=field in required,
            words=_words(table, field),
        )
        for header, field in columns.items()
        if field in types
    }
    if table == ORDER_TABLE:
        return order_layout(wanted, said)
    if table == STOCK_LIST:
        return stock_layout(wanted)
    found = tables()[table]
    for field in found.columns:
        wanted.setdefault(field, Wanted(field, types[field], ()))
    parts = [_field_sql(found, field, columns) for field in found.columns]
    sql = f"SELECT {', '.join(parts)}, _row FROM good"
    return Layout("", "", wanted, (), {table: sql}, apart=_apart(found, columns))


def _words(table: str, field: str) -> tuple[str, ...]:
    """The only texts that a field may hold; states of orders are told from words in many languages."""
    if table in COMPOSED or field == "status":
        return ()
    return tables()[table].columns[field].values


def _apart(table: Table, columns: Mapping[str, str]) -> str:
    """What rows of a table must differ in to have nothing to do with each other: columns of their key."""
    given = [key for key in table.key if key in set(columns.values())]
    if not given and len(table.key) == 1 and derivable(table, table.key[0]):
        given = [name for name in table.columns if name != table.key[0]]
    return ", ".join(given[:1] if "line_no" in table.key else given)


def _field_sql(table: Table, field: str, columns: Mapping[str, str]) -> str:
    given = set(columns.values())
    if field == "currency":
        return "upper(coalesce(currency, getvariable('currency'))) AS currency"
    if field == "status" and table.name == "orders":
        return f"{status_sql('status')} AS status"
    if field in given or not derivable(table, field):
        return field
    if field == "line_no":
        return f"row_number() OVER (PARTITION BY {table.key[0]} ORDER BY _row) AS line_no"
    rest = [f"CAST({name} AS VARCHAR)" for name in table.columns if name != field]
    whole = f"concat_ws('\x1f', {', '.join(f'coalesce({part}, chr(0))' for part in rest)})"
    return f"md5({whole}) || '-' || row_number() OVER (PARTITION BY {whole} ORDER BY _row) AS {field}"
