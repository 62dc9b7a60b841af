"""Shapes that can be no value, folded into a few that stand for all: a column of comments, addresses or
checksums has as many shapes as texts, and none of them needs to be understood by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells import (
    clocks,
    dateshapes,
    durations,
    numbers,
    numbersigns,
    periodshapes,
)
from kpi_tree.ingest.cells.shapes import BoolArray, Cells
from kpi_tree.ingest.cells.words import ZONES, months, weekdays

FEW = 200
"""Shapes of a column that are understood one by one in no time."""
FOLDED = "\ue003"
"""A shape that holds this sign stands for many; no rule reads it."""
COMPACT = (8, 12, 14)
"""Lengths of dates, and dates with a time, that are written without signs."""
TELLING = r"\bFY|fiscal|regnskapsår|geschäftsjahr|räkenskapsår|年度|[個件点枚本台名人回冊円元千万億]"
"""What tells of the other cells of a column."""
_READERS = (numbers, numbersigns, dateshapes, periodshapes, durations, clocks)
_ROMAN = r"[ivx]{1,4}(?:[-/.]|\.? )"
"""Months and quarters in Roman numerals, with what stands behind them: their letters are in many words."""
_LETTERS = re.compile(r"[^\W\d_]+(\?)?")


def fold(cells: Cells) -> Cells:
    """The same cells with the shapes that no rule reads folded; what rules of whole columns ask of those
    stays: whether they have digits, the length of a date without signs, a word that tells of other cells.

    >>> texts = [f"{chr(97 + i % 26)}{i}{chr(97 + i // 26)}x" for i in range(400)]
    >>> from kpi_tree.ingest.cells.shapes import cells_of
    >>> found = fold(cells_of(pa.array([*texts, "12.50"])))
    >>> len(found.shapes) < 5, found.shapes[int(found.shape_of[-1])]
    (True, '99.99')
    """
    if len(cells.shapes) <= FEW:
        return cells
    shapes = pa.array(cells.shapes, pa.string())
    gone = ~may_be_value(shapes)
    if not gone.any():
        return cells
    coded = pc.dictionary_encode(pc.if_else(pa.array(gone), _standing_for(shapes), shapes))
    cells.shapes = coded.dictionary.to_pylist()
    cells.shape_of = np.asarray(coded.indices, np.int64)[cells.shape_of]
    cells._members = {}
    return cells


def may_be_value(shapes: pa.StringArray) -> BoolArray:
    """Which shapes may be a number, a date, a time or a length: those with digits whose every word stands in
    one of the patterns that are read.

    >>> may_be_value(pa.array(["99. mai 9999", "9h 99m", "kr 9 999,-", "9e99b", "Box 9", "x"])).tolist()
    [True, True, True, False, False, False]
    """
    known = np.asarray(pc.match_substring_regex(shapes, _pattern()), bool)
    return np.asarray(known & np.asarray(pc.match_substring(shapes, "9"), bool), bool)


def _standing_for(shapes: pa.StringArray) -> pa.StringArray:
    """For each shape the one it is folded into."""
    size = np.asarray(pc.utf8_length(shapes), np.int64)
    minus = np.asarray(pc.starts_with(shapes, "-"), bool)
    digits = np.asarray(pc.match_substring(shapes, "9"), bool)
    told = pc.extract_regex(shapes, f"(?i)(?P<word>{TELLING})")
    words, word_of = np.array([""], object), np.zeros(len(size), np.int64)
    if told.null_count < len(told):
        coded = pc.dictionary_encode(pc.utf8_lower(pc.struct_field(told, "word")).fill_null(""))
        words, word_of = np.array(coded.dictionary.to_pylist(), object), np.asarray(coded.indices, np.int64)
    length = np.where(np.isin(size, COMPACT) & ~minus & digits, size, 0)
    kind = ((length * 2 + minus) * 2 + digits) * len(words) + word_of
    known, place = np.unique(kind, return_inverse=True)
    return pa.array([_name(int(code), words) for code in known], pa.string()).take(pa.array(place))


def _name(code: int, words: npt.NDArray[np.object_]) -> str:
    rest, word = divmod(code, len(words))
    rest, digits = divmod(rest, 2)
    length, minus = divmod(rest, 2)
    name = "-" * minus + "9" * digits + (f" {words[word]}" if words[word] else "")
    name += FOLDED * max(length - len(name), 1)
    return name if length or len(name) not in COMPACT else name + FOLDED


@lru_cache(maxsize=1)
def _pattern() -> str:
    """Every shape that is read matches it: signs and known words, with a remark in brackets at the end."""
    parts = {word for module in _READERS for word in _words_of(module)}
    parts |= {
        *months(),
        *weekdays(),
        *ZONES,
        *dateshapes.ERAS,
        *periodshapes.WEEK_OF,
        *numbersigns.CURRENCIES,
    }
    parts -= periodshapes.ROMAN.keys()
    known = "|".join(
        sorted((re.escape(part) for part in parts if _LETTERS.search(part)), key=len, reverse=True)
    )
    return rf"^(?i:[^\pL]|{known}|{_ROMAN})*(?: \([^()]*\)|\[[A-Za-z_/]+\])?$"


def _words_of(module: ModuleType) -> Iterator[str]:
    """The words in a module's patterns; letters of a set one by one, ``days?`` with and without its s."""
    for value in vars(module).values():
        for pattern in value if isinstance(value, list) else [value]:
            if isinstance(pattern, re.Pattern):
                text = re.sub(r"\(\?P[<=]\w+[>)]|\w+\\\$|\\[A-Za-z]|[A-Za-z]-[A-Za-z]", " ", pattern.pattern)
                text = re.sub(r"\[(\w)(\w)\]", _one_letter, text)
                for letters in re.findall(r"\[([^\]]*)\]", text):
                    yield from letters
                for found in _LETTERS.finditer(re.sub(r"\[[^\]]*\]", " ", text)):
                    yield found.group().rstrip("?")
                    if found.group(1):
                        yield found.group()[:-2]


def _one_letter(pair: re.Match[str]) -> str:
    """``[Tt]`` as the letter that it is."""
    return pair[2] if pair[1].lower() == pair[2].lower() else pair[0]
