"""How much: numbers, percentages, points, multiples and amounts, as people write them in three languages."""
# ruff: noqa: E501 - a pattern broken over lines is harder to read than a long one

from __future__ import annotations

import re
from dataclasses import dataclass, replace

# Where "1.200" is twelve hundred (Norwegian) or one point two (English, Japanese) depends on the language.
NUMBER = r"(?:\d{1,3}(?:[ ,.\u00a0'’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
_SCALES = {
    "million": 1e6, "millions": 1e6, "mill.": 1e6, "mill": 1e6, "mio": 1e6, "mn": 1e6, "m": 1e6, "mln": 1e6,
    "millioner": 1e6, "milliard": 1e9, "milliarder": 1e9, "billion": 1e9, "bn": 1e9, "b": 1e9,
    "thousand": 1e3, "k": 1e3, "tusen": 1e3, "hundred": 1e2, "hundre": 1e2,
    "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "億": 1e8,
}  # fmt: skip
SCALE = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
CURRENCY = {
    "kr.": "kr", "kr": "kr", "kroner": "kr", "krone": "kr", "nok": "NOK", "sek": "SEK", "dkk": "DKK",
    "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR", "$": "USD", "usd": "USD", "dollars": "USD",
    "dollar": "USD", "£": "GBP", "gbp": "GBP", "pounds": "GBP", "pund": "GBP", "¥": "JPY", "円": "JPY",
    "yen": "JPY", "jpy": "JPY",
}  # fmt: skip
_COIN = "|".join(sorted(map(re.escape, CURRENCY), key=len, reverse=True))
TIME = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "sekund": 1, "sekunder": 1, "秒": 1,
    "min": 60, "minute": 60, "minutes": 60, "minutt": 60, "minutter": 60, "分": 60,
    "h": 3600, "hour": 3600, "hours": 3600, "time": 3600, "timer": 3600, "時間": 3600,
    "d": 86400, "day": 86400, "days": 86400, "dag": 86400, "dager": 86400, "døgn": 86400, "日": 86400,
}  # fmt: skip
_TIME = "|".join(sorted(map(re.escape, TIME), key=len, reverse=True))
_POINTS = (
    r"(?:percentage[- ]points?|percent[- ]points?|% ?-?points?|pp|pts?|points?|prosentpoeng|prosentpoengs|"
    r"% ?-?poeng|poeng|パーセントポイント|% ?ポイント|ポイント)"
)
_PERCENT = r"(?:%|percent|per cent|pct\.?|prosent|パーセント)"
AMOUNT = re.compile(
    rf"(?P<sign>[-+−±])? ?(?:(?P<coin1>{_COIN}) ?)?(?P<number>{NUMBER}) ?(?:(?P<scale>{SCALE})(?![^\W\d_぀-ヿ㐀-鿿]))?"
    rf" ?(?:(?P<points>{_POINTS})(?![^\W\d_぀-ヿ㐀-鿿])|(?P<percent>{_PERCENT})|(?P<wari>割)|(?P<coin2>{_COIN})(?![a-zæøå])"
    rf"|(?P<time>{_TIME})(?![^\W\d_぀-ヿ㐀-鿿]))?"
)
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "twenty five": 25, "twenty-five": 25, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
    "en": 1, "ett": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "sju": 7, "syv": 7, "åtte": 8, "ni": 9,
    "ti": 10, "tolv": 12, "femten": 15, "tjue": 20, "tjuefem": 25, "tretti": 30, "førti": 40, "femti": 50,
    "seksti": 60, "sytti": 70, "åtti": 80, "nitti": 90, "hundre": 100,
    "五": 5, "十": 10, "二十": 20, "三十": 30, "五十": 50, "一": 1, "二": 2, "三": 3,
}  # fmt: skip
_WORD_PERCENT = re.compile(
    rf"(?<![^\W\d_])({'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})(?= ?(?:{_POINTS}|{_PERCENT}|割))"
)
_KANJI = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_KANJI_PERCENT = re.compile(
    rf"(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?= ?(?:{_POINTS}|{_PERCENT}|割))"
)
_BASIS = re.compile(r"(\d+(?:[.,]\d+)?) ?(?:basis points?|bps?|basispunkt(?:er)?)\b")
_SHORT: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:half an?|a half|(?:et|ett|en) halv(?:t)?)(?= ?(?:percent|prosent))"), "0.5"),
    (re.compile(r"(?<=\d)( ?)m(nok|sek|dkk|eur|usd|gbp|kr)\b"), " million \\2"),
    (re.compile(r"(?<=\d)( ?)[kt](nok|sek|dkk|eur|usd|gbp|kr)\b"), " k \\2"),
)
"""Short forms as their long ones: half a point, basis points, MNOK, tkr."""


@dataclass(frozen=True)
class Quantity:
    """A number found in a sentence.

    Attributes:
        value: the number; a percentage still as the number before the sign (10 for 10 %), signed.
        kind: ``percent points money time number``.
        signed: whether a plus or minus stands before it.
        seconds: for ``time``: seconds in its unit.
    """

    value: float
    kind: str
    start: int
    end: int
    signed: bool = False
    currency: str | None = None
    seconds: float = 1.0


def digits_for_words(text: str) -> str:
    """Number words before a percent sign or word as digits.

    >>> digits_for_words("øk salget med ti prosent")
    'øk salget med 10 prosent'
    """
    for words, digits in _SHORT:
        text = words.sub(digits, text)
    text = _BASIS.sub(lambda match: f"{float(match[1].replace(',', '.')) / 100:g} percentage points", text)
    text = _KANJI_PERCENT.sub(lambda match: str(_kanji(match.group())), text)
    return _WORD_PERCENT.sub(lambda match: str(_WORDS[match.group(1)]), text)


def _kanji(text: str) -> int:
    """A number below a hundred in kanji.

    >>> _kanji("十"), _kanji("二十五"), _kanji("三")
    (10, 25, 3)
    """
    tens, ten, ones = text.rpartition("十")
    return (_KANJI.get(tens, 1) * 10 if ten else 0) + _KANJI.get(ones, 0)


def number(text: str, lang: str) -> float:
    """A number as written in a language.

    >>> number("1.200", "nb"), number("1.200", "en"), number("1,2", "nb"), number("1 200 000", "en")
    (1200.0, 1.2, 1.2, 1200000.0)
    """
    bare = re.sub(r"[ \u00a0'’]", "", text)
    grouped_comma = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", bare)
    grouped_point = re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", bare)
    if grouped_comma and (lang != "nb" or bare.count(",") > 1 or "." in bare):
        return float(bare.replace(",", ""))
    if grouped_point and (lang == "nb" or bare.count(".") > 1 or "," in bare):
        return float(bare.replace(".", "").replace(",", "."))
    return float(bare.replace(",", "."))


def quantities(text: str, lang: str) -> list[Quantity]:
    """Every amount in a plain sentence, left to right.

    >>> [(each.value, each.kind, each.currency) for each in quantities("reach 1.2 million kr or 30 %", "en")]
    [(1200000.0, 'money', 'kr'), (30.0, 'percent', None)]
    """
    return [_quantity(match, lang) for match in AMOUNT.finditer(text)]


def _quantity(match: re.Match[str], lang: str) -> Quantity:
    value = number(match["number"], lang) * _SCALES.get(match["scale"] or "", 1)
    if match["sign"] in ("-", "−"):
        value = -value
    coin = match["coin1"] or match["coin2"]
    kind, seconds = "number", 1.0
    if match["points"]:
        kind = "points"
    elif match["percent"]:
        kind = "percent"
    elif match["wari"]:
        kind, value = "percent", value * 10
    elif coin:
        kind = "money"
    elif match["time"]:
        kind, seconds = "time", float(TIME[match["time"]])
    start = (
        match.start("sign")
        if match["sign"]
        else match.start("coin1")
        if match["coin1"]
        else match.start("number")
    )
    return Quantity(
        value, kind, start, match.end(), bool(match["sign"]), CURRENCY[coin] if coin else None, seconds
    )


@dataclass(frozen=True)
class Span:
    """Two amounts with "and", "to" or a dash between them, and where they stand."""

    first: Quantity
    last: Quantity
    start: int
    end: int


_JOIN = re.compile(r" ?(?:and|og|to|til|-|–|—|~|〜|から|と) ?")
_BETWEEN = re.compile(
    r"\b(?:between|within(?: the range(?: of)?)?|in the range(?: of)?|mellom|innenfor|i området|i intervallet) "
)
_HELD = re.compile(
    r"^ ?(?:件|人|個|点|回|円)?(?: ?の(?:間|範囲)(?:内)?)?(?:に|で|を)?(?:保|維持|収め|おさめ|キープ|とどめ)"
)
_DATED = re.compile(
    r"^\.? ?(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|des|quarter|kvartal|月|日|年)"
)


def kept_between(text: str, lang: str) -> Span | None:
    """The two ends of "between 3 and 4 %", "mellom 20 og 40 minutter", "3%から4%の間に保つ".

    >>> found = kept_between("keep it between 3 and 4 % in june", "en")
    >>> found.first.value, found.first.kind, found.last.value
    (3.0, 'percent', 4.0)
    >>> kept_between("between 1 and 5 december", "en") is None
    True
    """
    for match in _BETWEEN.finditer(text):
        found = _pair_at(text, match.end(), lang)
        if found is not None and not _is_dates(text, found):
            return Span(found.first, found.last, match.start(), found.end)
    for match in AMOUNT.finditer(text):
        found = _pair_at(text, match.start(), lang)
        if found is not None and (held := _HELD.match(text[found.end :])):
            return Span(found.first, found.last, found.start, found.end + held.end())
    return None


def change_span(text: str, lang: str) -> Span | None:
    """Two percentages of one change: "by 5 to 10 %", "5〜10%".

    >>> change_span("by 5 to 10% next quarter", "en").last.value, change_span("by 5% in 2 to 3 weeks", "en")
    (10.0, None)
    """
    for match in AMOUNT.finditer(text):
        found = _pair_at(text, match.start(), lang)
        if found is not None and found.last.kind in ("percent", "points"):
            return found
    return None


def _pair_at(text: str, place: int, lang: str) -> Span | None:
    """Two amounts from a place on, what only the last one says said of both."""
    first = AMOUNT.match(text, place)
    join = _JOIN.match(text, first.end()) if first else None
    last = AMOUNT.match(text, join.end()) if join else None
    if first is None or last is None:
        return None
    one, other = _quantity(first, lang), _quantity(last, lang)
    if one.kind == "number" and other.kind != "number":
        one = replace(one, kind=other.kind, seconds=other.seconds, currency=other.currency)
    if last["scale"] and not first["scale"] and one.value < other.value / _SCALES[last["scale"]] * 10:
        one = replace(one, value=one.value * _SCALES[last["scale"]])
    return Span(one, other, one.start, other.end)


def _is_dates(text: str, found: Span) -> bool:
    """Whether the two are days or years of a period."""
    if _DATED.match(text[found.end :]):
        return True
    ends = (found.first, found.last)
    return all(
        each.kind == "number" and each.value.is_integer() and 1990 <= each.value <= 2100 for each in ends
    )


_MULTIPLES: tuple[tuple[str, float], ...] = (
    (r"\b(?:halve|halves|halving|halver|halvere|halvert|halvering)\b|\bin half\b|\bby half\b|\bmed halvparten\b"
     r"|\btil (?:det halve|halvparten)\b|半減|半分(?:に|へ|まで)?", 0.5),
    (r"\b(?:double|doubles|doubling|twice|dobl|doble|dobler|doblet|dobbelt|fordobl|fordoble|fordobler|fordoblet)\b|倍増|(?<![\d.])2倍|二倍"
     r"|(?<![\d.一二三四五六七八九十])倍(?:に|へ)", 2.0),
    (r"\b(?:triple|triples|treble|tredobl|tredoble|tredobler|tredoblet)\b|三倍", 3.0),
    (r"\b(?:quadruple|quadruples|firedobl|firedoble|firedobler)\b|四倍", 4.0),
)  # fmt: skip
_TIMES = re.compile(
    rf"\b(?:(?P<a>{NUMBER}) ?(?:x|×|times|ganger|gangen)(?![^\W\d_])|(?:x|×) ?(?P<b>{NUMBER}))|(?P<c>{NUMBER}) ?倍"
)
_FRACTIONS: tuple[tuple[str, float], ...] = (
    (r"\b(?:by |med )?(?:a|one|en) (?:third|tredjedel|tredel)\b", 1 / 3),
    (r"\b(?:by |med )(?:a|one|en) (?:quarter|fjerdedel|kvart)\b", 0.25),
    (r"\b(?:by |med )?(?:two|to) (?:thirds|tredjedeler|tredeler)\b", 2 / 3),
    (r"\b(?:by |med )?(?:a|one|en) (?:fifth|femtedel)\b", 0.2),
)


def multiple(text: str, lang: str) -> tuple[float, int, int] | None:
    """A multiple the sentence asks for (2 for double, 0.5 for halve), and where it stands.

    >>> multiple("halve calls", "en"), multiple("1.5倍にする", "ja")[0], multiple("sales", "en")
    ((0.5, 0, 5), 1.5, None)
    """
    for words, factor in _MULTIPLES:
        if found := re.search(words, text):
            return factor, found.start(), found.end()
    if found := _TIMES.search(text):
        return number(found["a"] or found["b"] or found["c"], lang), found.start(), found.end()
    return None


def fraction(text: str) -> tuple[float, int, int] | None:
    """A fraction in words ("by a third"), and where it stands."""
    for words, share in _FRACTIONS:
        if found := re.search(words, text):
            return share, found.start(), found.end()
    if (found := re.search(r"(\d)分の(\d)", text)) and 0 < int(found[2]) < int(found[1]):
        return int(found[2]) / int(found[1]), found.start(), found.end()
    return None
