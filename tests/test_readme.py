"""What the README tells a newcomer to type is typed here."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
LINES = [line.strip() for block in BLOCKS for line in block.splitlines() if line.strip()]
COMMANDS = [line for line in LINES if line.startswith("python -m kpi_tree")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_there_are_commands_to_try() -> None:
    assert len(COMMANDS) >= 8


def test_every_command_of_the_readme_runs(home: Path) -> None:
    """In their order and in one home, as a reader would."""
    for command in COMMANDS:
        run = subprocess.run(
            [sys.executable, *shlex.split(command)[1:]],
            cwd=ROOT,
            env={**os.environ, "KPI_TREE_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
        assert run.stdout.strip(), f"{command} printed nothing"
        assert "Traceback" not in run.stderr


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
