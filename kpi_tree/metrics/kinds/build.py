"""A checked definition made into a KPI that the composer can compute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kpi_tree.catalogue.load import OWN, Definitions, dimensions_of, kpi_from
from kpi_tree.catalogue.load import tables_of as tables_behind
from kpi_tree.catalogue.model import Kpi, Recipe
from kpi_tree.catalogue.own.aggregates import Value
from kpi_tree.catalogue.own.faults import Fault
from kpi_tree.catalogue.own.fields import words
from kpi_tree.catalogue.own.model import (
    Checked,
    Cohort,
    Conversion,
    Cumulative,
    Derived,
    How,
    Offset,
    Simple,
    Stock,
)
from kpi_tree.i18n import LANGUAGES, translate
from kpi_tree.i18n import msg as msg
from kpi_tree.issues import Issue
from kpi_tree.metrics.kinds import cohorts, levels, visits, windows
from kpi_tree.metrics.kinds.describe import formula_words
from kpi_tree.metrics.kinds.parts import Parts, given, measures_of
from kpi_tree.nearest import did_you_mean
from kpi_tree.periods import Calendar
from kpi_tree.plan.formula_parser import parse as parse_formula
from kpi_tree.plan.formula_tree import Expr, Name, Neg, Number, Percent, Product, Sum, walk
from kpi_tree.records.tables import Column

Made = tuple[Parts, dict[str, Any]]
"""What a kind adds, and what it says of the KPI: numerator, denominator, unit, rollup, parts."""


def build(checked: Checked, base: Definitions, calendar: Calendar) -> tuple[Definitions | None, list[Issue]]:
    """The definitions with a checked one added; or what keeps it from being computed."""
    found = _MAKERS[type(checked.how)](checked, base, calendar)
    if isinstance(found, Fault):
        return None, [found.at(f"{checked.id}.of")]
    parts, said = found
    recipe: Recipe | None = said.pop("recipe", None)
    grown = parts.onto(base)
    dims, issues = _dimensions(checked, said, recipe, grown)
    if issues:
        return None, issues
    kpi = _kpi(checked, said, recipe, dims, grown)
    return parts.onto(base, replace(kpi, columns=_own_columns(kpi, grown))), []


def _own_columns(kpi: Kpi, base: Definitions) -> dict[str, Column]:
    """Its dimensions that are columns of the shop's own tables, or of what it is made from."""
    facts = [fact for fact in base.facts.values() if set(fact.tables) & set(kpi.tables)]
    own = {dim: column for fact in facts for dim, column in fact.own.items()}
    return {dim: own[dim] for dim in kpi.dimensions if dim in own}


def _kpi(
    checked: Checked, said: Mapping[str, Any], recipe: Recipe | None, dims: list[str], base: Definitions
) -> Kpi:
    spec = checked.spec
    entry = {
        "direction": "up",
        **said,
        **{k: spec[k] for k in ("unit", "direction", "fill", "range", "guardrail", "moves") if spec.get(k)},
        **{k: words(spec[k]) for k in ("action", "remark") if spec.get(k)},
    }
    entry["name"] = words(spec["name"])
    entry["formula"] = formula_words(checked, base.kpis)
    entry["definition"] = words(spec["definition"]) if spec.get("definition") else entry["formula"]
    entry["dimensions"] = dims
    category = str(spec.get("category") or OWN)
    if recipe is None:
        return _bare_of_dimensions(kpi_from(checked.id, category, entry, base, own=True), dims)
    tables = tuple(dict.fromkeys(table for one in recipe.inputs for table in base.kpis[one].tables))
    low, high = entry.get("range", (None, None))
    return Kpi(
        id=checked.id, category=category, name=entry["name"], definition=entry["definition"],
        formula=entry["formula"], numerator=entry["numerator"], denominator=entry["denominator"],
        unit=entry["unit"], direction=entry["direction"], rollup=entry["rollup"], dimensions=tuple(dims),
        fill=entry.get("fill"), range=(low, high), moves=tuple(entry.get("moves", {}).items()),
        guardrail=entry.get("guardrail"), action=entry.get("action", {}), remark=entry.get("remark", {}),
        own=True, recipe=recipe, tables=tables,
    )  # fmt: skip


def _bare_of_dimensions(kpi: Kpi, dims: list[str]) -> Kpi:
    return kpi if kpi.dimensions == tuple(dims) else replace(kpi, dimensions=tuple(dims))


def _dimensions(
    checked: Checked, said: Mapping[str, Any], recipe: Recipe | None, base: Definitions
) -> tuple[list[str], list[Issue]]:
    """The dimensions it has, or those of them that the definition names."""
    if recipe is not None:
        first, *others = (base.kpis[name].dimensions for name in recipe.inputs)
        known = [dim for dim in first if all(dim in other for other in others)]
    else:
        known = dimensions_of(said["numerator"], said.get("denominator"), base)
        known.sort(key=lambda dim: dim.endswith("_id"))  # what names single records comes last
    wanted = checked.spec.get("dimensions")
    if wanted is None:
        return known, []
    names = [wanted] if isinstance(wanted, str) else [str(one) for one in wanted]
    issues = [
        Fault(
            "unknown_dimension",
            msg("It cannot be broken down by {name}.", name=name[:60]),
            did_you_mean(name, known, msg("It has no dimensions.")),
        ).at(f"{checked.id}.dimensions")
        for name in names
        if name not in known
    ]
    return names, issues


def _simple(checked: Checked, _base: Definitions, _calendar: Calendar) -> Made:
    how = checked.how
    assert isinstance(how, Simple)
    return _sides(how)


def _sides(how: Simple) -> Made:
    parts = Parts()
    if how.below is None:
        text = measures_of(how.above, parts)
        return parts, {"numerator": text, "denominator": None, **_unit_and_rollup(how.above.value)}
    alike = how.above.rows == how.below.rows
    # Where one row carries both sides, a row that lacks one of them counts in neither.
    both = alike and given(how.above) and given(how.below)
    above = measures_of(how.above, parts, given(how.below) if both else "")
    below = measures_of(how.below, parts, given(how.above) if both else "")
    return parts, {
        "numerator": above, "denominator": below, "unit": _ratio_unit(how), "rollup": "ratio",
    }  # fmt: skip


def _ratio_unit(how: Simple) -> str:
    assert how.below is not None
    above, below = how.above.value, how.below.value
    if above.money and not below.money:
        return "money"
    return (
        "percent"
        if above.money == below.money and above.counts == below.counts and not above.money
        else "ratio"
    )


def _unit_and_rollup(value: Value) -> dict[str, str]:
    kinds = [term.kind for term in value.terms.values()]
    rollup = "ratio"
    if all(kind in ("sum", "count") for kind in kinds) and not set("*/") & set(value.text):
        rollup = "sum"
    elif len(kinds) == 1:
        rollup = {"distinct": "distinct", "median": "median", "quantile": "median"}.get(kinds[0], "mean")
        rollup = "sum" if kinds[0] in ("sum", "count") and "/" not in value.text else rollup
    elif set(kinds) == {"distinct"}:
        rollup = "distinct"
    return {"unit": value.unit or ("money" if value.money else "count"), "rollup": rollup}


def _derived(checked: Checked, base: Definitions, _calendar: Calendar) -> Made | Fault:
    how = checked.how
    assert isinstance(how, Derived)
    expr = parse_formula(how.formula)
    kpis = [base.kpis[name] for name in how.inputs]
    above, below = _halves(expr)
    measures = tuple(dict.fromkeys(name for kpi in kpis for name in kpi.measures()))
    recipe = Recipe("derived", how.inputs, measures, formula=how.formula)
    units = {kpi.unit for kpi in kpis}
    unit = next(iter(units)) if len(units) == 1 and _linear(expr) else "ratio"
    if below is not None and units == {"count"}:
        unit = "percent"
    if below is not None and "money" in units and len(units) > 1:
        unit = "money"
    rollups = {kpi.rollup for kpi in kpis}
    rollup = (
        next(iter(rollups)) if len(rollups) == 1 and _linear(expr) and rollups <= {"sum", "last"} else "ratio"
    )
    return Parts(), {
        "recipe": recipe, "numerator": above, "denominator": below, "unit": unit, "rollup": rollup,
    }  # fmt: skip


def _halves(expr: Expr) -> tuple[str, str | None]:
    from kpi_tree.metrics.figures import halves_of

    above, below = halves_of(expr)
    from kpi_tree.plan.formula_tree import to_text

    return to_text(above), None if below is None else to_text(below)


def _linear(expr: Expr) -> bool:
    """Whether it only adds KPIs up, each perhaps times a number."""
    for part in walk(expr):
        if isinstance(part, Product):
            named = [factor for _, factor in part.factors if any(isinstance(x, Name) for x in walk(factor))]
            divides = any(op == "/" and any(isinstance(x, Name) for x in walk(f)) for op, f in part.factors)
            if len(named) > 1 or divides:
                return False
        elif isinstance(part, Sum):
            if any(not any(isinstance(x, Name) for x in walk(term)) for _, term in part.terms):
                return False
        elif not isinstance(part, Name | Neg | Number | Percent):
            return False
    return True


def _offset(checked: Checked, base: Definitions, _calendar: Calendar) -> Made | Fault:
    how = checked.how
    assert isinstance(how, Offset)
    kpi = base.kpis[how.of]
    recipe = Recipe("offset", (how.of,), kpi.measures(), n=how.n, unit=how.unit, show=how.show)
    change = how.show == "change"
    return Parts(), {
        "recipe": recipe,
        "numerator": how.of,
        "denominator": how.of if change or (kpi.denominator and how.show == "value") else None,
        "unit": "percent" if change else kpi.unit,
        "rollup": "ratio" if change else kpi.rollup,
        "direction": kpi.direction,
    }


def _cumulative(checked: Checked, base: Definitions, calendar: Calendar) -> Made | Fault:
    how = checked.how
    assert isinstance(how, Cumulative)
    prefix = f"own_{checked.id}"
    if how.value is not None:
        parts, said = _sides(how.value)
        base = parts.onto(base)
        inner = kpi_from(checked.id, OWN, {**_NO_WORDS, **said, "direction": "up"}, base)
    else:
        parts, inner = Parts(), base.kpis[how.of]
        if not windows.can_run_on(inner, base):
            return Fault(
                "no_window",
                msg("{kpi} cannot be taken over a window: it is no value of single records.", kpi=inner.id),
                msg("Choose a KPI that adds up, counts or averages records."),
            )
        said = {"unit": inner.unit, "direction": inner.direction}
    more, above, below = windows.over_window(how, inner, base, calendar, prefix)
    parts.queries.update(more.queries)
    parts.measures.update(more.measures)
    return parts, {**said, "numerator": above, "denominator": below, "rollup": "last"}


def _stock(checked: Checked, _base: Definitions, _calendar: Calendar) -> Made:
    how = checked.how
    assert isinstance(how, Stock)
    unit = "money" if how.money else "count"
    rollup = "mean" if how.at == "average" else "last"
    return levels.leveled(checked.id, how), {
        "numerator": f"own_{checked.id}", "denominator": None, "unit": unit, "rollup": rollup,
    }  # fmt: skip


def _conversion(checked: Checked, _base: Definitions, _calendar: Calendar) -> Made:
    how = checked.how
    assert isinstance(how, Conversion)
    done, every = f"own_{checked.id}_done", f"own_{checked.id}_visits"
    return visits.followed(checked.id, how), {
        "numerator": done, "denominator": every if how.share else None,
        "unit": "percent" if how.share else "count", "rollup": "ratio" if how.share else "sum",
    }  # fmt: skip


def _cohort(checked: Checked, _base: Definitions, _calendar: Calendar) -> Made:
    how = checked.how
    assert isinstance(how, Cohort)
    of = f"own_{checked.id}"
    name = {lang: translate(msg("Left out: not known for so long yet"), lang) for lang in LANGUAGES}
    return cohorts.members(checked.id, how), {
        "numerator": how.value.text if how.value else f"{of}_back",
        "denominator": f"{of}_members",
        "unit": ("money" if how.value.money else "count") if how.value else "percent",
        "rollup": "ratio",
        "parts": {"left_out": {"value": f"{of}_left_out", "name": name}},
    }


_NO_WORDS: Mapping[str, Any] = {"name": {}, "definition": {}, "formula": {}}
_MAKERS: Mapping[type[Any], Callable[[Checked, Definitions, Calendar], Made | Fault]] = {
    Simple: _simple,
    Derived: _derived,
    Offset: _offset,
    Cumulative: _cumulative,
    Stock: _stock,
    Conversion: _conversion,
    Cohort: _cohort,
}
__all__ = ["How", "build", "tables_behind"]
