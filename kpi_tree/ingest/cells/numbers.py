"""Numbers as people write them: each shape is read once, for a decimal point and for a decimal comma."""

# ruff: noqa: E501 - word lists, patterns and SQL read better unbroken
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kpi_tree.ingest.cells.shapes import MACHINE, byte_positions

CURRENCIES = {
    "kr": "",
    "kr.": "",
    "kroner": "",
    ":-": "",
    "nok": "NOK",
    "sek": "SEK",
    "dkk": "DKK",
    "isk": "ISK",
    "eur": "EUR",
    "€": "EUR",
    "euro": "EUR",
    "usd": "USD",
    "us$": "USD",
    "$": "",
    "£": "GBP",
    "gbp": "GBP",
    "¥": "",
    "jpy": "JPY",
    "円": "JPY",
    "jp¥": "JPY",
    "\\": "JPY",  # where CP932 has its yen sign, everything else has a backslash
    "cny": "CNY",
    "rmb": "CNY",
    "元": "CNY",
    "chf": "CHF",
    "fr.": "CHF",
    "sfr.": "CHF",
    "cad": "CAD",
    "c$": "CAD",
    "ca$": "CAD",
    "aud": "AUD",
    "a$": "AUD",
    "au$": "AUD",
    "nzd": "NZD",
    "nz$": "NZD",
    "pln": "PLN",
    "zł": "PLN",
    "czk": "CZK",
    "kč": "CZK",
    "huf": "HUF",
    "ft": "HUF",
    "inr": "INR",
    "₹": "INR",
    "rs.": "",
    "rs": "",
    "brl": "BRL",
    "r$": "BRL",
    "aed": "AED",
    "sgd": "SGD",
    "s$": "SGD",
    "hkd": "HKD",
    "hk$": "HKD",
    "krw": "KRW",
    "₩": "KRW",
    "clp": "CLP",
    "mxn": "MXN",
    "mx$": "MXN",
    "zar": "ZAR",
    "try": "TRY",
    "₺": "TRY",
    "ils": "ILS",
    "₪": "ILS",
    "thb": "THB",
    "฿": "THB",
    "ron": "RON",
    "lei": "RON",
    "rub": "RUB",
    "₽": "RUB",
    "uah": "UAH",
    "₴": "UAH",
    "myr": "MYR",
    "idr": "IDR",
    "rp": "IDR",
    "rp.": "IDR",
    "php": "PHP",
    "₱": "PHP",
    "vnd": "VND",
    "₫": "VND",
    "sar": "SAR",
    "qar": "QAR",
    "egp": "EGP",
    "ngn": "NGN",
    "₦": "NGN",
    "kes": "KES",
    "pkr": "PKR",
    "bgn": "BGN",
    "rsd": "RSD",
    "twd": "TWD",
    "nt$": "TWD",
    "ars": "ARS",
    "cop": "COP",
    "руб.": "RUB",
    "руб": "RUB",
}
"""Sign or code (lower case) to ISO code; empty where several currencies use the sign."""

_SIGNS = "|".join(sorted((re.escape(sign) for sign in CURRENCIES if sign != ":-"), key=len, reverse=True))
_BEFORE = re.compile(rf"^({_SIGNS})\s*(?=[-+0-9.,(])", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=[0-9.,\-)])\s*({_SIGNS}|:-)$|(?<=[kKMnd.千万億])\s?({_SIGNS})$", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?<=[0-9.,\-)])\s*(?:pct\.?|prosent|procent|prozent|percent|per cent|pour cent|パーセント)$",
    re.IGNORECASE,
)
TIMES = {
    "k": 3, "tusen": 3, "tsd": 3, "m": 6, "mm": 6, "mill": 6, "mio": 6, "mln": 6, "bn": 9, "mrd": 9, "md": 9,
    "千": 3, "万": 4, "百万": 6, "億": 8, "‰": -3,
}  # fmt: skip
"""Words behind a number that say by which power of ten it is to be taken times."""
_TIMES = re.compile(
    r"(?<=9)\s?(k|K|M|MM|[Tt]usen|[Tt]sd\.?|[Mm]ill\.?|[Mm]io\.?|[Mm]ln\.?|[Bb]n|[Mm]rd\.?|百万|[千万億]|‰)$"
)
_COUNTED = re.compile(
    r"(?<=9)\s?(?:stk\.?|stck\.?|stück|pcs\.?|個|件|点|枚|本|台|名|人|回|冊)$", re.IGNORECASE
)
"""Words for what is counted, which change no number."""
_DASHES = re.compile(r"[.,](?:-{1,2}|[–—])$")
_CORE = re.compile(r"^(?:9|[.,](?=9))[9 .,']*$")
_EXPONENT = re.compile(r"[eE]([+-]?)(9{1,3})$")
_WEST = re.compile(r"^9{1,3}(?P<sign>[ ,.'])999(?:(?P=sign)999)*$")
_INDIA = re.compile(r"^9{1,2}(?:,99)+,999$")


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read one shape with one decimal sign: byte positions of the digits, and how many are decimals."""

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
    >>> number_shape("9,99,999.99").point.decimals, number_shape("(999)").negative, number_shape("▲999").negative
    (2, True, True)
    >>> number_shape("9.9K").times, number_shape("99 mill. kr").times, number_shape("99 stk").point.decimals
    (3, 6, 0)
    >>> [number_shape(text) for text in ("99-99", "9.9.9", "abc", "9,9999,9", "", "-")]
    [None, None, None, None, None, None]
    """
    if "9" not in shape or len(shape) > 60:
        return None
    if shape.startswith(MACHINE):
        return _machine(shape)
    start, end, negative, percent, currency, word = _strip_signs(shape)
    core = shape[start:end]
    exponent = _EXPONENT.search(core)
    digits_of_exponent: tuple[int, ...] = ()
    if exponent:
        where = [start + i for i in range(exponent.start(2), exponent.end(2))]
        digits_of_exponent = tuple(byte_positions(shape, where))
        core = core[: exponent.start()]
    if start < 0 or not _CORE.match(core):
        return None
    point, comma = (_reading(shape, core, start, sign) for sign in ".,")
    if point is None and comma is None:
        return None
    sign = -1 if exponent and exponent.group(1) == "-" else 1
    return NumberShape(
        point, comma, negative, percent, currency, digits_of_exponent, sign,
        times=TIMES.get(word, 0), short_million=word in ("m", "mm"),
    )  # fmt: skip


def _machine(shape: str) -> NumberShape | None:
    inner = number_shape(shape[len(MACHINE) :])
    if inner is None or inner.point is None:
        return None
    moved = Reading(tuple(i + len(MACHINE.encode()) for i in inner.point.digits), inner.point.decimals, False)
    exponent = tuple(i + len(MACHINE.encode()) for i in inner.exponent)
    return NumberShape(moved, moved, inner.negative, False, "", exponent, inner.exponent_sign, machine=True)


def _strip_signs(shape: str) -> tuple[int, int, bool, bool, str, str]:
    """Cut signs, brackets, currency and percent off both ends; start is -1 when two of a kind disagree."""
    start, end = 0, len(shape)
    negatives, percent, currency, times = 0, False, "", ""
    for _ in range(7):
        text = shape[start:end]
        lead, trail = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
        if lead or trail:
            start, end = start + lead, end - trail
        elif len(text) > 2 and text[0] == "(" and text[-1] == ")":
            start, end, negatives = start + 1, end - 1, negatives + 1
        elif text[:1] == "'" and not start:
            start += 1  # a spreadsheet's mark of a cell kept as text
        elif text[:1] in ("-", "–", "▲", "△", "▼"):
            start, negatives = start + 1, negatives + 1
        elif text[:1] == "+":
            start += 1
        elif not percent and text[-1:] == "%":
            end, percent = end - 1, True
        elif not percent and (found := _PERCENT.search(text)):
            end, percent = end - len(found.group(0)), True
        elif not percent and text[:1] == "%":
            start, percent = start + 1, True
        elif not currency and (found := _BEFORE.match(text)):
            start, currency = start + found.end(), found.group(1).lower()
        elif not currency and (found := _AFTER.search(text)):
            end, currency = end - len(found.group(0)), (found.group(1) or found.group(2)).lower()
        elif not times and not percent and (found := _TIMES.search(text)):
            end, times = end - len(found.group(0)), found.group(1).lower().rstrip(".")
        elif found := _COUNTED.search(text) or _DASHES.search(text):
            end -= len(found.group(0))
        elif text[-1:] == "-" and len(text) > 1:
            end, negatives = end - 1, negatives + 1
        else:
            break
    return (start if negatives <= 1 else -1), end, negatives == 1, percent, currency, times


def _reading(shape: str, core: str, start: int, sign: str) -> Reading | None:
    whole, mark, part = core.partition(sign)
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
