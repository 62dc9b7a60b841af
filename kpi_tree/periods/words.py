"""Finding the period in a sentence, in English, Norwegian and Japanese."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from kpi_tree.periods.calendar import DEFAULT_CALENDAR, Calendar, Period
from kpi_tree.periods.grammar import Found, Moment, Pair, Span, Tongue, pattern, readings
from kpi_tree.periods.names import parse_period
from kpi_tree.periods.words_en import ENGLISH
from kpi_tree.periods.words_ja import JAPANESE
from kpi_tree.periods.words_nb import NORWEGIAN

_IDS = Tongue(
    spans=(
        Span(
            pattern(r"20\d\d-\d\d-\d\d(?:\.\.20\d\d-\d\d-\d\d)?|20\d\d-(?:q[1-4]|w\d\d|\d\d)(?![\d-])"),
            lambda m, x: parse_period(x[0], m.cal),
        ),
    ),
    frames=(),
    pairs=(
        Pair(
            pattern(r"(?:from |fra |between |mellom )?"), pattern(r" (?:to|til|and|og|until) "), pattern("")
        ),
    ),
)


def _with_ids(tongue: Tongue) -> Tongue:
    return Tongue((*_IDS.spans, *tongue.spans), tongue.frames, (*_IDS.pairs, *tongue.pairs), tongue.joined)


TONGUES = {"en": _with_ids(ENGLISH), "nb": _with_ids(NORWEGIAN), "ja": _with_ids(JAPANESE)}

LONGEST = 2000
"""Characters of a sentence that are looked at; a goal is one line."""


def find_period(
    text: str, on: date, cal: Calendar = DEFAULT_CALENDAR, lang: str | None = None
) -> Found | None:
    """The period that a sentence speaks of, and the sentence without it.

    The longest phrase wins; where two are equally long, the one in ``lang``. A month or quarter said
    without a year is the one running or next to come; "by June" includes June; a stretch such as "six
    months" runs from ``on``, that day included. None if no period is named, or only one that is over
    by ``on`` though said as a deadline.

    >>> found = find_period("Increase sales 10% by the end of next quarter", date(2026, 11, 22))
    >>> found.period.end, found.phrase, found.rest
    (datetime.date(2027, 4, 1), 'by the end of next quarter', 'increase sales 10%')
    """
    plain = " ".join(unicodedata.normalize("NFKC", text[:LONGEST]).casefold().split())
    moment = Moment(on, cal)
    order = sorted(TONGUES, key=lambda name: name != lang)
    best: tuple[tuple[int, int], int, int, Period] | None = None
    for place, name in enumerate(order):
        for start, end, period in readings(plain, moment, TONGUES[name]):
            rank = (end - start, -place)
            if best is None or rank > best[0]:
                best = (rank, start, end, period)
    if best is None:
        return None
    _, start, end, period = best
    rest = re.sub(r"\s+", " ", f"{plain[:start]} {plain[end:]}").strip(" ,.、。")
    return Found(period, plain[start:end].strip(), rest, exact=not rest)


def period_in_words(
    text: str, on: date, cal: Calendar = DEFAULT_CALENDAR, lang: str | None = None
) -> Period | None:
    """The period that words name, as said on a day (see :func:`find_period`).

    >>> on = date(2026, 11, 22)
    >>> [str(period_in_words(t, on).start) for t in ("next quarter", "neste kvartal", "来四半期")]
    ['2027-01-01', '2027-01-01', '2027-01-01']
    >>> period_in_words("as soon as possible", on)
    """
    found = find_period(text, on, cal, lang)
    return found.period if found else None
