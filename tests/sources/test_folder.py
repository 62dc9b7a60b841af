"""A watched folder: complete files, each content once, nothing from outside."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Refused
from kpi_tree.sources import Bounds
from kpi_tree.sources.folder import Seen, settled
from kpi_tree.steps import Progress, Step
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

Sizes = Callable[..., bytes]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def drop(home: Home, owner: Asker, bounds: Bounds, now: datetime) -> Path:
    """The home's own folder, watched every quarter of an hour."""
    workspace.add_source(
        home, owner, "Drop", kind="folder", place={"pattern": "*.csv"}, reading={"as_table": "market_size"},
        schedule="15m", bounds=bounds, now=now,
    )  # fmt: skip
    return home.path / "inbox"


def test_each_content_is_loaded_once_whatever_its_name(
    home: Home, owner: Asker, bounds: Bounds, now: datetime, drop: Path, sizes: Sizes
) -> None:
    (drop / "a.csv").write_bytes(sizes(("no", "2026-01-01", 5)))
    (drop / "notes.txt").write_text("not asked for")
    (drop / ".hidden.csv").write_bytes(sizes(("dk", "2026-01-01", 5)))
    (drop / "b.csv.part").write_bytes(sizes(("fi", "2026-01-01", 5)))
    (run,) = workspace.tick(home, owner, now=now, bounds=bounds)
    assert (run.outcome, [one["file"] for one in run.receipts]) == ("loaded", ["a.csv"])
    batch = run.receipts[0]["batch"]
    assert [(one.batch, one.who) for one in workspace.batches(home, owner)] == [(batch, "Drop")]

    (drop / "a.csv").rename(drop / "renamed.csv")
    (drop / "copy.csv").write_bytes(sizes(("no", "2026-01-01", 5)))
    (again,) = workspace.tick(home, owner, now=now + 15 * MINUTE, bounds=bounds)
    assert (again.outcome, list(again.receipts)) == ("unchanged", [])

    workspace.withdraw(home, owner, batch, now=now)
    (after,) = workspace.tick(home, owner, now=now + 30 * MINUTE, bounds=bounds)
    assert after.outcome == "unchanged", "a person took it out: the source does not bring it back"
    assert not any(one.active for one in workspace.batches(home, owner))


def test_the_oldest_comes_first_so_that_the_newest_export_wins(
    home: Home, owner: Asker, bounds: Bounds, now: datetime, drop: Path, sizes: Sizes
) -> None:
    for name, value, age in (("z.csv", 1, 60), ("a.csv", 2, 30)):
        (drop / name).write_bytes(sizes(("no", "2026-01-01", value)))
        os.utime(drop / name, (now.timestamp() - age,) * 2)
    (run,) = workspace.tick(home, owner, now=now, bounds=bounds)
    assert [one["file"] for one in run.receipts] == ["z.csv", "a.csv"]
    assert run.receipts[1]["changed"] == 1


def test_a_refused_file_is_a_fault_until_it_is_gone(
    home: Home, owner: Asker, bounds: Bounds, now: datetime, drop: Path, sizes: Sizes
) -> None:
    (drop / "bad.csv").write_text("what,ever\n1,2\n")
    (drop / "good.csv").write_bytes(sizes(("no", "2026-01-01", 5)))
    (first,) = workspace.tick(home, owner, now=now, bounds=bounds)
    assert (first.outcome, len(first.receipts)) == ("failed", 1), "the good file is loaded all the same"
    assert first.problem is not None
    (second,) = workspace.tick(home, owner, now=now + 15 * MINUTE, bounds=bounds)
    assert second.outcome == "failed"
    (drop / "bad.csv").unlink()
    (third,) = workspace.tick(home, owner, now=now + 60 * MINUTE, bounds=bounds)
    assert third.outcome == "unchanged"
    (source,) = workspace.sources(home, owner, now=now)
    assert (source.state, source.problem, source.failing_since) == ("ok", None, None)


def test_a_file_that_is_still_written_is_waited_for(now: datetime) -> None:
    fresh = Seen("a.csv", 10, int(now.timestamp() * 1e9))
    assert not settled(fresh, None, None, now, 10)
    assert not settled(fresh, fresh, now - timedelta(seconds=5), now, 10)
    assert settled(fresh, fresh, now - timedelta(seconds=10), now, 10), "the same at two looks"
    grown = Seen("a.csv", 11, fresh.changed_ns)
    assert not settled(grown, fresh, now - timedelta(seconds=60), now, 10)


def test_by_hand_a_file_that_grows_is_left_and_a_wait_can_be_stopped_by_anybody(
    home: Home, owner: Asker, bounds: Bounds, now: datetime, drop: Path, sizes: Sizes
) -> None:
    path = drop / "a.csv"
    path.write_bytes(sizes(("no", "2026-01-01", 5)))
    said: list[str] = []

    def writes_on(step: Step) -> None:
        said.append(step.message.id)
        if len(said) == 1:
            path.write_bytes(sizes(("no", "2026-01-01", 5), ("se", "2026-01-01", 7)))

    def run(settle: float, progress: Progress | None = None) -> str:
        within = replace(bounds, settle_seconds=settle)
        return workspace.run_source(home, owner, "Drop", now=now, bounds=within, progress=progress).outcome

    assert run(0.05, writes_on) == "waiting", "nothing is taken half"
    assert said[0] == "Waiting until {file} is written"
    assert not workspace.batches(home, owner)
    with pytest.raises(Refused, match="not running"):
        workspace.stop_source(home, owner, "Drop", now=now)
    stops: list[bool] = []

    def stopped_by_another(_: Step) -> None:
        workspace.stop_source(home, Asker("Ola", "uploader"), "Drop", now=now)
        (seen,) = workspace.sources(home, owner, now=now)
        stops.append(seen.stopping)

    assert (run(60, stopped_by_another), stops) == ("stopped", [True])
    assert run(0.05) == "loaded"


def test_links_do_not_lead_out_of_the_folder(
    home: Home, owner: Asker, bounds: Bounds, now: datetime, drop: Path, tmp_path: Path, sizes: Sizes
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(sizes(("no", "2026-01-01", 5)))
    (drop / "link.csv").symlink_to(secret)
    os.mkfifo(drop / "pipe.csv")
    (run,) = workspace.tick(home, owner, now=now, bounds=bounds)
    assert (run.outcome, list(run.receipts)) == ("unchanged", [])
    for path in (drop / "link.csv", drop / "pipe.csv"):
        path.unlink()
    drop.rmdir()
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.csv").write_bytes(secret.read_bytes())
    drop.symlink_to(other)
    (moved,) = workspace.tick(home, owner, now=now + 15 * MINUTE, bounds=bounds)
    assert moved.outcome == "failed"
    assert "link to another place" in str(moved.problem)


@pytest.mark.parametrize("place", ["{tmp}", "/etc", "{home}", "{home}/records", "/does/not/exist"])
def test_only_folders_that_were_let_in_are_watched(
    home: Home, owner: Asker, bounds: Bounds, tmp_path: Path, place: str
) -> None:
    folder = place.format(tmp=tmp_path, home=home.path)
    with pytest.raises(Refused):
        workspace.add_source(home, owner, "X", kind="folder", place={"folder": folder}, bounds=bounds)
    assert workspace.sources(home, owner) == []


def test_a_folder_let_in_by_the_server_may_be_watched(
    home: Home, owner: Asker, tmp_path: Path, now: datetime
) -> None:
    exports = tmp_path / "exports" / "pos"
    exports.mkdir(parents=True)
    within = Bounds.from_environment({"KPI_TREE_FOLDERS": str(tmp_path / "exports")})
    made = workspace.add_source(
        home, owner, "POS", kind="folder", place={"folder": str(exports)}, bounds=within, now=now
    )
    assert made.where == str(exports)


def test_more_files_than_one_run_takes_come_with_the_next(
    home: Home, owner: Asker, bounds: Bounds, now: datetime, drop: Path, sizes: Sizes
) -> None:
    from dataclasses import replace

    for n in range(3):
        (drop / f"{n}.csv").write_bytes(sizes(("no", f"2026-0{n + 1}-01", n)))
    done = workspace.tick(home, owner, now=now, bounds=replace(bounds, files=2))
    assert [len(run.receipts) for run in done] == [2, 1]
