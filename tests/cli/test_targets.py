"""target, plan event and plan capacity by the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.cli import run

Call = Callable[..., tuple[int, Any, str]]

PLAN = {
    "id": "shop",
    "nodes": [
        {"id": "sales", "kind": "kgi", "name": "Sales", "unit": "money", "assumption": 1000},
        {"id": "rate", "name": "Conversion", "unit": "percent", "assumption": 0.03},
    ],
    "edges": [{"parent": "sales", "child": "rate", "kind": "influence"}],
}


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command line on a home with the plan: status, document, standard error."""
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    (tmp_path / "shop.json").write_text(json.dumps(PLAN))

    def line(*words: str, as_json: bool = True) -> tuple[int, Any, str]:
        capfd.readouterr()
        status = run([*words, "--json"] if as_json else list(words))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, (json.loads(out) if as_json and out.strip() else out), err

    assert line("plan", "import", str(tmp_path / "shop.json"))[0] == 0
    return line


def targets(call: Call) -> dict[str, Any]:
    return {one["id"]: one for one in call("target", "list")[1]}


def test_a_target_from_a_change_a_range_and_a_table(call: Call, tmp_path: Path) -> None:
    given = ("--period", "2027-Q1", "--baseline", "1000", "--change", "10%", "--why", "Plan of the board")
    assert call("target", "set", "sales", *given)[0] == 0
    assert call("target", "set", "rate", "--period", "2027-Q1", "--keep-between", "3%:4%")[0] == 0
    (tmp_path / "path.txt").write_text("Dato\tVerdi\n31.01.2027\t200,5\n28.02.2027\t600\n")
    points = ("--id", "sales_2027_q1", "--points", str(tmp_path / "path.txt"))
    assert call("target", "set", "sales", *points, "--lang", "nb")[0] == 0
    found = targets(call)
    assert found["sales_2027_q1"]["value"] == pytest.approx(1100.0)
    assert found["sales_2027_q1"]["custom"] == [["2027-01-31", 200.5], ["2027-02-28", 600.0]]
    assert (found["rate_2027_q1"]["low"], found["rate_2027_q1"]["high"]) == (0.03, 0.04)
    said = call("target", "versions", "sales_2027_q1")[1]
    assert [one["why"] for one in said] == ["", "Plan of the board"]
    assert call("target", "restore", "sales_2027_q1", "2")[0] == 0
    assert "custom" not in targets(call)["sales_2027_q1"]


def test_lines_events_weights_and_the_next_period(call: Call) -> None:
    assert (
        call("plan", "event", "add", "Sale", "--from", "2027-01-02", "--to", "2027-01-03", "--weight", "3")[0]
        == 0
    )
    weights = ("--weekdays", "1,1,1,1,1,2,0", "--events")
    assert call("target", "set", "sales", "--period", "2027-01", "--value", "500", *weights)[0] == 0
    assert call("target", "set", "sales", "--period", "2027-01", "--value", "400", "--kind", "floor")[0] == 0
    assert call("target", "copy", "sales_2027_01", "--keep", "value")[0] == 0
    found = targets(call)
    assert set(found) == {"sales_2027_01", "sales_2027_01_floor", "sales_2027_02", "sales_2027_02_floor"}
    assert found["sales_2027_02"]["weekdays"] == [1, 1, 1, 1, 1, 2, 0]
    assert call("plan", "event", "list")[1] == [
        {"name": "Sale", "start": "2027-01-02", "end": "2027-01-04", "weight": 3.0}
    ]
    status, _, err = call("plan", "event", "remove", "Sall")
    assert (status, "Did you mean Sale?" in err) == (1, True)
    assert call("plan", "event", "remove", "Sale")[0] == 0
    assert call("plan", "undo")[0] == 0
    assert len(call("plan", "event", "list")[1]) == 1


def test_a_word_on_the_status_and_what_people_can_carry(call: Call) -> None:
    assert call("target", "set", "sales", "--period", "2027-01", "--value", "500")[0] == 0
    word = ("target", "status", "sales_2027_01", "on_track")
    assert call(*word, "--reason", "Signed", "--until", "2099-01-31")[0] == 0
    assert targets(call)["sales_2027_01"]["override"]["reason"] == "Signed"
    assert call(*word, "--until", "2099-01-31")[0] == 1  # why?
    assert call("target", "status", "sales_2027_01")[0] == 2
    assert call("target", "status", "sales_2027_01", "--clear")[0] == 0
    assert call("plan", "capacity", "Kari Berg=20", "Ola=10", "--unit", "hours")[0] == 0
    assert call("plan", "capacity", "Ola=12")[0] == 0
    assert call("plan", "capacity")[1] == {"unit": "hours", "people": {"Kari Berg": 20.0, "Ola": 12.0}}


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("set", "sales", "--value", "5"), 1, "By when"),
        (("set", "sales", "--period", "2027-01"), 1, "What is to be reached"),
        (("set", "slaes", "--period", "2027-01", "--value", "5"), 1, "sales"),
        (("set", "sales", "--period", "2027-01", "--keep-between", "5"), 2, "LOW:HIGH"),
        (("set", "sales", "--period", "2027-01", "--value", "5", "--weekdays", "1,2"), 1, "7 weights"),
        (
            ("set", "sales", "--period", "2027-01", "--value", "5", "--points", "nowhere.txt"),
            1,
            "cannot be read",
        ),
        (("weights", "sales"), 1, "too few days"),
        (("copy", "nothing"), 1, "no target nothing"),
        (("restore", "nothing", "1"), 1, "no target nothing"),
    ],
)
def test_bad_words_get_a_message(call: Call, words: tuple[str, ...], status: int, said: str) -> None:
    found, _, err = call("target", *words)
    assert (found, said in err) == (status, True), err
