"""How often a reader of CSV files is right, on the generated corpus, ours against the usual ones; and what
``inspect``, ``rows`` and ``load`` cost against one plain pass over the text.

Run: ``python bench/ingest.py``; ``--sizes lines=55 shopify=20`` names the files for the times and their
megabytes (see :mod:`bench.passes`; without any, no times), ``--times 3`` takes the best of three,
``--only-times`` leaves the corpus out. clevercsv and frictionless join in where they are installed
(``pip install clevercsv frictionless``); they are no dependencies.
A file counts as right when the header and every cell come out as they were written; rows of totals,
titles and footers are left out of what is expected, so the cell-for-cell count favours readers that
know them. The delimiter alone is therefore counted apart.

``python bench/ingest.py --folder FILES --truth TRUTH.csv`` does the same for real files of your own; what
the table of truths holds is told in :mod:`bench.folder`.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.folder import File, read_truth, report
from bench.large_file import KINDS
from bench.passes import SIZES, passes
from kpi_tree.ingest import inspect, rows
from tests.ingest.corpus import Case, cases


class Bytes(Protocol):
    """A file to be read: a generated one, or a real one."""

    @property
    def data(self) -> bytes: ...


Read = Callable[[Bytes], tuple[str, list[list[str]]]]


def ours(case: Bytes) -> tuple[str, list[list[str]]]:
    return inspect(case.data, "a.csv").delimiter, list(rows(case.data, "a.csv"))


def _text(case: Bytes) -> str:
    """The others get the text decoded as UTF-8 where that works, else as Windows-1252; of real files, as
    they were written."""
    if isinstance(case, File):
        return case.data.decode(case.encoding)
    try:
        return case.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return case.data.decode("cp1252", "replace")


def sniffer(case: Bytes) -> tuple[str, list[list[str]]]:
    text = _text(case)
    dialect = csv.Sniffer().sniff(text[:20000])
    return dialect.delimiter, [row for row in csv.reader(io.StringIO(text, newline=""), dialect) if row]


def duck(case: Bytes) -> tuple[str, list[list[str]]]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file, duckdb.connect() as engine:
        Path(file.name).write_bytes(_text(case).encode())
        found = engine.execute(
            "SELECT Delimiter FROM sniff_csv(?, all_varchar = true)", [file.name]
        ).fetchall()[0][0]
        table = engine.execute(
            "SELECT * FROM read_csv(?, all_varchar = true, null_padding = true, parallel = false)",
            [file.name],
        )
        header = [column[0] for column in table.description]
        return found, [header, *([cell or "" for cell in row] for row in table.fetchall())]


def clever(case: Bytes) -> tuple[str, list[list[str]]]:
    import clevercsv

    text = _text(case)
    dialect = clevercsv.Sniffer().sniff(text)
    return dialect.delimiter, [row for row in clevercsv.reader(io.StringIO(text, newline=""), dialect) if row]


def frictionless(case: Bytes) -> tuple[str, list[list[str]]]:
    """Its own detection of the encoding, delimiter and header."""
    from frictionless import Detector, Resource, formats

    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(case.data)
        resource = Resource(
            path=Path(file.name).name,
            basepath=str(Path(file.name).parent),
            detector=Detector(field_type="any"),
        )
        with resource:
            control = resource.dialect.get_control("csv")
            assert isinstance(control, formats.CsvControl)
            rows = [[str(cell or "") for cell in row.cells] for row in resource.row_stream]
            return control.delimiter, [[str(label) for label in resource.labels], *rows]


def judge(read: Read, corpus: list[Case]) -> tuple[int, int, float]:
    """How many delimiters and how many whole files are right, and the seconds taken."""
    start, delimiters, whole = time.process_time(), 0, 0
    for case in corpus:
        try:
            delimiter, found = read(case)
        except Exception:  # noqa: BLE001 - a reader that fails is counted as wrong
            continue
        delimiters += delimiter == case.delimiter
        whole += found == [case.header, *case.rows]
    return delimiters, whole, time.process_time() - start


def every_reader() -> dict[str, Read]:
    """Ours and the usual ones, as far as they are installed."""
    readers: dict[str, Read] = {"kpi_tree": ours, "csv.Sniffer": sniffer, "DuckDB": duck}
    try:
        import clevercsv  # noqa: F401
    except ImportError:
        print("clevercsv is not installed; left out")
    else:
        readers["clevercsv"] = clever
    try:
        import frictionless as _  # noqa: F401
    except ImportError:
        print("frictionless is not installed; left out")
    else:
        readers["frictionless"] = frictionless
    return readers


def judge_all() -> None:
    """How often each reader is right on the generated corpus."""
    corpus = [case for case in cases() if case.delimiter is not None]
    readers = every_reader()
    print(f"{len(corpus)} files  {'delimiter':>10} {'whole file':>11} {'seconds':>8}")
    for name, read in readers.items():
        delimiters, whole, seconds = judge(read, corpus)
        print(f"{name:>12} {delimiters:>9} {whole:>11} {seconds:>8.1f}")


def sizes_of(said: list[str]) -> dict[str, int]:
    """``kind=megabytes`` as a table.

    >>> sizes_of(["lines=55"])
    {'lines': 55}
    """
    found = {kind: int(size) for kind, _, size in (one.partition("=") for one in said)}
    if unknown := set(found) - set(KINDS):
        raise SystemExit(f"{', '.join(sorted(unknown))}: kinds are {', '.join(KINDS)}")
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", nargs="*", metavar="KIND=MB", default=[f"{k}={n}" for k, n in SIZES.items()]
    )
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--only-times", action="store_true")
    parser.add_argument("--small", action="store_true", help="times of files of 2 MB")
    parser.add_argument("--folder", type=Path, help="real files, told of in the table of truths")
    parser.add_argument("--truth", type=Path, help="the table of truths; see bench/folder.py")
    said = parser.parse_args()
    if (said.folder is None) != (said.truth is None):
        parser.error("--folder and --truth belong together")
    if said.folder is not None:
        report(every_reader(), read_truth(said.folder, said.truth), first="kpi_tree")
    else:
        if not said.only_times:
            judge_all()
        passes({kind: 2 if said.small else size for kind, size in sizes_of(said.sizes).items()}, said.times)
