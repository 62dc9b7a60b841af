"""Periods in Norwegian words (bokmål, with the commonest nynorsk forms)."""

from __future__ import annotations

import re

from kpi_tree.periods.calendar import Grain, Period
from kpi_tree.periods.grammar import Frame, Moment, Pair, Span, Tongue, pattern
from kpi_tree.periods.names import fiscal_year

_MONTHS = (
    "januar|jan", "februar|feb", "mars|mar", "april|apr", "mai", "juni|jun",
    "juli|jul", "august|aug", "september|sept|sep", "oktober|okt", "november|nov", "desember|des",
)  # fmt: skip
_NUMBERS = {
    "et halvt": 0.5, "ett halvt": 0.5, "halvannet": 1.5, "en": 1, "et": 1, "ett": 1, "én": 1, "ei": 1,
    "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "sju": 7, "åtte": 8, "ni": 9, "ti": 10,
    "elleve": 11, "tolv": 12, "atten": 18, "tjuefire": 24,
}  # fmt: skip
_ORDINALS = {"første": 1, "fyrste": 1, "andre": 2, "annet": 2, "tredje": 3, "fjerde": 4, "siste": 4}
_UNITS: dict[str, Grain | str] = {
    "dag": Grain.DAY, "uke": Grain.WEEK, "veke": Grain.WEEK, "måned": Grain.MONTH, "månad": Grain.MONTH,
    "kvartal": Grain.QUARTER, "halvår": "half", "år": Grain.YEAR, "regnskapsår": Grain.YEAR,
    "kalenderår": Grain.YEAR,
}  # fmt: skip
_UNIT_MONTHS = {
    "måned": 1,
    "månad": 1,
    "kvartal": 3,
    "halvår": 6,
    "år": 12,
    "regnskapsår": 12,
    "kalenderår": 12,
}

_UNIT = (
    r"(?P<unit>regnskapsår|kalenderår|halvår|kvartal|måned|månad|uke|uka|veke|dag|år)"
    r"(?:ene|ane|en|er|ar|et|a|n|ne)?"
)
_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
# "innen jul" is Christmas; July is "juli", and "jul." or "jul 2027" in tables.
_MONTH_ALONE = _MONTH.replace("|jul|", r"|jul(?=\.|,? 20\d\d)|")
_YEAR = r"(?:(?P<year>20\d\d)|(?P<rel>i år|neste år|til neste år|kommende år|i fjor))"
_OF_YEAR = rf"(?:,?(?: i)? {_YEAR})?"
_ORDINAL = r"første|fyrste|andre|annet|tredje|fjerde|siste"
_NEXT = r"(?:neste|kommende|førstkommende|påfølgende)"
_LAST = r"(?:forrige|siste|sist|foregående)"


def _unit(text: str) -> str:
    return "uke" if text == "uka" else text


def _step(moment: Moment, unit: str, n: int) -> Period:
    grain = _UNITS[_unit(unit)]
    return moment.step(grain, n) if isinstance(grain, Grain) else moment.half(n)


def _length(moment: Moment, unit: str, n: float, *, back: bool = False) -> Period:
    unit = _unit(unit)
    go = moment.back if back else moment.ahead
    if unit in ("dag", "uke", "veke"):
        return go(days=round(n * (1 if unit == "dag" else 7)))
    return go(months=n * _UNIT_MONTHS[unit])


def _amount(moment: Moment, match: re.Match[str], *, back: bool = False) -> Period:
    number = match["n"]
    return _length(moment, match["unit"], float(number) if number.isdigit() else _NUMBERS[number], back=back)


def _year(moment: Moment, match: re.Match[str]) -> int | None:
    if match["year"]:
        return int(match["year"])
    if not match["rel"]:
        return None
    this = fiscal_year(moment.on, moment.cal)
    return this if match["rel"] == "i år" else this - 1 if match["rel"] == "i fjor" else this + 1


def _month_number(name: str) -> int:
    return next(i for i, names in enumerate(_MONTHS, 1) if name in names.split("|"))


def _ordinal(text: str) -> int:
    return int(text) if text.isdigit() else _ORDINALS[text]


def _half(moment: Moment, match: re.Match[str]) -> Period:
    number, year = min(_ordinal(match["h"]), 2), moment.year(_year(moment, match))
    if year:
        return moment.half_of(year, number)
    this = moment.half_of(moment.step(Grain.YEAR, 0), number)
    return this if this.end > moment.on else this.shift(2)


_DAY = rf"(?P<day>\d{{1,2}})\.? {_MONTH}{_OF_YEAR}"

SPANS = (
    # "det neste året" is the year from today on; "neste år" is the calendar's.
    Span(
        pattern(
            rf"(?:(?:i løpet av|over|gjennom|innen) )?(?:det|den) {_NEXT} "
            r"(?P<unit>år|måned|månad|halvår|uke|uka|veke|dag)(?:et|en|a|n)?"
        ),
        lambda m, x: _length(m, x["unit"], 1),
    ),
    Span(
        pattern(rf"(?:(?:i løpet av|over|gjennom|i|innen) )?(?:de )?{_NEXT} {_NUMBER} {_UNIT}"),
        _amount,
    ),
    Span(
        pattern(rf"(?:(?:i løpet av|over|gjennom|i) )?(?:de )?(?:siste|forrige) {_NUMBER} {_UNIT}"),
        lambda m, x: _amount(m, x, back=True),
    ),
    Span(pattern(rf"(?:innen|om|på|i løpet av|over|gjennom|innenfor) {_NUMBER} {_UNIT}"), _amount),
    Span(pattern("i ?dag"), lambda m, _: m.step(Grain.DAY, 0)),
    Span(pattern("i ?morgen"), lambda m, _: m.step(Grain.DAY, 1)),
    Span(pattern("i ?går"), lambda m, _: m.step(Grain.DAY, -1)),
    Span(pattern("i år"), lambda m, _: m.step(Grain.YEAR, 0)),
    Span(pattern("i fjor"), lambda m, _: m.step(Grain.YEAR, -1)),
    Span(pattern(rf"(?:denne|dette|inneværende|nåværende) {_UNIT}"), lambda m, x: _step(m, x["unit"], 0)),
    Span(pattern(rf"(?:til )?{_NEXT} {_UNIT}"), lambda m, x: _step(m, x["unit"], 1)),
    Span(pattern(rf"{_LAST} {_UNIT}"), lambda m, x: _step(m, x["unit"], -1)),
    Span(
        pattern(r"(?P<unit>regnskapsår|kvartal|halvår|år|måned|månad|uke|uk|veke|dag)(?:et|en|a)s?"),
        lambda m, x: _step(m, "uke" if x["unit"] == "uk" else x["unit"], 0),
        weak=True,
    ),
    Span(
        pattern(rf"(?:(?P<q>[1-4])\.?|(?P<o>{_ORDINAL})) ?kvartal{_OF_YEAR}"),
        lambda m, x: m.quarter(_ordinal(x["q"] or x["o"]), _year(m, x)),
    ),
    Span(pattern(rf"[qk](?P<q>[1-4]){_OF_YEAR}"), lambda m, x: m.quarter(int(x["q"]), _year(m, x))),
    Span(pattern(rf"(?:(?P<h>[12]|første|fyrste|andre|annet|siste)\.?) ?halvår{_OF_YEAR}"), _half),
    Span(pattern(rf"h(?P<h>[12]){_OF_YEAR}"), _half),
    Span(pattern(_DAY), lambda m, x: m.day(int(x["day"]), _month_number(x["month"]), _year(m, x))),
    Span(
        pattern(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>20\d\d)"),
        lambda m, x: m.day(int(x["day"]), int(x["month"]), int(x["year"])),
    ),
    Span(
        pattern(rf"(?<!\d )(?<!\d\. ){_MONTH_ALONE}{_OF_YEAR}"),
        lambda m, x: m.month(_month_number(x["month"]), _year(m, x)),
    ),
    Span(
        pattern(r"(?:regnskapsåret|kalenderåret|året) (?P<year>20\d\d)"), lambda m, x: m.year(int(x["year"]))
    ),
    Span(pattern(r"20\d\d(?!\d|[.,]\d)"), lambda m, x: m.year(int(x[0])), weak=True),
)

_NOTHING = pattern("")
_BY = r"(?:innen|fram til|frem til|til og med|t\.?o\.?m\.?|inntil)"

_ENDS = Span(
    pattern(
        r"(?:innen|før|til|ved|mot|frem til|fram til) "
        r"(?:årsslutt|årets slutt|årsskiftet|årsskifte|nyttår|årets utgang|årets utløp)"
    ),
    lambda m, _: m.until(m.step(Grain.YEAR, 0).end),
)

_CHRISTMAS = Span(
    pattern(r"(?:innen|før|til|mot|frem til|fram til) jul(?:a|en|aften)?(?!\.)"),
    lambda m, _: m.until_christmas(),
)
_BY_DATE = Span(
    pattern(rf"{_BY} (?:den )?(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.?(?!\d)"),
    lambda m, x: m.until(m.day(int(x["day"]), int(x["month"]), None).end),
)

FRAMES = (
    Frame(pattern(rf"{_BY} "), _NOTHING, lambda m, p: m.until(p.end)),
    # "til 2027" may be a number to reach, so a bare year does not count after it.
    Frame(pattern(r"til "), _NOTHING, lambda m, p: m.until(p.end), takes_weak=False),
    Frame(
        pattern(r"(?:innen|før|til|ved|mot|fram til|frem til) (?:utgangen|slutten|utløpet) av "),
        _NOTHING,
        lambda m, p: m.until(p.end),
    ),
    Frame(pattern(r"ut "), _NOTHING, lambda m, p: m.until(p.end)),
    Frame(pattern(r"(?:før|innen (?:starten|begynnelsen) av) "), _NOTHING, lambda m, p: m.until(p.start)),
    Frame(pattern(r"(?:(?:for|i) )?resten av "), _NOTHING, lambda m, p: m.rest(p)),
    Frame(pattern(r"i løpet av "), _NOTHING, lambda m, p: m.rest(p)),
    Frame(pattern(r"(?:i|for|under|gjennom|på|over|i perioden) "), _NOTHING, lambda _, p: p),
)

NORWEGIAN = Tongue(
    spans=(_ENDS, _CHRISTMAS, _BY_DATE, *SPANS),
    frames=FRAMES,
    pairs=(
        Pair(
            pattern(r"(?:fra(?: og med)? |mellom )"), pattern(r" (?:til(?: og med)?|og) | ?[-–—] ?"), _NOTHING
        ),
        Pair(_NOTHING, pattern(r" til(?: og med)? | ?[–—] ?"), _NOTHING),
    ),
)
