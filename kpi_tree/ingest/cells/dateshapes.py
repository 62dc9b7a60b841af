"""Dates as people write them: each shape is read once into every order of day, month and year it may have."""

# ruff: noqa: E501 - word lists, patterns and SQL read better unbroken
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from kpi_tree.ingest.cells.periodshapes import MONTH, QUARTER, ROMAN, WEEK, week_of
from kpi_tree.ingest.cells.periodshapes import WORD as _WORD
from kpi_tree.ingest.cells.periodshapes import whole as _rx
from kpi_tree.ingest.cells.shapes import byte_positions
from kpi_tree.ingest.cells.words import ZONES, months, weekdays

ERAS = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "大正": 1911,
    "㋿": 2018,
    "㍻": 1988,
    "㍼": 1925,
    "r": 2018,
    "h": 1988,
    "s": 1925,
}
"""Japanese era to the year before its first."""

Fields = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class DateReading:
    """One way to read a shape as a date.

    Attributes:
        order: ``ymd``, ``dmy``, ``mdy``; ``week``, ``quarter``, ``month``, ``era``; said to the person.
        style: a picture of the format, such as ``DD/MM/YYYY HH:MM``.
        fields: byte positions of the digits of y, m, d, H, M, S, f, zh, zm.
        month: the month when a word names it; 0 otherwise.
        era: added to the year; 0 for the common era.
        half: 12 for afternoon, 0 for morning, -1 without.
        zone: minutes east of UTC when a name or a sign says so (the sign only, for digits: 1 or -1); None without.
        grain: ``instant``, ``day``, ``week``, ``month``, ``quarter``.
        sure: nobody could read it otherwise.
    """

    order: str
    style: str
    fields: tuple[tuple[str, tuple[int, ...]], ...]
    month: int = 0
    era: int = 0
    half: int = -1
    zone: int | None = None
    offset_sign: int = 0
    grain: str = "day"
    sure: bool = True

    def at(self, name: str) -> list[int]:
        """Byte positions of one field; empty when the shape has none."""
        return list(dict(self.fields).get(name, ()))


_TIME = (
    r"(?:(?:[ T,]+|-(?=99\.99\.99)|(?<=日)|\s*(?:kl\.?|at|um|à|klo)\s*)(?P<ap1>午前|午後|上午|下午)?\s*(?P<H>9{1,2})(?:(?:[:.h時时]| h |(?<=[ T]99)(?=99(?:99)?(?:$|[Z+-])))(?P<M>99|9(?=分))(?: min(?! )|分(?!9)|(?:(?:[:.分]| min |(?<=[ T]9999)(?=99))(?P<S>99)(?:秒| s)?(?:[.,](?P<f>9{1,9}))?)?)|[時时])"
    r"(?:\s?[Uu]hr)?\s*(?P<ap>[AaPp]\.?\s?[Mm]\.?)?\s*(?P<tz>\(?(?:UTC|GMT)?(?P<zs>[+-])(?P<zh>99?):?(?P<zm>99)?\)?|\(?[A-Za-z]{1,4}\)?)?(?:\[[A-Za-z_/]+\])?)?"
)
_WEEKDAY = rf"(?:(?P<wd>{_WORD}(?:-{_WORD})?)\.?,? |\((?P<wd2>{_WORD})\))?"
_AFTER = rf"(?:\s?\((?P<wd3>{_WORD})\.?\))?"
"""A weekday in brackets behind the day."""


_YMD = _rx(
    rf"{_WEEKDAY}(?P<y>9999)(?P<s>[-/.])\s?(?P<m>9{{1,2}})(?P=s)\s?(?P<d>9{{1,2}})(?:\.|Z(?=$))?{_AFTER}{_TIME}"
)
_YMD_JA = _rx(
    rf"(?P<y>9999)\s?[年년]\s?(?P<m>9{{1,2}})\s?[月월]\s?(?P<d>9{{1,2}})\s?[日일](?:\s*\(?(?:[月火水木金土日](?:曜日?)?|(?:星期|周|週)[一二三四五六日天]|[월화수목금토일]요일)\)?)?{_TIME}"
)
_COMPACT = _rx(
    r"(?P<y>9999)(?P<m>99)(?P<d>99)(?:[T ]?(?P<H>99):?(?P<M>99)(?::?(?P<S>99)(?:[.,](?P<f>9{1,9}))?)?(?P<tz>Z|(?P<zs>[+-])(?P<zh>99):?(?P<zm>99)?)?)?"
)
_XXY = _rx(
    rf"{_WEEKDAY}(?P<a>9{{1,2}})(?P<s>[-/.]|\. )(?P<b>9{{1,2}})(?P=s)'?(?P<y>9999|99)(?:\.(?=$))?{_AFTER}{_TIME}"
)
_SLASH_DASH = _rx(rf"(?P<d>9{{1,2}})/(?P<m>9{{1,2}})-(?P<y>9999|99){_TIME}")
_DAY_WORD = _rx(
    rf"(?:(?!(?:den|the|le|el|am|d) )(?P<wd>{_WORD}(?:-{_WORD})?)\.?,? )?(?:den |the |le |el |am |d\. )?(?P<d>9{{1,2}})(?:st|nd|rd|th|er|\.)?[-/ ]{{0,2}}(?:de |of )?"
    rf"(?P<mon>{_WORD})\.?(?:,? |[-/]|, ?| del? |)'?(?P<y>9999|99)(?: [гр]\.)?{_TIME}"
)
_WORD_DAY = _rx(
    rf"(?:(?P<wd>{_WORD})\.?,? )?(?P<mon>{_WORD})\.?[- /](?P<d>9{{1,2}})(?:st|nd|rd|th)?(?:, ?|[- /])'?(?P<y>9999|(?<=')99){_TIME}"
)
_YEAR_WORD = _rx(rf"(?P<y>9999)[-/ ](?P<mon>{_WORD})\.?[-/ ](?P<d>9{{1,2}}){_TIME}")
_PRINTED = rf"(?P<wd>{_WORD}) (?P<mon>{_WORD}) {{1,2}}(?P<d>9{{1,2}}) "
_CLOCK = r"(?P<H>99):(?P<M>99):(?P<S>99)"
_UNIX = _rx(rf"{_PRINTED}{_CLOCK}(?: (?P<tz>[A-Z]{{2,4}}))? (?P<y>9999)")
"""As programs print a time: ``Wed Jan 31 10:15:00 CET 2024``, ``Wed Jan 31 2024 10:15:00 GMT+0100 (...)``."""
_SCRIPT = _rx(
    rf"{_PRINTED}(?P<y>9999) {_CLOCK}(?: (?P<tz>(?:UTC|GMT)(?P<zs>[+-])(?P<zh>99)(?P<zm>99)))?(?: \([^()]*\))?"
)
_ERA = _rx(
    r"(?P<era>令和|平成|昭和|大正|[㋿㍻㍼RHSrhs])\.?\s?(?P<y>9{1,2}|元)[年./-]\s?(?P<m>9{1,2})[月./-]\s?(?P<d>9{1,2})日?"
    + _AFTER
    + _TIME
)


@lru_cache(maxsize=20_000)
def date_shapes(shape: str) -> tuple[DateReading, ...]:
    """Every way to read a shape as a date; empty when it is none.

    >>> [r.order for r in date_shapes("99/99/9999 99:99")]
    ['dmy', 'mdy']
    >>> [(r.order, r.grain) for s in ("9999-99-99", "9. mai 9999", "Jun 99, 9999 99:99 pm") for r in date_shapes(s)]
    [('ymd', 'day'), ('dmy', 'day'), ('mdy', 'instant')]
    >>> [(r.order, r.era) for r in date_shapes("令和9年9月99日")], date_shapes("9999-W99")[0].grain
    ([('era', 2018)], 'week')
    >>> date_shapes("999.99"), date_shapes("hello"), date_shapes("Q9")
    ((), (), ())
    """
    if len(shape) > 80 or "9" not in shape:
        return ()
    for pattern, order in (
        (_YMD, "ymd"),
        (_YMD_JA, "ymd"),
        (_COMPACT, "ymd"),
        (_YEAR_WORD, "ymd"),
        (_ERA, "era"),
        (_UNIX, "mdy"),
        (_SCRIPT, "mdy"),
        (_SLASH_DASH, "dmy"),
        (_WORD_DAY, "mdy"),
        (_DAY_WORD, "dmy"),
    ):
        found = pattern.match(shape)
        reading = _named(shape, found, order) if found else None
        if reading:
            return (reading,)
    found = _XXY.match(shape)
    if found:
        return _orders(shape, found)
    return _week_of(shape) or _coarse(shape)


def _week_of(shape: str) -> tuple[DateReading, ...]:
    """``Week of 9 June 9999`` in every reading of its first day."""
    found = week_of().match(shape)
    if found is None:
        return ()
    group = "day" if found["day"] else "ja"
    shift = len(shape[: found.start(group)].encode())
    return tuple(
        replace(
            reading,
            style=shape[: found.start(group)] + reading.style,
            fields=tuple((name, tuple(at + shift for at in where)) for name, where in reading.fields),
            grain="week",
        )
        for reading in date_shapes(found[group])
        if reading.grain == "day"
    )


def _named(shape: str, found: re.Match[str], order: str) -> DateReading | None:
    groups = found.groupdict()
    month = 0
    if groups.get("mon"):
        month = months().get(groups["mon"].lower().rstrip("."), 0) or ROMAN.get(groups["mon"], 0)
        if not month:
            return None
    if not _weekday_fits(groups):
        return None
    era = ERAS[groups["era"].lower()] if groups.get("era") else 0
    names = ("y", "m", "d") if groups.get("y") != "元" else ("m", "d")
    era = era + 1 if groups.get("y") == "元" else era
    return _with_time(shape, found, {n: n for n in names}, order, month=month, era=era, sure=True)


def _weekday_fits(groups: dict[str, str | None]) -> bool:
    words = [word for name in ("wd", "wd2", "wd3") if (word := groups.get(name))]
    return all(word.lower().rstrip(".") in weekdays() for word in words)


def _orders(shape: str, found: re.Match[str]) -> tuple[DateReading, ...]:
    """Day first or month first; with a short year also year first. Nobody writes dots month first."""
    if not _weekday_fits(found.groupdict()):
        return ()
    dotted = found.group("s").startswith(".")
    short = len(found.group("y")) == 2 and shape[found.start("y") - 1] != "'"
    choices = [("dmy", {"d": "a", "m": "b", "y": "y"})]
    if not dotted:
        choices.append(("mdy", {"m": "a", "d": "b", "y": "y"}))
    if short and len(found.group("a")) == 2:
        choices.append(("ymd", {"y": "a", "m": "b", "d": "y"}))
    readings = [_with_time(shape, found, names, order, sure=len(choices) == 1) for order, names in choices]
    return tuple(r for r in readings if r)


def _with_time(
    shape: str,
    found: re.Match[str],
    names: dict[str, str],
    order: str,
    *,
    month: int = 0,
    era: int = 0,
    sure: bool,
) -> DateReading | None:
    groups = found.groupdict()
    zone, sign = _zone(groups)
    if groups.get("tz") and zone is None and not sign:
        return None
    fields = [(name, _at(shape, found, group)) for name, group in names.items() if groups.get(group)]
    fields += [
        (name, _at(shape, found, name)) for name in ("H", "M", "S", "f", "zh", "zm") if groups.get(name)
    ]
    half = _half(groups)
    return DateReading(
        order,
        _style(shape, found, names),
        tuple(fields),
        month,
        era,
        half,
        zone,
        sign,
        "instant" if groups.get("H") else "day",
        sure,
    )


def _half(groups: dict[str, str | None]) -> int:
    mark = (groups.get("ap") or groups.get("ap1") or "").lower().replace(".", "").replace(" ", "")
    return {"pm": 12, "午後": 12, "下午": 12, "am": 0, "午前": 0, "上午": 0}.get(mark, -1)


def _zone(groups: dict[str, str | None]) -> tuple[int | None, int]:
    text = (groups.get("tz") or "").strip("()")
    if not text:
        return None, 0
    if groups.get("zs"):
        return None, -1 if groups["zs"] == "-" else 1
    return ZONES.get(text.lower()), 0


def _at(shape: str, found: re.Match[str], group: str) -> tuple[int, ...]:
    return tuple(byte_positions(shape, list(range(*found.span(group)))))


def _style(shape: str, found: re.Match[str], names: dict[str, str]) -> str:
    letters = list(shape)
    wanted = dict(names) | {n: n for n in ("H", "M", "S", "f")}
    for name, group in wanted.items():
        if found.groupdict().get(group):
            for i in range(*found.span(group)):
                letters[i] = {"y": "Y", "m": "M", "d": "D", "M": "m", "S": "s"}.get(name, name)
    for group, picture in (("tz", "ZZZ"), ("ap", "a"), ("mon", "MMM"), ("wd", "EEE")):
        if found.groupdict().get(group):
            start, end = found.span(group)
            letters[start:end] = [picture] + [""] * (end - start - 1)
    return "".join(letters)


def _coarse(shape: str) -> tuple[DateReading, ...]:
    for patterns, grain in ((QUARTER, "quarter"), (WEEK, "week"), (MONTH, "month")):
        for pattern in patterns:
            found = pattern.match(shape)
            if not found:
                continue
            groups = found.groupdict()
            month = months().get((groups.get("mon") or "").lower().rstrip("."), 0)
            if groups.get("mon") and not month:
                continue
            month = ROMAN[groups["rom"]] * 3 - 2 if groups.get("rom") else month
            era = ERAS[groups["era"]] if groups.get("era") else 0
            first = groups.get("y") == "元"
            names = {n: n for n in ("y", "m", "q", "w", "wday") if (groups.get(n) or "元") != "元"}
            fields = tuple((n, _at(shape, found, n)) for n in names)
            length = "day" if groups.get("wday") else grain
            sure = not (grain == "month" and re.fullmatch(r"99?[.-]9999|9999\.99?", shape))
            return (
                DateReading(
                    grain, _style(shape, found, names), fields, month, era + first, grain=length, sure=sure
                ),
            )
    return ()
