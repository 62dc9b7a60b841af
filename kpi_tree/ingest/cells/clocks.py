"""Dates whose time of day stands in a column of its own: found by their names, joined row by row."""

# ruff: noqa: E501 - word lists and patterns read better unbroken
from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kpi_tree.ingest.cells.shapes import BoolArray, Cells, IntArray, byte_positions

if TYPE_CHECKING:
    from kpi_tree.ingest.cells.columns import Column

_CLOCK = re.compile(
    r"^(?:kl\.?\s*)?(?P<ap1>午前|午後)?\s*(?P<H>9{1,2})(?:[:.h時]\s?(?P<M>99|9(?=分))(?:[:.分](?P<S>99)秒?(?:[.,]9{1,9})?|分)?|時|(?=\s?[AaPp]\.?\s?[Mm]))(?:\s?[Uu]hr)?\s*(?P<ap>[AaPp]\.?\s?[Mm]\.?)?$"
)
_DAY_WORDS = r"date|dato|datum|day|dag|tag|jour|fecha|data|pvm|päivä|日付|年月日|日"
_TIME_WORDS = r"time of day|klokkeslett|klokkeslæt|klockslag|uhrzeit|tidspunkt|tidpunkt|heure|hora|ora|時刻|time|tid|zeit|kl"
_SURE_WORDS = re.compile(
    r"klokkeslett|klokkeslæt|klockslag|uhrzeit|heure|hora|時刻|time of day|^kl$|\w.time$"
)
_DOTTED = {"9.99", "99.99", ""}
"""``9.15`` is a number, but under a header that says so a time of day."""
_LENGTHS = re.compile(
    r"durat|varigh|längd|dauer|durée|spent|brukt|worked|hours|timer|minut|second|respon|reply|resol|wait|"
    r"handle|session|average|avg|lead|run|down|over|idle|長|所要|経過"
)


def read_clock(cells: Cells) -> tuple[IntArray, BoolArray]:
    """Every text as seconds since midnight, and which of them are times of day.

    >>> import pyarrow as pa
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> read_clock(cells_of(pa.array(["10:15", "2:05:30 PM", "午後3時", "25:00", "90"])))[0].tolist()
    [36900, 50730, 54000, 0, 0]
    """
    seconds = np.zeros(len(cells.texts), np.int64)
    ok = np.zeros(len(cells.texts), bool)
    for number, shape in enumerate(cells.shapes):
        found = _CLOCK.match(shape) if len(shape) < 24 else None
        if not found:
            continue
        members = cells.members(number)
        hour, minute, second = (_part(cells, number, found, name) for name in "HMS")
        fine = (hour < 24) & (minute < 60) & (second < 60)
        mark = (found["ap"] or found["ap1"] or "").lower().replace(".", "").replace(" ", "")
        if mark:
            fine &= hour <= 12
            hour = hour % 12 + 12 * (mark in ("pm", "午後"))
        seconds[members] = np.where(fine, hour * 3600 + minute * 60 + second, 0)
        ok[members] = fine
    return seconds, ok


def _part(cells: Cells, number: int, found: re.Match[str], name: str) -> IntArray:
    if not found[name]:
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
    dotted = column.kind == "number" and _SURE_WORDS.search(name) and set(column.cells.shapes) <= _DOTTED
    if column.kind not in ("duration", "text") and not dotted:
        return False
    shown = ~column.blank
    seconds, ok = read_clock(column.cells)
    rows = int(column.cells.counts[shown].sum())
    if not rows or int(column.cells.counts[ok & shown].sum()) < 0.6 * rows:
        return False
    # Below a plain "Time" 0:45 and 7:30 may be lengths: a day's clock shows hours after ten.
    lengths = {shape for shape in column.cells.shapes if re.match(r"^9:99$", shape)}
    late = bool((seconds[ok & shown] >= 36_000).any())
    return (
        bool(_SURE_WORDS.search(name))
        or not lengths
        or (late and not bool((seconds[ok & shown] < 3600).any()))
    )


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
