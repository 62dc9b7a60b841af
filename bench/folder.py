"""Real files and what is true of them: a folder, and a table that says how each of its files is to be read.

The table is a CSV file with a header and one line for each file. Its columns, of which only the first four
must be there:

``file``
    name in the folder.
``encoding``
    as Python names it; ``utf-8-sig`` with a mark.
``delimiter``
    the character, or a word: ``tab``, ``blanks`` (runs of them), ``none`` (one column), ``bars`` (a drawn
    table, ``| a | b |``).
``header``
    line of the header, counted from 1; 0 when there is none.
``quote``, ``escape``, ``comment``
    characters; a line that begins with ``comment`` is none of the table. No quote where the column is there
    and empty.
``first``, ``last``
    first line below the header, and last line of the table; ``-2`` leaves two lines out at the end.
``row_names``
    filled when the header lacks the name of the first column, as R writes it.
"""

from __future__ import annotations

import csv
import io
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

LONGEST = 60.0
"""Seconds that a reader may take for one file."""
_WORDS = {"tab": "\t", "none": "", "blanks": " ", "bars": "|"}
_MADE_UP = re.compile(r"^(?:column ?\d+|field\d+|)$")

Rows = list[list[str]]


@dataclass
class File:
    """One real file with what is true of it."""

    name: str
    data: bytes
    encoding: str
    delimiter: str
    header: list[str] | None
    rows: Rows = field(repr=False)


def read_truth(folder: Path, truth: Path) -> list[File]:
    """The files of a folder that the table of truths names.

    Raises:
        OSError: a file is not there. KeyError: the table lacks a column. UnicodeDecodeError: a file has
            another encoding.
    """
    csv.field_size_limit(1 << 30)
    with truth.open(encoding="utf-8", newline="") as lines:
        return [_file(folder / said["file"], said) for said in csv.DictReader(lines)]


def _file(path: Path, said: dict[str, str]) -> File:
    data, header = path.read_bytes(), int(said["header"])
    lines = list(io.StringIO(data.decode(said["encoding"]), newline=""))[: int(said.get("last") or 0) or None]
    lines = lines[(header or int(said.get("first") or 1)) - 1 :]
    if comment := said.get("comment"):
        lines = [line for i, line in enumerate(lines) if not line.startswith(comment) or (header and not i)]
    rows = [row for row in map(_plain, _split(lines, said)) if row]
    names = rows.pop(0) if header else None
    if names and said.get("row_names"):
        names = ["", *names]
    delimiter = _WORDS.get(said["delimiter"], said["delimiter"])
    return File(path.name, data, said["encoding"], delimiter, names, rows)


def _split(lines: Iterable[str], said: dict[str, str]) -> Iterator[list[str]]:
    """The cells of each line, by what is said of the file."""
    how = said["delimiter"]
    if how == "bars":
        return (line.strip().strip("|").split("|") for line in lines if "|" in line)
    quote = said.get("quote", '"')
    return csv.reader(
        (line.replace("\t", " ") for line in lines) if how == "blanks" else lines,
        delimiter=_WORDS.get(how, how) or "\x00",
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=said.get("escape") or None,
        doublequote=True,
        skipinitialspace=how != "tab",
    )


def _plain(row: list[str]) -> list[str]:
    """Cells without blanks around them and without empty ones at the end."""
    cells = [cell.strip().lstrip("\ufeff") for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def is_right(file: File, found: Rows) -> bool:
    """Whether every cell came out. Blanks around cells, empty cells at the end of a row and empty rows make
    no difference; an empty or repeated name in the header may be replaced by one of the reader's own.

    >>> file = File("a.csv", b"", "utf-8", ",", ["a", ""], [["1", "2"]])
    >>> is_right(file, [["a", "column 2"], ["1", " 2", ""], []]), is_right(file, [["a", ""], ["1"]])
    (True, False)
    """
    rows = [row for row in map(_plain, found) if row]
    if file.header is None:
        made_up = bool(found) and all(_MADE_UP.match(cell.strip()) for cell in found[0])
        return rows == file.rows or (made_up and rows[1:] == file.rows)
    return bool(rows) and _same_names(file.header, rows[0]) and rows[1:] == file.rows


def _same_names(names: list[str], found: list[str]) -> bool:
    if found[0].startswith("#") and not names[0].startswith("#"):
        found = [found[0].lstrip("# "), *found[1:]]
    free = [not name or names.count(name) > 1 for name in names]
    short = names + [""] * (len(found) - len(names))
    return len(found) >= len(_plain(names)) and all(
        cell == name or (i >= len(free) or free[i])
        for i, (cell, name) in enumerate(zip(found, short, strict=True))
    )


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what takes longer.

    Raises:
        TimeoutError: it did.
    """

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class Score:
    """What one reader made of a folder: names of files, and the seconds of the slowest."""

    wrong_delimiter: list[str] = field(default_factory=list)
    wrong_cells: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    slowest: float = 0.0


def judge(read: Callable[[File], tuple[str, Rows]], files: list[File]) -> Score:
    """What a reader makes of the files; one that fails, or takes longer than a minute, is wrong."""
    score = Score()
    for file in files:
        start = time.process_time()
        try:
            with at_most(LONGEST):
                delimiter, found = read(file)
        except Exception as error:  # noqa: BLE001 - a reader that fails is counted as wrong
            score.failed[file.name] = f"{type(error).__name__}: {error}"[:200]
            delimiter, found = "\0", []
        taken = time.process_time() - start
        score.seconds, score.slowest = score.seconds + taken, max(score.slowest, taken)
        if delimiter != file.delimiter:
            score.wrong_delimiter.append(file.name)
        if not is_right(file, found):
            score.wrong_cells.append(file.name)
    return score


def report(readers: dict[str, Callable[[File], tuple[str, Rows]]], files: list[File], first: str) -> None:
    """Print how often each reader is right, and by name what the first of them got wrong."""
    print(
        f"{len(files)} files {'delimiter':>11} {'whole file':>11} {'failed':>7} {'seconds':>8} {'slowest':>8}"
    )
    for name, read in readers.items():
        score = judge(read, files)
        right = len(files) - len(score.wrong_delimiter), len(files) - len(score.wrong_cells)
        times = f"{score.seconds:>8.1f} {score.slowest:>8.1f}"
        print(f"{name:>12} {right[0]:>9} {right[1]:>11} {len(score.failed):>7} {times}")
        if name == first:
            for wrong in sorted({*score.wrong_delimiter, *score.wrong_cells}):
                what = "cells" if wrong in score.wrong_cells else "delimiter"
                print(f"{'':>12} wrong {what}: {wrong} {score.failed.get(wrong, '')}")
