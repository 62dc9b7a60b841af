"""What stands around the digits of a number: signs, currencies, percent, words behind it."""

# ruff: noqa: E501 - word lists and patterns read better unbroken
from __future__ import annotations

import re
from dataclasses import dataclass

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
    "tl": "TRY",
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
_LEADING = "|".join(sign for sign in _SIGNS.split("|") if sign not in ("tl", "ft", "lei"))
"""Without signs that stand behind only: ``TL100`` is the name of a thing."""
_BEFORE = re.compile(rf"^({_LEADING})\s*(?=[-+0-9.,(])", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=[0-9.,\-)½¼¾])\s*({_SIGNS}|:-)$|(?<=[kKMnd.千万億])\s?({_SIGNS})$", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?<=[0-9.,\-)])\s*(?:pct\.?|prosent|procent|prozent|percent|per cent|pour cent|por ?cien?to|per ?cento|prosenttia|パーセント)$",
    re.IGNORECASE,
)
TIMES = {
    "k": 3, "tusen": 3, "tsd": 3, "m": 6, "mm": 6, "mill": 6, "mio": 6, "mln": 6, "bn": 9, "mrd": 9, "md": 9,
    "千": 3, "万": 4, "百万": 6, "億": 8, "‰": -1,
}  # fmt: skip
"""Words behind a number that say by which power of ten it is to be taken times; a per mille is a tenth of a
percent."""
_TIMES = re.compile(
    r"(?<=9)\s?(k|K|M|MM|[Tt]usen|[Tt]sd\.?|[Mm]ill\.?|[Mm]io\.?|[Mm]ln\.?|[Bb]n|[Mm]rd\.?|百万|[千万億]|‰)$"
)
_COUNTED = re.compile(
    r"(?<=9)\s?(?:stk\.?|stck\.?|stück|pcs\.?|pc\.?|pieces?|units?|ea\.?|szt\.?|kpl\.?|uds?\.?|unidades|pi[èe]ces?|pz\.?|pezzi|"
    r"stuks|paar|par|enheter|個|件|点|枚|本|台|名|人|回|冊|개|个)$|(?<=9)\sst\.?$",
    re.IGNORECASE,
)
"""Words for what is counted, which change no number."""
_MEASURED = re.compile(
    r"(?<=[0-9.,½¼¾])\s?(kg|g|mg|lbs?|oz|ml|cl|dl|liter|litre|cm|mm|m²|m2)\.?$|(?<=[0-9.,½¼¾])\s(l)$",
    re.IGNORECASE,
)
"""Units of weight, length and volume."""
FRACTIONS = {"¼": 25, "½": 50, "¾": 75}
"""In hundredths."""
_DASHES = re.compile(r"[.,](?:-{1,2}|[–—])$|:-$")


@dataclass(slots=True)
class Signs:
    """What stands around the digits of a shape, which go from ``start`` to ``end``.

    Attributes:
        negatives: how many signs, brackets and triangles say that it is below zero.
        times: a word such as ``K``; see ``TIMES``.
        counted: a word for what is counted stands behind it. measure: a unit of weight, length or volume.
        fraction: hundredths to be added, by a sign such as ½.
    """

    start: int
    end: int
    negatives: int = 0
    percent: bool = False
    currency: str = ""
    times: str = ""
    counted: bool = False
    measure: str = ""
    fraction: int = 0

    @property
    def fine(self) -> bool:
        """No two signs of a kind disagree."""
        return self.negatives <= 1 and not (self.counted and self.percent)


def strip_signs(shape: str) -> Signs:
    """Cut signs, brackets, currency and percent off both ends of a shape.

    >>> found = strip_signs("kr 9 999,99-")
    >>> found.start, found.end, found.negatives, found.currency
    (3, 11, 1, 'kr')
    """
    cut = Signs(0, len(shape))
    for _ in range(8):
        text = shape[cut.start : cut.end]
        lead, trail = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
        if lead or trail:
            cut.start, cut.end = cut.start + lead, cut.end - trail
        elif not (_before(text, cut) or _behind(text, cut)):
            break
    return cut


def _before(text: str, cut: Signs) -> bool:
    """Cut what stands before the digits; whether there was something."""
    if len(text) > 2 and text[0] == "(" and text[-1] == ")":
        cut.start, cut.end, cut.negatives = cut.start + 1, cut.end - 1, cut.negatives + 1
    elif text[:1] == "'" and not cut.start:
        cut.start += 1  # a spreadsheet's mark of a cell kept as text
    elif text[:1] in ("-", "–", "—", "▲", "△", "▼"):
        cut.start, cut.negatives = cut.start + 1, cut.negatives + 1
    elif text[:1] == "+":
        cut.start += 1
    elif not cut.percent and text[:1] == "%":
        cut.start, cut.percent = cut.start + 1, True
    elif not cut.currency and (found := _BEFORE.match(text)):
        cut.start, cut.currency = cut.start + found.end(), found.group(1).lower()
    else:
        return False
    return True


def _behind(text: str, cut: Signs) -> bool:
    """The same for what stands behind them."""
    size = 1
    if not cut.percent and text[-1:] == "%":
        cut.percent = True
    elif not cut.percent and (found := _PERCENT.search(text)):
        size, cut.percent = len(found.group(0)), True
    elif not cut.currency and (found := _AFTER.search(text)):
        size, cut.currency = len(found.group(0)), (found.group(1) or found.group(2)).lower()
    elif not (cut.times or cut.percent) and (found := _TIMES.search(text)):
        size, cut.times = len(found.group(0)), found.group(1).lower().rstrip(".")
        cut.percent = cut.times == "‰"
    elif not (cut.currency or cut.measure) and (found := _MEASURED.search(text)):
        size, cut.measure = len(found.group(0)), (found.group(1) or found.group(2)).lower()
    elif found := _COUNTED.search(text):
        size, cut.counted = len(found.group(0)), True
    elif found := _DASHES.search(text):
        size = len(found.group(0))
    elif text[-1:] in FRACTIONS and not cut.fraction:
        cut.fraction = FRACTIONS[text[-1]]
    elif text[-1:] == "-" and len(text) > 1:
        cut.negatives += 1
    else:
        return False
    cut.end -= size
    return True
