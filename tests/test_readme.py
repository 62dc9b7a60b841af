"""What the README tells a newcomer to type is typed here."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from kpi_tree.cli import run

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
LINES = [line.strip() for block in BLOCKS for line in block.splitlines() if line.strip()]
COMMANDS = [line for line in LINES if line.startswith("python -m kpi_tree")]


def test_there_are_commands_to_try() -> None:
    assert len(COMMANDS) >= 8


def test_every_command_of_the_readme_runs(
    sample_home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order and in one home, as a reader would.

    In this process, and over the sample shop that the run has made already: that ``demo`` makes it, in a
    process of its own and from nothing, is proved in ``tests/cli/test_command_line.py``.
    """
    shutil.copytree(sample_home, tmp_path / "home")
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KPI_TREE_DEBUG", raising=False)
    monkeypatch.chdir(ROOT)
    for command in COMMANDS:
        status = run(shlex.split(command)[3:])
        out, err = capfd.readouterr()
        assert status == 0, f"{command}\n{out}\n{err}"
        assert out.strip(), f"{command} printed nothing"
        assert "Traceback" not in err


def test_make_targets_that_the_docs_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    docs = README + (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"\bmake (\w+)", docs))
    targets = set(re.findall(r"^(\w+):", makefile, flags=re.MULTILINE))
    assert named & targets
    assert not set(re.findall(r"`make (\w+)`", docs)) - targets


def test_files_that_the_docs_name_exist() -> None:
    for target in re.findall(r"\]\(((?!http)[^)]+)\)", README):
        assert (ROOT / target).exists(), target
    for name in re.findall(r"`((?:kpi_tree|docs|data|tests|tools)/[\w./-]+)`", README):
        assert (ROOT / name).exists(), name
