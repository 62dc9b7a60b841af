"""The table of customer lifetime value: what each customer brought, and is expected to bring."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpi_tree.errors import Refused
from kpi_tree.metrics.lifetime import (
    Array,
    Fit,
    alive_chance,
    expected_amount,
    expected_purchases,
    fit_amounts,
    fit_purchases,
)

YEAR = 365.0
DRAWS = 60
SHOWN = 500


def with_forecast(customers: pd.DataFrame) -> pd.DataFrame:
    """Add what each customer is expected to bring in the next twelve months.

    Args:
        customers: one row a customer: ``customer``, ``profit`` and ``orders`` so far, and for the model
            ``x`` (repeat days), ``t_x`` and ``age`` in days, ``amount`` (mean profit of a repeat day).

    Returns:
        The customers with ``alive`` (chance), ``expected_orders``, ``expected_margin`` and its 80 % interval
        ``low`` to ``high``, most valuable first; without the forecast where too few bought twice.
    """
    columns = ["alive", "expected_orders", "expected_margin", "low", "high"]
    x, t_x, age, amount = (customers[c].to_numpy(np.float64) for c in ("x", "t_x", "age", "amount"))
    try:
        purchases, amounts = fit_purchases(x, t_x, age), fit_amounts(x, amount)
    except Refused:
        empty = customers.assign(**dict.fromkeys(columns, np.nan))
        return empty.sort_values("profit", ascending=False, kind="stable").head(SHOWN)
    params = np.array(purchases.params)
    orders = expected_purchases(params, YEAR, x, t_x, age)
    margin = orders * expected_amount(np.array(amounts.params), x, amount)
    filled = customers.assign(
        alive=alive_chance(params, x, t_x, age), expected_orders=orders, expected_margin=margin
    )
    best = filled.sort_values("expected_margin", ascending=False, kind="stable").head(SHOWN)
    low, high = _interval(purchases, amounts, best)
    return best.assign(low=low, high=high)


def _interval(purchases: Fit, amounts: Fit, best: pd.DataFrame) -> tuple[Array, Array]:
    """Where the expected margin lies in 8 of 10 cases, as far as the parameters are uncertain."""
    x, t_x, age, amount = (best[c].to_numpy(np.float64) for c in ("x", "t_x", "age", "amount"))
    draws = [
        expected_purchases(one, YEAR, x, t_x, age) * expected_amount(other, x, amount)
        for one, other in zip(purchases.draws(DRAWS), amounts.draws(DRAWS, seed=1), strict=True)
    ]
    low, high = np.nanquantile(np.array(draws), [0.1, 0.9], axis=0)
    return np.asarray(low), np.asarray(high)
