"""Defining a KPI on its page: every kind, faults below their fields, saved, changed, taken back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.ingest.own.own_table import Wish
from kpi_tree.store import Home
from kpi_tree.ui.shell.start import OWNER
from kpi_tree.workspace import Asker

Open = Callable[..., AppTest]
NOW = datetime(2026, 4, 1, tzinfo=UTC)
ORDERS = "order_id,ordered_at,customer_id,status,total,channel,currency\n" + "".join(
    f"o{n},{date(2026, 2, 1) + timedelta(n)}T10:00:00+01:00,c{n % 5},placed,{100 + n},"
    f"{'mail' if n % 2 else 'ads'},NOK\n"
    for n in range(56)
)
STOCK = "Counted;Item;Level\n" + "".join(f"2026-03-{n + 1:02};item {n % 3};{10 + n}\n" for n in range(27))
CALLS = "Call no;At;customer_id\n" + "".join(f"{n};2026-03-{n + 1:02};c{n % 5}\n" for n in range(20))

KINDS: dict[str, dict[str, Any]] = {
    "simple": {"table": "orders", "value": "sum(total)", "filter": "status = 'placed'"},
    "ratio": {"table": "orders", "numerator": "sum(total)", "denominator": "count(*)"},
    "derived": {"formula": "own_base / own_base"},
    "cumulative": {"of": "own_base"},
    "offset": {"of": "own_base", "show": "difference"},
    "stock": {"table": "levels", "value": "level", "per": ["item"]},
    "conversion": {"visits.table": "calls", "conversions.table": "orders", "entity": "customer_id"},
    "cohort": {"table": "orders", "entity": "customer_id", "within": "7 days"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop of a few orders, two tables of its own, and one KPI of its own; made once."""
    shop = workspace.open_home(tmp_path_factory.mktemp("define") / "home")
    workspace.load_file(shop, OWNER, ORDERS.encode(), "orders.csv", as_table="orders", now=NOW)
    workspace.load_file(shop, OWNER, STOCK.encode(), "levels.csv", new_table=Wish("levels"), now=NOW)
    workspace.load_file(shop, OWNER, CALLS.encode(), "calls.csv", new_table=Wish("calls"), now=NOW)
    text = "{id: own_base, name: Base, table: orders, value: count(*)}"
    assert workspace.define(shop, OWNER, text, now=NOW).ok
    return shop.path


@pytest.fixture
def home(made: Path, empty_home: Path) -> Home:
    """A copy of it for each test."""
    shutil.copytree(made, empty_home)
    return workspace.open_home(empty_home)


def fill(app: AppTest, fields: dict[str, Any], epoch: int = 1) -> None:
    """Write into the form's fields, one after the other, as a person does."""
    for name, said in fields.items():
        key = f"def_{epoch}_{name}"
        for kind in ("selectbox", "multiselect", "text_input", "text_area"):
            found = [one for one in app.get(kind) if one.key == key]
            if found:
                found[0].set_value(said).run()
                break
        else:
            pytest.fail(f"no field {name}")
        assert not app.exception


def press(app: AppTest, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception


def save_button(app: AppTest) -> Any:
    return next(one for one in app.button if one.label == "Save")


def texts(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.error, *app.warning]
    return " ".join(one.value for one in shown).replace("\\", "")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_written_previewed_and_saved(home: Home, opened: Open, kind: str) -> None:
    app = opened("kpi", define="new")
    assert save_button(app).disabled
    fill(app, {"kind": kind, "name": f"Mine {kind}", **KINDS[kind]})
    assert not save_button(app).disabled, texts(app)
    assert app.dataframe, texts(app)
    press(app, "Save")
    spec = {one.id: one.spec for one in workspace.own_kpis(home, OWNER)}[f"mine_{kind}"]
    assert spec["kind"] == kind
    values = workspace.kpi_values(home, OWNER, f"mine_{kind}", grain="week").frame["value"]
    assert values.notna().any()


def test_half_typed_sql_says_what_is_wrong_and_nothing_written_is_lost(home: Home, opened: Open) -> None:
    app = opened("kpi", define="new")
    fill(app, {"name": "Large", "table": "orders", "value": "sum(tot"})
    assert "bracket" in texts(app)
    assert save_button(app).disabled
    fill(app, {"value": "sum(totl)"})
    assert "Did you mean total?" in texts(app)
    assert "1 fault" in texts(app)
    fill(app, {"value": "sum(total)", "filter": "total > 110"})
    assert not save_button(app).disabled
    assert [one.value for one in app.text_input if one.key == "def_1_name"] == ["Large"]
    app.segmented_control(key="define_mode_1").set_value("yaml").run()
    assert "filter: total > 110" in app.text_area(key="define_yaml_1").value
    press(app, "Back to the form with it")
    app.segmented_control(key="define_mode_2").set_value("form").run()
    assert [one.value for one in app.text_input if one.key == "def_2_filter"] == ["total > 110"]
    assert [one.id for one in workspace.own_kpis(home, OWNER)] == ["own_base"]


def test_a_change_made_meanwhile_is_not_overwritten_and_the_draft_stays(home: Home, opened: Open) -> None:
    app = opened("kpi", define="own_base")
    fill(app, {"filter": "total > 110"})
    theirs = "{id: own_base, name: Theirs, table: orders, value: sum(total)}"
    assert workspace.define(home, Asker("Ola", "editor"), theirs, now=NOW).ok
    press(app, "Save")
    assert "Ola changed this KPI meanwhile" in texts(app)
    assert [one.value for one in app.text_input if one.key == "def_1_filter"] == ["total > 110"]
    [kept] = workspace.own_kpis(home, OWNER)
    assert kept.spec["name"] == "Theirs"
    fresh = opened("kpi", define="own_base")
    fill(fresh, {"filter": "total > 110"})
    press(fresh, "Save")
    [kept] = workspace.own_kpis(home, OWNER)
    assert kept.spec["filter"] == "total > 110"


def test_what_others_are_made_of_stays_what_nothing_uses_goes_and_comes_back(
    home: Home, opened: Open
) -> None:
    text = "{id: twice, name: Twice, formula: own_base * 2}"
    assert workspace.define(home, OWNER, text, now=NOW).ok
    app = opened("kpi", define="all")
    app.button(key="define_delete_own_base").click().run()
    assert "twice is made from it" in texts(app)
    app.button(key="define_delete_twice").click().run()
    assert [one.id for one in workspace.own_kpis(home, OWNER)] == ["own_base"]
    app = opened("kpi", define="all")
    press(app, "Undo the last change")
    assert [one.id for one in workspace.own_kpis(home, OWNER)] == ["own_base", "twice"]


def test_an_unknown_file_becomes_a_table_with_the_names_given(home: Home, opened: Open) -> None:
    app = opened("data")
    file = b"Day;Shop;Passers-by\n2026-03-01;Oslo;12\n2026-03-01;Bergen;7\n2026-03-02;Oslo;9\n"
    app.file_uploader[0].upload("door counter.csv", file).run()
    title = next(one for one in app.text_input if one.label == "What the table is called")
    assert title.value == "Door counter"
    title.set_value("Visitors at the door").run()
    assert "visitors_at_the_door" in texts(app)
    press(app, "Make the table and load it")
    [made] = [
        one for one in workspace.own_table_list(home, OWNER) if one.table.name == "visitors_at_the_door"
    ]
    assert (made.table.title("en"), made.table.key) == ("Visitors at the door", ("day", "shop"))
    begun = opened("kpi", define="new", of="visitors_at_the_door")  # the way from the receipt
    assert "Whole span: 28" in texts(begun)
    listed = opened("kpi", define="all")
    assert "Visitors at the door" in texts(listed)
    key = f"words_visitors_at_the_door_{made.revision}"
    listed.text_input(key=f"{key}_nb").set_value("Besøkende").run()
    listed.button(key=f"{key}_save").click().run()
    assert not listed.exception
    [named] = [
        one for one in workspace.own_table_list(home, OWNER) if one.table.name == "visitors_at_the_door"
    ]
    assert named.table.title("nb") == "Besøkende"
