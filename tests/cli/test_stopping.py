"""Ctrl-C in the middle of a load: the program says so and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


def _run(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "kpi_tree", *words, "--home", str(home)]


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_ctrl_c_stops_a_load_and_leaves_nothing(tmp_path: Path) -> None:
    home, between, file = tmp_path / "home", tmp_path / "between", tmp_path / "orders.csv"
    between.mkdir()
    body = "".join(
        f"{n // 4},2024-05-{n % 28 + 1:02},{n % 3 + 1},{n % 90}.50,{'x' * 150}\n" for n in range(100_000)
    )
    file.write_text("Order number,Order date,Quantity,Unit price,Product name\n" + body, encoding="utf-8")
    around = {**os.environ, "TMPDIR": str(between)}
    with subprocess.Popen(
        _run(home, "load", str(file)), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=around
    ) as loading:
        assert loading.stderr is not None
        assert "orders.csv" in loading.stderr.readline()
        loading.stderr.readline()
        loading.send_signal(signal.SIGINT)
        said = loading.stderr.read()
        assert loading.wait(60) == 1
    assert "You stopped it. Nothing was changed." in said
    assert "Traceback" not in said
    assert "Keeping" not in said
    assert list(between.iterdir()) == []
    done = subprocess.run(
        _run(home, "check", "--json"), capture_output=True, text=True, check=True, env=around, timeout=120
    )
    assert json.loads(done.stdout)["ok"]
    assert list((home / "records").rglob("*.parquet")) == []
    assert [path for path in (home / "files").rglob("*") if path.is_file()] == []
