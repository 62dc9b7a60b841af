# ruff: noqa: E501 (a table of functions reads better in one line each)
"""What a fragment of SQL may hold: the one list of what is allowed, with what each takes and gives.

Everything that is not here is refused. Nothing here can read a file, reach the network, look at another
table, change anything, or stop a query half-way: what could fail on a row gives no value instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from kpi_tree.i18n import Msg, msg

Kind = Literal["number", "text", "boolean", "day", "moment", "span", "null", "unknown"]
"""``moment`` is an instant on the shop's clock; ``unknown`` is what a fault leaves behind."""

KIND_OF: Mapping[str, Kind] = {
    "text": "text",
    "integer": "number",
    "quantity": "number",
    "money": "number",
    "number": "number",
    "boolean": "boolean",
    "instant": "moment",
    "local": "moment",
    "day": "day",
}
"""A column's type → what kind of value it holds."""

DIGITS: Mapping[str, int] = {"quantity": 18, "money": 18}
"""Digits of the exact types; a product that could hold more than 38 is computed in floating point."""
MOST_DIGITS = 38

KIND_WORDS: Mapping[Kind, Msg] = {
    "number": msg("a number"),
    "text": msg("text"),
    "boolean": msg("yes or no"),
    "day": msg("a day"),
    "moment": msg("a point in time"),
    "span": msg("a length of time"),
    "null": msg("empty"),
    "unknown": msg("unknown"),
}

CASTS: Mapping[str, tuple[str, Kind]] = {
    "INT": ("BIGINT", "number"),
    "BIGINT": ("BIGINT", "number"),
    "DOUBLE": ("DOUBLE", "number"),
    "FLOAT": ("DOUBLE", "number"),
    "DECIMAL": ("DOUBLE", "number"),
    "TEXT": ("VARCHAR", "text"),
    "VARCHAR": ("VARCHAR", "text"),
    "BOOLEAN": ("BOOLEAN", "boolean"),
    "DATE": ("DATE", "day"),
    "TIMESTAMP": ("TIMESTAMP", "moment"),
    "TIMESTAMPNTZ": ("TIMESTAMP", "moment"),
}
"""Types a value may be turned into: what is written → how it is run, and what it gives."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the kinds it takes (``same`` any, but all alike), and what it gives (``same`` as given).

    Attributes:
        sql: how it is run, ``{0}`` for the first argument.
        least: how many arguments it needs; the rest may be left out.
        fields: the names under which the parser keeps the arguments, in order.
        many: whether the last argument may be repeated.
    """

    name: str
    takes: tuple[str, ...]
    gives: str
    sql: str
    fields: tuple[str, ...] = ("this",)
    least: int = 1
    many: bool = False


_TIME = "day or moment"


def _of_day(name: str) -> Function:
    return Function(name, (_TIME,), "number", f"{name}({{0}})")


FUNCTIONS: Mapping[type[exp.Expression], Function] = {
    exp.Abs: Function("abs", ("number",), "number", "abs({0})"),
    exp.Ceil: Function("ceil", ("number",), "number", "ceil({0})"),
    exp.Floor: Function("floor", ("number",), "number", "floor({0})"),
    exp.Round: Function("round", ("number", "number"), "number", "round({0}, TRY_CAST({1} AS INTEGER))", ("this", "decimals"), 1),
    exp.Sign: Function("sign", ("number",), "number", "sign({0})"),
    exp.Sqrt: Function("sqrt", ("number",), "number", "sqrt(CASE WHEN {0} >= 0 THEN {0} END)"),
    exp.Greatest: Function("greatest", ("same",), "same", "greatest({all})", ("this", "expressions"), 1, True),
    exp.Least: Function("least", ("same",), "same", "least({all})", ("this", "expressions"), 1, True),
    exp.Coalesce: Function("coalesce", ("same",), "same", "coalesce({all})", ("this", "expressions"), 1, True),
    exp.Nullif: Function("nullif", ("same", "same"), "same", "nullif({0}, {1})", ("this", "expression"), 2),
    exp.Lower: Function("lower", ("text",), "text", "lower({0})"),
    exp.Upper: Function("upper", ("text",), "text", "upper({0})"),
    exp.Trim: Function("trim", ("text",), "text", "trim({0})"),
    exp.Length: Function("length", ("text",), "number", "length({0})"),
    exp.Left: Function("left", ("text", "number"), "text", "left({0}, TRY_CAST({1} AS BIGINT))", ("this", "expression"), 2),
    exp.Right: Function("right", ("text", "number"), "text", "right({0}, TRY_CAST({1} AS BIGINT))", ("this", "expression"), 2),
    exp.Substring: Function(
        "substring", ("text", "number", "number"), "text", "substring({0}, TRY_CAST({1} AS BIGINT), TRY_CAST({2} AS BIGINT))",
        ("this", "start", "length"), 3,
    ),
    exp.Replace: Function(
        "replace", ("text", "text", "text"), "text", "replace({0}, {1}, {2})",
        ("this", "expression", "replacement"), 3,
    ),
    exp.Concat: Function("concat", ("text",), "text", "concat({all})", ("expressions",), 1, True),
    exp.StartsWith: Function(
        "starts_with", ("text", "text"), "boolean", "starts_with({0}, {1})", ("this", "expression"), 2
    ),
    exp.EndsWith: Function(
        "ends_with", ("text", "text"), "boolean", "ends_with({0}, {1})", ("this", "expression"), 2
    ),
    exp.Contains: Function(
        "contains", ("text", "text"), "boolean", "contains({0}, {1})", ("this", "expression"), 2
    ),
    exp.Year: _of_day("year"),
    exp.Quarter: _of_day("quarter"),
    exp.Month: _of_day("month"),
    exp.Week: _of_day("week"),
    exp.Day: _of_day("day"),
    exp.DayOfMonth: Function("day", (_TIME,), "number", "day({0})"),
    exp.DayOfWeekIso: _of_day("isodow"),
    exp.Hour: Function("hour", ("moment",), "number", "hour({0})"),
}  # fmt: skip
"""Functions of one row's values, as the parser knows them."""

PARTS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
"""Parts of time that ``date_diff``, ``date_trunc``, ``extract`` and ``interval`` know."""

AGGREGATES: Mapping[type[exp.Expression], str] = {
    exp.Sum: "sum",
    exp.Avg: "mean",
    exp.Median: "median",
    exp.PercentileCont: "quantile",
    exp.Min: "min",
    exp.Max: "max",
    exp.Count: "count",
    exp.CountIf: "count",
}
"""Functions that put many rows together."""

AGGREGATE_NAMES = ("sum", "count", "avg", "median", "min", "max", "quantile_cont", "count_if")
NAMES = tuple(
    sorted({*(one.name for one in FUNCTIONS.values()), "date_diff", "date_trunc", "extract", "if", "case", "try_cast"})
)  # fmt: skip
"""Names of all functions of one row's values, as people write them."""
