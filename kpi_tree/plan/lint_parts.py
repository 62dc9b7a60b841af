"""What hangs below a KPI and makes it up by definition: a formula that only has to be written down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from kpi_tree import yamlfiles
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import msg
from kpi_tree.plan.edits import Edit, apply_all
from kpi_tree.plan.formula_parser import names_in, parse
from kpi_tree.plan.formula_tree import to_text, with_names
from kpi_tree.plan.lint_words import COMPUTE_IT, LintKpi, Remark, remark
from kpi_tree.plan.model import Node, Plan

_NAME = re.compile(r"[a-z_]+")
_SIGNS = str.maketrans("*-/", "×−÷")


@lru_cache(maxsize=1)
def identities() -> Mapping[str, tuple[str, ...]]:
    """KPI → formulas of other KPIs that give it by definition.

    >>> identities()["orders"][0]
    'sessions * conversion_rate'
    """
    found: dict[str, list[str]] = yamlfiles.load(Path(__file__).with_name("identities.yaml"))
    return {kpi: tuple(formulas) for kpi, formulas in found.items()}


def could_be_formula(plan: Plan, node: Node, known: Mapping[str, LintKpi], lang: str) -> Iterator[Remark]:
    """A remark where two or more of what is thought to move a KPI are parts of a formula that gives it.

    The fix writes the formula, and hangs the parts that are not in the tree yet below it.

    >>> from kpi_tree.catalogue import catalogue
    >>> from kpi_tree.plan.outline import from_outline
    >>> plan = from_outline("Orders\\n  ~ Site traffic\\n  ~ Conversion rate", kpis=catalogue())
    >>> [found] = could_be_formula(plan, plan.nodes["orders"], catalogue(), "en")
    >>> found.fix[0]["after"]
    'sessions * conversion_rate'
    """
    if node.formula or not node.kpi:
        return
    moving = [plan.nodes[child] for child in plan.children(node.id, "influence")]
    below = {one.kpi for one in moving if one.kpi}
    for formula in identities().get(node.kpi, ()):
        parts = names_in(formula)
        if len(below.intersection(parts)) < 2 or not known.keys() >= set(parts):
            continue
        names = {part: known[part].name.get(lang) or known[part].name["en"] for part in parts}
        if fix := _fix(plan, node, formula, names):
            names |= {one.kpi: one.name for one in moving if one.kpi}
            said = _in_names(formula, names)
            text = msg("{node} is made of what hangs below it: {formula}.", node=node.name, formula=said)
            yield remark("info", "could_be_formula", text, node.id, COMPUTE_IT, fix)
            return


def _in_names(formula: str, names: Mapping[str, str]) -> str:
    return _NAME.sub(lambda part: names[part[0]], formula.translate(_SIGNS))


def _fix(plan: Plan, node: Node, formula: str, names: Mapping[str, str]) -> tuple[Edit, ...]:
    """The formula in the tree's own ids, after the boxes it lacks; nothing where the tree cannot take it."""
    boxes = {
        one.kpi: one.id for one in plan.nodes.values() if plan.by_name_in_formula.get(one.kpi or "") == one.id
    }
    last = max((plan.nodes[child].order for child in plan.below(node.id)), default=0.0)
    lacking = [part for part in names if part not in boxes]
    edits: list[Edit] = [
        {"op": "add_node", "after": {"id": part, "name": names[part], "kpi": part, "order": last + at}}
        for at, part in enumerate(lacking, 1)
    ]
    meant = with_names(parse(formula), {part: boxes.get(part, part) for part in names})
    edits.append({"op": "set_field", "node": node.id, "field": "formula", "after": to_text(meant)})
    try:
        apply_all(plan, edits)
    except KpiTreeError:
        return ()
    return tuple(edits)
