"""Figures computed from other figures: by a formula, moved in time, one against the other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from kpi_tree.metrics.laid import FIGURES, Array, Figures, Laid
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.formula_tree import Call, Expr, Number, Product, walk
from kpi_tree.plan.formula_values import evaluate


def halves_of(expr: Expr) -> tuple[Expr, Expr | None]:
    """What stands above and below the line, where the last step of a formula is a division.

    >>> above, below = halves_of(parse("sales / orders"))
    >>> above.names, below.names
    (('sales',), ('orders',))
    """
    if not isinstance(expr, Product):
        return expr, None
    above = [part for op, part in expr.factors if op == "*"]
    below = [part for op, part in expr.factors if op == "/"]
    if not below or not above:
        return expr, None

    def product(parts: list[Expr]) -> Expr:
        return parts[0] if len(parts) == 1 else Product(tuple(("*", part) for part in parts))

    return product(above), product(below)


def furthest(expr: Expr) -> int:
    """How many periods back the formula looks."""
    lags = [part.arguments[1] for part in walk(expr) if isinstance(part, Call) and part.function == "lag"]
    return sum(int(lag.value) for lag in lags if isinstance(lag, Number))


def figures(expr: Expr, inputs: Mapping[str, Figures], *, whole: bool = False) -> Figures:
    """Value, numerator, denominator and records of a formula; over a whole span nothing lies before it."""
    values = {name: figures["value"] for name, figures in inputs.items()}
    shape = np.broadcast_shapes(*(array.shape for array in values.values()))

    def over(part: Expr) -> Array:
        if whole:
            flat = {name: array[..., None] for name, array in values.items()}
            made = np.asarray(evaluate(part, flat))
            return np.broadcast_to(made[..., 0] if made.ndim > len(shape) else made, shape)
        return np.broadcast_to(np.asarray(evaluate(part, values)), shape)

    above, below = halves_of(expr)
    records = np.maximum.reduce([np.nan_to_num(figures["records"]) for figures in inputs.values()])
    return {
        "value": over(expr),
        "numerator": over(above),
        "denominator": over(below) if below is not None else np.full(shape, np.nan),
        "records": np.broadcast_to(records, shape),
    }


def nothing(shape: tuple[int, ...]) -> Figures:
    return {name: np.full(shape, 0.0 if name == "records" else np.nan) for name in FIGURES}


def moved(found: Laid | None, at: list[int | None], keys: int) -> Figures:
    """Figures with each period's place taken by another's."""
    if found is None:
        return nothing((keys, len(at)))
    known = np.array([one is not None for one in at], dtype=bool)
    places = np.array([one or 0 for one in at], dtype=np.int64)
    empty = nothing((keys, len(at)))
    return {name: np.where(known, found.cells[name][:, places], empty[name]) for name in FIGURES}


def against(show: str, now: Figures, then: Figures) -> Figures:
    """How far from then: the difference, or the change relative to it where it is above zero."""
    apart = now["value"] - then["value"]
    records = np.maximum(np.nan_to_num(now["records"]), np.nan_to_num(then["records"]))
    if show == "difference":
        return {
            "value": apart,
            "numerator": apart,
            "denominator": np.full_like(apart, np.nan),
            "records": records,
        }
    base = np.where(then["value"] > 0, then["value"], np.nan)
    return {"value": apart / base, "numerator": apart, "denominator": base, "records": records}


__all__ = ["against", "figures", "furthest", "halves_of", "moved", "nothing", "parse"]
