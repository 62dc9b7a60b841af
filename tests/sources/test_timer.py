"""The app's own clock."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from kpi_tree import clock, workspace
from kpi_tree.store import Home
from kpi_tree.ui.shell import start
from kpi_tree.ui.timer import Timer, seconds_between
from kpi_tree.workspace import Asker


def test_it_runs_what_is_due_and_stops_when_told(
    tmp_path: Path, owner: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KPI_TREE_EMPTY", "1")
    home: Home = start.home()
    workspace.add_source(home, owner, "Drop", kind="folder", place={}, now=clock.now())
    timer = Timer(0.02)
    timer.begin()
    timer.begin()
    assert [thread.name for thread in threading.enumerate()].count("sources") == 1
    until = time.monotonic() + 120
    while time.monotonic() < until and not workspace.source_runs(home, owner, "Drop"):
        time.sleep(0.02)
    thread = timer.thread
    assert thread is not None
    timer.end()
    thread.join(120)  # a run under way comes to its end
    assert "sources" not in [thread.name for thread in threading.enumerate()]
    (run,) = workspace.source_runs(home, owner, "Drop")
    assert run.outcome == "unchanged"


def test_it_outlives_a_home_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the home should be")
    monkeypatch.setenv("KPI_TREE_HOME", str(blocked))
    timer = Timer(0.01)
    timer.begin()
    until = time.monotonic() + 120
    while time.monotonic() < until and caplog.text.count("could not be looked at") < 2:
        time.sleep(0.01)
    timer.end()
    assert caplog.text.count("could not be looked at") >= 2


def test_it_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_TREE_TICK_SECONDS", "0")
    timer = Timer()
    timer.begin()
    assert timer.thread is None
    timer.end()
    monkeypatch.setenv("KPI_TREE_TICK_SECONDS", "often")
    assert seconds_between() == 20.0
