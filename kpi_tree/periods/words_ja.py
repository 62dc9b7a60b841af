"""Periods in Japanese words; full-width figures are folded before this is asked."""

from __future__ import annotations

import re

from kpi_tree.periods.calendar import Calendar, Grain, Period
from kpi_tree.periods.grammar import Frame, Moment, Pair, Span, Tongue, pattern
from kpi_tree.periods.names import fiscal_year

_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_NUMBER = r"(?P<n>(?<!\d)\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]|半)"
_UNIT = r"(?P<unit>日間?|週間?|(?:[かカヶケヵ箇ヶ]月|四半期|年)間?)"
_THIS_YEAR, _NEXT_YEAR = "今年|本年|当年", "来年|翌年"
_YEAR = rf"(?:(?P<year>20\d\d)年|(?P<rel>{_THIS_YEAR}|{_NEXT_YEAR}|去年|昨年|再来年))(?P<fiscal>度)?の?"
_RELATIVE = {"来年": 1, "翌年": 1, "去年": -1, "昨年": -1, "前年": -1, "再来年": 2}
_STEPS: tuple[tuple[str, Grain, int], ...] = (
    ("今日|本日", Grain.DAY, 0), ("明日", Grain.DAY, 1), ("昨日", Grain.DAY, -1),
    ("今週", Grain.WEEK, 0), ("来週|翌週|次週", Grain.WEEK, 1), ("先週|前週", Grain.WEEK, -1),
    ("再来週", Grain.WEEK, 2),
    ("今月|当月|本月", Grain.MONTH, 0), ("来月|翌月|次月", Grain.MONTH, 1), ("先月|前月", Grain.MONTH, -1),
    ("再来月", Grain.MONTH, 2),
    ("(?:今|当|現|この|本)四半期", Grain.QUARTER, 0), ("(?:来|次の|次|翌)四半期", Grain.QUARTER, 1),
    ("(?:前|先|前の)四半期", Grain.QUARTER, -1),
    ("今年度|本年度|当年度|今期|当期", Grain.YEAR, 0), ("来年度|翌年度|次年度|来期|次期", Grain.YEAR, 1),
    ("昨年度|前年度|前期", Grain.YEAR, -1),
)  # fmt: skip


def _number(text: str) -> float:
    if text.isdigit():
        return float(text)
    if text == "半":
        return 0.5
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _amount(moment: Moment, match: re.Match[str], *, back: bool = False) -> Period | None:
    n, unit = _number(match["n"]), match["unit"]
    go = moment.back if back else moment.ahead
    if unit[0] in "日週":
        return go(days=round(n * (7 if unit[0] == "週" else 1)))
    return go(months=n * (12 if unit[0] == "年" else 3 if unit[0] == "四" else 1))


def _civil_year(moment: Moment, n: int) -> Period:
    """来年 is the calendar's year; the shop's own is 来年度."""
    plain = Calendar(moment.cal.timezone, moment.cal.week_start)
    return Moment(moment.on, plain).step(Grain.YEAR, n)


def _year(moment: Moment, match: re.Match[str]) -> int | None:
    if match["year"]:
        return int(match["year"])
    if not match["rel"]:
        return None
    this = fiscal_year(moment.on, moment.cal) if match["fiscal"] else moment.on.year
    return this + _RELATIVE.get(match["rel"], 0)


def _half(moment: Moment, match: re.Match[str]) -> Period:
    number, year = 1 if match["h"] in "上前1" else 2, moment.year(_year(moment, match))
    if year:
        return moment.half_of(year, number)
    this = moment.half_of(moment.step(Grain.YEAR, 0), number)
    return this if this.end > moment.on else this.shift(2)


def _whole_year(moment: Moment, match: re.Match[str]) -> Period | None:
    year = _year(moment, match)
    if match["fiscal"]:
        return moment.year(year)
    return None if year is None else _civil_year(moment, year - moment.on.year)


def _step_span(words: str, grain: Grain, n: int) -> Span:
    return Span(pattern(rf"(?:{words})"), lambda m, _: m.step(grain, n))


_AHEAD = r"(?:今後の?|これから(?:の)?|この先|向こう|次の|むこう)"
_INSIDE = r"(?:以内|のうち|後まで|間?で|内|の間)に?"

SPANS = (
    Span(pattern(rf"{_AHEAD} ?{_NUMBER} ?{_UNIT}(?:{_INSIDE})?"), _amount),
    Span(pattern(rf"{_NUMBER} ?{_UNIT}{_INSIDE}"), _amount),
    Span(pattern(rf"(?:過去|直近の?|ここ) ?{_NUMBER} ?{_UNIT}"), lambda m, x: _amount(m, x, back=True)),
    *(_step_span(*step) for step in _STEPS),
    Span(pattern("(?:今|当|この)半期"), lambda m, _: m.half(0)),
    Span(pattern("(?:来|次の|次|翌)半期"), lambda m, _: m.half(1)),
    Span(pattern("(?:前|先)半期"), lambda m, _: m.half(-1)),
    Span(
        pattern(rf"(?:{_YEAR})?第?(?P<q>[1-4一二三四])四半期"),
        lambda m, x: m.quarter(int(_number(x["q"])), _year(m, x)),
    ),
    Span(pattern(rf"(?:{_YEAR})?(?<![a-z])q(?P<q>[1-4])"), lambda m, x: m.quarter(int(x["q"]), _year(m, x))),
    Span(pattern(rf"(?:{_YEAR})?(?P<h>上|下|前|後|[12])半期"), _half),
    Span(pattern(rf"(?:{_YEAR})?(?P<h>上|下)期"), _half),
    Span(pattern(rf"{_YEAR}(?P<h>前|後)半"), _half),
    Span(
        pattern(rf"(?:{_YEAR})?(?<!\d)(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日"),
        lambda m, x: m.day(int(x["day"]), int(x["month"]), _year(m, x)),
    ),
    Span(
        pattern(r"(?P<year>20\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?!\d)"),
        lambda m, x: m.day(int(x["day"]), int(x["month"]), int(x["year"])),
    ),
    Span(
        pattern(r"(?P<year>20\d\d)/(?P<month>\d{1,2})(?![\d/])"),
        lambda m, x: m.month(int(x["month"]), int(x["year"])),
    ),
    Span(
        pattern(rf"(?:{_YEAR})?(?<!\d)(?P<month>\d{{1,2}})月"),
        lambda m, x: m.month(int(x["month"]), _year(m, x)),
    ),
    Span(pattern(_YEAR[:-2]), _whole_year),
)

_NOTHING = pattern("")
_BY = r"(?:まで(?:に)?|迄に?)"

_ENDS = (
    Span(pattern(rf"年末{_BY}?|年内に?"), lambda m, _: m.until(_civil_year(m, 0).end)),
    Span(pattern(rf"(?:年度末|期末){_BY}?|年度内に?"), lambda m, _: m.until(m.step(Grain.YEAR, 0).end)),
    Span(pattern(rf"四半期末{_BY}?"), lambda m, _: m.until(m.step(Grain.QUARTER, 0).end)),
    Span(pattern(rf"月末{_BY}?|月内に?"), lambda m, _: m.until(m.step(Grain.MONTH, 0).end)),
    Span(pattern(rf"クリスマス(?:{_BY}|前に?)"), lambda m, _: m.until_christmas()),
    Span(pattern(rf"週末{_BY}?"), lambda m, _: m.until(m.step(Grain.WEEK, 0).end)),
)

FRAMES = (
    Frame(_NOTHING, pattern(rf"(?:の?(?:末|末日|終わり|最終日))?{_BY}"), lambda m, p: m.until(p.end)),
    Frame(_NOTHING, pattern(r"(?:の?(?:末|末日|終わり|最終日))に?"), lambda m, p: m.until(p.end)),
    Frame(_NOTHING, pattern(r"(?:中に|中|いっぱい|のうちに)"), lambda m, p: m.rest(p)),
    Frame(_NOTHING, pattern(r"(?:の残り|の残りの期間)(?:で|に)?"), lambda m, p: m.rest(p)),
    Frame(_NOTHING, pattern(r"(?:の?前に|より前に?)"), lambda m, p: m.until(p.start)),
    Frame(_NOTHING, pattern(r"(?:には|に|で|の)"), lambda _, p: p),
)

JAPANESE = Tongue(
    spans=(*_ENDS, *SPANS),
    frames=FRAMES,
    pairs=(
        Pair(_NOTHING, pattern("から"), pattern(r"(?:の?末)?(?:まで(?:に|の間に?)?|にかけて|の間に?)?")),
        Pair(_NOTHING, pattern(r" ?[~〜–—-] ?"), pattern(r"(?:まで(?:に)?|に|の)?")),
    ),
    joined=True,
)
