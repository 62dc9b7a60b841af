"""An import is whole or absent, whatever moment its process is killed at."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kpi_tree.store import Home, batches
from kpi_tree.store import check as checking

IMPORTER = Path(__file__).with_name("importer.py")
ROWS = 20_000
ROUNDS = 6


def _start(home: Home, name: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, str(IMPORTER), str(home.path), name], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    return process


def _kill(process: subprocess.Popen[str]) -> list[str]:
    """Kill it; the batches that it said it had kept."""
    process.send_signal(signal.SIGKILL)
    out, _ = process.communicate()
    # A line that was cut off by the kill is no promise.
    return [line for line in out.split("\n")[:-1] if line]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL here")
def test_a_killed_import_is_whole_or_absent(home: Home) -> None:
    chance, promised = random.Random(5), []
    for number in range(ROUNDS):
        process = _start(home, f"r{number}")
        if number % 2 and process.stdout is not None:  # killed in its second import, however slow the machine
            promised.append(process.stdout.readline().strip())
        time.sleep(chance.uniform(0.0, 0.6))
        promised += _kill(process)
        opened = Home.open(home.path)
        found = checking.run(opened)
        assert found.ok, found.problems
        named = {path for rows in batches.active_files(opened).values() for _, _, path in rows}
        present = {path for path in opened.records.rglob("*") if path.is_file()}
        assert present == named, "leftovers are gone after the check"
        assert all(pq.read_metadata(path).num_rows == ROWS for path in named)
        with opened.read() as db:
            measured = db.execute("select batch_id, count(*) from observations group by 1").fetchall()
        kept = {batch.id for batch in batches.all_batches(opened)}
        assert {batch for batch, _ in measured} == kept
        assert {count for _, count in measured} <= {500}
        assert set(promised) <= kept, "what was said to be kept is there"
    assert len(promised) >= ROUNDS // 2, "some imports were through before their process was killed"


def test_processes_import_at_once_and_none_gets_in_the_way(home: Home) -> None:
    running = [_start(home, f"p{number}") for number in range(3)]
    time.sleep(1)
    promised = [batch for process in running for batch in _kill(process)]
    kept = batches.all_batches(home)
    assert set(promised) <= {batch.id for batch in kept}
    assert sorted(batch.seq for batch in kept) == list(range(1, len(kept) + 1))
    assert checking.run(home).ok
