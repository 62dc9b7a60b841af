# ruff: noqa: E501 (definitions read better in one line each)
"""Defining: all or none, every fault in one pass, replaced, removed, taken back; seen wherever KPIs are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Conflict, Denied, NotFound, Refused
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home, journal
from kpi_tree.store import plans as kept_plans
from kpi_tree.workspace import Asker

OWNER, VIEWER = Asker("Kari", "owner"), Asker("Per", "viewer")
NOW = datetime(2026, 4, 1, 8, tzinfo=UTC)
ORDERS = """order_id,ordered_at,customer_id,status,total,channel
o1,2026-03-01T10:00:00+01:00,c1,placed,100,mail
o2,2026-03-02T10:00:00+01:00,c2,placed,250,ads
o3,2026-03-02T11:00:00+01:00,c1,cancelled,50,ads
"""
BIG = (
    "{id: big, name: {en: Big orders, nb: Store ordrer}, table: orders, value: count(*), filter: total > 99}"
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    opened = workspace.open_home(tmp_path / "home")
    workspace.load_file(opened, OWNER, ORDERS.encode(), "orders.csv", as_table="orders", now=NOW)
    return opened


def define(home: Home, text: str, **more: object) -> workspace.Defined:
    return workspace.define(home, OWNER, text, now=NOW, **more)  # type: ignore[arg-type]


def total(home: Home, kpi: str) -> float | None:
    return workspace.kpi_values(home, OWNER, kpi).total["value"]


def test_an_own_kpi_is_there_wherever_a_kpi_is(home: Home) -> None:
    done = define(home, f"[{BIG}, {{id: share, name: Share, formula: big / orders}}]")
    assert (done.defined, done.issues) == (("big", "share"), ())
    kpi = next(one for one in workspace.kpis(home, VIEWER, category="own") if one.id == "big")
    assert (kpi.own, kpi.unit, kpi.rollup, kpi.tables) == (True, "count", "sum", ("orders",))
    assert (kpi.text("name", "nb"), kpi.text("name", "ja")) == ("Store ordrer", "Big orders")
    assert total(home, "big") == 2
    assert total(home, "share") == 1.0
    assert len(workspace.kpi_records(home, OWNER, "big", start=date(2026, 3, 1), end=date(2026, 4, 1))) == 2
    assert "big_by_channel" in {one.id for one in workspace.reports(home, VIEWER, search="store ordrer")}
    answer = workspace.explore(home, VIEWER, "share", by=("channel",))
    assert not answer.empty
    goal = workspace.goal(home, VIEWER, "Increase big orders 10% next quarter", on=date(2026, 4, 1))
    assert goal.kpi == "big"
    plan = Plan("p", "P", nodes={"top": Node("top", "kgi", "Top", kpi="share"),
                                 "low": Node("low", "kpi", "Low", formula="big * 2")})  # fmt: skip
    kept_plans.create(home, plan, who="Kari", now=NOW)
    views = {view.id: view for view in workspace.tree(home, VIEWER, at=date(2026, 3, 31))}
    assert (views["top"].actual, views["top"].unit, views["low"].actual) == (1.0, "percent", 4.0)


def test_values_may_be_typed_in_for_an_own_kpi(home: Home) -> None:
    define(home, "{id: mood, name: Mood, table: surveys, value: avg(score)}")
    file = b"kpi,period,value\nmood,2026-03,4.5\n"
    receipt = workspace.load_file(home, OWNER, file, "mood.csv", now=NOW)
    assert receipt.accepted == 1
    assert workspace.kpi_values(home, OWNER, "mood", grain="month").total["value"] == 4.5


def test_with_a_fault_nothing_is_defined_and_every_fault_is_named(home: Home) -> None:
    text = f"""
- {BIG}
- {{id: sales, name: A, table: orders, value: count(*)}}
- {{id: b, name: A, table: oders, value: count(*)}}
- {{id: c, nmae: A, table: orders, value: sum(status) + sum(totl), filter: "read_csv('x') = 1"}}
- {{id: d, name: A, formula: salse / orders}}
- {{id: e, name: A, of: sals, window: 3 moons}}
- {{id: f, name: A, kind: wierd}}
- {{id: g, name: A, table: orders, value: count(*), filter: status = 'plaecd', unit: mony, dimensions: [chanel]}}
- {{id: h, name: A, formula: i + 1}}
- {{id: i, name: A, formula: h + 1}}
- {{id: big, name: A, table: orders, value: count(*)}}
- {{id: j, name: A, of: d, by: 1 month}}
- only a text
"""
    done = define(home, text)
    assert done.defined == ()
    found = {(issue.place, issue.code) for issue in done.issues}
    assert found == {
        ("sales.id", "built_in"), ("b.table", "unknown_table"), ("c.nmae", "unknown_field"),
        ("c.name", "missing_field"), ("c.value", "wrong_type"), ("c.value", "unknown_column"),
        ("c.filter", "unknown_function"), ("d.formula", "unknown_kpi"), ("e.of", "unknown_kpi"),
        ("e.window", "unknown_part"), ("f.kind", "unknown_choice"), ("g.filter", "unknown_value"),
        ("g.unit", "unknown_choice"), ("g.dimensions", "unknown_dimension"), ("h", "circle"), ("i", "circle"),
        ("big.id", "twice"), ("definition 13", "no_definition"),
    }  # fmt: skip
    near = {issue.place: str(issue.remedy) for issue in done.issues}
    assert near["b.table"] == "Did you mean orders?"
    assert near["d.formula"] == "Did you mean sales?"
    assert near["g.filter"] == "Did you mean placed?"
    assert workspace.own_kpis(home, OWNER) == []
    assert done.to_dict("nb")["defined"] == []


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("a: [", "line 1", "not_yaml"),
        ("", "", "no_definition"),
        ("42", "", "no_definition"),
        ("id: a\nid: b\nname: A", "line 1", "twice"),
        ("- &x {id: a}\n- *x", "line 1", "not_plain"),
        ("x" * 2_000_000, "", "too_long"),
        ("{id: Bad-Id, name: A, table: orders, value: count(*)}", "Bad-Id.id", "bad_id"),
        ("{id: sum, name: A, table: orders, value: count(*)}", "sum.id", "bad_id"),
        ("{id: a, name: A, table: products, value: count(*)}", "a.time", "no_time"),
        ("{id: a, name: A, table: orders, value: count(*), time: channel}", "a.time", "wrong_type"),
        ("{id: a, name: A, formula: sales + visitors}", "a.formula", "unit_clash"),
        ("{id: a, name: A, formula: sales +}", "a.formula", "bad_formula"),
        ("{id: a, name: A, of: retention_rate, window: 7 days}", "a.of", "no_window"),
        ("{id: a, name: A, table: orders, value: count(*), range: [5, 1]}", "a.range", "empty_range"),
        ("{id: a, name: {fr: A}, table: orders, value: count(*)}", "a.name.fr", "unknown_language"),
        ("{id: a, name: A, kind: conversion, visits: sessions, conversions: {table: orders}, entity: session_id, "
         "window: 1 day}", "a.visits", "not_rows"),
    ],
)  # fmt: skip
def test_a_fault_has_its_place(home: Home, text: str, place: str, code: str) -> None:
    done = define(home, text)
    assert done.defined == ()
    assert any(issue.code == code and issue.place.startswith(place) for issue in done.issues), done.issues
    assert all(str(issue.message).strip() for issue in done.issues)


def test_a_text_that_no_record_has_is_a_warning(home: Home) -> None:
    done = define(home, "{id: a, name: A, table: orders, value: count(*), filter: channel = 'mial'}")
    assert done.defined == ("a",)
    assert [(issue.level, str(issue.remedy)) for issue in done.issues] == [("warning", "Did you mean mail?")]


def test_replacing_removing_and_taking_back(home: Home) -> None:
    define(home, BIG)
    define(home, BIG.replace("> 99", "> 200"))
    assert total(home, "big") == 1
    define(home, "{id: half, name: Half, formula: big / 2}")
    with pytest.raises(Refused, match="half is made from it"):
        workspace.remove_kpi(home, OWNER, "big", now=NOW)
    faults = define(home, "{id: big, name: A, formula: half * 2}")
    assert not faults.ok
    workspace.remove_kpi(home, OWNER, "half", now=NOW)
    plan = Plan("p", "Spring", nodes={"top": Node("top", "kgi", "The top", kpi="big")})
    kept_plans.create(home, plan, who="Kari", now=NOW)
    with pytest.raises(Refused, match="The top in the plan Spring uses it"):
        workspace.remove_kpi(home, OWNER, "big", now=NOW)
    with pytest.raises(Refused, match="built-in"):
        workspace.remove_kpi(home, OWNER, "sales", now=NOW)
    with pytest.raises(NotFound, match="Did you mean big"):
        workspace.remove_kpi(home, OWNER, "bigg", now=NOW)
    assert workspace.undo_definition(home, OWNER, now=NOW) == ("half",)
    assert total(home, "half") == 0.5
    assert workspace.undo_definition(home, OWNER, now=NOW) == ("half",)
    assert workspace.undo_definition(home, OWNER, now=NOW) == ("big",)
    assert total(home, "big") == 2
    with pytest.raises(Refused, match="uses it"):
        workspace.undo_definition(home, OWNER, now=NOW)
    assert workspace.check(home, OWNER)["ok"]


def test_two_people_do_not_overwrite_each_other(home: Home) -> None:
    seen = workspace.own_revision(home)
    define(home, BIG)
    with pytest.raises(Conflict, match="Kari changed this KPI meanwhile"):
        define(home, BIG.replace("99", "10"), based_on=seen)
    assert total(home, "big") == 2
    define(home, BIG.replace("99", "10"), based_on=workspace.own_revision(home))


def test_a_viewer_may_look_and_not_define(home: Home) -> None:
    define(home, BIG)
    with pytest.raises(Denied):
        workspace.define(home, VIEWER, BIG)
    with pytest.raises(Denied):
        workspace.undo_definition(home, VIEWER)
    assert "big" in workspace.own_yaml(home, VIEWER)
    assert define(home, workspace.own_yaml(home, VIEWER)).ok, "what is shown can be defined again"


def test_a_dry_run_and_a_trial_keep_nothing(home: Home) -> None:
    before = journal_length(home)
    assert define(home, BIG, dry_run=True).defined == ("big",)
    tried = workspace.try_kpi(home, OWNER, BIG, grain="day")
    assert tried.series is not None
    assert (tried.series.total["value"], tried.kpi.id if tried.kpi else "") == (2, "big")
    assert [
        str(i.message) for i in workspace.try_kpi(home, OWNER, "{id: a, name: A, table: x, value: y}").issues
    ]
    assert journal_length(home) == before


def journal_length(home: Home) -> int:
    with home.read() as db:
        return len(list(journal.lines(db)))


def test_backup_brings_definitions_back_and_tampering_shows(home: Home, tmp_path: Path) -> None:
    define(home, BIG)
    workspace.backup(home, OWNER, tmp_path / "b.zip", now=NOW)
    again = workspace.restore(tmp_path / "b.zip", tmp_path / "other", now=NOW)
    other = workspace.open_home(again["home"])
    assert total(other, "big") == 2
    with other.write() as db:
        db.execute("update own_kpis set spec = replace(spec, '99', '1')")
    problems = workspace.check(other, OWNER)["problems"]
    assert [problem["code"] for problem in problems] == ["definition_differs"]


def test_amounts_in_two_currencies_are_refused_until_the_definition_names_one(home: Home) -> None:
    text = "order_id,ordered_at,status,total,currency\ne1,2026-03-04T10:00:00+01:00,placed,9,EUR\ne2,2026-03-04T10:00:00+01:00,placed,80,NOK\n"
    workspace.load_file(home, OWNER, text.encode(), "euro.csv", as_table="orders", now=NOW)
    assert define(home, "{id: amount, name: A, table: orders, value: sum(total)}").ok
    span = {"start": date(2026, 3, 1), "end": date(2026, 4, 1), "grain": "month"}
    with pytest.raises(Refused, match="several currencies: EUR, NOK"):
        workspace.kpi_values(home, OWNER, "amount", **span)  # type: ignore[arg-type]
    assert define(
        home, "{id: kroner, name: A, table: orders, value: sum(total), filter: \"currency = 'NOK'\"}"
    ).ok
    found = workspace.kpi_values(home, OWNER, "kroner", **span)  # type: ignore[arg-type]
    assert (found.total["value"], found.currency) == (80, "NOK")
