"""A backup taken while people write is whole, and comes back the same."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi_tree.errors import Refused
from kpi_tree.store import Home, backup, batches, settings
from kpi_tree.store import check as checking
from kpi_tree.store.schema import MIGRATIONS

Make = Callable[..., batches.Incoming]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_a_backup_comes_back_the_same(home: Home, incoming: Make, tmp_path: Path) -> None:
    batches.add(home, incoming(), who="t", now=NOW)
    settings.change(home, {"currency": "NOK"}, who="t", now=NOW)
    done = backup.write(home, tmp_path / "one.zip", now=NOW)
    assert done.counts["batches"] == 1
    back = backup.read(tmp_path / "one.zip", tmp_path / "back", now=NOW)
    assert checking.run(back).ok
    assert batches.all_batches(back) == batches.all_batches(home)
    assert settings.get(back) == {"currency": "NOK"}


def test_a_backup_taken_while_people_write_is_consistent(home: Home, incoming: Make, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(batches.add, home, incoming(bytes([n])), who="t", now=NOW) for n in range(24)]
        taken = [backup.write(home, tmp_path / f"{n}.zip", now=NOW) for n in range(4)]
        for one in writing:
            one.result()
    for n, one in enumerate(taken):
        back = backup.read(tmp_path / f"{n}.zip", tmp_path / f"back{n}", now=NOW)
        assert checking.run(back).ok
        assert len(batches.all_batches(back)) == one.counts["batches"]


def test_a_home_that_is_there_is_kept_beside(home: Home, incoming: Make, tmp_path: Path) -> None:
    backup.write(home, tmp_path / "empty.zip", now=NOW)
    batches.add(home, incoming(), who="t", now=NOW)
    with pytest.raises(Refused, match="something in this folder already"):
        backup.read(tmp_path / "empty.zip", home.path, now=NOW)
    assert len(batches.all_batches(home)) == 1
    assert batches.all_batches(backup.read(tmp_path / "empty.zip", home.path, force=True, now=NOW)) == []
    [aside] = [path for path in tmp_path.iterdir() if ".before-" in path.name]
    assert len(batches.all_batches(Home.open(aside))) == 1


def _rewritten(source: Path, target: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return target


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (f'"schema": {len(MIGRATIONS)}'.encode(), b'"schema": 99', "newer release"),
        (b'"records/', b'"../records/', "not a whole backup"),
        (b'"format"', b'"farmat"', "not a whole backup"),
    ],
)
def test_a_backup_with_a_wrong_manifest_is_refused(
    home: Home, incoming: Make, tmp_path: Path, old: bytes, new: bytes, words: str
) -> None:
    batches.add(home, incoming(), who="t", now=NOW)
    backup.write(home, tmp_path / "good.zip", now=NOW)

    def change(name: str, data: bytes) -> tuple[str, bytes]:
        return name, data.replace(old, new) if name == "manifest.json" else data

    bad = _rewritten(tmp_path / "good.zip", tmp_path / "bad.zip", change)
    with pytest.raises(Refused, match=words):
        backup.read(bad, tmp_path / "back", now=NOW)
    assert not (tmp_path / "back").exists()
    assert not (tmp_path / "records").exists()


def test_a_changed_file_and_no_backup_at_all_are_refused(home: Home, incoming: Make, tmp_path: Path) -> None:
    batches.add(home, incoming(), who="t", now=NOW)
    backup.write(home, tmp_path / "good.zip", now=NOW)

    def harm(name: str, data: bytes) -> tuple[str, bytes]:
        return name, data[:-1] + b"?" if name.startswith("files/") else data

    with pytest.raises(Refused, match="was changed"):
        backup.read(_rewritten(tmp_path / "good.zip", tmp_path / "bad.zip", harm), tmp_path / "back", now=NOW)
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(Refused, match="not a whole backup"):
        backup.read(tmp_path / "text.zip", tmp_path / "back", now=NOW)
    with pytest.raises(Refused, match="no such file"):
        backup.read(tmp_path / "none.zip", tmp_path / "back", now=NOW)
    assert not (tmp_path / "back").exists()
