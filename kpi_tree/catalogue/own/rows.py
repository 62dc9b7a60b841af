"""The parts of a definition that speak of a table: which rows, dated by what, and their values."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from kpi_tree.catalogue.own.aggregates import Aggregates, Value
from kpi_tree.catalogue.own.faults import Fault, one_of
from kpi_tree.catalogue.own.fragments import UNKNOWN, Fragments, Typed
from kpi_tree.catalogue.own.model import Rows, Side, Simple, Source
from kpi_tree.catalogue.own.sqlwords import Kind
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue

Spec = Mapping[str, Any]


class Tables:
    """Reads what one definition says of tables, and notes every fault with its place.

    Args:
        place: the definition's id.
        sources: the tables there are, by name.
    """

    def __init__(self, place: str, sources: Mapping[str, Source]) -> None:
        self.place, self.sources = place, sources
        self.issues: list[Issue] = []
        self.compared: list[tuple[str, str, str, str]] = []
        self.dims: set[str] = set()
        self._terms = 0

    def note(self, field: str, fault: Fault) -> None:
        """Note a fault of a field."""
        self.issues.append(fault.at(f"{self.place}.{field}"))

    def source(self, name: Any, field: str = "table") -> Source | None:
        """A table by its name."""
        found = self.sources.get(str(name))
        if found is None and name not in (None, ""):
            self.note(
                field,
                Fault(
                    "unknown_table",
                    msg("There is no table {name}.", name=str(name)[:60]),
                    one_of(str(name), self.sources),
                ),
            )
        if found is not None:
            self.dims.update(found.dims)
        return found

    def rows(self, spec: Spec, field: str = "") -> Rows | None:
        """The rows that ``table``, ``filter`` and ``time`` speak of."""
        head = f"{field}." if field else ""
        source = self.source(spec.get("table"), f"{head}table")
        if source is None:
            return None
        time = str(spec.get("time") or source.time or "")
        if not time:
            times = [name for name, kind in source.columns.items() if kind in ("instant", "day", "local")]
            self.note(
                f"{head}time",
                Fault(
                    "no_time",
                    msg("{table} has no column that says when a row is of.", table=source.name),
                    one_of("", times) if times else msg("Choose a table with a day or a time."),
                ),
            )
        elif time not in source.columns:
            self.note(
                f"{head}time",
                Fault(
                    "unknown_column",
                    msg("{table} has no column {name}.", table=source.name, name=time[:60]),
                    one_of(time, source.columns),
                ),
            )
        elif source.columns[time] not in ("instant", "day", "local"):
            self.note(
                f"{head}time",
                Fault("wrong_type", msg("{part} is no day and no point in time.", part=time[:60])),
            )
        where = spec.get("filter")
        test = (
            self.row_value(source, where, "boolean", f"{head}filter").sql if where not in (None, "") else ""
        )
        return Rows(source, test, time)

    def row_value(self, source: Source, text: Any, wanted: Kind | None, field: str) -> Typed:
        """An expression of one row's values."""
        if not isinstance(text, str | int | float):
            return UNKNOWN  # the fields themselves were looked at already
        reader = Fragments(source.name, source.columns)
        found = reader.expression(str(text), wanted)
        self._take(reader, source, field)
        return found

    def value(self, source: Source, text: Any, field: str) -> Value | None:
        """An expression that puts rows together."""
        if not isinstance(text, str | int | float):
            return None
        reader = Fragments(source.name, source.columns, source.units)
        self._terms += 1
        found = Aggregates(reader, f"own_{self.place}_{'ab'[self._terms > 1]}").value(str(text))
        self._take(reader, source, field)
        return found

    def _take(self, reader: Fragments, source: Source, field: str) -> None:
        for fault in reader.faults:
            self.note(field, fault)
        for column, text in reader.compared:
            self.compared.append((field, source.name, column, text))
            allowed = source.values.get(column)
            if allowed and text not in allowed:
                self.note(
                    field,
                    Fault(
                        "unknown_value",
                        msg("{column} never holds {value}.", column=column, value=text[:60]),
                        one_of(text, allowed),
                    ),
                )

    def column(self, source: Source, name: Any, field: str) -> str:
        """A column by its name alone."""
        if str(name) not in source.columns:
            self.note(
                field,
                Fault(
                    "unknown_column",
                    msg("{table} has no column {name}.", table=source.name, name=str(name)[:60]),
                    one_of(str(name), source.columns),
                ),
            )
        return str(name)

    def side(self, spec: Spec, field: str) -> Side | None:
        """One side of a ratio: a text over the definition's own table, or a mapping with its own."""
        said = spec.get(field)
        own = dict(said) if isinstance(said, Mapping) else {"value": said}
        for name in own:
            if name not in ("table", "value", "filter", "time"):
                self.note(
                    f"{field}.{name}",
                    Fault(
                        "unknown_field",
                        msg("There is no field {name}.", name=str(name)[:60]),
                        one_of(str(name), ("table", "value", "filter", "time")),
                    ),
                )
        head = field if isinstance(said, Mapping) else ""
        whole = {name: own.get(name, spec.get(name)) for name in ("table", "filter", "time")}
        if own.get("table") not in (None, spec.get("table")):
            whole = {name: own.get(name) for name in ("table", "filter", "time")}
        if whole["table"] in (None, ""):
            self.note(
                f"{field}.table" if head else "table",
                Fault("missing_field", msg("The field {name} is missing.", name="table")),
            )
            return None
        rows = self.rows(whole, head)
        if rows is None or own.get("value") in (None, ""):
            return None
        value = self.value(rows.source, own["value"], f"{field}.value" if head else field)
        return Side(rows, value) if value is not None else None


def halves(side: Side) -> Simple:
    """A value whose last step is a division, as what stands above and below the line.

    A ratio must keep both: a quarter is the quotient of its sums, and not a mean of quotients.
    """
    tree = ast.parse(side.value.text, mode="eval").body
    if not (isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div)):
        return Simple(side)
    above, below = (ast.unparse(half) for half in (tree.left, tree.right))
    return Simple(Side(side.rows, _only(side.value, above)), Side(side.rows, _only(side.value, below)))


def _only(value: Value, text: str) -> Value:
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    return Value({name: term for name, term in value.terms.items() if name in names}, text)
