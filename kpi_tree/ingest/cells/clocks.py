"""Dates whose time of day stands in a column of its own: found by their names, joined row by row."""

# ruff: noqa: E501 - word lists and patterns read better unbroken
from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from kpi_tree.ingest.cells.shapes import MACHINE, BoolArray, Cells, IntArray, byte_positions

if TYPE_CHECKING:
    from kpi_tree.ingest.cells.columns import Column

_ZONE = r"(?:\s?(?P<tz>Z|UTC|GMT)|\s?(?:UTC|GMT)?(?P<zs>\+|-(?<=:99:99-))(?P<zh>99):?(?P<zm>99)?)?"
_CLOCK = re.compile(
    rf"^(?:T|kl\.?\s*)?(?P<ap1>午前|午後)?\s*(?P<H>9{{1,2}})(?:[:.h時]\s?(?P<M>99|9(?=分))(?:[:.分](?P<S>99)秒?(?:[.,]9{{1,9}})?|分)?|[h時]|(?=\s?[AaPp]\.?\s?[Mm]))(?:\s?[Uu]hr)?\s*(?P<ap>[AaPp]\.?\s?[Mm]\.?)?{_ZONE}$"
)
_BARE = re.compile(rf"^{MACHINE}?(9{{1,6}})$")
_COMMA = re.compile(rf"^{MACHINE}?(9{{1,2}}),(99)$")
_PART_OF_DAY = re.compile(rf"^{MACHINE}?9[.,]9{{3,15}}$")
_DAY_WORDS = r"date|dato|datum|day|dag|tag|jour|fecha|data|pvm|päivä|日付|年月日|日"
_TIME_WORDS = r"time of day|klokkeslett|klokkeslæt|klockslag|uhrzeit|tidspunkt|tidpunkt|heure|hora|ora|時刻|time|tid|zeit|kl"
_SURE_WORDS = re.compile(
    r"klokkeslett|klokkeslæt|klockslag|uhrzeit|heure|hora|時刻|time of day|^kl$|\w.time$"
)
_NUMBERS = re.compile(rf"^(?:{MACHINE}?(?:9{{1,6}}|9{{1,2}}[.,]99?|9[.,]9{{3,15}}))?$")
"""``9.15``, ``1015`` and ``0,4271`` are numbers, but under a header that says so a time of day."""
_LENGTHS = re.compile(
    r"durat|varigh|längd|dauer|durée|spent|brukt|worked|hours|timer|minut|second|respon|reply|resol|wait|"
    r"handle|session|average|avg|lead|run|down|over|idle|長|所要|経過"
)


def read_clock(cells: Cells) -> tuple[IntArray, BoolArray, BoolArray]:
    """Every text as seconds since midnight, which of them are times of day, and which carry their own offset
    (their seconds are those of UTC).

    Numbers count as what their column writes: ``1015``, ``101530``, hours alone, or shares of a day.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> read_clock(cells_of(pa.array(["10:15", "2:05:30 PM", "午後3時", "25:00", "T09:00Z"])))[0].tolist()
    [36900, 50730, 54000, 0, 32400]
    >>> [read_clock(cells_of(pa.array([text])))[0].tolist() for text in ("0915", "91530", "9", "0,5000", "960")]
    [[33300], [33330], [32400], [43200], [0]]
    """
    seconds = np.zeros(len(cells.texts), np.int64)
    ok, zoned = np.zeros(len(cells.texts), bool), np.zeros(len(cells.texts), bool)
    longest = max((len(found[1]) for shape in cells.shapes if (found := _BARE.match(shape))), default=0)
    for number, shape in enumerate(cells.shapes):
        members = cells.members(number)
        found = _CLOCK.match(shape) or _COMMA.match(shape) if len(shape) < 34 else None
        if found is None:
            seconds[members], ok[members] = _from_number(cells, number, shape, longest)
            continue
        hour, minute, second = (_part(cells, number, found, name) for name in _PARTS[found.re])
        said = found.groupdict()
        fine = (hour < 24) & (minute < 60) & (second < 60)
        mark = (said.get("ap") or said.get("ap1") or "").lower().replace(".", "").replace(" ", "")
        if mark:
            fine &= hour <= 12
            hour = hour % 12 + 12 * (mark in ("pm", "午後"))
        east = np.zeros(len(members), np.int64)
        if said.get("zs"):
            east = _part(cells, number, found, "zh") * 3600 + _part(cells, number, found, "zm") * 60
            fine &= east <= 14 * 3600
            east = east if said["zs"] == "+" else -east
        seconds[members] = np.where(fine, hour * 3600 + minute * 60 + second - east, 0)
        ok[members], zoned[members] = fine, bool(said.get("tz") or said.get("zs"))
    return seconds, ok, zoned


_PARTS: dict[re.Pattern[str], tuple[str | int, ...]] = {_CLOCK: ("H", "M", "S"), _COMMA: (1, 2, "")}
"""Which groups of a pattern hold hour, minute and second."""


def _from_number(cells: Cells, number: int, shape: str, longest: int) -> tuple[IntArray, BoolArray]:
    """Times of day written as numbers: ``1015``, ``101530``, hours, shares of a day."""
    members = cells.members(number)
    none = np.zeros(len(members), np.int64), np.zeros(len(members), bool)
    if _PART_OF_DAY.match(shape):
        texts = [cells.texts[int(i)].as_py().lstrip(MACHINE).replace(",", ".") for i in members]
        share = np.array([float(text) for text in texts])
        return np.where(share < 1, np.rint(share * 86_400), 0).astype(np.int64), share < 1
    found = _BARE.match(shape)
    if not found or not longest:
        return none
    whole = cells.number(number, byte_positions(shape, list(range(*found.span(1)))))
    if longest <= 2:
        hour, minute, second = whole, whole * 0, whole * 0
    elif longest <= 4:
        hour, minute, second = whole // 100, whole % 100, whole * 0
    else:
        hour, minute, second = whole // 10_000, whole // 100 % 100, whole % 100
    fine = (hour < 24) & (minute < 60) & (second < 60)
    return np.where(fine, hour * 3600 + minute * 60 + second, 0), fine


def _part(cells: Cells, number: int, found: re.Match[str], name: str | int) -> IntArray:
    if name == "" or not found[name]:
        return np.zeros(len(cells.members(number)), np.int64)
    return cells.number(number, byte_positions(found.string, list(range(*found.span(name)))))


def pair_clocks(columns: Sequence[Column]) -> None:
    """Tell each column of days which column holds its times of day, where their names say that they belong
    together, or where there is one of each.

    Args:
        columns: are told, ``clock`` of the days and ``time_of_day`` of the times.
    """
    days = [c for c in columns if c.kind == "date" and c.dates is not None and c.dates.grain == "day"]
    clocks = [c for c in columns if _is_clock(c)]
    for column in clocks:
        column.time_of_day = True
    free = list(clocks)
    for day in days:
        same = [c for c in free if _stem(c.name, _TIME_WORDS) == _stem(day.name, _DAY_WORDS)]
        if len(same) == 1:
            day.clock = same[0].name
            free.remove(same[0])
    if len(days) == 1 and len(clocks) == 1 and not days[0].clock:
        stems = (_stem(clocks[0].name, _TIME_WORDS), _stem(days[0].name, _DAY_WORDS))
        days[0].clock = clocks[0].name if not all(stems) else ""


def _is_clock(column: Column) -> bool:
    """Whether a column is named as one of times, and holds times of day and no lengths."""
    name = _plain(column.name)
    if _stem(name, _TIME_WORDS) is None or _LENGTHS.search(name):
        return False
    numbers = all(_NUMBERS.match(shape) for shape in column.cells.shapes)
    if numbers and not _says_clock(column, name):
        return False
    if not numbers and column.kind not in ("duration", "text"):
        return False
    shown = ~column.blank
    seconds, ok, _ = read_clock(column.cells)
    rows = int(column.cells.counts[shown].sum())
    if not rows or int(column.cells.counts[ok & shown].sum()) < (0.95 if numbers else 0.6) * rows:
        return False
    # Below a plain "Time" 0:45 and 7:30 may be lengths: a day's clock shows hours after ten.
    lengths = {shape for shape in column.cells.shapes if re.match(r"^9:99$", shape)}
    late = bool((seconds[ok & shown] >= 36_000).any())
    return (
        bool(_SURE_WORDS.search(name))
        or not lengths
        or (late and not bool((seconds[ok & shown] < 3600).any()))
    )


def _says_clock(column: Column, name: str) -> bool:
    """Whether numbers are times of day: their header leaves no doubt, or they are ``0905`` and ``1015``, all of
    four or six digits, below a header that says time."""
    if _SURE_WORDS.search(name):
        return True
    shown = column.cells.texts.filter(pa.array(~column.blank)).to_pylist()
    return {len(text) for text in shown} in ({4}, {6}) and any(text.startswith("0") for text in shown)


def _stem(name: str, words: str) -> str | None:
    """What a name says beside the word for a day or a time; None when it has no such word.

    >>> _stem("Order time", _TIME_WORDS), _stem("注文日", _DAY_WORDS), _stem("Heure de vente", _TIME_WORDS)
    ('order', '注文', 'vente')
    """
    text = _plain(name)
    found = re.match(rf"^(?P<stem>.*?)\s*(?:{words})$", text) or re.match(
        rf"^(?:{words})(?:\s+(?:de|du|der|of|for|av)|\b)\s*(?P<stem>.*)$", text
    )
    return found["stem"].strip(" -") if found else None


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold().replace("_", " ")
    return " ".join(re.sub(r"\(.*?\)", "", text).split()).strip(" :.")
