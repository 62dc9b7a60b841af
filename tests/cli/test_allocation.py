"""allocate and promise by the command line, on a plan of typed assumptions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.cli import run
from kpi_tree.cli.allocation import amount
from kpi_tree.errors import Refused

Call = Callable[..., tuple[int, Any, str]]

PLAN = {
    "id": "shop",
    "name": "Shop",
    "nodes": [
        {"id": "sales", "kind": "kgi", "name": "Sales", "formula": "orders * order_value", "unit": "money"},
        {"id": "orders", "name": "Orders", "formula": "visits * rate", "unit": "count"},
        {"id": "visits", "name": "Visits", "unit": "count", "assumption": 50000, "owner": "Linn"},
        {"id": "rate", "name": "Conversion", "unit": "percent", "assumption": 0.03, "owner": "Maja"},
        {"id": "order_value", "name": "Order value", "unit": "money", "assumption": 900, "owner": "Sondre"},
    ],
    "edges": [],
    "targets": [
        {"id": "goal", "node": "sales", "period": {"start": "2027-01-01", "end": "2027-04-01"},
         "value": 1485000, "baseline": 1350000}
    ],
}  # fmt: skip


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


def test_the_target_down_the_tree_as_the_contract_says(call: Call) -> None:
    status, found, _ = call("allocate", "sales", "--lock", "rate=3.1%", "--bound", "visits=:50500")
    assert (status, found["feasible"], found["target"]) == (0, True, 1485000.0)
    nodes = {one["id"]: one for one in found["nodes"]}
    assert set(nodes) == {"sales", "orders", "visits", "rate", "order_value"}
    assert {"id", "required", "change", "percentile_in_history", "ever_reached"} <= set(nodes["visits"])
    assert (nodes["rate"]["required"], nodes["visits"]["required"]) == (0.031, 50500.0)
    assert nodes["sales"]["required"] == pytest.approx(1485000.0, rel=1e-12)
    assert nodes["order_value"]["required"] == pytest.approx(1485000 / (50500 * 0.031))
    assert nodes["visits"]["percentile_in_history"] is None  # no data, no past


def test_what_cannot_be_says_so_and_still_answers(call: Call) -> None:
    words = ("--lock", "rate=3%", "--lock", "visits", "--bound", "order_value=800:950")
    status, found, _ = call("allocate", "sales", *words)
    assert (status, found["feasible"], found["reached"]) == (0, False, pytest.approx(1425000.0))
    codes = [issue["code"] for issue in found["issues"]]
    assert (codes[0], sorted(codes[1:])) == ("out_of_reach", ["limit_high", "limit_lock", "limit_lock"])
    status, out, err = call("allocate", "sales", *words, as_json=False)
    assert "never" not in out
    assert "Order value may not go above" in err


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("sales", "--bound", "visits=5"), 2, "ID=LOW:HIGH"),
        (("sales", "--by", "luck"), 2, "luck"),
        (("sales", "--lock", "visits=many"), 1, "not a number"),
        (("sales", "--effort", "visits"), 2, "NAME=NUMBER"),
        (("visits",), 1, "no such target"),
        (("salse",), 1, "Did you mean sales"),
    ],
)
def test_bad_words_get_a_message(call: Call, words: tuple[str, ...], status: int, said: str) -> None:
    found, _, err = call("allocate", *words)
    assert (found, said in err) == (status, True)


def test_owners_are_asked_and_answer(call: Call) -> None:
    found = call("allocate", "sales", "--propose", "--by", "effort", "--effort", "visits=2")[1]
    asked = {one["node"]: one["id"] for one in found["asked"]}
    assert set(asked) == {"visits", "rate", "order_value"}
    status, _, err = call("promise", "accept", asked["visits"])
    assert (status, "asked of Linn" in err, "Confirm that you answer for Linn" in err) == (1, True, True)
    assert call("promise", "accept", asked["visits"], "--for", "Linn")[0] == 0
    offer = ("--value", "3.05%", "--reason", "No time before May", "--for", "Maja")
    assert call("promise", "counter", asked["rate"], *offer)[0] == 0
    assert call("promise", "counter", asked["rate"], "--value", "3%")[0] == 2  # a reason is asked for
    assert call("promise", "drop", asked["order_value"])[0] == 0
    said = call("promise", "list")[1]
    assert {one["node"]: one["state"] for one in said["asked"]} == {"visits": "accepted", "rate": "countered"}
    visits = next(one["required"] for one in found["nodes"] if one["id"] == "visits")
    assert said["reached"] == pytest.approx(visits * 0.03 * 900)
    assert said["offered"] == pytest.approx(visits * 0.0305 * 900)
    assert said["gap"] == pytest.approx(1485000 - said["reached"])
    assert "not promised by anyone" in call("promise", "list", as_json=False)[1]


def test_an_amount_may_be_a_percentage() -> None:
    assert (amount("3.5%", "x"), amount(" 12 ", "x")) == (0.035, 12.0)
    with pytest.raises(Refused):
        amount("3,5", "x")
