"""The formula language of the tree: read, write, compute, invert. Nothing here calls ``eval``.

``+ - * / ( )``, numbers, ``%``, node ids and catalogue ids, ``sum() mean() min() max()`` of several KPIs in
the same period, ``lag(x, n)`` for n periods ago, and the readable forms ``orders per sessions``, ``ratio of
orders to sessions`` and ``10 percent of sales``.
"""

from kpi_tree.plan.formula_parser import MAX_DEPTH, MAX_LENGTH, FormulaError, parse
from kpi_tree.plan.formula_slopes import Slope, slopes
from kpi_tree.plan.formula_solve import solutions, solve
from kpi_tree.plan.formula_tree import (
    FUNCTIONS,
    RESERVED,
    Call,
    Expr,
    Name,
    Neg,
    Number,
    Percent,
    Product,
    Sum,
    to_text,
)
from kpi_tree.plan.formula_values import evaluate

__all__ = [
    "FUNCTIONS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "RESERVED",
    "Call",
    "Expr",
    "FormulaError",
    "Name",
    "Neg",
    "Number",
    "Percent",
    "Product",
    "Slope",
    "Sum",
    "evaluate",
    "parse",
    "slopes",
    "solutions",
    "solve",
    "to_text",
]
