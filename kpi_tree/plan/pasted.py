"""Milestones of a path, typed or pasted from a spreadsheet: a day and a value on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import Period, parse_period

MOST = 5000
_NUMBER = re.compile(r"^[-+−]?[\d.,' \u00a0\u202f]*\d[\d.,' \u00a0\u202f]*$")
_LINE = re.compile(
    r"^\s*(?P<day>\d{1,4}\s*[-./年]\s*\d{1,2}(?:\s*[-./月]\s*\d{1,4}\s*日?)?月?|\d{4}-?[QqHhWw]\d{1,2})"
    r"(?:\s*[\t;|,]\s*|\s+)(?P<value>\S.*)$"
)
_SIGNS = re.compile(r"(?:[€$£¥円]|kr\.?|nok|sek|dkk|eur|usd|gbp|jpy)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    day: str
    value: str


def read_points(
    text: str, period: Period, *, lang: str = "en", in_percent: bool = False
) -> tuple[tuple[date, float], ...]:
    """Milestones from a text: one a line, a day, a tab or another sign, a value; by day.

    Args:
        period: the days they must lie in. A month or quarter stands for its last day.
        lang: where a number could be read both ways (1,234), this language's form counts.
        in_percent: numbers without a percent sign are percents too.

    Returns:
        (day, value) pairs; shares for what stands in percent.

    Raises:
        Refused: a line that is no day and value, a day outside the period, a day twice, or days that can be
            read both ways; each names the line.

    >>> june = parse_period("2026-06")
    >>> read_points("Dato\\tVerdi\\n10.06.2026\\t1 250,5\\n30.06.2026\\t4 000", june, lang="nb")
    ((datetime.date(2026, 6, 10), 1250.5), (datetime.date(2026, 6, 30), 4000.0))
    """
    rows = _rows(text)
    days = _days([row.day for row in rows], period, rows)
    comma = _decimal_comma([row.value for row in rows], lang)
    made: dict[date, float] = {}
    for row, day in zip(rows, days, strict=True):
        if not period.contains(day):
            raise Refused(
                msg("{day} lies outside the target's period.", day=day),
                place=_place(row.number),
                remedy=msg("Give days from {start} through {last}.", start=period.start, last=period.last),
            )
        if day in made:
            raise Refused(
                msg("{day} stands twice.", day=day), place=_place(row.number), remedy=msg("Keep one.")
            )
        made[day] = _value(row, comma, in_percent)
    return tuple(sorted(made.items()))


def _place(number: int) -> str:
    return str(msg("line {n}", n=number))


def _rows(text: str) -> list[_Row]:
    lines = [(n, line) for n, line in enumerate(text.replace("\r", "\n").split("\n"), 1) if line.strip()]
    if len(lines) > MOST:
        raise Refused(msg("There are more than {n} lines.", n=MOST), remedy=msg("Paste fewer."))
    found = []
    for place, (number, line) in enumerate(lines):
        if match := _LINE.match(line):
            found.append(_Row(number, re.sub(r"\s", "", match["day"]), match["value"].strip()))
        elif place or re.search(r"\d", line):  # a first line without a digit is a heading
            raise Refused(
                msg("This line is no day and value: {line}", line=line.strip()[:60]),
                place=_place(number),
                remedy=msg("Write a day, a tab and a number, such as 2026-05-31 and 1200."),
            )
    if not found:
        raise Refused(
            msg("There is no milestone here yet."),
            remedy=msg("Write a day, a tab and a number on each line, such as 2026-05-31 and 1200."),
        )
    return found


def _days(texts: Sequence[str], period: Period, rows: Sequence[_Row]) -> list[date]:
    """The days of all lines, read one way; the way that puts all of them into the period wins."""
    readings: dict[tuple[date, ...], None] = {}
    for order in ("dmy", "mdy"):
        made = [_day(text, order) for text in texts]
        whole = [day for day in made if day is not None]
        if len(whole) == len(made):
            readings[tuple(whole)] = None
    fitting = [one for one in readings if all(period.contains(day) for day in one)]
    if len(fitting) > 1:
        raise Refused(
            msg(
                "The days can be read in two ways: {first} or {second}.",
                first=fitting[0][0],
                second=fitting[1][0],
            ),
            place=_place(rows[0].number),
            remedy=msg("Write the days as 2026-05-31."),
        )
    if fitting or readings:
        return list((fitting or list(readings))[0])
    bad = next(row for row in rows if _day(row.day, "dmy") is None and _day(row.day, "mdy") is None)
    raise Refused(
        msg("{value} is not a day.", value=bad.day[:40]),
        place=_place(bad.number),
        remedy=msg("Write the days as 2026-05-31."),
    )


def _day(text: str, order: str) -> date | None:
    parts = [int(part) for part in re.findall(r"\d+", text)]
    if len(parts) == 3:
        year, month, day = (
            parts if len(re.findall(r"\d+", text)[0]) == 4
            else (parts[2], parts[1], parts[0]) if order == "dmy"
            else (parts[2], parts[0], parts[1])
        )  # fmt: skip
        try:
            return date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            return None
    try:
        return parse_period(text.replace("年", "-").replace("月", "").replace("/", "-").upper()).last
    except KpiTreeError:
        return None


def _decimal_comma(texts: Sequence[str], lang: str) -> bool:
    """Whether the comma is the decimal sign: what a value of the column proves, else the language's way."""
    for text in texts:
        bare = _bare(text)
        comma, point = bare.rfind(","), bare.rfind(".")
        if comma >= 0 and point >= 0:
            return comma > point
        if comma >= 0 and not re.fullmatch(r"\D?\d{1,3}(,\d{3})+", bare):
            return True
        if point >= 0 and not re.fullmatch(r"\D?\d{1,3}(\.\d{3})+", bare):
            return False
        if max(bare.count(","), bare.count(".")) > 1:
            return bare.count(".") > 1
    return lang == "nb"


def _bare(text: str) -> str:
    return re.sub(r"['\s\u00a0\u202f%％]", "", _SIGNS.sub("", text))


def _value(row: _Row, comma: bool, in_percent: bool) -> float:
    bare = _bare(row.value)
    if not _NUMBER.match(bare):
        raise Refused(
            msg("{value} is not a number.", value=row.value[:40]),
            place=_place(row.number),
            remedy=msg("Write it like 1234.5."),
        )
    plain = bare.replace(".", "").replace(",", ".") if comma else bare.replace(",", "")
    try:
        value = float(plain.replace("−", "-"))
    except ValueError:
        raise Refused(
            msg("{value} is not a number.", value=row.value[:40]),
            place=_place(row.number),
            remedy=msg("Write it like 1234.5."),
        ) from None
    return value / 100 if in_percent or re.search(r"[%％]", row.value) else value
