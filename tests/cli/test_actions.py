"""The commands of actions by their contract: fields in and out, the best plan, the score, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.cli import run

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command line in a home of its own, with a plan whose goal has two factors; no data."""
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))

    def line(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = run(words)
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    outline = tmp_path / "plan.txt"
    outline.write_text("Sales [sales]\n  * Orders [orders]\n  * Order value [aov]\n", encoding="utf-8")
    assert line("plan", "import", str(outline))[0] == 0
    return line


def asked(call: Call, *args: str) -> Any:
    status, out, err = call("action", *args, "--json")
    assert status == 0, err
    return json.loads(out)


def test_every_field_goes_in_and_comes_out(call: Call) -> None:
    first = asked(call, "add", "orders", "First", "--state", "done")
    made = asked(
        call, "add", "orders", "Letters", "--owner", "Kari", "--start", "2026-02-01", "--due", "2026-02-20",
        "--expected", "12", "--delay", "3", "--window", "28", "--course", "lasting", "--confidence", "60",
        "--cost", "500", "--effort", "8", "--kind", "mail", "--link", "https://example.org/a",
        "--needs", first["id"], "--control", "country=SE",
    )  # fmt: skip
    assert made["window"] == {"start": "2026-02-04", "end": "2026-03-04"}
    assert (made["confidence"], made["cost"], made["effort"], made["kind"]) == (0.6, 500, 8, "mail")
    assert (made["course"], made["links"], made["needs"]) == (
        "lasting", ["https://example.org/a"], [first["id"]],
    )  # fmt: skip
    changed = asked(call, "update", made["id"], "--clear", "cost", "--clear", "links", "--course", "even")
    assert (changed["cost"], changed["links"], changed["course"]) == (None, [], None)
    assert changed["confidence"] == 0.6


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--control", "Sweden"), "country=SE"),
        (("--link", "ftp://x"), "not a web address"),
        (("--needs", "nothing"), "not an action"),
        (("--window", "0"), "1 to 731"),
        (("--confidence", "170"), "170"),
        (("--cost", "-5"), "below zero"),
    ],
)
def test_what_cannot_be_is_said(call: Call, more: tuple[str, ...], words: str) -> None:
    status, out, err = call("action", "add", "orders", "Letters", *more)
    assert status in (1, 2)
    assert words in out + err


def test_the_best_plan_and_the_score_say_what_is_missing(call: Call) -> None:
    made = asked(call, "add", "orders", "Letters", "--expected", "5", "--state", "done")
    score = asked(call, "score")
    assert score["scores"][0]["measured"] == 0
    assert "no start" in score["bets"][0]["why"]
    status, out, err = call("action", "measure", made["id"])
    assert (status, "no start" in out + err) == (1, True)
    for args in (("--budget", "-1"), ("--capacity-of", "Kari")):
        status, out, err = call("action", "plan", *args)
        assert status in (1, 2)
    found = asked(call, "plan", "--budget", "100")
    assert (found["chosen"], found["gain"]) == ([], 0)
