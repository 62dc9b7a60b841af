"""A question that is too big is refused, and never fills the folder that the program is run from."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest

from kpi_tree.errors import Cancelled, Refused
from kpi_tree.metrics import Engine
from kpi_tree.records import leftovers, room
from kpi_tree.records.leftovers import OWNER
from kpi_tree.records.room import bound, roomy
from kpi_tree.steps import Watch


def test_what_does_not_fit_goes_to_a_folder_of_its_own_that_is_gone_at_close(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, spill = tmp_path / "here", tmp_path / "spill"
    here.mkdir()
    spill.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(leftovers.tempfile, "tempdir", str(spill))
    engine = Engine(tmp_path / "records", {}, memory_limit="40MB")
    engine._con.execute("CREATE TABLE big AS SELECT hash(i) AS h, i::VARCHAR AS t FROM range(3000000) r(i)")
    (folder,) = spill.iterdir()
    assert [file for file in folder.iterdir() if file.name != OWNER], (
        "nothing was spilled: the test proves nothing"
    )
    assert list(here.iterdir()) == []
    engine.close()
    assert list(spill.iterdir()) == []


def test_what_does_not_fit_at_all_is_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "DISK", room.MEGABYTE)
    engine = Engine(tmp_path / "records", {}, memory_limit="20MB")
    with pytest.raises(Refused, match="more memory") as caught:
        engine.arrow("SELECT i, hash(i) FROM range(5000000) r(i) ORDER BY hash(i) LIMIT 4000000")
    assert caught.value.remedy is not None
    engine.close()


def test_the_limits_are_those_of_the_machine_at_most() -> None:
    with room.roomy() as con:
        limit, size, folder = con.execute(
            "SELECT current_setting('memory_limit'), current_setting('max_temp_directory_size'), "
            "current_setting('temp_directory')"
        ).fetchall()[0]
    assert limit.endswith("GiB") or limit.endswith("MiB")
    assert float(limit.split()[0]) <= 3.0 or limit.endswith("MiB")
    assert float(size.split()[0]) <= 8.0 or size.endswith("MiB")
    assert not Path(folder).exists()


def test_a_running_query_is_ended_when_its_job_is_stopped() -> None:
    start = time.monotonic()
    watch = Watch(None, lambda: time.monotonic() - start > 0.2)
    with pytest.raises(Cancelled), roomy(watch=watch) as con:
        con.execute("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b").fetchall()
    assert time.monotonic() - start < 10


def test_a_long_query_writes_nothing_on_standard_output(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """DuckDB's own progress bar stood in the middle of a command's JSON when a query took 2 s."""
    long = "SELECT count(*) FROM range(6000) a, range(6000) b WHERE (a.range * b.range) % 7 = 3"
    with duckdb.connect() as con:
        con.execute("SET progress_bar_time = 1")
        bound(con, tmp_path)
        capfd.readouterr()  # what the statement that ended it took to end
        con.execute(long).fetchall()
    assert capfd.readouterr() == ("", "")
