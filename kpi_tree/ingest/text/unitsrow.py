"""A row of units directly below the header: ``NOK``, ``%``, ``pcs``, ``dd.mm.yyyy``. It is no record."""

# ruff: noqa: E501, SIM905 - word lists read better unbroken
from __future__ import annotations

import re
from collections.abc import Sequence

from kpi_tree.ingest.cells.numbersigns import CURRENCIES
from kpi_tree.ingest.cells.told import scale_of

_UNITS = frozenset(
    (
        "%|‰|pct|pct.|percent|per cent|prosent|procent|prozent|pour cent|パーセント|pp|"
        "#|no|no.|nr|nr.|stk|stk.|stück|stck|stck.|st|st.|styck|pcs|pcs.|pc|pc.|pce|ea|each|units|unit|enheter|antall|antal|anzahl|qty|count|"
        "u.|unités|pièces|pce.|個|件|本|枚|点|台|回|人|名|冊|箱|"
        "kg|g|mg|t|tonn|tonnes|lb|lbs|oz|l|ml|dl|cl|m|cm|mm|km|m2|m²|m3|m³|kwh|mwh|kw|w|gb|mb|kb|byte|bytes|"
        "h|hrs|hours|hour|t:m|timer|time|timmar|stunden|heures|min|min.|mins|minutes|minutter|minuter|minuten|s|sec|sec.|secs|seconds|sek|sek.|"
        "sekunder|sekunden|secondes|ms|d|days|dager|dagar|tage|jours|weeks|uker|months|måneder|years|år|"
        "時間|分|秒|日|週|月|年|ヶ月|か月|yes/no|ja/nei|y/n|j/n"
    ).split("|")
)
_PLAIN_WORDS = frozenset(
    "# no nr st d t m s h l g w time count antall antal anzahl qty unit units år".split()
)
"""Words that are also names or values: a row of these alone is no row of units."""
_PICTURE = re.compile(
    r"^(?:[dD]{1,2}|[mM]{1,3}|[yYåÅjJaA]{2,4})(?:[-./ ](?:[dD]{1,2}|[mM]{1,3}|[yYåÅjJaA]{2,4})){1,2}(?:[ T][hHtT]{1,2}[:.][mM]{2}(?:[:.][sS]{2})?)?$"
    r"|^[hHtT]{1,2}[:.][mM]{2}(?:[:.][sS]{2})?$"
)
_NOTHING = frozenset(("", "-", "--", "–", "—", "n/a", "ー"))
_BRACKETS = re.compile(r"^[(\[（［]\s*(.*?)\s*[)\]）］]$")


def unit_word(cell: str) -> str:
    """The unit that a cell names, without brackets; empty when it names none.

    >>> [unit_word(cell) for cell in ("(kr)", "%", "[NOK]", "dd.mm.yyyy", "Lampe", "12", "千円")]
    ['kr', '%', 'NOK', 'dd.mm.yyyy', '', '', '千円']
    """
    text = cell.strip().replace("％", "%")
    inner = _BRACKETS.match(text)
    text = inner.group(1) if inner else text
    for start in ("in ", "i ", "en "):
        if text.lower().startswith(start) and len(text) > len(start) + 1:
            text = text[len(start) :]
            break
    word = text.lower()
    known = word in CURRENCIES or word in _UNITS or bool(_PICTURE.match(text)) or scale_of(text) != 1
    return text if known and word != "\\" else ""


def units_in(header: Sequence[str], cells: Sequence[str]) -> list[str] | None:
    """The unit of each column, when a row holds units and nothing else; None when it may be a record.

    Args:
        header: the names above it.
        cells: the row.

    >>> units_in(["Dato", "Beløp", "Andel"], ["", "NOK", "%"])
    ['', 'NOK', '%']
    >>> units_in(["Size", "Count"], ["M", "3"]) is None, units_in(["Currency", "Amount"], ["NOK", ""]) is None
    (True, True)
    """
    trimmed = [cell.strip() for cell in cells]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    if len(header) < 2 or not trimmed or len(trimmed) > len(header):
        return None
    units: list[str] = []
    for cell in trimmed:
        units.append("" if cell.lower() in _NOTHING else unit_word(cell))
        if not units[-1] and cell.lower() not in _NOTHING:
            return None
    sure = [
        (name, unit)
        for name, unit in zip(header, units, strict=False)
        if unit and unit.lower() not in _PLAIN_WORDS and not _holds_units(name)
    ]
    return [*units, *[""] * (len(header) - len(units))] if sure else None


def _holds_units(name: str) -> bool:
    """Whether a column is one of units or currencies, whose cells are values like others."""
    return bool(
        re.search(
            r"curr|valuta|währ|waehr|devise|moneda|通貨|unit|enhet|einheit|unité|単位|format|size|str",
            name,
            re.IGNORECASE,
        )
    )
