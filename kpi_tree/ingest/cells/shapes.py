"""The shape of a cell: its text with every digit as 9. A column has few shapes, so each is understood once
and then read for all its cells at once with numpy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.kanji import plain_date

MACHINE = "\ue000"
"""Marks a cell that a workbook holds as a number: its text has a decimal point whatever the file's
language."""

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_PLAIN = (
    {i + 0xFEE0: i for i in range(0x21, 0x7F)}
    | {
        0x3000: 0x20,
        0x00A0: 0x20,
        0x202F: 0x20,
        0x205F: 0x20,
        0x2212: 0x2D,
        0x2010: 0x2D,
        0x2011: 0x2D,
        0x2012: 0x2D,
        0xFE63: 0x2D,
        0x2019: 0x27,
        0x02BC: 0x27,
        0xFF9D: None,
        0x200B: None,
        0x200E: None,
        0x200F: None,
        0xFEFF: None,
        0x00AD: None,
        0x061C: None,
        0x180E: None,
        0x2060: None,
        0x066A: 0x25,
        0xFFE5: 0xA5,
        0xFFE1: 0xA3,
        0x066B: 0x2E,
        0x066C: 0x2C,
    }
    | dict.fromkeys(range(0x2000, 0x200B), 0x20)
    | dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
    | {0x0660 + i: 0x30 + i for i in range(10)}
    | {0x06F0 + i: 0x30 + i for i in range(10)}
)
_PLAIN.pop(0xFF9D)
_HELD_NUMBER = rf"^{MACHINE}[-+.0-9eE]+$"
_JOINERS = re.compile(r"^[\u200c\u200d]+|[\u200c\u200d]+$|(?<=[0-9])[\u200c\u200d]+(?=[0-9])")
"""Inside words they belong to the spelling."""
_EXCEL_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)


@dataclass(slots=True)
class Cells:
    """One column of a file: its distinct texts and, for each row, which of them it holds.

    Attributes:
        texts: the distinct cells, trimmed, wide digits and odd spaces made plain.
        index: for each row the position of its text.
        counts: for each text how many rows hold it.
        shape_of: for each text the position of its shape.
        shapes: the distinct shapes.
    """

    texts: pa.StringArray
    index: IntArray
    counts: IntArray
    shape_of: IntArray
    shapes: list[str]
    _members: dict[int, IntArray] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.index)

    def members(self, shape: int) -> IntArray:
        """Positions of the texts that have a shape."""
        if not self._members:
            order = np.argsort(self.shape_of, kind="stable")
            bounds = np.searchsorted(self.shape_of[order], np.arange(len(self.shapes) + 1))
            self._members = {i: order[bounds[i] : bounds[i + 1]] for i in range(len(self.shapes))}
        return self._members[shape]

    def digits(self, shape: int, positions: list[int]) -> IntArray:
        """The digits that stand at byte positions of a shape, one row a text, one column a position."""
        members = self.members(shape)
        offsets, data = _buffers(self.texts)
        starts = offsets[members].astype(np.int64)
        found: IntArray = (
            data[starts[:, None] + np.asarray(positions, np.int64)[None, :]].astype(np.int64) - 48
        )
        return found

    def number(self, shape: int, positions: list[int]) -> IntArray:
        """The whole number that the digits at these positions spell (at most 18 of them)."""
        if not positions:
            return np.zeros(len(self.members(shape)), np.int64)
        powers = 10 ** np.arange(len(positions) - 1, -1, -1, dtype=np.int64)
        return np.asarray(self.digits(shape, positions) @ powers, np.int64)


def _buffers(texts: pa.StringArray) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    _, offsets, data = texts.buffers()
    starts = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return starts, np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)


def cells_of(column: pa.ChunkedArray | pa.Array) -> Cells:
    """The distinct texts of a column and their shapes.

    >>> found = cells_of(pa.array(["1 234,50", "9 999,00", "x", "x"]))
    >>> found.shapes, found.counts.tolist()
    (['9 999,99', 'x'], [1, 1, 2])
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], pa.string())
    coded = (
        array
        if pa.types.is_dictionary(array.type)
        else pc.dictionary_encode(array.cast(pa.string()).fill_null(""))
    )
    first = np.asarray(coded.indices, dtype=np.int64)
    plain, index = _plain(coded.dictionary), first
    if not plain.equals(coded.dictionary):
        again = pc.dictionary_encode(plain)
        plain = again.dictionary
        index = np.asarray(again.indices, dtype=np.int64)[first] if len(first) else first
    texts = _compact(plain)
    counts = np.bincount(index, minlength=len(texts)).astype(np.int64)
    shapes = pc.dictionary_encode(_shapes(texts))
    return Cells(
        texts, index, counts, np.asarray(shapes.indices, dtype=np.int64), shapes.dictionary.to_pylist()
    )


def _compact(texts: Any) -> pa.StringArray:
    return pa.concat_arrays([texts]) if texts.offset == 0 else pa.array(texts.to_pylist(), pa.string())


def _plain(texts: pa.StringArray) -> pa.StringArray:
    """Trimmed, full-width characters and odd spaces plain, Excel's ="00123" unwrapped."""
    values = pc.utf8_trim_whitespace(texts)
    wide = pc.and_not(pc.invert(pc.string_is_ascii(values)), pc.match_substring_regex(values, _HELD_NUMBER))
    special = pc.or_(wide, pc.starts_with(values, '="'))
    where = np.flatnonzero(np.asarray(special))
    if not len(where):
        return values
    changed = values.to_pylist()
    for i in where:
        changed[i] = plain_text(changed[i])
    return pa.array(changed, pa.string())


def plain_text(text: str) -> str:
    """One cell as :func:`cells_of` sees it.

    >>> plain_text("１，２３４"), plain_text('="007"'), plain_text(" −5\\u202f% ")
    ('1,234', '007', '-5 %')
    """
    text = text.strip()
    unwrapped = _EXCEL_TEXT.match(text)
    plain = (unwrapped.group(1) if unwrapped else text).translate(_PLAIN).strip()
    if "\u200c" in plain or "\u200d" in plain:
        plain = _JOINERS.sub("", plain).strip()
    return plain_date(plain)


def _shapes(texts: pa.StringArray) -> pa.StringArray:
    if not len(texts):
        return texts
    _, offsets, data = texts.buffers()
    if data is None:
        return texts
    raw = np.frombuffer(data, np.uint8)
    nines = np.where((raw >= 48) & (raw <= 57), np.uint8(57), raw)
    return pa.StringArray.from_buffers(len(texts), offsets, pa.py_buffer(nines), None, 0, texts.offset)


def byte_positions(shape: str, chars: list[int]) -> list[int]:
    """Byte positions in UTF-8 of characters of a shape.

    >>> byte_positions("¥9", [1])
    [2]
    """
    if shape.isascii():
        return chars
    starts = np.cumsum([0] + [len(char.encode()) for char in shape])
    return [int(starts[i]) for i in chars]


def rounded_numbers(cells: Cells) -> pa.Array | None:
    """Which of a column's different texts a spreadsheet has cut to ``1.23E+12``; None where it cut none.

    >>> rounded_numbers(cells_of(pa.array(["8,32E+12", "0012"]))).to_pylist()
    [True, False]
    """
    if not pc.any(pc.match_substring(cells.texts, "E+")).as_py():  # far quicker than the pattern
        return None
    cut = pc.match_substring_regex(cells.texts, r"^[0-9][.,][0-9]+E\+[0-9]+$")
    return cut if pc.any(cut).as_py() else None
