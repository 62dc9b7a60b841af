"""What a file may cost us: refused beyond it, with the limit named, before memory is spent."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file.

    Args:
        file_bytes: size of the file as it was sent, and of the one large table that it unpacks to.
        unpacked_bytes: size of what is unpacked in memory: a workbook, several files of a ZIP.
        several_bytes: size of several tables of a ZIP, which are held in memory together.
        ratio: how many times larger than its packed size an entry may be (small entries are let through).
        entries: files in a ZIP.
        columns: columns of one table; ``tables`` of one text or workbook that are looked for.
        line_bytes: bytes of one line.
        cell_chars: characters in one cell.
        sheet_cells: cells in the rectangle that a sheet spans, empty ones counted.
        shown: places kept of each kind of issue; the rest are counted.
        held_bytes: size of a workbook or archive, which is held in memory.
        whole_bytes: text up to this size is held in memory at once; more is read in pieces.
        part_bytes: size of such a piece; ``drawer_bytes`` of what is made into records at once.
        together_bytes: text of a report whose rows must be seen together to be counted.
        values_bytes: text of values of KPIs, which are held to be put into the store.
    """

    file_bytes: int = 4096 * MEGABYTE
    unpacked_bytes: int = 1024 * MEGABYTE
    several_bytes: int = 64 * MEGABYTE
    ratio: int = 250
    entries: int = 2000
    columns: int = 4096
    tables: int = 200
    line_bytes: int = 8 * MEGABYTE
    cell_chars: int = 1_000_000
    sheet_cells: int = 30_000_000
    shown: int = 5
    held_bytes: int = 256 * MEGABYTE
    whole_bytes: int = 16 * MEGABYTE
    part_bytes: int = 12 * MEGABYTE
    drawer_bytes: int = 16 * MEGABYTE
    together_bytes: int = 128 * MEGABYTE
    values_bytes: int = 128 * MEGABYTE


LIMITS = Limits()
"""The limits in force unless a caller passes its own."""
