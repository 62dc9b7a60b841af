"""Cells of a tree in a spreadsheet: headings in three languages, levels, numbers as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kpi_tree.i18n import LANGUAGES, Msg, msg, translate

MACHINE = "\ue000"
"""Stands before a number that a workbook holds as a number (see ``ingest.workbook``)."""

_WORDS: Mapping[str, str] = {
    "name": "name kpi-name indicator indicators navn indikator måltall 名前 名称 指標 指標名 kpi名",
    "level": "level depth tier nivå nivaa dybde レベル 階層 段",
    "parent": "parent above parent-id parent-name overordnet forelder forelder-id 親 親指標 親kpi",
    "id": "id node node-id nøkkel key",
    "owner": "owner responsible eier ansvarlig 担当 担当者 責任者 オーナー",
    "target": "target goal mål målverdi 目標 目標値",
    "period": "period periode 期間 対象期間",
    "unit": "unit enhet 単位",
    "formula": "formula formel 計算式 数式 式",
    "kpi": "kpi metric catalogue-id måling kpi-id",
    "value": "value assumption verdi antakelse antatt-verdi 値 仮定 仮定値",
    "notes": "notes note comment description notat notater merknad kommentar beskrivelse メモ 備考 説明",
    "operator": "operator sign op tegn 演算子 符号",
    "type": "type kind slag 種類 種別",
    "direction": "direction retning 方向 向き",
    "start": "start start-date starts startdato 開始 開始日",
    "due": "due due-date deadline frist 期限 期日",
    "state": "state tilstand 状態",
    "expected_effect": "expected-effect effect ventet-effekt effekt 期待効果",
    "confidence": "confidence sikkerhet 確信度",
    "cost": "cost kostnad 費用",
    "effort": "effort hours timer 工数",
}
_OWN: Mapping[str, Msg] = {
    "name": msg("Indicator"),
    "level": msg("Level in the tree"),
    "owner": msg("Owner"),
    "target": msg("Target"),
    "period": msg("Target for"),
    "formula": msg("Formula"),
    "type": msg("Type"),
    "id": msg("Id"),
    "notes": msg("Notes"),
}
COLUMNS: Mapping[str, str] = {
    **{word.replace("-", " "): field for field, words in _WORDS.items() for word in words.split()},
    **{translate(word, lang).casefold(): field for field, word in _OWN.items() for lang in LANGUAGES},
}
"""A heading in small letters → the field that its column fills."""

MARKS: Mapping[str, str] = {"*": "*", "×": "*", "/": "/", "÷": "/", "+": "+", "＋": "+", "-": "-", "−": "-"}
"""Operators as people write them → those of the formula language."""

_LEVEL_HEAD = re.compile(r"(?:level|tier|nivå|レベル|階層|第)\s*\d{1,2}\s*(?:階層|段)?$|l\d{1,2}$")
_NUMBERED = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?$")
_ACTIONS = frozenset(("action", "initiative", "tiltak", "アクション", "施策"))
_SIZES = {"k": 1e3, "m": 1e6, "mill": 1e6, "mrd": 1e9, "b": 1e9, "bn": 1e9, "千": 1e3, "万": 1e4, "億": 1e8}
_NUMBER = re.compile(r"[-−–]?\d[\d.,'’]*")


def clean(cell: object) -> str:
    """A cell as text, its leading blanks kept: they may say how deep a name stands."""
    text = "" if cell is None else str(cell)
    return text.replace("\u3000", "  ").replace("\u00a0", " ").replace(MACHINE, "").rstrip()


def field_of(heading: str) -> str | None:
    """The field that a heading names; ``None`` where it names none.

    >>> field_of("Owner:"), field_of("担当者"), field_of("Colour")
    ('owner', 'owner', None)
    """
    return COLUMNS.get(" ".join(heading.casefold().replace("_", " ").split()).rstrip(":"))


def level_header(word: str) -> bool:
    """Whether a heading names one level of several, such as ``level 2``."""
    return bool(_LEVEL_HEAD.match(word))


def level_of(cell: str) -> int | None:
    """The level that a cell says: a number from 1 (0 counts as 1), or the parts of ``1.2.3``.

    >>> level_of("2"), level_of("1.2.1"), level_of("2.0"), level_of("x")
    (2, 3, 2, None)
    """
    text = cell.strip().removesuffix(".0")
    if not _NUMBERED.match(text):
        return None
    parts = text.strip(".").split(".")
    return min(len(parts), 100) if len(parts) > 1 else max(min(int(parts[0]), 100), 1)


def is_action(word: str) -> bool:
    """Whether a type says that a row is something a person does."""
    said = word.casefold().strip()
    return said in _ACTIONS or said in {translate(msg("Action"), lang).casefold() for lang in LANGUAGES}


def number_in(text: str) -> tuple[float | None, bool]:
    """The number in a cell, and whether it could be read another way (``1,200``: taken as thousands).

    >>> number_in("NOK 1 200 000"), number_in("12,5 %"), number_in("1.2M"), number_in("1,200"), number_in("x")
    ((1200000.0, False), (0.125, False), (1200000.0, False), (1200.0, True), (None, False))
    """
    plain = re.sub(r"(?<=\d)\s(?=\d{3}(?!\d))", "", text.strip().replace("\u202f", " "))
    found = _NUMBER.search(plain)
    if found is None or _NUMBER.search(plain, found.end()):
        return None, False
    digits, doubtful = _plain_digits(found[0].replace("’", "").replace("'", ""))
    if digits is None:
        return None, False
    tail = plain[found.end() :].strip().casefold().rstrip(".")
    size = next((by for word, by in _SIZES.items() if re.match(rf"{word}(?![a-zæøå])", tail)), 1.0)
    value = float(digits) * size
    return (value / 100 if "%" in plain or "％" in plain else value), doubtful


def _plain_digits(text: str) -> tuple[str | None, bool]:
    """Digits with a point for the decimals, or none where the separators make no sense."""
    text = re.sub(r"^[−–]", "-", text.rstrip(".,"))
    points, commas = text.count("."), text.count(",")
    if points and commas:
        decimal = max(".", ",", key=text.rfind)
        whole = text.replace("," if decimal == "." else ".", "")
        return (whole.replace(",", "."), False) if whole.count(decimal) == 1 else (None, False)
    sign = "." if points else ","
    if points + commas == 0:
        return text, False
    groups = text.lstrip("-").split(sign)
    thousands = all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3 and groups[0] != "0"
    if len(groups) > 2:
        return ("-" * text.startswith("-") + "".join(groups), False) if thousands else (None, False)
    if thousands:
        return "-" * text.startswith("-") + "".join(groups), True
    return text.replace(",", "."), False
