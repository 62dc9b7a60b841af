"""A formula by itself: read, computed, turned round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from kpi_tree.catalogue import Kpi, catalogue
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.node_units import unit_of_kpi
from kpi_tree.plan.sense_check import check_sense
from kpi_tree.plan.unit_check import check_units
from kpi_tree.store import Home
from kpi_tree.store import plans as kept
from kpi_tree.units import Unit, parse_unit
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.own import catalogue_of

if TYPE_CHECKING:
    from kpi_tree.plan.formula_tree import Expr


def formula(
    expr: str,
    *,
    sets: Mapping[str, float] | None = None,
    units: Mapping[str, str] | None = None,
    solve: tuple[str, float] | None = None,
    lang: str = "en",
    home: Home | None = None,
) -> dict[str, Any]:
    """Read a formula, compute it where all its names have values, and solve it for one of them.

    Args:
        home: where own KPIs and the plan's nodes are looked up; without it only the program's KPIs are known.
        sets: name → value.
        units: name → unit; a catalogue id that is not named here has its own.
        solve: a name, and the result that the formula should come to.

    Returns:
        ``{names, formula, value, unit, solved, slopes, issues}``; *no value* is ``None``. ``slopes`` says of
        each name what one more of it adds (``derivative``) and what one percent more does in percent
        (``elasticity``). A name that nobody knows is asked about in an issue, never taken for another.

    Raises:
        Refused: the formula cannot be read (with the position), or cannot be solved.

    >>> formula("orders * value", sets={"orders": 3, "value": 2})["value"]
    6.0
    >>> formula("orders * value", sets={"value": 2}, solve=("orders", 10))["solved"]
    {'name': 'orders', 'result': 10.0, 'value': 5.0}
    """
    from kpi_tree.plan import formula as language  # its solver brings scipy, which takes most of a second

    parsed, known = language.parse(expr), dict(sets or {})
    names = list(parsed.names)
    for name in known:
        if name not in names:
            _no_such_name(name, names, expr)
    solved = None
    if solve is not None:
        name, result = solve
        if name not in names:
            _no_such_name(name, names, expr)
        others = {other: float(value) for other, value in known.items() if other != name}
        _refuse_missing([other for other in names if other != name and other not in others], expr)
        solved = {
            "name": name,
            "result": float(result),
            "value": language.solve(parsed, name, result, others),
        }
    missing = [name for name in names if name not in known]
    value = None
    if not missing:
        made = np.ravel(language.evaluate(parsed, {name: [known[name]] for name in names}))
        value = float(made[-1]) if made.size and np.isfinite(made[-1]) else None
    kpis = catalogue_of(home) if home is not None else catalogue()
    unit, issues = _unit(parsed, dict(units or {}), expr, kpis)
    if value is None and not missing:
        message = msg("With these values the formula has no value: it divides by 0 or grows past all bounds.")
        issues.append(
            Issue("warning", "no_value", message, expr[:80], msg("Change the value that is divided by."))
        )
    issues += check_sense(parsed, expr[:80])
    issues += _unknown(names, {*known, *(units or {}), *_node_ids(home)}, kpis, expr)
    return {
        "names": names,
        "formula": language.to_text(parsed),
        "value": value,
        "unit": unit,
        "solved": solved,
        "slopes": _slopes(parsed, known) if value is not None else None,
        "issues": [issue.to_dict(lang) for issue in issues],
    }


def _slopes(parsed: Expr, values: Mapping[str, float]) -> dict[str, dict[str, float | None]]:
    from kpi_tree.plan.formula import slopes

    def plain(found: Any) -> float | None:
        number = float(np.ravel(found)[-1])
        return number if np.isfinite(number) else None

    return {
        name: {"derivative": plain(slope.derivative), "elasticity": plain(slope.elasticity)}
        for name, slope in slopes(parsed, values).items()
    }


def _node_ids(home: Home | None) -> set[str]:
    names = kept.names(home) if home is not None else []
    return {node for plan_id, _ in names for node in plan_cached(home, plan_id).nodes} if home else set()


def _unknown(names: list[str], told: set[str], kpis: Mapping[str, Kpi], expr: str) -> list[Issue]:
    """Names that are no KPI, no node and were given no value: asked about, with the nearest known one."""
    found = []
    for name in names:
        if name in told or name in kpis:
            continue
        remedy = did_you_mean(
            name, (*kpis, *told), msg("Give it a value, or use the id of a KPI or of a box of the plan.")
        )
        message = msg("Nobody knows the name {name}.", name=name)
        found.append(Issue("warning", "unknown_name", message, expr[:80], remedy))
    return found


def _unit(
    parsed: Expr, units: Mapping[str, str], expr: str, kpis: Mapping[str, Kpi]
) -> tuple[str | None, list[Issue]]:
    """The unit a formula comes out in, and what clashes; nothing of both where no unit is known."""
    for name in units:
        if name not in parsed.names:
            _no_such_name(name, list(parsed.names), expr)
    known: dict[str, Unit | None] = {name: unit_of_kpi(name, kpis) for name in parsed.names}
    known.update({name: parse_unit(text) for name, text in units.items()})
    found = check_units(parsed, known, expr[:80])
    return (None if found.unit is None or not parsed.names else str(found.unit)), found.issues


def _no_such_name(name: str, names: list[str], expr: str) -> NoReturn:
    raise Refused(
        msg("The formula has no name {name}.", name=name[:80]),
        place=expr[:80],
        remedy=msg("Its names are: {names}.", names=", ".join(names) or "–"),
    )


def _refuse_missing(names: list[str], expr: str) -> None:
    if names:
        raise Refused(
            msg("These names have no value: {names}.", names=", ".join(names)),
            place=expr[:80],
            remedy=msg("Set each of them to a number."),
        )
