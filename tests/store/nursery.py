"""Stands ready with everything imported, and brings up processes that load files until they are killed.

For each line on standard input (a name) it forks one and says ``born <pid>``; the child says ``begins``,
then ``kept <batch>`` for each batch that must survive whatever comes; its end is told as ``dead <pid>``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kpi_tree import clock, ingest, workspace
from kpi_tree.ingest.known import known
from kpi_tree.ingest.mapping.layout import recognise
from kpi_tree.records.tables import tables
from kpi_tree.store import Home, batches
from kpi_tree.store.files import sha256_of

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
ROWS = 300
PIECES = ingest.Limits(whole_bytes=0, part_bytes=8192, drawer_bytes=16384)
WHO = workspace.Asker("importer", "owner")


def content_of(name: str, number: int) -> bytes:
    """A file of its own, with one row that cannot be used."""
    first = 500000 + number * ROWS
    lines = [f"{first + n},S{n},{name},2,2011-01-04 10:00:00,{n}.50,17850,Norway\n" for n in range(ROWS)]
    return (HEAD + "".join(lines) + f"{first},S,{name},many,2011-01-04 10:00:00,1.00,1,Norway\n").encode()


def _say(words: str) -> None:
    os.write(1, f"{words}\n".encode())


def load_for_ever(home: Home, name: str) -> None:
    """Load one file after another: by the verb that people use, or in pieces as large files are."""
    _say("begins")
    for number in range(10_000):
        content = content_of(name, number)
        if number % 2:
            receipt = workspace.load_file(home, WHO, content, f"{name}-{number}.csv", now=clock.now())
            _say(f"kept {receipt.batch}")
            continue
        with ingest.read(content, f"{name}-{number}.csv", limits=PIECES) as reading:
            incoming = batches.Incoming(
                f"{name}-{number}.csv", content, sha256_of(content), reading.tables, reading.quarantine,
                counts={"rows": reading.rows, "accepted": ROWS}, main_table="order_lines",
            )  # fmt: skip
            _say(f"kept {batches.add(home, incoming, who=name, now=clock.now())[0].id}")


def main(folder: str) -> None:
    """Bring up a process for each name that is asked for."""
    known(HEAD.split(",")), recognise(HEAD.split(",")), tables()  # read what every load needs, once
    _say("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            load_for_ever(Home.open(Path(folder)), line.strip())
        _say(f"born {child}")
        os.waitpid(child, 0)
        _say(f"dead {child}")


if __name__ == "__main__":
    main(sys.argv[1])
