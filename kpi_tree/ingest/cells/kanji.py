"""Dates whose digits are kanji (``二〇二四年一月三十一日``), written with common ones."""

from __future__ import annotations

import re

_DIGITS = {char: n for n, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "[〇零一二三四五六七八九十百千]"
_DATE = re.compile(
    rf"^(?:令和|平成|昭和|大正)?\s?(?:{_NUMERAL}+|元)年度?(?:第?{_NUMERAL}+四半期|{_NUMERAL}+月(?:度|{_NUMERAL}+日)?)?"
    r"(?:\s*\(?[月火水木金土日]曜?日?\)?)?$"
)
_QUARTER = re.compile(r"^[0-9]{4}\s?年\s?第?[一二三四](?:四半期|季度)$")
_QUARTER_PART = re.compile("[一二三四](?=四半期|季度)")
_PART = re.compile(rf"{_NUMERAL}+(?=年|月|日|四半期)")


def plain_date(text: str) -> str:
    """A date in kanji with common digits; any other text as it is.

    >>> plain_date("二〇二四年一月三十一日"), plain_date("令和六年十二月五日"), plain_date("三年保証")
    ('2024年1月31日', '令和6年12月5日', '三年保証')
    >>> plain_date("2024年第一四半期"), plain_date("2024年第三季度")
    ('2024年第1四半期', '2024年第3季度')
    """
    if "年" not in text:
        return text
    if _QUARTER.match(text):
        return _QUARTER_PART.sub(lambda found: str(number_of(found.group())), text)
    if not _DATE.match(text):
        return text
    return _PART.sub(lambda found: str(number_of(found.group())), text)


def number_of(kanji: str) -> int:
    """The whole number that kanji say, digit by digit or with tens, hundreds and thousands.

    >>> number_of("二〇二四"), number_of("三十一"), number_of("二千二十四"), number_of("十")
    (2024, 31, 2024, 10)
    """
    if not any(char in _POWERS for char in kanji):
        return int("".join(str(_DIGITS[char]) for char in kanji))
    total, digit = 0, 0
    for char in kanji:
        if char in _POWERS:
            total += max(digit, 1) * _POWERS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit
