"""Numbers as people write them: each shape is read once, for a decimal point and for a decimal comma."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kpi_tree.ingest.cells.numbersigns import FRACTIONS, TIMES, strip_signs
from kpi_tree.ingest.cells.shapes import MACHINE, byte_positions

_CORE = re.compile(r"^(?:9|[.,](?=9))[9 .,']*$")
_EXPONENT = re.compile(r"[eE]([+-]?)(9{1,3})$")
_WEST = re.compile(r"^9{1,3}(?P<sign>[ ,.'])999(?:(?P=sign)999)*$")
_INDIA = re.compile(r"^9{1,2}(?:,99)+,999$")


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read one shape with one decimal sign: byte positions of the digits, how many are decimals."""

    digits: tuple[int, ...]
    decimals: int
    grouped: bool


@dataclass(frozen=True, slots=True)
class NumberShape:
    """What a shape says as a number.

    Attributes:
        point: its reading with a decimal point; None when that cannot be.
        comma: its reading with a decimal comma.
        negative: by sign, brackets or triangle.
        percent: it ends in a percent sign.
        currency: the sign or code written beside it, lower case; empty without.
        exponent: byte positions of the exponent's digits; ``exponent_sign`` is -1 or 1.
        machine: a workbook's own number, which has a decimal point for certain.
        times: the power of ten that a word behind it names (``1.5K``: 3).
        short_million: that word is M or MM.
        counted: a word for what is counted stands behind it, so it is a whole number.
        measure: the unit of weight, length or volume behind it; empty without.
        fraction: hundredths to be added, by a sign such as ½.
    """

    point: Reading | None
    comma: Reading | None
    negative: bool
    percent: bool
    currency: str
    exponent: tuple[int, ...] = ()
    exponent_sign: int = 1
    machine: bool = False
    times: int = 0
    short_million: bool = False
    counted: bool = False
    measure: str = ""
    fraction: int = 0

    @property
    def ambiguous(self) -> bool:
        """Both readings are possible and they differ."""
        return self.point is not None and self.comma is not None and self.point != self.comma


@lru_cache(maxsize=20_000)
def number_shape(shape: str) -> NumberShape | None:
    """Understand one shape; None when it is no number.

    >>> found = number_shape("kr 9 999,99")
    >>> found.point, found.comma.decimals, found.currency
    (None, 2, 'kr')
    >>> number_shape("9,999").ambiguous, number_shape("9.999,99").ambiguous
    (True, False)
    >>> number_shape("9,99,999.99").point.decimals, [number_shape(t).negative for t in ("(999)", "▲999")]
    (2, [True, True])
    >>> number_shape("9.9K").times, number_shape("99 mill. kr").times, number_shape("99 stk").counted
    (3, 6, True)
    >>> number_shape("9 ½").fraction, number_shape("9,9 kg").measure
    (50, 'kg')
    >>> [number_shape(text) for text in ("99-99", "9.9.9", "abc", "9,9999,9", "", "-")]
    [None, None, None, None, None, None]
    """
    if not ("9" in shape or FRACTIONS.keys() & set(shape)) or len(shape) > 60:
        return None
    if shape.startswith(MACHINE):
        return _machine(shape)
    cut = strip_signs(shape)
    core = shape[cut.start : cut.end]
    exponent = _EXPONENT.search(core)
    digits_of_exponent: tuple[int, ...] = ()
    if exponent:
        where = [cut.start + i for i in range(exponent.start(2), exponent.end(2))]
        digits_of_exponent = tuple(byte_positions(shape, where))
        core = core[: exponent.start()]
    if not cut.fine or not (_CORE.match(core) or (cut.fraction and not core)):
        return None
    point, comma = (_reading(shape, core, cut.start, sign) for sign in ".,")
    if exponent and point and comma and point.grouped != comma.grouped:
        point, comma = (None, comma) if point.grouped else (point, None)  # nobody groups before an exponent
    if (point is None and comma is None) or (cut.fraction and (not point or point.decimals or exponent)):
        return None
    sign = -1 if exponent and exponent.group(1) == "-" else 1
    return NumberShape(
        point, comma, cut.negatives == 1, cut.percent, cut.currency, digits_of_exponent, sign,
        times=TIMES.get(cut.times, 0), short_million=cut.times in ("m", "mm"),
        counted=cut.counted, measure=cut.measure, fraction=cut.fraction,
    )  # fmt: skip


def _machine(shape: str) -> NumberShape | None:
    inner = number_shape(shape[len(MACHINE) :])
    if inner is None or inner.point is None:
        return None
    moved = Reading(tuple(i + len(MACHINE.encode()) for i in inner.point.digits), inner.point.decimals, False)
    exponent = tuple(i + len(MACHINE.encode()) for i in inner.exponent)
    return NumberShape(moved, moved, inner.negative, False, "", exponent, inner.exponent_sign, machine=True)


def _reading(shape: str, core: str, start: int, sign: str) -> Reading | None:
    whole, mark, part = core.partition(sign)
    if not core:
        return Reading((), 0, False)
    if mark and not re.fullmatch(r"9+", part):
        return None
    grouped = bool(re.search(r"[^9]", whole))
    if grouped and not _grouping(whole, sign):
        return None
    chars = [start + i for i, char in enumerate(core) if char == "9"]
    return Reading(tuple(byte_positions(shape, chars)), len(part), grouped)


def _grouping(whole: str, sign: str) -> bool:
    west = _WEST.match(whole)
    if west:
        return west.group("sign") != sign
    return sign == "." and bool(_INDIA.match(whole))
