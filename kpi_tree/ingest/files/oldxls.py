"""What an old workbook (BIFF in an OLE container) holds, looked at before its reader makes room for it."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from kpi_tree.i18n import msg
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.ingest.answers.refusing import not_opened, refusal, too_many_cells, too_wide_apart

_END = 0xFFFFFFFA
"""Numbers of sectors from here on end a chain."""
_MINI = 4096
"""Streams of fewer bytes lie in small sectors inside another stream."""
_BEGINS, _MANY = 0x809, 0xBD
_FORMAT, _STYLE = 0x41E, 0xE0
_EAST = frozenset([*range(27, 37), *range(50, 59)])
"""Number formats that are days in East Asian programs, and nothing elsewhere."""
_ASIDE = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|General|Standard", re.IGNORECASE)
_OF_DAYS = re.compile(r"[ymdhsge年月日時分秒]", re.IGNORECASE)
_CELLS = frozenset(
    {0x02, 0x03, 0x04, 0x05, 0x06, 0xFD, 0xD6, _MANY, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406}
)
"""Records of cells that hold something; each begins with its row and column."""


def check_old(data: bytes, name: str, limits: Limits) -> None:
    """Refuse an old workbook whose cells span rectangles that nobody fills, or that is damaged in its ground.

    Raises:
        Refused: its reader would make room for all of their cells, or never come to an end.
    """
    area = cells = 0
    try:
        stream = workbook_stream(data)
    except (ValueError, struct.error) as fault:
        raise not_opened(name) from fault
    if number := misread_format(stream):
        raise refusal(
            msg("The workbook gives number format {n}, which stands for days, another meaning.", n=number),
            name,
            msg("Open it in a spreadsheet program and save it as XLSX."),
        )
    for rows, columns, filled in spans(stream):
        area, cells = area + rows * columns, cells + filled
    if area > limits.sheet_cells and area > 50 * cells:
        raise too_wide_apart(name, area)
    if area > 2 * limits.sheet_cells:
        raise too_many_cells(name, area, 2 * limits.sheet_cells)


def misread_format(stream: bytes) -> int:
    """A format of East Asian days that the workbook says is none of days, and uses; 0 where there is none.

    Its reader takes the cells for days all the same.
    """
    given: set[int] = set()
    for place, (kind, at, size) in enumerate(records(stream)):
        if kind == _BEGINS and place:
            break  # they all stand before the first sheet
        if kind == _FORMAT and size > 5:
            number, length, wide = struct.unpack_from("<HHB", stream, at)
            text = stream[at + 5 : at + 5 + length * (2 if wide & 1 else 1)]
            code = text.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
            if number in _EAST and not _OF_DAYS.search(_ASIDE.sub("", code)):
                given.add(number)
        elif kind == _STYLE and size > 4 and (used := struct.unpack_from("<H", stream, at + 2)[0]) in given:
            return int(used)
    return 0


def records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """The records of a workbook: kind, place of its content, and size.

    >>> list(records(bytes.fromhex("0908020000060A000000")))
    [(2057, 4, 2), (10, 10, 0)]
    """
    at, last, unpack = 0, len(stream) - 4, struct.Struct("<HH").unpack_from
    while at <= last:
        kind, size = unpack(stream, at)
        yield kind, at + 4, size
        at += 4 + size


def spans(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Rows and columns that each part of a workbook reaches to, and how many cells it fills."""
    rows = columns = cells = 0
    unpack = struct.Struct("<HH").unpack_from
    for kind, at, size in records(stream):
        if kind == _BEGINS:
            yield rows, columns, cells
            rows = columns = cells = 0
        elif kind in _CELLS and size >= 4 and at + size <= len(stream):
            row, column = unpack(stream, at)
            if kind == _MANY:
                column = max(column + size // 6 - 2, unpack(stream, at + size - 4)[1])
                cells += size // 6
            rows, columns, cells = max(rows, row + 1), max(columns, column + 1), cells + 1
    yield rows, columns, cells


def workbook_stream(data: bytes) -> bytes:
    """The workbook inside an OLE container; empty where there is none.

    Raises:
        ValueError: its sectors run in a ring, which its reader would follow for ever.

    >>> workbook_stream(b"no container")
    b''
    """
    if len(data) < 512:
        return b""
    shift, small = struct.unpack_from("<HH", data, 30)
    if not 7 <= shift <= 16 or not 4 <= small <= shift:
        return b""
    directory, first_small = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 60)[0]
    sectors = _Sectors(data, shift, 1 << shift)
    sectors.follow(_table(data, sectors))
    entries = sectors.chain(directory)
    found: tuple[int, int] | None = None
    root: tuple[int, int] = (_END, 0)
    for at in range(0, len(entries) - 127, 128):
        name = entries[at : at + max(min(struct.unpack_from("<H", entries, at + 64)[0] - 2, 62), 0)]
        start, size = struct.unpack_from("<II", entries, at + 116)
        if entries[at + 66] == 5:
            root = (start, size)
        elif name.decode("utf-16-le", "replace").casefold() in ("workbook", "book"):
            found = (start, size)
    inner = _Sectors(sectors.chain(root[0]), small, 0)
    inner.follow(sectors.chain(first_small))
    if found is None:
        return b""
    start, size = found
    if size >= _MINI:
        return sectors.chain(start)[:size]
    return inner.chain(start)[:size]


def _table(data: bytes, sectors: _Sectors) -> bytes:
    """The table that says which sector follows which."""
    places = list(struct.unpack_from("<109I", data, 76))
    further, width = struct.unpack_from("<I", data, 68)[0], (1 << sectors.shift) // 4
    for _ in range((len(data) >> sectors.shift) + 1):
        if further >= _END:
            break
        sector = sectors.one(further).ljust(width * 4, b"\xff")
        *more, further = struct.unpack_from(f"<{width}I", sector)
        places += more
    else:
        raise ValueError("sectors in a ring")
    return b"".join(sectors.one(place) for place in places if place < _END)


class _Sectors:
    """Bytes in sectors of one size, and which of them follows which."""

    def __init__(self, data: bytes, shift: int, offset: int) -> None:
        self.data, self.shift, self.offset = data, shift, offset
        self.next: tuple[int, ...] = ()

    def follow(self, table: bytes) -> None:
        """Take in the table."""
        self.next = struct.unpack_from(f"<{len(table) // 4}I", table)

    def one(self, number: int) -> bytes:
        """A sector."""
        at = (number << self.shift) + self.offset
        return self.data[at : at + (1 << self.shift)]

    def chain(self, number: int) -> bytes:
        """The sectors from one on.

        Raises:
            ValueError: they run in a ring.
        """
        found: list[bytes] = []
        while number < len(self.next):
            if len(found) > len(self.next):
                raise ValueError("sectors in a ring")
            found.append(self.one(number))
            number = self.next[number]
        return b"".join(found)
