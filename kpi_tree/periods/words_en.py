"""Periods in English words."""

from __future__ import annotations

import re

from kpi_tree.periods.calendar import Grain, Period
from kpi_tree.periods.grammar import Frame, Moment, Pair, Span, Tongue, pattern

_MONTHS = (
    "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun",
    "july|jul", "august|aug", "september|sept|sep", "october|oct", "november|nov", "december|dec",
)  # fmt: skip
_NUMBERS = {
    "half a": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18,
    "twenty-four": 24, "half": 0.5,
}  # fmt: skip
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": 4,
}
_GRAINS = {
    "day": Grain.DAY,
    "week": Grain.WEEK,
    "month": Grain.MONTH,
    "quarter": Grain.QUARTER,
    "year": Grain.YEAR,
}
_UNIT_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}

_UNIT = (
    r"(?P<unit>days?|weeks?|months?|quarters?|half[- ]?years?"
    r"|(?:calendar |fiscal |financial |business )?years?)"
)
_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
_YEAR = r"(?:(?P<year>20\d\d)|(?P<rel>this year|next year|last year|the year|the coming year))"
_OF_YEAR = rf"(?:(?:,| of| in)? {_YEAR})?"


def _unit(text: str) -> str:
    text = text.rstrip("s")
    if text.startswith("half"):
        return "half-year"
    return text.split()[-1]


def _step(moment: Moment, unit: str, n: int) -> Period:
    unit = _unit(unit)
    return moment.half(n) if unit == "half-year" else moment.step(_GRAINS[unit], n)


def _amount(moment: Moment, match: re.Match[str], *, back: bool = False) -> Period:
    number, unit = match["n"], _unit(match["unit"])
    n = float(number) if number.isdigit() else _NUMBERS[number]
    go = moment.back if back else moment.ahead
    if unit in ("day", "week"):
        return go(days=round(n * (7 if unit == "week" else 1)))
    return go(months=n * _UNIT_MONTHS[unit])


def _year(moment: Moment, match: re.Match[str]) -> int | None:
    """The number of the year named with a quarter, half or month."""
    from kpi_tree.periods.names import fiscal_year

    if match["year"]:
        return int(match["year"])
    if not match["rel"]:
        return None
    shift = {"next year": 1, "the coming year": 1, "last year": -1}.get(match["rel"], 0)
    return fiscal_year(moment.on, moment.cal) + shift


def _month_number(name: str) -> int:
    return next(i for i, names in enumerate(_MONTHS, 1) if name in names.split("|"))


def _half(moment: Moment, match: re.Match[str]) -> Period:
    number = int(match["h"]) if match["h"].isdigit() else _ORDINALS[match["h"]]
    number = min(number, 2)
    year = moment.year(_year(moment, match))
    if year:
        return moment.half_of(year, number)
    this = moment.half_of(moment.step(Grain.YEAR, 0), number)
    return this if this.end > moment.on else this.shift(2)


def _quarter(moment: Moment, match: re.Match[str]) -> Period:
    number = int(match["q"]) if match["q"].isdigit() else _ORDINALS[match["q"]]
    return moment.quarter(number, _year(moment, match))


def _relative(shift: int) -> str:
    words = {
        0: r"(?:this|the current|current|the present)",
        1: r"(?:the next|next|the coming|coming|the following|following|the upcoming|upcoming)",
        -1: r"(?:the last|last|the previous|previous|the past|past)",
    }
    return rf"{words[shift]} {_UNIT}"


def _one_ahead(moment: Moment, unit: str) -> Period:
    """One unit from today on."""
    unit = _unit(unit)
    if unit in ("day", "week"):
        return moment.ahead(days=7 if unit == "week" else 1)
    return moment.ahead(months=_UNIT_MONTHS[unit])


SPANS = (
    # "over the next year" is the year from today on; "next year" and "next quarter" are the calendar's.
    Span(
        pattern(
            r"(?:over|in|during|within|for|across) the (?:next|coming|following) "
            r"(?P<unit>day|week|month|year|half[- ]?year)"
        ),
        lambda m, x: _one_ahead(m, x["unit"]),
    ),
    Span(
        pattern(
            rf"(?:(?:over|in|during|within|for|across) )?(?:the )?(?:next|coming|following) {_NUMBER} {_UNIT}"
        ),
        _amount,
    ),
    Span(
        pattern(rf"(?:(?:over|in|during|within|for) )?(?:the )?(?:last|past|previous) {_NUMBER} {_UNIT}"),
        lambda m, x: _amount(m, x, back=True),
    ),
    Span(
        pattern(rf"(?:within|in|inside|over|during|for) (?:about )?{_NUMBER} {_UNIT}(?:['’]s?)?(?: time)?"),
        _amount,
    ),
    Span(pattern(rf"{_NUMBER} {_UNIT} from (?:now|today)"), _amount),
    Span(pattern("today"), lambda m, _: m.step(Grain.DAY, 0)),
    Span(pattern("tomorrow"), lambda m, _: m.step(Grain.DAY, 1)),
    Span(pattern("yesterday"), lambda m, _: m.step(Grain.DAY, -1)),
    Span(pattern(_relative(0)), lambda m, x: _step(m, x["unit"], 0)),
    Span(pattern(_relative(1)), lambda m, x: _step(m, x["unit"], 1)),
    Span(pattern(_relative(-1)), lambda m, x: _step(m, x["unit"], -1)),
    Span(pattern(rf"the {_UNIT}"), lambda m, x: _step(m, x["unit"], 0), weak=True),
    Span(pattern(rf"(?:fy ?)?{_YEAR}[- ]?q(?P<q>[1-4])"), _quarter),
    Span(pattern(rf"q(?P<q>[1-4]){_OF_YEAR}"), _quarter),
    Span(
        pattern(rf"(?:the )?(?P<q>first|second|third|fourth|last|1st|2nd|3rd|4th) quarter{_OF_YEAR}"),
        _quarter,
    ),
    Span(pattern(rf"h(?P<h>[12]){_OF_YEAR}"), _half),
    Span(pattern(rf"(?:the )?(?P<h>first|second|last|1st|2nd) half{_OF_YEAR}"), _half),
    Span(
        pattern(rf"(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}{_OF_YEAR}"),
        lambda m, x: m.day(int(x["day"]), _month_number(x["month"]), _year(m, x)),
    ),
    Span(
        pattern(rf"{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d){_OF_YEAR}"),
        lambda m, x: m.day(int(x["day"]), _month_number(x["month"]), _year(m, x)),
    ),
    Span(
        pattern(
            r"(?<!\d )(?<!\d(?:st|nd|rd|th) )(?:next )?"
            rf"(?P<month>{'|'.join(m for m in _MONTHS if m != 'may')})\.?{_OF_YEAR}"
        ),
        lambda m, x: m.month(_month_number(x["month"]), _year(m, x)),
    ),
    # 31/3/2027 can only be a day; 4/3/2027 is the third of April to some and the fourth of March to others.
    Span(
        pattern(r"(?P<day>1[3-9]|2\d|3[01])[/.](?P<month>\d{1,2})[/.](?P<year>20\d\d)"),
        lambda m, x: m.day(int(x["day"]), int(x["month"]), int(x["year"])),
    ),
    Span(pattern(rf"(?P<month>may),? {_YEAR}"), lambda m, x: m.month(5, _year(m, x))),
    Span(pattern("may"), lambda m, _: m.month(5, None), weak=True),
    Span(
        pattern(r"(?:fy|fiscal year|financial year|calendar year) ?(?P<year>20\d\d)"),
        lambda m, x: m.year(int(x["year"])),
    ),
    Span(pattern(r"20\d\d(?!\d|[.,]\d)"), lambda m, x: m.year(int(x[0])), weak=True),
)


_NOTHING = pattern("")
_BY = r"(?:by|until|till|up to|no later than|not later than|through)"

FRAMES = (
    Frame(pattern(rf"{_BY} (?:and including )?"), _NOTHING, lambda m, p: m.until(p.end)),
    Frame(
        pattern(r"(?:by|until|till|before|at|up to|through) (?:the )?(?:end|close) of "),
        _NOTHING,
        lambda m, p: m.until(p.end),
    ),
    Frame(
        pattern(r"(?:before|by (?:the )?(?:start|beginning) of) "), _NOTHING, lambda m, p: m.until(p.start)
    ),
    Frame(
        pattern(r"(?:(?:for|over|in|during) )?(?:the )?(?:rest|remainder) of "),
        _NOTHING,
        lambda m, p: m.rest(p),
    ),
    Frame(pattern(r"within "), _NOTHING, lambda m, p: m.rest(p)),
    Frame(pattern(r"(?:in|during|for|throughout|over|on|across) "), _NOTHING, lambda _, p: p),
)

_END_UNITS = {
    "eoy": "year", "eofy": "year", "eoq": "quarter", "eom": "month", "fy": "year", "fiscal year": "year",
    "financial year": "year",
}  # fmt: skip
_ENDS = Span(
    pattern(
        rf"(?:{_BY}|before|at)(?: the)? (?:(?P<unit>year|quarter|month|week)[- ]?end"
        r"|(?:end|close) of (?:the )?(?P<unit2>year|quarter|month|week|fy|fiscal year|financial year)"
        r"|(?P<eo>eo(?:[yqm]|fy)))"
    ),
    lambda m, x: m.until(
        _step(m, _END_UNITS.get(x["eo"] or x["unit2"] or "") or x["unit"] or x["unit2"], 0).end
    ),
)

_CHRISTMAS = Span(pattern(rf"(?:{_BY}|before) (?:christmas|xmas)(?: eve)?"), lambda m, _: m.until_christmas())

ENGLISH = Tongue(
    spans=(_ENDS, _CHRISTMAS, *SPANS),
    frames=FRAMES,
    pairs=(
        Pair(
            pattern(r"(?:from |between )"),
            pattern(r" (?:to|until|till|through|and|up to) | ?[-–—] ?"),
            _NOTHING,
        ),
        Pair(_NOTHING, pattern(r" (?:to|through|until) | ?[–—] ?"), _NOTHING),
    ),
)
