"""Do the units of a formula go together? Names the two that clash and what would repair it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.plan.formula_parser import FormulaError, names_in, parse
from kpi_tree.plan.formula_tree import Call, Expr, Name, Neg, Number, Percent, Product, Sum, to_text
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.node_units import Kpis, unit_of, unit_of_kpi
from kpi_tree.units import PLAIN, Unit


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

    >>> from kpi_tree.units import parse_unit
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
    if not known:
        return PLAIN if complete else None
    (first, wanted), *others = known
    sizes = _sizes(first, wanted)
    for part, unit in others:
        if not unit.same_kind(wanted):
            issues.append(_clash(first, wanted, part, unit, place))
            return None
        sizes = [one for one in sizes if any(math.isclose(one, other) for other in _sizes(part, unit))]
        if not sizes:
            issues.append(_size(first, wanted, part, unit, place))
            return None
    if not complete:
        return None
    return wanted if math.isclose(sizes[0], wanted.factor) else Unit(wanted.powers, sizes[0])


def _sizes(part: Expr, unit: Unit) -> list[float]:
    """Sizes that a term may be in: its own, and what its number makes of it (``hours * 60`` is minutes)."""
    return [unit.factor, unit.factor / _number_in(part)]


def _number_in(expr: Expr) -> float:
    """The number that a whole formula is multiplied by; 1 where there is none, or none for all of it."""
    match expr:
        case Neg(operand):
            return _number_in(operand)
        case Sum(terms):
            every = {round(_number_in(term), 12) for _, term in terms}
            return every.pop() if len(every) == 1 else 1.0
        case Product(factors):
            made = 1.0
            for operator, part in factors:
                size = part.value if isinstance(part, Number) else _number_in(part)
                made = made * size if operator == "*" else made / (size or 1.0)
            return made or 1.0
    return 1.0


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
            left_unit=wanted,
            right=to_text(part),
            right_unit=unit,
        ),
        place=place,
        remedy=_times(first, wanted, part, unit)
        or msg("Multiply {part} by something in {unit}, or take it out.", part=to_text(fix), unit=missing),
    )


def _times(first: Expr, wanted: Unit, part: Expr, unit: Unit) -> Msg | None:
    """Where the two multiplied come out simpler than either asks for, that is what was meant."""
    product = wanted * unit
    if not product.powers or max(len(wanted.powers), len(unit.powers)) <= len(product.powers):
        return None
    text = to_text(Product((("*", first), ("*", part))))
    return msg("Did you mean {formula}? That comes out in {unit}.", formula=text, unit=product)


def _simpler(expr: Expr) -> bool:
    return isinstance(expr, Name)


def _size(first: Expr, wanted: Unit, part: Expr, unit: Unit, place: str) -> Issue:
    return Issue(
        "error",
        "unit_size",
        msg(
            "{left} is in {left_unit} and {right} is in {right_unit}: the same kind, but not the same size.",
            left=to_text(first),
            left_unit=wanted,
            right=to_text(part),
            right_unit=unit,
        ),
        place=place,
        remedy=msg(
            "Multiply {part} by {factor}.", part=to_text(part), factor=_factor(unit.factor / wanted.factor)
        ),
    )


def _factor(value: float) -> str:
    return f"{value:g}" if value >= 1 else f"1 / {1 / value:g}"


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
    if result.issues or own is None or result.unit is None or _is_score(own, result.unit):
        return result.issues
    remedy: Msg | None = None
    if not result.unit.same_kind(own):
        missing = own / result.unit
        remedy = msg("Multiply it by something in {unit}, or change the unit.", unit=missing)
    elif (size := result_size(plan, node, kpis)) is not None:
        remedy = msg("Multiply it by {factor}, or change the unit.", factor=_factor(size))
    if remedy is None:
        return []
    text = msg(
        "The formula of {node} comes out in {unit}, but {node} is in {own}.",
        node=node.name, unit=result.unit, own=own,
    )  # fmt: skip
    return [Issue("error", "unit_result", text, place=node.id, remedy=remedy)]


def result_size(plan: Plan, node: Node, kpis: Kpis | None = None) -> float | None:
    """What a formula's result is to be multiplied by to be in the node's own unit; ``None`` for nothing.

    >>> plan = Plan("p", nodes={"a": Node("a", unit="hours", formula="b"), "b": Node("b", unit="minutes")})
    >>> round(60 * result_size(plan, plan.nodes["a"]))
    1
    """
    own, known = unit_of(node, kpis), plan.by_name_in_formula
    try:
        used = names_in(node.formula or "")
    except FormulaError:
        return None
    unit, _ = _checked(
        node.formula or "", tuple(_named_unit(plan, known.get(name), name, kpis) for name in used)
    )
    if own is None or unit is None or not unit.same_kind(own):
        return None
    size, done = unit.factor / own.factor, _number_in(parse(node.formula or ""))
    return None if math.isclose(size, 1) or math.isclose(size, done) else size


def _is_score(own: Unit, found: Unit) -> bool:
    """Points of a score (an NPS, say) are a plain number, and the difference of two shares is one."""
    return own.powers == (("point", 1),) and not found.powers


@lru_cache(maxsize=20_000)
def _checked(text: str, units: tuple[Unit | None, ...]) -> tuple[Unit | None, tuple[Issue, ...]]:
    """A formula's check, kept: a tree is looked through after every edit, and one formula changed."""
    result = check_units(parse(text), dict(zip(names_in(text), units, strict=True)))
    return result.unit, tuple(result.issues)


def _named_unit(plan: Plan, node: str | None, name: str, kpis: Kpis | None) -> Unit | None:
    return unit_of(plan.nodes[node], kpis) if node is not None else unit_of_kpi(name, kpis)
