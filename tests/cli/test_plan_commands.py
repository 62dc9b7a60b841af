"""Plans by the command line: remarks, units, every text form, named states, templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kpi_tree.cli import run

Call = Callable[..., tuple[int, Any, str]]

OUTLINE = "Sales @Kari\n  * Orders\n    ~ Visits = 12000\n  * Order value = 500\n"


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command line with ``--json``: status, document, standard error."""
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))

    def line(*words: str) -> tuple[int, Any, str]:
        capfd.readouterr()
        status = run([*words, "--json"])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return status, json.loads(out) if out.strip() else None, err

    return line


def test_the_units_of_a_formula(call: Call) -> None:
    expr = "sessions * rate * value"
    units = ("--unit", "sessions=sessions", "--unit", "rate=orders/session", "--unit", "value=NOK/order")
    status, found, _ = call("formula", expr, *units)
    assert (status, found["unit"], found["issues"]) == (0, "NOK", [])
    status, found, _ = call("formula", "a + b", "--unit", "a=orders", "--unit", "b=NOK")
    assert status == 0
    [issue] = found["issues"]
    assert "orders" in issue["message"]
    assert "NOK" in issue["message"]
    assert issue["remedy"]
    status, found, _ = call("formula", "a", "--unit", "b=NOK")
    assert (status, "no name b" in found["error"]["message"]) == (1, True)


def test_an_outline_comes_in_gets_remarks_and_goes_out_in_every_form(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "more_sales.txt"
    path.write_text(OUTLINE)
    status, made, _ = call("plan", "import", str(path))
    assert (status, made["id"], made["revision"]) == (0, "more_sales", 1)
    assert next(node for node in made["nodes"] if node["kind"] == "kgi")["name"] == "Sales"
    issues = call("plan", "lint")[1]["issues"]
    codes = {issue["code"] for issue in issues}
    assert {"no_owner", "no_guardrail", "no_data"} <= codes
    assert all(issue["remedy"] and issue["why"] for issue in issues)
    for form in ("json", "yaml", "md", "mmd", "dot", "csv", "txt"):
        out = tmp_path / f"tree.{form}"
        assert call("export", "--tree", "--to", str(out))[0] == 0, form
        assert "Order value" in out.read_text(encoding="utf-8")
    for form in ("md", "mmd"):
        status, again, _ = call("plan", "import", str(tmp_path / f"tree.{form}"))
        assert status == 0
        assert len(again["nodes"]) == len(made["nodes"])
        assert again["id"] != made["id"]
    starts = {"png": b"\x89PNG", "svg": b"<svg", "xlsx": b"PK", "html": b"<!doctype html>"}
    for form, start in starts.items():
        out = tmp_path / f"tree.{form}"
        status, written, _ = call("export", "--tree", "--to", str(out), "--theme", "dark", "--levels", "1")
        assert (status, written["format"]) == (0, form)
        assert out.read_bytes().startswith(start)
    status, again, _ = call("plan", "import", str(tmp_path / "tree.xlsx"), "--dry-run")
    assert (status, len(again["nodes"]), again["shape"]) == (0, len(made["nodes"]), "level")
    status, refused, _ = call("export", "--tree", "--to", str(tmp_path / "tree.pdf"))
    assert (status, "png" in refused["error"]["remedy"]) == (1, True)
    assert not (tmp_path / "tree.pdf").exists()


def test_a_table_comes_in_below_a_node_and_one_undo_takes_it_back(call: Call, tmp_path: Path) -> None:
    made = call("plan", "new", "--template", "increase_sales")[1]
    path = tmp_path / "more.csv"
    path.write_bytes("Navn;Overordnet;Eier\nKjøp;;Kari\nBestilling;Kjøp;Ola\nHest;Kuu;\n".encode("cp1252"))
    status, after, _ = call("plan", "import", str(path), "--under", "orders")
    assert status == 0
    assert {"parent": "orders", "child": "kjop", "kind": "influence"} in after["edges"]
    assert [(issue["row"], issue["column"]) for issue in after["issues"]][-1] == (4, "Overordnet")
    back = call("plan", "undo")[1]
    assert {node["id"] for node in back["nodes"]} == {node["id"] for node in made["nodes"]}


def test_a_plan_of_a_newer_version_half_a_file_and_a_circle_change_nothing(
    call: Call, tmp_path: Path
) -> None:
    call("plan", "new", "--template", "increase_sales")
    whole = tmp_path / "plan.json"
    call("plan", "export", str(whole))
    text = whole.read_text(encoding="utf-8")
    for name, bad, words in (
        ("newer.json", text.replace('"version": 1', '"version": 9'), "version 9"),
        ("half.json", text[:400], "line"),
        ("circle.csv", "Name,Parent\nA,B\nB,A\n", "circle"),
        ("circle.mmd", "flowchart TD\n a --> b\n b --> a\n", "circle"),
    ):
        (tmp_path / name).write_text(bad, encoding="utf-8")
        status, refused, _ = call("plan", "import", str(tmp_path / name))
        assert (status, words in refused["error"]["message"]) == (1, True), name
    assert call("plan", "show")[1]["revision"] == 1


def test_the_schema_that_is_printed_fits_what_is_exported(call: Call, tmp_path: Path) -> None:
    import jsonschema

    call("plan", "new", "--template", "online_shop")
    call("plan", "export", str(tmp_path / "plan.json"))
    schema = call("plan", "schema")[1]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((tmp_path / "plan.json").read_text(encoding="utf-8")), schema)


def test_named_states_are_compared_and_restored(call: Call, tmp_path: Path) -> None:
    made = call("plan", "new", "--template", "increase_sales")[1]
    assert call("plan", "snapshot", "before summer")[1]["revision"] == 1
    path = tmp_path / "plan.json"
    made["nodes"][0]["owner"] = "Kari"
    call("plan", "export", str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    document["nodes"][0]["owner"] = "Kari"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert call("plan", "import", str(path))[1]["revision"] == 2
    found = call("plan", "diff", "before summer", "@2")[1]
    assert found["changed"] == [document["nodes"][0]["id"]]
    assert "Kari" in found["changes"][0]
    assert call("plan", "restore", "before summer")[1]["revision"] == 3
    assert call("plan", "diff", "@1", "@3")[1]["changes"] == []
    assert call("plan", "history")[1][0]["action"] == "restore"
    assert call("plan", "undo")[1]["nodes"][0]["owner"] == "Kari"
    status, refused, _ = call("plan", "diff", "before sumer", "@2")
    assert status == 1
    assert "before summer" in refused["error"]["remedy"]
    assert call("check")[1]["ok"] is True
    assert [one["name"] for one in call("plan", "snapshots")[1]] == ["before summer"]


def test_templates_say_what_data_they_need_and_a_tree_becomes_one(call: Call) -> None:
    status, said, err = call("plan", "new")
    assert status == 2
    assert "support_desk" in err
    found = call("plan", "templates")[1]
    assert {"online_shop", "marketplace", "production_line"} <= {one["id"] for one in found}
    assert "orders" in next(one for one in found if one["id"] == "online_shop")["tables"]
    call("plan", "new", "--template", "increase_sales")
    kept = call("plan", "save-template", "Our way")[1]["id"]
    status, made, _ = call("plan", "new", "--template", kept, "--name", "Next year")
    assert (status, made["name"], made["id"]) == (0, "Next year", "next_year")
    assert said is not None
    call("plan", "delete-template", kept)
    assert [one["id"] for one in call("plan", "templates", "--deleted")[1]] == [kept]
    call("plan", "bring-back-template", kept)
    assert call("plan", "templates", "--deleted")[1] == []
    below = ("plan", "use-template", "fewer_calls", "--under", "returns", "--plan", made["id"])
    assert any("Service chats" in words for words in call(*below, "--dry-run")[1]["changes"])
    assert call(*below)[1]["revision"] == made["revision"] + 1


def test_a_name_nobody_knows_is_asked_about_and_leverage_is_told(call: Call) -> None:
    unknown = call("formula", "salse * 2")[1]
    assert [issue["code"] for issue in unknown["issues"]] == ["unknown_name"]
    assert "sales" in unknown["issues"][0]["remedy"]
    assert call("formula", "salse * 2", "--set", "salse=3")[1]["issues"] == []
    found = call("formula", "a * b + c", "--set", "a=4", "--set", "b=5", "--set", "c=20")[1]
    assert {name: slope["elasticity"] for name, slope in found["slopes"].items()} == {
        "a": 0.5,
        "b": 0.5,
        "c": 0.5,
    }
    assert found["slopes"]["a"]["derivative"] == 5.0
