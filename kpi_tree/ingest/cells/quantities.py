"""A column of numbers: point or comma is settled by the whole column, then by its neighbours, or it
stays open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kpi_tree.ingest.cells.numbers import NumberShape, Reading, number_shape
from kpi_tree.ingest.cells.numbersigns import CURRENCIES
from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray

SCALE = 4
"""Decimals of money and quantities in the record tables."""

_TOP = 10**18
_EAST = re.compile(r"[個件点枚本台名人回冊円元千万億]")
"""Words behind numbers in languages that group thousands by commas."""
_COMMA_MONEY = {"kr", "kr.", "nok", "sek", "dkk", "isk"}
_POINT_MONEY = {"$", "us$", "usd", "£", "gbp", "¥", "\\", "jpy", "円", "inr", "₹"}


@dataclass(slots=True)
class NumberColumn:
    """What a column says as numbers, one entry for each distinct text.

    Attributes:
        mantissa: the digits as a whole number, signed.
        decimals: how many of them stand behind the decimal sign (negative for large exponents).
        ok: the text is a number.
        percent: it ends in a percent sign (the mantissa is as written: 12 for ``12 %``).
        decimal: the decimal sign decided; ``""`` when nothing showed one.
        evidence: the sign that the column itself proves; ``""`` without proof.
        ambiguous: texts that could be read both ways, when the evidence is missing.
        currencies: signs and codes seen, lower case, most frequent first.
        currency_of: for each text the position of its currency in ``currencies``; -1 without.
        times: a word behind it makes it thousands or millions (``1.5K``).
        measures: units of weight, length and volume seen behind numbers.
        example: for an ambiguous column one such text; ``readings`` what point and comma would make of it.
    """

    mantissa: IntArray
    decimals: IntArray
    ok: BoolArray
    percent: BoolArray
    decimal: str = ""
    evidence: str = ""
    ambiguous: BoolArray = field(default_factory=lambda: np.zeros(0, bool))
    currencies: list[str] = field(default_factory=list)
    currency_of: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    times: BoolArray = field(default_factory=lambda: np.zeros(0, bool))
    measures: list[str] = field(default_factory=list)
    example: str = ""
    readings: dict[str, float] = field(default_factory=dict)

    def floats(self) -> npt.NDArray[np.float64]:
        """The values, percent signs taken as hundredths."""
        shift = (self.decimals + 2 * self.percent).astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            value = np.where(
                shift >= 0, self.mantissa / 10.0 ** np.abs(shift), self.mantissa * 10.0 ** np.abs(shift)
            )
        return np.asarray(value, np.float64)

    def scaled(self) -> tuple[IntArray, BoolArray]:
        """The values times 10,000, rounded half away from zero, and which of them fit."""
        shift = SCALE - self.decimals - 2 * self.percent.astype(np.int64)
        up = 10 ** np.clip(shift, 0, 17)
        down = 10 ** np.clip(-shift, 0, 18)
        size = np.abs(self.mantissa)
        fits = (size < _TOP // up) & (shift <= 17)
        rounded = np.where(shift >= 0, size * up, (size + down // 2) // down)
        return np.where(fits, np.sign(self.mantissa) * rounded, 0).astype(np.int64), self.ok & fits


def read_numbers(
    cells: Cells,
    *,
    decimal: str | None = None,
    whole: bool = False,
    delimiter: str = "",
    measured: bool = False,
) -> NumberColumn:
    """Read every text of a column as a number.

    Args:
        cells: the column.
        decimal: the decimal sign when the person or the neighbour columns have said it.
        whole: the column holds counts, so a lone separator before three digits groups thousands.
        delimiter: the file's own delimiter: in a comma-separated file a comma is no decimal sign by itself.
        measured: numbers with a unit of weight, length or volume behind them count, where all have the same.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> found = read_numbers(cells_of(pa.array(["1.234", "1.234,50", "(7)"])))
    >>> found.decimal, found.floats().tolist()
    (',', [1234.0, 1234.5, -7.0])
    >>> found = read_numbers(cells_of(pa.array(["1.234", "2.500"])))
    >>> found.ok.tolist(), found.readings
    ([False, False], {'.': 1.234, ',': 1234.0})
    """
    size = len(cells.texts)
    found = NumberColumn(
        np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, bool), np.zeros(size, bool)
    )
    found.currency_of = np.full(size, -1, np.int64)
    shapes = {i: parsed for i, shape in enumerate(cells.shapes) if (parsed := number_shape(shape))}
    shapes = _of_one_measure(shapes, found, measured=measured)
    _currencies(cells, shapes, found)
    shapes = _without_doubtful_millions(shapes)
    found.times = np.zeros(size, bool)
    proof = {sign: _weight(cells, shapes, sign) for sign in ".,"}
    conflict = bool(proof["."]) and bool(proof[","])
    found.evidence = max(proof, key=lambda s: proof[s]) if proof["."] != proof[","] and _clear(proof) else ""
    # What the person said wins; then the column's own proof. Among contradicting texts
    # none of the open ones is read.
    whole = whole or any(_EAST.search(shape) for shape in cells.shapes)
    sign = decimal or found.evidence or ("" if conflict else _custom(shapes, found, whole, delimiter))
    found.decimal = sign
    found.ambiguous = np.zeros(size, bool)
    for number, shape in shapes.items():
        open_still = shape.ambiguous and (not sign or (conflict and not decimal and not _clear(proof)))
        if open_still:
            found.ambiguous[cells.members(number)] = True
            continue
        reading = _choose(shape, sign)
        if reading:
            _apply(cells, number, shape, reading, found)
    if found.ambiguous.any():
        _explain(cells, shapes, found)
    return found


def _of_one_measure(
    shapes: dict[int, NumberShape], found: NumberColumn, *, measured: bool
) -> dict[int, NumberShape]:
    """``10 kg`` and ``2 kg`` are 10 and 2; beside ``500 g`` or a bare number they are nothing."""
    seen = {shape.measure for shape in shapes.values()}
    found.measures = sorted(seen - {""})
    if measured and len(seen) == 1:
        return shapes
    return {i: shape for i, shape in shapes.items() if not shape.measure}


def _without_doubtful_millions(shapes: dict[int, NumberShape]) -> dict[int, NumberShape]:
    """A lone M is a million beside a K, a currency or a longer word; alone it may be the Roman thousand."""
    sure = any(shape.currency or (shape.times and not shape.short_million) for shape in shapes.values())
    return {i: shape for i, shape in shapes.items() if sure or not shape.short_million}


def _clear(proof: dict[str, int]) -> bool:
    low, high = sorted(proof.values())
    return high >= 20 * max(low, 0) and high > low


def _weight(cells: Cells, shapes: dict[int, NumberShape], sign: str) -> int:
    """How many rows prove a decimal sign: only it can be, or a lone 0 stands before the sign."""
    rows = 0
    for number, shape in shapes.items():
        if shape.machine:
            continue
        mine, other = (shape.point, shape.comma) if sign == "." else (shape.comma, shape.point)
        if mine is None:
            continue
        texts = cells.members(number)
        if other is None and (mine.decimals or mine.grouped):
            plain_space = mine.grouped and not mine.decimals
            rows += 0 if plain_space and shape.point == shape.comma else int(cells.counts[texts].sum())
        elif shape.ambiguous and not mine.grouped:
            leading = cells.digits(number, [mine.digits[0]])[:, 0] == 0
            rows += int(cells.counts[texts[leading]].sum())
    return rows


def _custom(shapes: dict[int, NumberShape], found: NumberColumn, whole: bool, delimiter: str) -> str:
    """The sign that habit makes sure where the texts alone leave it open; empty where it does not."""
    open_shapes = [shape for shape in shapes.values() if shape.ambiguous]
    groups_by_comma = all(shape.point and shape.point.grouped for shape in open_shapes)
    groups_by_point = all(shape.comma and shape.comma.grouped for shape in open_shapes)
    if not open_shapes:
        return ""
    whole = whole or all(shape.counted for shape in open_shapes)
    if groups_by_comma and (whole or delimiter == "," or set(found.currencies) & _POINT_MONEY):
        return "."
    if groups_by_point and (whole or set(found.currencies) & _COMMA_MONEY):
        return ","
    return ""


def _choose(shape: NumberShape, sign: str) -> Reading | None:
    if shape.machine:
        return shape.point
    if sign == ",":
        return shape.comma
    if sign == ".":
        return shape.point
    return shape.point or shape.comma


def _apply(cells: Cells, number: int, shape: NumberShape, reading: Reading, into: NumberColumn) -> None:
    members = cells.members(number)
    digits, decimals = list(reading.digits), reading.decimals
    ok = np.ones(len(members), bool)
    if len(digits) > 18:
        cut = min(len(digits) - 18, decimals)
        digits, decimals = digits[: len(digits) - cut], decimals - cut
        if len(digits) > 18:
            ok[:] = ~cells.digits(number, digits[:-18]).any(axis=1)
            digits = digits[-18:]
    exponent = cells.number(number, list(shape.exponent)) * shape.exponent_sign
    size = cells.number(number, digits)
    if shape.fraction:
        size, decimals = size * 100 + shape.fraction, 2
        ok &= len(digits) < 17
    into.mantissa[members] = size * (-1 if shape.negative else 1)
    into.decimals[members] = decimals - exponent - shape.times
    into.times[members] = shape.times > 0
    into.ok[members] = ok & (np.abs(exponent) <= 15)
    into.percent[members] = shape.percent


def _currencies(cells: Cells, shapes: dict[int, NumberShape], found: NumberColumn) -> None:
    weights: dict[str, int] = {}
    for number, shape in shapes.items():
        if shape.currency:
            weights[shape.currency] = weights.get(shape.currency, 0) + int(
                cells.counts[cells.members(number)].sum()
            )
    found.currencies = sorted(weights, key=lambda sign: -weights[sign])
    for number, shape in shapes.items():
        if shape.currency:
            found.currency_of[cells.members(number)] = found.currencies.index(shape.currency)


def _explain(cells: Cells, shapes: dict[int, NumberShape], found: NumberColumn) -> None:
    number = next(i for i in shapes if found.ambiguous[cells.members(i)].any())
    found.example = cells.texts[int(cells.members(number)[0])].as_py()
    for sign in ".,":
        size = len(cells.texts)
        trial = NumberColumn(
            np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, bool), np.zeros(size, bool)
        )
        trial.times = np.zeros(size, bool)
        reading = _choose(shapes[number], sign)
        if reading:
            _apply(cells, number, shapes[number], reading, trial)
            found.readings[sign] = float(trial.floats()[cells.members(number)[0]])


def iso_currency(signs: list[str]) -> str | None:
    """The one ISO code that the signs stand for; None when they leave it open or name several.

    >>> iso_currency(["€", "eur"]), iso_currency(["kr"]), iso_currency(["$", "€"])
    ('EUR', None, None)
    """
    codes = {CURRENCIES.get(sign, "") for sign in signs}
    return next(iter(codes)) or None if len(codes) == 1 else None


def decimal_array(scaled: IntArray, valid: BoolArray) -> pa.Array:
    """Whole ten-thousandths as DECIMAL(18, 4), null where not valid.

    >>> decimal_array(np.array([12345, 1]), np.array([True, False])).to_pylist()
    [Decimal('1.2345'), None]
    """
    wide = np.empty((len(scaled), 2), np.int64)
    wide[:, 0] = scaled
    wide[:, 1] = scaled >> 63
    mask = np.packbits(valid, bitorder="little")
    buffers = [pa.py_buffer(mask), pa.py_buffer(wide)]
    return pa.Array.from_buffers(pa.decimal128(18, SCALE), len(scaled), buffers)
