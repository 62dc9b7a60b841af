"""What is said of a column that can be read in two ways."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_tree.i18n import Msg, msg

ORDERS = {"dmy": msg("day first"), "mdy": msg("month first"), "ymd": msg("year first")}


def two_words(column: str, code: str, example: str, readings: Mapping[str, str]) -> tuple[Msg, Msg]:
    """Both readings of an example, and the option that chooses one.

    >>> str(two_words("Pris", "ambiguous_number", "1.234", {".": "1.234", ",": "1234"})[1])
    'Choose one: set the option decimal to "." or ",".'
    """
    first, second = list(readings)[:2]
    if code == "ambiguous_date":
        return (
            msg(
                'The dates in the column {column} can be read in two ways: "{example}" '
                "is {a} ({how_a}) or {b} ({how_b}).",
                column=column,
                example=example,
                a=readings[first],
                b=readings[second],
                how_a=ORDERS[first],
                how_b=ORDERS[second],
            ),
            msg("Choose one: set the option date_order to {a} or {b}.", a=first, b=second),
        )
    return (
        msg(
            'The numbers in the column {column} can be read in two ways: "{example}" '
            "is {a} with a decimal point or {b} with a decimal comma.",
            column=column,
            example=example,
            a=readings["."],
            b=readings[","],
        ),
        msg('Choose one: set the option decimal to "." or ",".'),
    )
