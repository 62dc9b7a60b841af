"""What a person says of every row of a file, where no column says it: the channel of a newsletter tool, the
scale of a survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.mapping.build import SQL
from kpi_tree.ingest.mapping.layout import Layout

NUMBERS = ("integer", "number", "money", "quantity")
TYPES = ("text", *NUMBERS)
"""Types of the fields that may be the same in every row; a day never is, as the next file is of another."""
OPTION = "values"
MAX_VALUE = 200


def values_of(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Field -> what it is in every row.

    >>> values_of({"values": {"channel": "email", "list": ""}})
    {'channel': 'email'}
    """
    return {
        str(name): str(value) for name, value in (options.get(OPTION) or {}).items() if str(value).strip()
    }


def check_values(
    values: Mapping[str, str], kinds: Mapping[str, str], words: Mapping[str, tuple[str, ...]]
) -> None:
    """Let values through that every row of a table may have.

    Args:
        values: field -> value. kinds: the table's fields with their types. words: the only ones of a field.

    Raises:
        Refused: one of them cannot be, with the reason.

    >>> check_values({"scale": "5"}, {"scale": "number"}, {})
    >>> check_values({"scale": "five"}, {"scale": "number"}, {})
    Traceback (most recent call last):
    kpi_tree.errors.Refused: mapping, scale: five is no number. Write it with digits, such as 5 or 2.50.
    """
    for field, value in values.items():
        if kinds.get(field) not in TYPES:
            raise Refused(
                msg("{name} cannot be the same in every row.", name=field[:80]),
                place="mapping, values",
                remedy=msg(
                    "These can: {names}.", names=", ".join(n for n, kind in kinds.items() if kind in TYPES)
                ),
            )
        if kinds[field] in NUMBERS and not _is_number(value):
            raise Refused(
                msg("{value} is no number.", value=value[:60]),
                place=f"mapping, {field}",
                remedy=msg("Write it with digits, such as {example}.", example="5 or 2.50"),
            )
        if words.get(field) and value not in words[field]:
            raise Refused(
                msg("{value} does not suit this option.", value=value[:60]),
                place=f"mapping, {field}",
                remedy=msg("Give one of: {names}.", names=", ".join(words[field])),
            )
        if len(value) > MAX_VALUE:
            raise Refused(
                msg("The text is too long: {n} letters, of at most {most}.", n=len(value), most=MAX_VALUE),
                place=f"mapping, {field}",
            )


def _is_number(text: str) -> bool:
    try:
        return Decimal(text.strip()).is_finite()
    except InvalidOperation:
        return False


def with_values(layout: Layout, values: Mapping[str, str]) -> Layout:
    """A layout made on the spot whose rows have these values wherever their own cell is empty."""
    if not values:
        return layout
    types = {field: SQL[layout.columns[field].type] for field in values}
    casts = ", ".join(
        f"coalesce({field}, CAST(getvariable('said_{field}') AS {kind})) AS {field}"
        for field, kind in types.items()
    )
    source = f"(SELECT * REPLACE ({casts}) FROM src)"
    rows = layout.rows.replace("FROM src", f"FROM {source}") if layout.rows else source[1:-1]
    said = {f"said_{field}": value for field, value in values.items()}
    # A cell that is empty is filled, not refused.
    columns = {
        key: replace(wanted, required=wanted.required and key not in values)
        for key, wanted in layout.columns.items()
    }
    return replace(layout, rows=rows, columns=columns, options={**layout.options, **said})
