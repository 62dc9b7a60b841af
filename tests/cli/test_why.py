"""Why, what if, actions and experiments by the command line: the contract's names, and plain refusals."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.cli import run

Call = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def call(sample_home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command line on the sample shop: status, the document, standard error."""
    monkeypatch.setenv("KPI_TREE_HOME", str(sample_home))

    def line(*words: str) -> tuple[int, Any, str]:
        capfd.readouterr()
        status = run([*words, "--json"])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, json.loads(out) if out.strip() else None, err

    return line


def test_explain(call: Call) -> None:
    status, found, _ = call("explain", "sales", "--from", "2026-09", "--to", "2026-10")
    assert status == 0
    assert {"from", "to", "delta", "contributions", "unexplained"} <= found.keys()
    assert {"id", "value", "share", "owner"} <= found["contributions"][0].keys()
    whole = sum(part["value"] for part in found["contributions"]) + found["unexplained"]
    assert whole == pytest.approx(found["delta"])
    status, found, _ = call(
        "explain", "sales", "--to", "2026-10", "--against", "last_year", "--by", "country"
    )
    assert {part["id"] for part in found["contributions"]} >= {"NO", "SE"}
    _, running, _ = call(
        "explain", "sales", "--to", "2026-Q4", "--against", "last_year", "--at", "2026-11-10"
    )
    spans = [(running[side]["start"][5:], running[side]["end"][5:]) for side in ("from", "to")]
    assert spans[0] == spans[1]  # as many days of last year


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("explain", "sales", "--to", "2026-10"), 2, "one of --from and --against"),
        (("explain", "salse", "--from", "2026-09", "--to", "2026-10"), 1, "no indicator salse"),
        (("explain", "sales", "--from", "soon", "--to", "2026-10"), 1, "soon is not a period"),
        (("whatif", "sales", "--set", "conversion_rate"), 2, "not of the form"),
        (("whatif", "sales", "--set", "conversion_rate=5%"), 1, "may be the value itself"),
        (("whatif", "sales", "--set", "nothing=5"), 1, "does not stand below"),
        (("action", "measure", "act_nothing"), 1, "no action act_nothing"),
        (("experiment", "No such one"), 1, "no experiment No such one"),
    ],
)
def test_what_cannot_be_is_said(call: Call, words: tuple[str, ...], status: int, said: str) -> None:
    got, document, err = call(*words)
    assert got == status
    assert said in err
    assert document["error"]["message"]


def test_whatif(call: Call) -> None:
    _, found, _ = call("whatif", "sales", "--set", "conversion_rate=+10%", "--samples", "200")
    assert {"base", "result", "change", "sensitivity", "distribution", "flags"} <= found.keys()
    assert found["change"] == pytest.approx(found["result"] - found["base"])
    assert found["distribution"]["p10"] <= found["distribution"]["p50"] <= found["distribution"]["p90"]


def test_actions(call: Call, sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(sample_home, tmp_path / "home")
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    _, made, _ = call(
        "action", "add", "conversion_rate", "Try it", "--start", "2026-09-01", "--due", "2026-09-28"
    )
    assert (made["kpi"], made["state"]) == ("conversion_rate", "planned")
    _, changed, _ = call("action", "update", made["id"], "--state", "done", "--owner", "Ola")
    assert (changed["state"], changed["owner"]) == ("done", "Ola")
    _, every, _ = call("action", "list")
    assert made["id"] in {one["id"] for one in every}
    _, found, _ = call("action", "measure", made["id"])
    assert {"expected", "measured", "low", "high", "verdict"} <= found.keys()
    assert found["low"] <= found["measured"] <= found["high"]


def test_experiment(call: Call, tmp_path: Path) -> None:
    wanted = {
        "arms", "absolute", "relative", "interval", "p_value", "test", "probability_better", "srm_p", "power",
        "needed",
    }  # fmt: skip
    path = tmp_path / "ab.csv"
    path.write_text("arm,units,conversions\nA,1000,100\nB,1000,130\n")
    _, found, _ = call("experiment", str(path))
    assert wanted <= found.keys()
    assert found["p_value"] == pytest.approx(0.0355, abs=1e-4)
    _, known, _ = call("experiment", "Kasse")
    name = known["error"]["remedy"].partition(": ")[2].split(",")[0].strip(".")
    _, found, _ = call("experiment", name)
    assert wanted <= found.keys()
    assert len(found["comparisons"]) == 2


def test_the_few_segments(call: Call) -> None:
    status, found, _ = call("explain", "sales", "--to", "2026-10", "--against", "previous", "--segments")
    assert status == 0
    assert {"sets", "new", "gone", "looked", "text"} <= found.keys()
    for one in found["sets"]:
        assert 0.7 <= one["share"] <= 1.3
    status, _, err = call("explain", "sales", "--to", "2026-10", "--against", "target", "--segments")
    assert (status, "need two periods" in err) == (2, True)


def test_scenarios_by_the_command_line(
    call: Call, sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample_home, tmp_path / "home")
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    status, made, _ = call("scenario", "save", "More visits", "sales", "--set", "sessions=+10%")
    assert (status, made["id"]) == (0, "more_visits")
    _, found, _ = call("whatif", "sales", "--set", "conversion_rate=+5%", "--save", "Better shop")
    assert found["scenario"]["name"] == "Better shop"
    _, both, _ = call("scenario", "compare", "More visits", "better_shop", "--samples", "100")
    assert [one["found"]["change"] > 0 for one in both] == [True, True]
    _, again, _ = call("whatif", "sales", "--scenario", "more visits")
    assert again["change"] == pytest.approx(both[0]["found"]["change"])
    assert call("scenario", "rename", "better_shop", "Best shop")[1]["name"] == "Best shop"
    call("scenario", "delete", "Best shop")
    assert [one["id"] for one in call("scenario", "list")[1]] == ["more_visits"]
    assert call("scenario", "restore", "better_shop")[1]["name"] == "Best shop"
    _, asked, _ = call("scenario", "propose", "more_visits")
    assert [one["node"] for one in asked] == ["sessions"]
    status, _, err = call("scenario", "show", "more visit")
    assert (status, "Did you mean" in err) == (1, True)
    assert call("check")[1]["ok"]


def test_seek_by_the_command_line(call: Call) -> None:
    _, plain, _ = call("whatif", "sales", "--set", "conversion_rate=+10%")
    _, found, _ = call("whatif", "sales", "--seek", "conversion_rate", "--goal", str(plain["result"]))
    assert found["change"] == pytest.approx(0.1)
    status, _, err = call("whatif", "sales")
    assert (status, "--set, --scenario or --seek" in err) == (2, True)
