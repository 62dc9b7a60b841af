"""Patterns of months, quarters and weeks as people write them; 9 stands for any digit."""

# ruff: noqa: E501 - patterns read better unbroken
from __future__ import annotations

import re
from functools import lru_cache

WORD = r"[^\W\d_]+"


def whole(body: str) -> re.Pattern[str]:
    """A pattern of a whole text.

    >>> bool(whole("9{4}").match("9999")), bool(whole("9{4}").match("99999"))
    (True, False)
    """
    return re.compile(f"^{body}$")


MONTH = [
    whole(r"(?P<y>9999)[-/.](?P<m>99?)"),
    whole(r"(?P<m>99?)[/.-](?P<y>9999)"),
    whole(r"(?P<y>9999)\s?[年년]\s?(?P<m>9{1,2})\s?[月월](?:度|分|份)?"),
    whole(r"(?P<y>9999)[Mm](?P<m>99)"),
    whole(rf"(?P<mon>{WORD})(?:\.?[-/ ]'?|\.|\.?'|\.? de | del )(?P<y>9999|99)(?: [гр]\.)?"),
    whole(rf"(?P<y>9999)[-/ ](?P<mon>{WORD})\.?"),
    whole(r"(?P<era>令和|平成|昭和|大正|[㋿㍻㍼])\s?(?P<y>9{1,2}|元)年\s?(?P<m>9{1,2})月(?:度|分)?"),
]
_QUARTER = r"(?:[Kk]vartal|KVARTAL|[Qq]uartal|QUARTAL|[Qq]uarter|QUARTER|[Tt]rimestre|TRIMESTRE|[Kk]wartaal|[Tt]rim\.?|[Kk]vt?\.?|[Kk]wartał|KWARTAŁ|[Kk]w\.|[Nn]eljännes|[Nn]elj\.|[Cc]et\.|n\.év)"
_NTH = r"(?:\.|er|e|re|ème|\.?º|°|st|nd|rd|th)?"
_ROMAN = r"(?P<rom>I{1,3}|IV)"
QUARTER = [
    whole(r"(?P<y>9999)[-/ ]?(?:Q|q|K|k|T|Kv|kv)(?P<q>9)"),
    whole(r"(?:Q|q|K|k|T|Kv|kv)(?P<q>9)(?:[-/ ,]{0,2}| de )(?P<y>9999)"),
    whole(rf"{_ROMAN}\.? ?{_QUARTER}(?: de | |, |/)(?P<y>9999)"),
    whole(rf"(?P<q>9){_NTH} ?{_QUARTER}(?: de | |, |/)(?P<y>9999)"),
    whole(rf"{_QUARTER} ?(?P<q>9)[-/, ]{{1,2}}(?P<y>9999)"),
    whole(r"(?P<y>9999)\s?年?\s?第?(?P<q>9)\s?(?:四半期|季度?|Q|분기)"),
    whole(r"(?P<q>9)[Qq][- /']?(?P<y>9999|99)"),
    whole(r"[Qq](?P<q>9)(?:-| ?')(?P<y>99)"),
]
_WEEK = r"(?:[Uu]ke|UKE|[Uu]ge|UGE|[Ww]eek|WEEK|[Vv]ecka|VECKA|[Ww]oche|[Ss]emaine|SEMAINE|[Ss]emana|SEMANA|[Ss]em|KW|[Kk]w|[Ww]k|WK)"
WEEK = [
    whole(r"(?P<y>9999)-?[WwVvUu](?P<w>99?)(?:-(?P<wday>9))?"),
    whole(r"(?P<y>9999)[Ww](?P<w>99)(?P<wday>9)"),
    whole(r"(?P<y>9999)-?S(?P<w>99)"),
    whole(r"[Ss]\.?(?P<w>99)[-/, ]{1,2}(?P<y>9999)"),
    whole(rf"(?:{_WEEK}|v|V|W|w)\.? ?(?P<w>99?)[-/, ]{{1,2}}(?P<y>9999)"),
    whole(rf"{_WEEK}\.? ?(?P<w>99?)[/'](?P<y>99)"),
    whole(rf"(?P<w>99?)\. ?{_WEEK}[-/, ]{{1,2}}(?P<y>9999)"),
    whole(rf"(?P<y>9999)[-/, ]{{1,2}}(?:{_WEEK}|v\.?|W|w) ?(?P<w>99?)"),
    whole(r"(?P<y>9999)\s?年\s?第?(?P<w>99?)\s?[週周]"),
]

WEEK_OF = (
    *(
        "week of",
        "week commencing",
        "week beginning",
        "week starting",
        "week from",
        "w/c",
        "wc",
        "uke fra",
        "uken fra",
    ),
    *(
        "uge fra",
        "ugen fra",
        "vecka från",
        "veckan från",
        "woche vom",
        "woche ab",
        "semaine du",
        "semana del",
    ),
    *("settimana del", "week van", "week vanaf", "viikko alkaen", "tydzień od"),
)
"""What stands before the first day of a week."""


@lru_cache(maxsize=1)
def week_of() -> re.Pattern[str]:
    """A pattern of weeks that are told by their first day.

    >>> week_of().match("w/c 9 June 9999")["day"], week_of().match("9999年9月9日の週")["ja"]
    ('9 June 9999', '9999年9月9日')
    """
    return re.compile(rf"^(?:(?i:{'|'.join(WEEK_OF)}):? (?P<day>.+)|(?P<ja>.+日)の?[週周])$")


ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
}
