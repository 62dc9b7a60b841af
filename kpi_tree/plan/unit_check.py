"""Do the units of a formula go together? Names the two that clash and what would repair it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol

from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.plan.formula_parser import FormulaError, names_in, parse
from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Number, Percent, Product, Sum, to_text
from kpi_tree.plan.model import Node, Plan
from kpi_tree.units import PLAIN, Unit, catalogue_units, parse_unit


@dataclass
class UnitResult:
    """The unit a formula comes out in (``None`` where an input's is not known), and what clashes."""

    unit: Unit | None
    issues: list[Issue] = field(default_factory=list)


def check_units(expr: Expr, units: Mapping[str, Unit | None], place: str = "") -> UnitResult:
    """Checks one formula.

    Args:
        expr: the formula.
        units: name → unit; a name that is missing or ``None`` is not known and clashes with nothing.
        place: what the issues are about, such as a node id.

    >>> units = {"orders": parse_unit("orders"), "aov": parse_unit("NOK/order")}
    >>> str(check_units(parse("orders * aov"), units).unit)
    'NOK'
    >>> found = check_units(parse("orders + orders * aov"), units).issues[0]
    >>> str(found.message), str(found.remedy)
    ('orders is in orders and orders * aov is in NOK; they cannot be added or compared.', \
'Multiply orders by something in NOK/order, or take it out.')
    """
    result = UnitResult(None)
    result.unit = _unit(expr, units, result.issues, place)
    return result


def _unit(expr: Expr, units: Mapping[str, Unit | None], issues: list[Issue], place: str) -> Unit | None:
    match expr:
        case Number():
            return PLAIN
        case Name(name):
            return units.get(name)
        case Neg(operand) | Percent(operand):
            return _unit(operand, units, issues, place)
        case Product(factors):
            return _product(factors, units, issues, place)
        case Sum(terms):
            return _alike([part for _, part in terms], units, issues, place)
        case Call("lag", (inner, _)):
            return _unit(inner, units, issues, place)
        case Call(_, arguments):
            return _alike(list(arguments), units, issues, place)
    return None


def _product(
    factors: tuple[tuple[str, Expr], ...], units: Mapping[str, Unit | None], issues: list[Issue], place: str
) -> Unit | None:
    result: Unit | None = PLAIN
    for op, part in factors:
        unit = _unit(part, units, issues, place)
        if result is None or unit is None:
            result = None
        else:
            result = result * unit if op == "*" else result / unit
    return result


def _alike(
    parts: list[Expr], units: Mapping[str, Unit | None], issues: list[Issue], place: str
) -> Unit | None:
    """Terms side by side must be of one kind and one size; a bare number takes the others' unit."""
    known: list[tuple[Expr, Unit]] = []
    complete = True
    for part in parts:
        unit = _unit(part, units, issues, place)
        if unit is None:
            complete = False
        elif part.names:
            known.append((part, unit))
    for part, unit in known[1:]:
        first, wanted = known[0]
        if not unit.same_kind(wanted):
            issues.append(_clash(first, wanted, part, unit, place))
            return None
        if unit.factor != wanted.factor:
            issues.append(_size(first, wanted, part, unit, place))
            return None
    if not known:
        return PLAIN if complete else None
    return known[0][1] if complete else None


def _clash(first: Expr, wanted: Unit, part: Expr, unit: Unit, place: str) -> Issue:
    # The term that says less lacks something: a bare share beside a thing, a name beside a product.
    mend_first = not wanted.powers or (bool(unit.powers) and _simpler(first) and not _simpler(part))
    fix, missing = (first, unit / wanted) if mend_first else (part, wanted / unit)
    return Issue(
        "error",
        "unit_clash",
        msg(
            "{left} is in {left_unit} and {right} is in {right_unit}; they cannot be added or compared.",
            left=to_text(first),
            left_unit=str(wanted),
            right=to_text(part),
            right_unit=str(unit),
        ),
        place=place,
        remedy=_times(first, wanted, part, unit)
        or msg(
            "Multiply {part} by something in {unit}, or take it out.", part=to_text(fix), unit=str(missing)
        ),
    )


def _times(first: Expr, wanted: Unit, part: Expr, unit: Unit) -> Msg | None:
    """Where the two multiplied come out simpler than either asks for, that is what was meant."""
    product = wanted * unit
    if not product.powers or max(len(wanted.powers), len(unit.powers)) <= len(product.powers):
        return None
    text = to_text(Product((("*", first), ("*", part))))
    return msg("Did you mean {formula}? That comes out in {unit}.", formula=text, unit=str(product))


def _simpler(expr: Expr) -> bool:
    return isinstance(expr, Name)


def _size(first: Expr, wanted: Unit, part: Expr, unit: Unit, place: str) -> Issue:
    return Issue(
        "error",
        "unit_size",
        msg(
            "{left} is in {left_unit} and {right} is in {right_unit}: the same kind, but not the same size.",
            left=to_text(first),
            left_unit=str(wanted),
            right=to_text(part),
            right_unit=str(unit),
        ),
        place=place,
        remedy=msg(
            "Multiply {part} by {factor}.", part=to_text(part), factor=_factor(unit.factor / wanted.factor)
        ),
    )


def _factor(value: float) -> str:
    return f"{value:g}" if value >= 1 else f"1 / {1 / value:g}"


class HasUnit(Protocol):
    """What is asked of a catalogue entry here."""

    @property
    def unit(self) -> str:
        """Its unit: money, percent, count or a unit text."""


Kpis = Mapping[str, HasUnit]


def unit_of_kpi(kpi: str, kpis: Kpis | None = None) -> Unit | None:
    """What a KPI counts: as the program knows it, else as the home's own definition says.

    A plain ``count`` says nothing of what is counted, and clashes with nothing.

    >>> str(unit_of_kpi("average_order_value")), unit_of_kpi("nobody_knows")
    ('money/order', None)
    """
    known = catalogue_units().get(kpi)
    if known is not None or kpis is None or kpi not in kpis:
        return known
    text = kpis[kpi].unit
    try:
        return parse_unit(text) if text and text != "count" else None
    except Refused:
        return None


def unit_of(node: Node, kpis: Kpis | None = None) -> Unit | None:
    """A node's unit: its own text, else what its KPI counts; ``None`` where neither says what is counted.

    A unit that only says how the number is written (``money``, ``percent``) leaves the KPI's own to say what
    it is counted in: an average order value is money, and money an order.

    >>> str(unit_of(Node("aov", kpi="average_order_value", unit="money")))
    'money/order'
    """
    known = unit_of_kpi(node.kpi or "", kpis)
    if node.unit in _WRITTEN and known is not None and _written_as(node, kpis):
        return known
    if node.unit and node.unit != "count":
        try:
            return parse_unit(node.unit)
        except Refused:
            return None
    return known


_WRITTEN = frozenset(("money", "percent", "ratio"))


def _written_as(node: Node, kpis: Kpis | None) -> bool:
    """Whether the node is written as its KPI is; one that says something else means it."""
    entry = kpis.get(node.kpi or "") if kpis is not None else None
    return entry is None or entry.unit == node.unit


def check_node(plan: Plan, node: Node, kpis: Kpis | None = None) -> list[Issue]:
    """What clashes in a node's formula, and between its result and the node's own unit.

    Args:
        kpis: the home's catalogue, so that units of the shop's own KPIs count too.
    """
    if not node.formula:
        return []
    try:
        used = names_in(node.formula)
    except FormulaError:
        return []
    known = plan.by_name_in_formula
    unit, issues = _checked(
        node.formula, tuple(_named_unit(plan, known.get(name), name, kpis) for name in used)
    )
    result = UnitResult(unit, [replace(issue, place=node.id) for issue in issues])
    own = unit_of(node, kpis)
    if result.issues or own is None or result.unit is None:
        return result.issues
    if not result.unit.same_kind(own):
        missing = own / result.unit
        return [
            Issue(
                "error",
                "unit_result",
                msg(
                    "The formula of {node} comes out in {unit}, but {node} is in {own}.",
                    node=node.name,
                    unit=str(result.unit),
                    own=str(own),
                ),
                place=node.id,
                remedy=msg("Multiply it by something in {unit}, or change the unit.", unit=str(missing)),
            )
        ]
    return []


@lru_cache(maxsize=20_000)
def _checked(text: str, units: tuple[Unit | None, ...]) -> tuple[Unit | None, tuple[Issue, ...]]:
    """A formula's check, kept: a tree is looked through after every edit, and one formula changed."""
    result = check_units(parse(text), dict(zip(names_in(text), units, strict=True)))
    return result.unit, tuple(result.issues)


def _named_unit(plan: Plan, node: str | None, name: str, kpis: Kpis | None) -> Unit | None:
    return unit_of(plan.nodes[node], kpis) if node is not None else unit_of_kpi(name, kpis)
