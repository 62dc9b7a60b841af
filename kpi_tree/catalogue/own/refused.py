"""Why a part of a fragment may not stand there, and what to write instead."""

from __future__ import annotations

import re

from sqlglot import exp

from kpi_tree.catalogue.own.faults import SHOWN, Fault, one_of
from kpi_tree.catalogue.own.sqltext import NO_STATEMENTS, ONLY
from kpi_tree.catalogue.own.sqlwords import AGGREGATE_NAMES, AGGREGATES, NAMES, Kind
from kpi_tree.i18n import Msg, msg
from kpi_tree.nearest import did_you_mean

_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")


def why(node: exp.Expression, text: str) -> Fault:
    """The fault of a node that is not one of those that are known.

    Args:
        text: the whole fragment as it was typed.
    """
    if type(node) in AGGREGATES:
        return Fault(
            "aggregate_inside",
            msg(
                "{name}() puts rows together and cannot stand inside another or in a filter.",
                name=function_name(node, text),
            ),
            msg("Write it around the whole expression, such as sum(a * b)."),
        )
    if isinstance(node, exp.Window):
        return Fault(
            "window",
            msg("A window function (OVER …) is not read."),
            msg("For a value over a trailing window define a KPI of the kind cumulative."),
        )
    if isinstance(node, exp.Query | exp.Exists | exp.All | exp.Any):
        return Fault(
            "subquery",
            msg("A query may not stand here, only columns of the table itself."),
            msg("Define that value as a KPI of its own, and put both together with a formula."),
        )
    name = function_name(node, text) if isinstance(node, exp.Func) else ""
    if name and name in text.lower():
        return Fault(
            "unknown_function",
            msg("{name}() is not one of the functions that may be used.", name=name[:40]),
            one_of(name, {*NAMES, *AGGREGATE_NAMES}),
        )
    return Fault("bad_expression", ONLY, NO_STATEMENTS)


def function_name(node: exp.Expression, text: str) -> str:
    """A function as it was typed, where the parser says where that was; else as the parser calls it."""
    start, end = node.meta.get("start"), node.meta.get("end")
    if isinstance(start, int) and isinstance(end, int) and text[start : end + 1].isidentifier():
        return text[start : end + 1].lower()
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    called = str(node.sql_name()).lower()  # type: ignore[attr-defined]
    if called in text.lower():
        return called
    typed = [name.lower() for name in _CALL.findall(text)]
    return next((name for name in typed if name not in (*NAMES, *AGGREGATE_NAMES)), called)


def no_column(table: str, name: str, known: list[str]) -> Fault:
    """A name that is no column: a slip of the pen, a function without brackets, or a text without quotes."""
    names = ", ".join(sorted(known)[:SHOWN]) + (" …" if len(known) > SHOWN else "")
    remedy = did_you_mean(
        name,
        known,
        msg(
            "A text stands in single quotes: '{name}'. The columns are: {names}.", name=name[:40], names=names
        ),
    )
    if name.lower() in (*AGGREGATE_NAMES, *NAMES):
        remedy = msg("Write it with brackets: {name}(…).", name=name.lower())
    return Fault("unknown_column", msg("{table} has no column {name}.", table=table, name=name[:60]), remedy)


_CAST_TO: dict[Kind, str] = {"number": "DOUBLE", "day": "DATE", "moment": "TIMESTAMP", "boolean": "BOOLEAN"}


def instead(wanted: Kind, said: str, *, literal: bool) -> Msg:
    """What to write where a value of another kind stands: for a constant its right form, else a cast."""
    if literal and wanted in ("day", "moment"):
        return msg("Write a day as '2026-01-31', a time as '2026-01-31 10:00'.")
    if literal and wanted == "text":
        return msg("Write it in single quotes: '{text}'.", text=said.strip("'"))
    if literal and wanted == "number":
        return msg("Write a number without quotes, such as 1000.5.")
    if wanted == "boolean":
        return msg("Write a condition, such as status = 'placed'.")
    return msg("Use a column that holds it, or try_cast(… AS {type}).", type=_CAST_TO.get(wanted, "TEXT"))
