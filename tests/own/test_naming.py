# ruff: noqa: E501 (small files read better in one line)
"""What people call the shop's own tables and columns: shown wherever they are, never what files are found by."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.cli import run
from kpi_tree.errors import Conflict, Denied, NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.ingest.own.own_table import Wish
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, Naming
from kpi_tree.workspace.base.own import column_words, dimension_words, table_words

OWNER = Asker("Kari", "owner")
NOW = datetime(2026, 5, 1, tzinfo=UTC)
FILE = """Dag;Butikk;Land;Åpne timer;Beløp;Andel
2026-04-01;Oslo;NO;9;10,25;12 %
2026-04-01;Malmö;SE;8;4,50;10 %
2026-04-02;Oslo;NO;9;12,75;14 %
"""
KPIS = """
- {id: opened, name: Opened, table: shops, value: sum(apne_timer)}
- {id: amount, name: Amount, table: shops, value: sum(belop)}
- {id: share, name: Share, table: shops, value: avg(andel)}
- {id: shares, name: Shares, table: shops, value: sum(andel)}
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    opened = workspace.open_home(tmp_path / "home")
    workspace.load_file(opened, OWNER, FILE.encode(), "a.csv", new_table=Wish("shops"), now=NOW)
    return opened


def name(home: Home, naming: Naming, **more: object) -> None:
    workspace.name_table(home, OWNER, "shops", naming, now=NOW, **more)  # type: ignore[arg-type]


def test_names_are_shown_in_the_readers_language_and_files_still_fit(home: Home) -> None:
    assert table_words(home, "shops", "en") == "Shops"
    assert column_words(home, "shops", "apne_timer", "ja") == "Åpne timer"
    name(home, Naming({"en": "Our shops", "ja": "店舗"}, {"butikk": {"en": "Store"}}))
    assert [table_words(home, "shops", lang) for lang in ("en", "nb", "ja")] == [
        "Our shops",
        "Our shops",
        "店舗",
    ]
    assert column_words(home, "shops", "butikk", "nb") == "Store"
    again = FILE.replace("9;10,25", "7;10,25").encode()
    assert workspace.load_file(home, OWNER, again, "b.csv", now=NOW).changed == 1
    name(home, Naming({"en": "", "ja": ""}, {"butikk": {"en": ""}}))
    assert (table_words(home, "shops", "ja"), column_words(home, "shops", "butikk", "en")) == (
        "Shops",
        "Butikk",
    )


def test_reports_call_a_dimension_as_the_shop_does(home: Home) -> None:
    workspace.define(home, OWNER, KPIS, now=NOW)
    name(home, Naming(columns={"butikk": {"en": "Store"}}))
    answer = workspace.explore(home, OWNER, "opened", by=("butikk",), where={"butikk": ["Oslo"]})
    assert translate(answer.report.title, "en") == "Opened by Store"
    assert answer.tables[0].columns[0].heading("en") == "Store"
    assert answer.dimension("butikk", "en") == "Store"
    assert dimension_words(home, "butikk", "en") == "Store"
    assert dimension_words(home, "country", "nb") == "Land"


def test_what_a_column_counts_is_what_its_kpi_counts(home: Home) -> None:
    workspace.define(home, OWNER, KPIS, now=NOW)
    units = {kpi.id: kpi.unit for kpi in workspace.kpis(home, OWNER) if kpi.own}
    assert units == {"opened": "count", "amount": "count", "share": "percent", "shares": "count"}
    name(home, Naming(units={"apne_timer": "hours", "belop": "money"}))
    units = {kpi.id: kpi.unit for kpi in workspace.kpis(home, OWNER) if kpi.own}
    assert units == {"opened": "hours", "amount": "money", "share": "percent", "shares": "count"}
    assert workspace.kpi_values(home, OWNER, "amount", grain="month").total["value"] == pytest.approx(27.5)
    name(home, Naming(units={"belop": ""}))
    assert workspace.tables_of(home)["shops"].columns["belop"].type == "quantity"


def test_what_does_not_fit_is_refused_and_nothing_changes(home: Home) -> None:
    before = workspace.own_table_list(home, OWNER)
    with pytest.raises(NotFound, match="Did you mean butikk"):
        name(home, Naming(columns={"butik": {"en": "Store"}}))
    with pytest.raises(Refused, match="cannot count hours"):
        name(home, Naming({"en": "Kept?"}, units={"butikk": "hours"}))
    with pytest.raises(Refused, match="80 letters"):
        name(home, Naming({"en": "x" * 81}))
    with pytest.raises(Refused, match="no language"):
        name(home, Naming({"fr": "Magasins"}))
    with pytest.raises(Denied):
        workspace.name_table(home, Asker("Per", "viewer"), "shops", Naming({"en": "Mine"}))
    assert workspace.own_table_list(home, OWNER) == before


def test_somebody_elses_names_are_not_overwritten_and_a_withdrawn_table_keeps_its_own(home: Home) -> None:
    [seen] = workspace.own_table_list(home, OWNER)
    name(home, Naming({"en": "First"}))
    with pytest.raises(Conflict, match="Kari"):
        name(home, Naming({"en": "Second"}), based_on=seen.revision)
    [batch] = workspace.batches(home, OWNER)
    workspace.withdraw(home, OWNER, batch.batch, now=NOW)
    workspace.drop_table(home, OWNER, "shops", now=NOW)
    workspace.restore_batch(home, OWNER, batch.batch, now=NOW)
    assert table_words(home, "shops", "en") == "First"
    assert workspace.check(home, OWNER)["ok"]


def test_by_the_command_line(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    def call(*words: str) -> tuple[int, str]:
        status = run([*words, "--home", str(home.path)])
        return status, capfd.readouterr().out

    assert call("tables", "--name", "shops", "--as", "Butikker", "--lang", "nb") == (0, "Butikker\n")
    assert call("tables", "--name", "shops", "--column", "apne_timer", "--unit", "hours")[0] == 0
    [table] = json.loads(call("tables", "--json", "--lang", "nb")[1])
    assert table["title"] == "Butikker"
    assert {one["name"]: one["unit"] for one in table["columns"]}["apne_timer"] == "hours"
    assert call("tables", "--name", "shops")[0] == 2
    assert call("tables", "--as", "x")[0] == 2
