"""What a killed process leaves in the temporary folder goes at the next start; nothing else does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kpi_tree.records import leftovers

MAKER = "from kpi_tree.records import leftovers; print(leftovers.new_folder(), flush=True); input()"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(leftovers.tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _maker(temporary: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", MAKER],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_folder_lives_as_long_as_its_process_and_goes_with_the_next_sweep(temporary: Path) -> None:
    process, folder = _maker(temporary)
    (folder / "part.arrow").write_bytes(b"x")
    assert leftovers.sweep() == []
    assert folder.is_dir()
    process.kill()
    process.communicate()
    assert leftovers.sweep() == [folder]
    assert not folder.exists()


def test_ones_own_folders_strangers_and_links_stay(temporary: Path) -> None:
    mine = leftovers.new_folder()
    stranger = temporary / "kpi_tree_young"
    stranger.mkdir()
    target = temporary / "elsewhere"
    target.mkdir()
    (temporary / "kpi_tree_link").symlink_to(target)
    assert leftovers.sweep() == []
    assert mine.is_dir()
    leftovers.drop_folder(mine)
    assert not mine.exists()


def test_ctrl_c_at_any_line_leaves_nothing_when_the_process_has_ended(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(leftovers, "_makers", {})
    with monkeypatch.context() as patch:
        patch.setattr(leftovers.os, "open", stopped)
        with pytest.raises(KeyboardInterrupt):
            leftovers.new_folder()
    assert list(temporary.iterdir()) != []
    leftovers._drop_what_is_left()
    assert list(temporary.iterdir()) == []


def test_an_old_folder_that_nobody_holds_goes(temporary: Path) -> None:
    old = temporary / "kpi_tree_old"
    old.mkdir()
    os.utime(old, (1.0, 1.0))
    assert leftovers.sweep() == [old]


def test_a_folder_of_ones_own_is_gone_at_the_end_whatever_happens(temporary: Path) -> None:
    with pytest.raises(ValueError, match="stop"), leftovers.folder_of_own():
        raise ValueError("stop")
    assert list(temporary.iterdir()) == []
