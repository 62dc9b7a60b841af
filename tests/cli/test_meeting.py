"""The meeting file from the command line: what it answers, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.cli.app import run
from kpi_tree.workspace import MEETING_SECTIONS, Asker


def test_it_writes_a_page_and_says_what_is_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, file = str(tmp_path / "home"), tmp_path / "meeting.html"
    call = ["--home", home, "--json", "meeting", "--to", str(file)]
    assert run(call) == 1, "there is no plan yet"
    assert not file.exists()
    owner = Asker("Kari", "owner")
    workspace.new_plan(workspace.open_home(home), owner, template=None, name="Sales")
    capsys.readouterr()
    assert run([*call, "--sections", "verdicts, decisions", "--lang", "nb"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"file": str(file), "bytes": file.stat().st_size, "sections": ["verdicts", "decisions"]}
    page = file.read_text("utf-8")
    assert '<html lang="nb">' in page
    assert page.count("data-part=") == 2
    assert run([*call, "--sections", "verdict"]) == 1
    refused = json.loads(capsys.readouterr().out)["error"]
    assert "verdicts" in refused["remedy"]
    assert file.read_text("utf-8") == page, "a refusal leaves the file as it was"


def test_the_help_names_every_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["meeting", "--help"]) == 0
    shown = "".join(capsys.readouterr().out.split())
    assert all(name in shown for name in MEETING_SECTIONS)
