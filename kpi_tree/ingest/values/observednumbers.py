"""What the numbers of a file of KPI values tell of each other, and what suits their KPIs."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.numbersigns import CURRENCIES
from kpi_tree.ingest.cells.quantities import NumberColumn, read_numbers
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray
from kpi_tree.ingest.values.observed import words
from kpi_tree.ingest.values.observedunits import RowKinds, RowUnits


def sign_of_counts(cells: Cells, numbers: NumberColumn, whole: BoolArray) -> str:
    """The decimal sign with which all open texts of things that are counted are whole numbers; empty where
    neither or both are such.

    Args:
        whole: the rows whose values count things.
    """
    counted = np.zeros(len(cells.texts), bool)
    counted[cells.index[whole]] = True
    open_still = counted & numbers.ambiguous
    if not open_still.any():
        return ""
    found = [
        sign for sign in ".," if (read_numbers(cells, decimal=sign).decimals[open_still] <= 0).all()
    ]  # fmt: skip
    return found[0] if len(found) == 1 else ""


def unsuitable(numbers: NumberColumn, index: IntArray, kinds: RowKinds, units: RowUnits) -> BoolArray:
    """Rows whose number carries a sign that its KPI has none of: 12 % of money, 12 kr of orders."""
    percent = numbers.percent[index] | units.percent
    signed = (numbers.currency_of[index] >= 0) | (units.currency != "")
    return np.asarray((percent & (kinds.counted | kinds.money)) | (signed & (kinds.counted | kinds.percent)))


def currencies_of(
    column: Column, numbers: NumberColumn, units: RowUnits, money: BoolArray
) -> pa.Array | None:
    """What amounts are in, by the sign at the number, else by the unit; None where nothing says it."""
    names = np.array([*(CURRENCIES.get(sign) or sign.upper() for sign in numbers.currencies), ""], object)
    signs = names[numbers.currency_of[column.cells.index]]
    said = np.where(money, np.where(signs == "", units.currency, signs), "")
    distinct, place = np.unique(said.astype(str), return_inverse=True)
    return words(distinct.tolist(), place) if any(distinct) else None
