"""Ctrl-C in the middle of a load or a correction: the program says so and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.store.files import one_at_a_time

WHO = workspace.Asker("test", "owner")


def _run(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "kpi_tree", *words, "--home", str(home)]


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of orders that is read in parts, with a row to set aside."""
    file = tmp_path_factory.mktemp("given") / "orders.csv"
    body = "".join(
        f"{n // 4},2024-05-{n % 28 + 1:02},{n % 3 + 1},{n % 90}.50,{'x' * 400}\n" for n in range(100_000)
    )
    head = "Order number,Order date,Quantity,Unit price,Product name\n"
    file.write_text(head + body + "99999,2024-05-01,many,5.00,x\n", encoding="utf-8")
    return file


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    ("word", "told"),
    [("load", "You stopped it. Nothing was changed."), ("inspect", "Stopped. Nothing was left half-done.")],
    ids=["load", "inspect"],
)
def test_ctrl_c_stops_it_and_leaves_nothing(tmp_path: Path, orders: Path, word: str, told: str) -> None:
    home, between = tmp_path / "home", tmp_path / "between"
    between.mkdir()
    around = {**os.environ, "TMPDIR": str(between)}
    said = _stopped(_run(home, word, str(orders)), around, between)
    assert told in said
    assert "Traceback" not in said
    assert "Keeping" not in said
    assert list(between.iterdir()) == []
    if word == "load":
        assert _whole(home, around)
    assert list((home / "records").rglob("*.parquet")) == []
    assert [path for path in (home / "files").rglob("*") if path.is_file()] == []


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_ctrl_c_stops_a_correction_and_leaves_its_rows_set_aside(tmp_path: Path) -> None:
    home, given = workspace.open_home(tmp_path / "home"), tmp_path / "orders.csv"
    given.write_text(
        "Order number,Order date,Quantity,Unit price\n1,2024-05-01,many,5.00\n2,2024-05-02,1,7.50\n"
    )
    assert workspace.load_file(home, WHO, given, given.name).rejected == 1
    fixed = tmp_path / "fixed.csv"
    rows = workspace.set_aside_file(home, WHO, "1", form="csv", lang="en").decode("utf-8-sig")
    fixed.write_text(rows.replace("many", "3"))
    before = _kept(home.path)
    # Its turn to keep anything never comes, however slow the machine is.
    command = _run(home.path, "quarantine", "1", "--fix", str(fixed))
    with one_at_a_time(home), subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        running.stderr.readline()  # it tells how far it is: from here on it hears
        running.send_signal(signal.SIGINT)
        try:
            _, said = running.communicate(timeout=60)
        finally:
            running.kill()
    assert running.returncode == 1
    assert "You stopped it. Nothing was changed." in said
    assert "Traceback" not in said
    assert _kept(home.path) == before
    assert [(one.number, one.waiting) for one in workspace.batches(home, WHO)] == [(1, 1)]
    assert workspace.check(home, WHO, clean=False)["ok"]
    assert workspace.mend_from(home, WHO, "1", fixed, fixed.name).accepted == 1


def _kept(home: Path) -> list[Path]:
    return sorted(
        path for part in ("records", "files") for path in (home / part).rglob("*") if path.is_file()
    )


def _stopped(command: list[str], around: dict[str, str], between: Path) -> str:
    """What a process says when it is stopped as soon as it reads."""
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=around
    ) as running:
        assert running.stderr is not None
        if "load" in command:  # it tells how far it is
            assert "orders.csv" in running.stderr.readline()
            running.stderr.readline()
        until = time.monotonic() + 60
        # Its own folder: Python tries the place with a file of another name first, and takes that away.
        while not list(between.glob("kpi_tree_*")) and time.monotonic() < until:
            assert running.poll() is None
            time.sleep(0.005)
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        assert running.wait(60) == 1
    return said


def _whole(home: Path, around: dict[str, str]) -> bool:
    done = subprocess.run(
        _run(home, "check", "--json"), capture_output=True, text=True, check=True, env=around, timeout=120
    )
    return bool(json.loads(done.stdout)["ok"])
