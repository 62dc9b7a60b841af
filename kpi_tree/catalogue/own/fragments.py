"""A fragment of SQL, read by sqlglot and written anew from what is allowed.

What is run is never what was typed: every part that is known (:mod:`.sqlwords`) is written out again by us,
columns quoted, values as literals, and every other part is a fault. Divisions by zero and values that
cannot be turned into another type give no value. Points in time are read on the shop's clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlglot import exp

from kpi_tree.catalogue.own.faults import Fault
from kpi_tree.catalogue.own.refused import instead, no_column, why
from kpi_tree.catalogue.own.sqltext import NO_STATEMENTS, ONLY, read
from kpi_tree.catalogue.own.sqlwords import (
    AGGREGATES,
    DIGITS,
    FUNCTIONS,
    KIND_OF,
    KIND_WORDS,
    MOST_DIGITS,
    Function,
    Kind,
)
from kpi_tree.i18n import Msg, msg


@dataclass(frozen=True, slots=True)
class Typed:
    """A part as it is run: its SQL, the kind of value, its digits if exact, and how it was written."""

    sql: str
    kind: Kind
    digits: int | None = None
    said: str = ""
    literal: bool = False


UNKNOWN = Typed("NULL", "unknown")


@dataclass
class Fragments:
    """Reads fragments over the columns of one table, and collects what is wrong with them.

    Attributes:
        table: its name, for the messages.
        columns: column → type of the record tables (``local`` for a time that is on the shop's clock).
        units: column → what its numbers count, of those that say so.
        faults: everything wrong, in the order it was met.
        used: columns that the fragments name.
        text: the fragment that is read now, as it was typed.
        compared: columns and the texts they are compared with, so that a slip of the pen can be found.
    """

    table: str
    columns: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    compared: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""

    def expression(self, text: str, wanted: Kind | None = None) -> Typed:
        """One expression of a row's values, as it is run.

        >>> reader = Fragments("order_lines", {"quantity": "quantity", "unit_price": "money"})
        >>> reader.expression("quantity * unit_price").sql
        '("quantity" * "unit_price")'
        >>> reader.expression("quantty + read_csv('x')").kind, [fault.code for fault in reader.faults]
        ('unknown', ['unknown_column', 'unknown_function'])
        """
        node = self.parsed(text)
        found = self.of(node) if node is not None else UNKNOWN
        if wanted is not None:
            self.want(found, wanted, msg("a filter") if wanted == "boolean" else msg("this field"))
        if found.kind == "unknown" and not self.faults:
            self.fault("bad_expression", ONLY, NO_STATEMENTS)
        return found

    def parsed(self, text: str) -> exp.Expression | None:
        """The text as a tree; None, and a fault, where it is not one expression."""
        self.text, found = text, read(text)
        if isinstance(found, Fault):
            self.fault(found.code, found.message, found.remedy)
            return None
        return found

    def of(self, node: exp.Expression) -> Typed:
        """A node, if it is one of those that may stand here."""
        try:
            make = NODES.get(type(node))
            if make is not None:
                return make(self, node)
            if type(node) in FUNCTIONS:
                return self._function(node, FUNCTIONS[type(node)])
        except RecursionError:
            self.fault("bad_expression", msg("This is too deeply nested."), None)
            return UNKNOWN
        return self.refused(node)

    def said(self, node: exp.Expression) -> str:
        """A part as a person would write it, cut."""
        text = node.sql(dialect="duckdb", comments=False)
        return text if len(text) <= 60 else f"{text[:57]}…"

    def fault(self, code: str, message: Msg, remedy: Msg | None) -> Typed:
        """Note a fault, each once; what it leaves behind."""
        fault = Fault(code, message, remedy)
        if fault not in self.faults:
            self.faults.append(fault)
        return UNKNOWN

    def refused(self, node: exp.Expression) -> Typed:
        """The fault of a node that may not stand here."""
        if isinstance(node, exp.Func) and type(node) not in AGGREGATES:
            for child in _children(node):
                if type(child) in NODES or type(child) in FUNCTIONS:
                    self.of(child)  # so that what is wrong inside is named in the same pass
        fault = why(node, self.text)
        return self.fault(fault.code, fault.message, fault.remedy)

    def want(self, found: Typed, wanted: Kind, where: Msg) -> Typed:
        """The part itself if it is of that kind, else a fault."""
        if found.kind in (wanted, "null", "unknown"):
            return found
        return self.fault(
            "wrong_type",
            msg(
                "{part} is {kind}; {where} needs {wanted}.",
                part=found.said or found.sql[:60],
                kind=KIND_WORDS[found.kind],
                where=where,
                wanted=KIND_WORDS[wanted],
            ),
            instead(wanted, found.said, literal=found.literal),
        )

    def parts(self, node: exp.Expression, *names: str) -> list[exp.Expression] | None:
        """The node's arguments of these names; None, and a fault, where it has any other."""
        known = {*names, *_HARMLESS}
        if any(value not in (None, False, []) for name, value in node.args.items() if name not in known):
            self.fault("bad_expression", ONLY, NO_STATEMENTS)
            return None
        found: list[exp.Expression] = []
        for name in names:
            value = node.args.get(name)
            found += value if isinstance(value, list) else [value] if value is not None else []
        return found

    def _column(self, node: exp.Expression) -> Typed:
        name = node.name
        table = node.text("table")
        if node.text("db") or node.text("catalog") or (table and table.lower() != self.table.lower()):
            return self.fault(
                "unknown_table",
                msg("Only columns of {table} may stand here.", table=self.table),
                msg("Write the column's name alone."),
            )
        known = {column.lower(): column for column in self.columns}
        column = known.get(name.lower())
        if column is None:
            fault = no_column(self.table, name, list(self.columns))
            return self.fault(fault.code, fault.message, fault.remedy)
        self.used.add(column)
        quoted = '"' + column.replace('"', '""') + '"'
        kind = self.columns[column]
        sql = f"local_time({quoted})" if kind == "instant" else quoted
        return Typed(sql, KIND_OF[kind], DIGITS.get(kind), column)

    def _literal(self, node: exp.Expression) -> Typed:
        text = str(node.this)
        if node.args.get("is_string"):
            return Typed("'" + text.replace("'", "''") + "'", "text", None, f"'{text[:40]}'", True)
        try:
            float(text)
        except ValueError:
            return self.fault("bad_expression", ONLY, NO_STATEMENTS)
        if not all(char in "0123456789.eE+-" for char in text):
            return self.fault("bad_expression", ONLY, NO_STATEMENTS)
        exact = None if "e" in text.lower() else sum(char.isdigit() for char in text)
        return Typed(text, "number", exact if exact is None or exact < MOST_DIGITS else None, text[:40], True)

    def _function(self, node: exp.Expression, known: Function) -> Typed:
        parts = self.parts(node, *known.fields)
        if parts is None:
            return UNKNOWN
        found = [self.of(part) for part in parts]
        most = len(known.takes) if not known.many else len(found)
        if not known.least <= len(found) <= most:
            return self.fault(
                "wrong_arguments", msg("{name}() has too few or too many arguments.", name=known.name), None
            )
        takes = [known.takes[min(at, len(known.takes) - 1)] for at in range(len(found))]
        where = msg("{name}()", name=known.name)
        for at, (one, wanted) in enumerate(zip(found, takes, strict=True)):
            if wanted == "day or moment":
                if one.kind not in ("day", "moment", "null", "unknown"):
                    self.want(one, "day", where)
            elif wanted != "same":
                self.want(one, wanted, where)  # type: ignore[arg-type]
            if one.kind == "null" and wanted in _EMPTY:
                found[at] = Typed(_EMPTY[wanted], "null", None, one.said)
        kind = self.alike(found, where) if "same" in takes else known.gives
        if any(one.kind == "unknown" for one in found):
            return UNKNOWN
        sql = (
            known.sql.format(*(one.sql for one in found), all=", ".join(one.sql for one in found))
            if (len(found) == len(known.takes) or known.many)
            else f"{known.name}({', '.join(one.sql for one in found)})"
        )
        digits = max((one.digits or 0 for one in found), default=0) or None
        return Typed(sql, kind, digits if kind == "number" else None, self.said(node))  # type: ignore[arg-type]

    def alike(self, found: Sequence[Typed], where: Msg) -> Kind:
        """The one kind that all parts are of; a fault where they differ. A text may say a day or a time."""
        known = [one for one in found if one.kind not in ("null", "unknown")]
        sure = [one.kind for one in known if not one.literal] or [one.kind for one in known]
        first: Kind = next((kind for kind in sure if kind != "text"), sure[0] if sure else "null")
        for one in found:
            if one.kind == "text" and first in ("day", "moment") and _says_time(one.sql):
                continue
            if {one.kind, first} == {"day", "moment"}:
                continue
            if one.kind not in (first, "null", "unknown"):
                self.want(one, first, where)
        return first


def _children(node: exp.Expression) -> list[exp.Expression]:
    return [child for child in node.iter_expressions() if isinstance(child, exp.Expression)]


def _says_time(sql: str) -> bool:
    if not re.fullmatch(r"'\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?'", sql):
        return False
    try:
        datetime.fromisoformat(sql.strip("'"))
    except ValueError:
        return False
    return True


_HARMLESS = frozenset(
    {"big_int", "safe", "coalesce", "ignore_nulls", "date_part_boundary", "_type", "nested"}
)
"""What the parser notes beside a function's arguments, and what changes nothing we write."""
_EMPTY: Mapping[str, str] = {
    "number": "NULL::DOUBLE",
    "text": "NULL::VARCHAR",
    "boolean": "NULL::BOOLEAN",
    "moment": "NULL::TIMESTAMP",
    "day or moment": "NULL::TIMESTAMP",
}
"""An empty value where a function must know of what kind it is."""
NODES: dict[type[exp.Expression], Callable[[Fragments, exp.Expression], Typed]] = {
    exp.Column: Fragments._column,
    exp.Literal: Fragments._literal,
}
"""Every node that may stand in a fragment; :mod:`.operators` adds the operators."""


__all__ = ["NODES", "UNKNOWN", "Fragments", "Typed"]
