"""Patterns of months, quarters and weeks as people write them; 9 stands for any digit."""

# ruff: noqa: E501 - patterns read better unbroken
from __future__ import annotations

import re

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
    whole(r"(?P<y>9999)\s?年\s?(?P<m>9{1,2})\s?月(?:度|分|份)?"),
    whole(r"(?P<y>9999)[Mm](?P<m>99)"),
    whole(rf"(?P<mon>{WORD})(?:\.?[-/ ]|\.|\.? ?'| de | del )(?P<y>9999|99)"),
    whole(rf"(?P<y>9999)[-/ ](?P<mon>{WORD})\.?"),
    whole(r"(?P<era>令和|平成|昭和|大正|[㋿㍻㍼])\s?(?P<y>9{1,2}|元)年\s?(?P<m>9{1,2})月(?:度|分)?"),
]
_QUARTER = r"(?:[Kk]vartal|KVARTAL|[Qq]uartal|QUARTAL|[Qq]uarter|QUARTER|[Tt]rimestre|TRIMESTRE|[Kk]wartaal|[Tt]rim\.?|[Kk]vt?\.?)"
_NTH = r"(?:\.|er|e|re|ème|º|°|st|nd|rd|th)?"
QUARTER = [
    whole(r"(?P<y>9999)[-/ ]?(?:Q|q|K|k|T|Kv|kv)(?P<q>9)"),
    whole(r"(?:Q|q|K|k|T|Kv|kv)(?P<q>9)[-/ ,]{0,2}(?P<y>9999)"),
    whole(rf"(?P<q>9){_NTH} ?{_QUARTER}(?: de | |, |/)(?P<y>9999)"),
    whole(rf"{_QUARTER} ?(?P<q>9)[-/, ]{{1,2}}(?P<y>9999)"),
    whole(r"(?P<y>9999)\s?年?\s?第?(?P<q>9)\s?(?:四半期|季度|Q)"),
    whole(r"(?P<q>9)[Qq][- /']?(?P<y>9999|99)"),
    whole(r"[Qq](?P<q>9)[-'](?P<y>99)"),
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
