"""The command line as a script sees it: exit status, one JSON document, words on standard error."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi_tree import clock
from kpi_tree.cli import run

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


class Said:
    """What one call answered: its status, its standard output, its standard error."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


Call = Callable[..., Said]


@pytest.fixture
def call(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command line in a home of its own."""
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KPI_TREE_DEBUG", raising=False)

    def line(*words: str) -> Said:
        capfd.readouterr()
        status = run(words)
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Said(status, out, err)

    return line


@pytest.fixture
def sales_file(tmp_path: Path) -> Path:
    """Ten invoices of 5.00 on ten days of January 2011."""
    path = tmp_path / "january.csv"
    lines = [
        f"{540000 + n},85123A,LAMP,2,2011-01-{n + 4:02} 10:00:00,2.5,17850,United Kingdom\n"
        for n in range(10)
    ]
    path.write_text(HEAD + "".join(lines))
    return path


def test_load_and_look_at_a_kpi(call: Call, sales_file: Path) -> None:
    [receipt] = call("load", str(sales_file), "--json").document
    wanted = {
        "file", "batch", "table", "accepted", "changed", "unchanged", "rejected", "quarantine", "issues",
        "repeated",
    }  # fmt: skip
    assert wanted <= receipt.keys()
    assert (receipt["accepted"], receipt["rejected"], receipt["repeated"]) == (10, 0, False)
    said = call("kpi", "gross_sales", "--from", "2011-01-04", "--to", "2011-01-05", "--json").document
    assert {"id", "unit", "grain", "rows", "total", "table", "data_through", "notes"} <= said.keys()
    assert [row["period"] for row in said["rows"]] == ["2011-01-04", "2011-01-05"]
    assert (said["total"]["value"], said["data_through"]) == (10.0, "2011-01-13")
    month = call(
        "kpi", "gross_sales", "--from", "2011-01", "--to", "2011-01", "--grain", "month", "--json"
    ).document
    assert [(row["period"], row["value"]) for row in month["rows"]] == [("2011-01-01", 50.0)]
    parts = call("kpi", "orders", "--by", "country", "--json").document
    assert parts["rows"][0]["country"] == "United Kingdom"
    assert call("load", str(sales_file), "--json").document[0]["repeated"] is True


@pytest.mark.parametrize("place", ["before", "after"])
def test_common_options_stand_before_or_after_the_command(call: Call, tmp_path: Path, place: str) -> None:
    options = ["--home", str(tmp_path / "other"), "--json", "--lang", "nb"]
    said = call(*options, "batches") if place == "before" else call("batches", *options)
    assert (said.status, said.document) == (0, [])
    assert (tmp_path / "other" / "kpi_tree.db").exists()
    assert not (tmp_path / "home").exists()
    both = call("--json", "plan", *options[:2], "list", "--lang", "ja")
    assert both.document == []


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["kpi", "salse"], 1, "Did you mean sales?"),
        (["kpi", "x" * 10_000], 1, "no KPI with this id"),
        (["kpi", "sales", "--where", "country=Nowhere"], 1, "Nowhere"),
        (["kpi", "sales", "--by", "colour"], 1, "no dimension"),
        (["kpi", "sales", "--grain", "fortnight"], 1, "not a length of period"),
        (["kpi", "sales", "--from", "2026-02-01", "--to", "2026-01-01"], 1, "before it starts"),
        (["kpi", "sales", "--from", "banana"], 2, "banana"),
        (["kpi", "sales", "--where", "country"], 2, "NAME=VALUE"),
        (["kpi"], 2, "ID"),
        (["nonsense"], 2, "nonsense"),
        (["load"], 2, "FILE"),
        (["load", "/nowhere/at/all.csv"], 1, "cannot be opened"),
        (["kpis", "--category", "weather"], 1, "no such category"),
        (["withdraw", "b0"], 1, "no batch of this name"),
        (["restore-batch", "b0"], 1, "no batch of this name"),
        (["quarantine", "b0"], 1, "no batch of this name"),
        (["tree"], 1, "no plan here yet"),
        (["plan", "show"], 1, "no plan here yet"),
        (["plan", "new", "--template", "increase_sale"], 1, "Did you mean increase_sales?"),
        (["plan", "import", "/nowhere/plan.json"], 1, "cannot be opened"),
        (["goal", "   "], 1, "no goal here"),
        (["formula", "orders *"], 1, "ends after"),
        (["formula", "a / b", "--set", "a=one"], 1, "not a number"),
        (["formula", "a", "--set", "b=1"], 1, "no name b"),
        (["restore", "/nowhere/backup.zip"], 1, "no such file"),
    ],
)
def test_bad_input_gets_a_message_and_the_right_status(
    call: Call, words: list[str], status: int, said: str
) -> None:
    answer = call(*words)
    assert (answer.status, answer.out) == (status, "")
    assert said in answer.err
    with_json = call(*words, "--json")
    assert with_json.status == status
    if status == 1:
        error = with_json.document[0]["error"] if words[0] == "load" else with_json.document["error"]
        assert said in " ".join(str(part) for part in error.values())


def test_every_command_of_the_contract_is_there_and_helps(call: Call) -> None:
    names = (
        "demo serve inspect rows load batches withdraw restore-batch quarantine kpis kpi define goal plan "
        "formula tree allocate forecast explain whatif action experiment report reports export check backup "
        "restore"
    )
    for name in names.split():
        assert call(name, "--help").status == 0, name
    for name in [
        "new",
        "show",
        "import",
        "export",
        "lint",
        "history",
        "undo",
        "diff",
        "templates",
        "restore",
    ]:
        assert call("plan", name, "--help").status == 0, name


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (bytes(range(256)) * 40, "not a text"),
        (b"foo,bar\n1,2\n", "foo, bar"),
        ((HEAD + "1,A,B,abc,2011-01-04 10:00:00,2.5,1,UK\n" * 40_000).encode(), "None of the 40,000 rows"),
    ],
)
def test_a_bad_file_between_good_ones_is_refused_alone(
    call: Call, tmp_path: Path, sales_file: Path, content: bytes, said: str
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    answer = call("load", str(bad), str(sales_file), "--json")
    assert answer.status == 1
    refused, good = answer.document
    assert said in refused["error"]["message"]
    assert refused["error"]["place"].startswith("bad.csv")
    assert refused["error"]["remedy"]
    assert (refused["batch"], good["accepted"]) == (None, 10)
    assert said in answer.err
    assert call("check", "--json").document["ok"] is True
    assert len(call("batches", "--json").document) == 1


def test_forty_thousand_bad_cells_go_to_quarantine_and_the_good_rows_in(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    bad = "".join(f"{n},A,B,abc,2011-01-04 10:00:00,2.5,1,UK\n" for n in range(540_000, 580_000))
    path.write_text(HEAD + bad + "590000,A,B,2,2011-01-04 10:00:00,2.5,1,UK\n")
    [receipt] = call("load", str(path), "--json").document
    assert (receipt["accepted"], receipt["rejected"], receipt["quarantine"]) == (1, 40_000, 40_000)
    [issue] = [one for one in receipt["issues"] if one["level"] == "error"]
    assert (issue["count"], issue["place"]) == (40_000, "mixed.csv, row 2, column Quantity")
    rows = call("quarantine", receipt["batch"], "--json").document
    assert len(rows) == 40_000
    assert rows[0]["row"] == 2


def test_a_plan_travels_from_template_to_file_and_back(call: Call, tmp_path: Path) -> None:
    made = call(
        "plan", "new", "--template", "increase_sales", "--name", "Økt salg", "--lang", "nb", "--json"
    ).document
    assert (made["revision"], made["name"]) == (1, "Økt salg")
    for form in ("json", "yaml"):
        path = tmp_path / f"plan.{form}"
        assert call("plan", "export", str(path)).status == 0
        assert "Økt salg" in path.read_text(encoding="utf-8")
    path = tmp_path / "plan.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Økt salg", "Mer salg"), encoding="utf-8")
    assert call("plan", "import", str(path), "--json").document["revision"] == 2
    assert call("plan", "diff", "@1", "@2", "--json").document["changes"] == ["Plan named Mer salg."]
    shown = call("plan", "show", "--json").document
    assert {"revision", "nodes", "edges", "targets", "actions"} <= shown.keys()
    assert call("plan", "undo", "--json").document["name"] == "Økt salg"
    assert [line["action"] for line in call("plan", "history", "--json").document] == [
        "undo",
        "import",
        "create",
    ]
    tomorrow = clock.now().date() + timedelta(days=1)  # in the evening it is that day in the shop
    assert call("plan", "show", "--as-of", tomorrow.isoformat(), "--json").document["revision"] == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda nodes: nodes[1].update(formula="sales + 1"), "circle"),
        (lambda nodes: nodes[1].update(name="<b>" * 3334), "the limit is 200"),
        (lambda nodes: nodes[1].update(colour="red"), "colour"),
    ],
)
def test_a_bad_plan_file_is_refused_with_its_place_and_changes_nothing(
    call: Call, tmp_path: Path, change: Callable[[Any], None], said: str
) -> None:
    call("plan", "new", "--template", "increase_sales")
    path = tmp_path / "plan.json"
    call("plan", "export", str(path))
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["nodes"])
    path.write_text(json.dumps(document), encoding="utf-8")
    answer = call("plan", "import", str(path))
    assert answer.status == 1
    assert said in answer.err
    assert "nodes[" in answer.err
    assert call("plan", "show", "--json").document["revision"] == 1


def test_rows_writes_plain_csv_with_untouched_cells(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "norsk.csv"
    path.write_bytes('Navn;Pris\nLåmpe;1,50\n"a;""b";2\n'.encode("cp1252"))
    answer = call("rows", str(path))
    assert (answer.status, answer.out) == (0, 'Navn,Pris\r\nLåmpe,"1,50"\r\n"a;""b",2\r\n')


def test_inspect_tells_what_the_contract_names(call: Call, sales_file: Path) -> None:
    found = call("inspect", str(sales_file), "--json").document
    wanted = "encoding delimiter quote header_row skipped_rows total_rows columns layout table mapping issues"
    assert set(wanted.split()) <= found.keys()
    assert {"name", "type", "unit", "date_format", "decimal", "nulls", "sample"} <= found["columns"][0].keys()
    assert found["layout"] == "online_retail"
    assert not (sales_file.parent / "home" / "records").exists()


def test_people_read_words_and_amounts_in_their_unit(call: Call, sales_file: Path) -> None:
    assert "load" in call("batches").out  # an empty list says how to begin
    read = call("inspect", str(sales_file)).out
    assert [line.split() for line in read.splitlines()[1:3]] == [["Encoding", "utf-8"], ["Separator", ","]]
    call("load", str(sales_file))
    shown = call("kpi", "gross_sales", "--grain", "month").out.splitlines()
    assert shown[1].split()[:4] == ["January", "2011", "£50.00", "50"]
    assert "januar 2011" in call("kpi", "gross_sales", "--grain", "month", "--lang", "nb").out


def test_formula_computes_and_solves(call: Call) -> None:
    found = call("formula", "orders * value", "--set", "value=2", "--set", "orders=3", "--json").document
    assert (found["names"], found["value"]) == (["orders", "value"], 6.0)
    found = call("formula", "orders * value", "--set", "value=2", "--solve", "orders=10", "--json").document
    assert (found["value"], found["solved"]["value"]) == (None, 5.0)
    nothing = call("formula", "a / b", "--set", "a=1", "--set", "b=0", "--json").document
    assert nothing["value"] is None
    assert "divides by 0" in nothing["issues"][0]["message"]
    told = call("formula", "a * b", *["--set", "a=2", "--set", "b=4", "--solve", "a=10", "--solve", "b=0.01"])
    assert "a for a result of 10" in told.out
    assert "0.005" in told.out
    assert "10 percent of a" in call("formula", "percent of a in b").err


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Increase sales 10% next quarter"),
        ("nb", "Øk salget med 10 % neste kvartal"),
        ("ja", "来四半期に売上を10%増やす"),
    ],
)
def test_the_goal_in_three_languages(call: Call, lang: str, sentence: str) -> None:
    found = call("goal", sentence, "--on", "2026-11-22", "--lang", lang, "--json").document
    assert {"kpi", "change", "change_kind", "direction", "period", "baseline", "questions"} <= found.keys()
    assert (found["kpi"], found["change"], found["change_kind"], found["direction"]) == (
        "sales",
        0.1,
        "percent",
        "up",
    )
    assert found["period"] == {"start": "2027-01-01", "end": "2027-04-01"}


def test_a_backup_comes_back_into_another_home(call: Call, sales_file: Path, tmp_path: Path) -> None:
    call("load", str(sales_file))
    assert call("backup", str(tmp_path / "b.zip"), "--json").document["counts"]["batches"] == 1
    back = call("restore", str(tmp_path / "b.zip"), "--home", str(tmp_path / "back"), "--json")
    assert (back.status, back.document["ok"]) == (0, True)
    assert call("restore", str(tmp_path / "b.zip")).status == 1, "a home that is there is not overwritten"


def test_check_names_a_changed_file_and_fails(call: Call, sales_file: Path, tmp_path: Path) -> None:
    call("load", str(sales_file))
    [path] = (tmp_path / "home" / "records" / "orders").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    answer = call("check", "--json")
    assert answer.status == 1
    assert [problem["code"] for problem in answer.document["problems"]] == ["file_changed"]


def test_the_demo_and_its_tree_as_a_process(call: Call, tmp_path: Path) -> None:
    """The one that a person types first, in a process of its own, in a fresh folder; then what follows."""
    line = [sys.executable, "-m", "kpi_tree", "demo", "--today", "2026-11-22"]
    home = str(tmp_path / "home")
    done = subprocess.run([*line, "--home", home, "--json"], capture_output=True, text=True, check=True)

    def command(*words: str) -> Any:
        return call(*words, "--json").document

    assert command("demo", "--today", "2026-11-23") == json.loads(done.stdout), "again: no change"
    tree = command("tree", "--at", "2026-11-22")
    wanted = (
        "id actual target baseline expected attainment pace forecast probability status reason data_through "
        "stale parent_gap"
    )
    assert all(set(wanted.split()) <= node.keys() for node in tree["nodes"])
    root = tree["nodes"][0]
    assert root["kind"] == "kgi"
    assert root["actual"] > 0
    assert root["reason"]
    assert tree["at"] == "2026-11-22"
    ahead = command("forecast", "orders", "--to", "2026-12-05", "--at", "2026-11-22")
    assert {"method", "rows", "total", "history", "backtest"} <= ahead.keys()
    assert all(0 <= row["low"] <= row["value"] <= row["high"] for row in ahead["rows"])
    assert {"mase", "error", "coverage", "words", "tried"} <= ahead["backtest"].keys()
    assert command("check")["ok"] is True


def test_settings_are_shown_changed_and_refused(call: Call) -> None:
    assert call("settings", "--json").document["timezone"] == "Europe/Oslo"
    changed = call("settings", "currency=NOK", "rates=EUR:11.5,USD:10.25", "week_start=6", "--json").document
    assert (changed["currency"], changed["rates"], changed["week_start"]) == (
        "NOK",
        {"EUR": 11.5, "USD": 10.25},
        6,
    )
    for words, said in [
        (["timezone=Mars/Base"], "Mars/Base"),
        (["currency=kroner"], "not a currency code"),
        (["rates=EUR:-1"], "not an exchange rate"),
        (["rates=EUR:x"], "not a number"),
        (["colour=red"], "no such setting"),
        (["week_start=9"], "not a weekday"),
    ]:
        answer = call("settings", *words)
        assert (answer.status, said in answer.err) == (1, True), answer.err
    assert call("settings", "--json").document == changed
