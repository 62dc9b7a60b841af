"""A value that puts rows together: aggregates of expressions, and arithmetic over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from kpi_tree.catalogue.own import operators
from kpi_tree.catalogue.own.faults import Fault, one_of
from kpi_tree.catalogue.own.fragments import Fragments
from kpi_tree.catalogue.own.sqlwords import AGGREGATE_NAMES, AGGREGATES
from kpi_tree.i18n import msg

_SIGNS: Mapping[type[exp.Expression], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}


@dataclass(frozen=True, slots=True)
class Term:
    """One aggregate.

    Attributes:
        kind: ``sum count distinct mean median quantile min max``.
        sql: what is put together, empty for whole rows; ``where`` its own condition.
        money: whether it is an amount of money.
        at: the quantile, 0 to 1.
        unit: what it counts, where its one column says so (``hours``); empty otherwise.
    """

    kind: str
    sql: str = ""
    where: str = ""
    money: bool = False
    at: float = 0.5
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """Aggregates by name, and the arithmetic over those names."""

    terms: Mapping[str, Term]
    text: str

    @property
    def money(self) -> bool:
        """Whether it comes out as money: an amount that nothing was divided by."""
        return any(term.money for term in self.terms.values()) and "/" not in self.text

    @property
    def unit(self) -> str:
        """What all its parts count, where they are only added up; empty where nothing says so."""
        units = {term.unit for term in self.terms.values()}
        return units.pop() if len(units) == 1 and not set("*/") & set(self.text) else ""

    @property
    def counts(self) -> bool:
        """Whether it only counts."""
        return all(term.kind in ("count", "distinct") for term in self.terms.values())


class Aggregates:
    """Reads a value such as ``sum(quantity * unit_price) - sum(discount)`` over the columns of a table."""

    def __init__(self, reader: Fragments, prefix: str) -> None:
        self.reader, self.prefix = reader, prefix
        self.terms: dict[str, Term] = {}

    def value(self, text: str) -> Value | None:
        """The value; None where there is a fault, which the reader then holds.

        >>> reader = Fragments("orders", {"total": "money", "customer_id": "text"})
        >>> found = Aggregates(reader, "x").value("sum(total) / count(DISTINCT customer_id)")
        >>> found.text, [term.kind for term in found.terms.values()]
        ('(x1 / x2)', ['sum', 'distinct'])
        """
        before = len(self.reader.faults)
        node = self.reader.parsed(text)
        made = self._over(node) if node is not None else None
        if made is not None and not self.terms and len(self.reader.faults) == before:
            self._no_aggregate(text)
        return Value(dict(self.terms), made) if made and len(self.reader.faults) == before else None

    def _over(self, node: exp.Expression) -> str | None:
        """Arithmetic over aggregates and numbers."""
        if isinstance(node, exp.Paren):
            return self._over(node.this)
        if isinstance(node, exp.Neg):
            inner = self._over(node.this)
            return f"(-{inner})" if inner else None
        if type(node) in _SIGNS:
            left, right = self._over(node.this), self._over(node.expression)
            if isinstance(node, exp.Div) and right and operators.no_divisor(right):
                self.reader.fault("zero", msg("Nothing can be divided by 0."), None)
                return None
            return f"({left} {_SIGNS[type(node)]} {right})" if left and right else None
        if isinstance(node, exp.Literal) and not node.args.get("is_string"):
            return self.reader.of(node).sql
        if isinstance(node, exp.Filter):
            test = self.reader.want(self.reader.of(node.expression.this), "boolean", msg("FILTER"))
            return self._named(node.this, test.sql)
        if type(node) in AGGREGATES:
            return self._named(node, "")
        self._elsewhere(node)
        return None

    def _elsewhere(self, node: exp.Expression) -> None:
        """What is no aggregate: a column or function of one row, or something that may not stand here."""
        found = self.reader.of(node)
        if found.kind not in ("number", "null", "unknown"):
            self.reader.want(found, "number", msg("a value"))
        elif found.kind != "unknown":
            self._no_aggregate(self.reader.said(node))

    def _no_aggregate(self, said: str) -> None:
        fault = Fault(
            "no_aggregate",
            msg("{part} is the value of one row; how are the rows put together?", part=said[:60]),
            msg("Write sum(…), count(…), avg(…), median(…), min(…) or max(…) around it."),
        )
        self.reader.faults.append(fault)

    def _named(self, node: exp.Expression, where: str) -> str | None:
        term = self._term(node, where)
        if term is None:
            return None
        for name, known in self.terms.items():
            if known == term:
                return name
        name = f"{self.prefix}{len(self.terms) + 1}"
        self.terms[name] = term
        return name

    def _term(self, node: exp.Expression, where: str) -> Term | None:
        kind = AGGREGATES.get(type(node))
        if kind is None:
            self.reader.fault(
                "unknown_function",
                msg("{name}() cannot be filtered.", name=type(node).__name__.lower()[:40]),
                one_of(type(node).__name__.lower(), AGGREGATE_NAMES),
            )
            return None
        if isinstance(node, exp.Count):
            return self._count(node, where)
        if isinstance(node, exp.CountIf):
            test = self.reader.want(self.reader.of(node.this), "boolean", msg("count_if()"))
            return Term("count", "", f"({where}) AND {test.sql}" if where else test.sql)
        return self._of_numbers(node, kind, where)

    def _count(self, node: exp.Count, where: str) -> Term | None:
        if self.reader.parts(node, "this", "expressions") is None:
            return None
        inner = node.this
        if isinstance(inner, exp.Star) or inner is None:
            return Term("count", "", where)
        if isinstance(inner, exp.Distinct):
            if len(inner.expressions) != 1:
                self.reader.fault(
                    "wrong_arguments",
                    msg("count(DISTINCT …) takes one expression."),
                    msg("Join several columns with ||."),
                )
                return None
            found = self.reader.of(inner.expressions[0])
            # An empty text stands for none, as everywhere.
            return Term("distinct", f"nullif({found.sql}, '')" if found.kind == "text" else found.sql, where)
        return Term("count", self.reader.of(inner).sql, where)

    def _of_numbers(self, node: exp.Expression, kind: str, where: str) -> Term | None:
        parts = self.reader.parts(node, "this", "expression")
        if parts is None:
            return None
        name = next((name for name in AGGREGATE_NAMES if AGGREGATE_KINDS[name] == kind), kind)
        at = 0.5
        if kind == "quantile":
            at = self._share(parts[1] if len(parts) > 1 else None)
        if isinstance(parts[0], exp.Distinct):
            self.reader.fault(
                "bad_expression",
                msg("{name}(DISTINCT …) is not read.", name=name),
                msg("Only count(DISTINCT …) leaves out what comes twice."),
            )
            return None
        used, self.reader.used = self.reader.used, set()
        found = self.reader.want(self.reader.of(parts[0]), "number", msg("{name}()", name=name))
        money = any(self.reader.columns[column] == "money" for column in self.reader.used)
        self.reader.used |= used
        return Term(kind, found.sql, where, money, at, self._unit(parts[0], kind))

    def _unit(self, node: exp.Expression, kind: str) -> str:
        """What a column's numbers count; shares are no longer shares once they are added up."""
        unit = self.reader.units.get(node.name, "") if isinstance(node, exp.Column) else ""
        return "" if kind == "sum" and unit == "percent" else unit

    def _share(self, node: exp.Expression | None) -> float:
        try:
            share = float(node.name) if isinstance(node, exp.Literal) else -1.0
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.reader.fault(
                "wrong_arguments",
                msg("quantile_cont() takes a share from 0 to 1."),
                msg("Write quantile_cont(a, 0.9)."),
            )
        return share


AGGREGATE_KINDS: Mapping[str, str] = {
    "sum": "sum", "count": "count", "avg": "mean", "median": "median", "min": "min", "max": "max",
    "quantile_cont": "quantile", "count_if": "count",
}  # fmt: skip
"""How an aggregate is written → what it is."""
