"""A box that is called like a KPI measures it, whichever way the tree was written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi_tree.catalogue import catalogue
from kpi_tree.exchange import from_any
from kpi_tree.exchange.tables import from_rows
from kpi_tree.plan.edits import apply_all
from kpi_tree.plan.formula_parser import names_in
from kpi_tree.plan.lint import lint
from kpi_tree.plan.lint_parts import identities
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.plan.naming import kpis_by_name
from kpi_tree.plan.outline import from_outline, to_outline
from kpi_tree.ui.tree.canvas import apply_event, measuring
from kpi_tree.workspace import Asker, kpi_values, open_home

KPIS = catalogue()
OWNER = Asker("Kari", "owner")
WANTED = {"sales": "sales", "orders": "orders", "average_order_value": "average_order_value"}


def measured(plan: Plan) -> dict[str, str | None]:
    return {node.id: node.kpi for node in plan.nodes.values()}


@pytest.mark.parametrize("lines", [
    ("Sales", "Orders", "average order value"),
    ("Salg", "Antall transaksjoner", "Gjennomsnittlig ordreverdi"),
    ("売上", "注文", "平均注文単価"),
])  # fmt: skip
def test_a_tree_written_in_names_is_made_of_kpis(lines: tuple[str, str, str]) -> None:
    top, one, other = lines
    for plan in (
        from_outline(f"{top}\n  * {one}\n  * {other}", kpis=KPIS),
        from_any(f"- {top}\n  - {one}\n  - {other}", kpis=KPIS, plan_id="p"),
        from_rows([["name", "level"], [top, "1"], [one, "2"], [other, "2"]], kpis=KPIS).plan,
        from_rows([["parent", "child"], [top, one], [top, other]], kpis=KPIS).plan,
    ):
        assert list(measured(plan).values()) == list(WANTED)
    plan = from_outline(f"{top}\n  * {one}\n  * {other}", kpis=KPIS)
    assert plan.nodes["sales"].formula == "orders * average_order_value"


def test_what_says_otherwise_is_left_alone() -> None:
    said = (
        "Sales [mine]\n ~ Orders = 2000\n ~ Happy people\n > Returns\n ~ Bounce rate\n ~ Bounce rate [again]"
    )
    assert measured(from_outline(said, kpis=KPIS)) == {
        "mine": None, "orders": None, "happy_people": None, "returns": None,
        "bounce_rate": "bounce_rate", "again": None,
    }  # fmt: skip
    assert set(measured(from_outline("Sales\n  ~ Orders", kpis=frozenset(KPIS))).values()) == {None}
    plain = Plan("p", nodes={"mine": Node("mine", "kgi", "Sales")})
    assert from_outline(to_outline(plain), base=plain, kpis=KPIS) == plain  # as it was decided before


def test_every_kpi_is_found_by_its_name() -> None:
    names = {"en": [one.name["en"] for one in KPIS.values()], "id": [kpi.replace("_", " ") for kpi in KPIS]}
    for every in names.values():
        found = measured(from_outline("\n ~ ".join(["Goal", *every]), kpis=KPIS))
        assert {kpi for kpi in found.values() if kpi} == set(KPIS)
    assert set(kpis_by_name(KPIS).values()) == set(KPIS)


def test_a_name_given_on_the_canvas() -> None:
    nodes = [Node("sales", "kgi", "Sales", kpi="sales"), Node("box", "kpi", "New box", unit="count")]
    plan = Plan("p", "P", {one.id: one for one in nodes}, {("sales", "box"): Edge("sales", "box")})

    def after(**event: str) -> Plan:
        return apply_all(plan, apply_event(plan, measuring(event, KPIS)))

    assert after(type="rename", id="box", name="ORDERS").nodes["box"].kpi == "orders"
    assert after(type="rename", id="box", name="New box", kpi="returns").nodes["box"].kpi == "returns"
    assert after(type="rename", id="sales", name="Orders").nodes["sales"].kpi == "sales"
    assert (
        after(type="add_child", parent="sales", name="Visits", kpi="sessions").nodes["sessions"].name
        == "Visits"
    )
    assert after(type="add_child", parent="sales", name="Orders", kind="action").nodes["orders"].kpi is None
    assert after(type="add_child", parent="sales", name="Sales").nodes["sales_2"].kpi is None
    assert after(type="add_sibling", id="box", name="X", kpi="no such").nodes["x"].kpi is None


@pytest.mark.parametrize(("kpi", "formula"), [(k, f) for k, every in identities().items() for f in every])
def test_what_is_said_to_make_up_a_kpi_does(sample_home: Path, kpi: str, formula: str) -> None:
    home, found = open_home(sample_home), {}
    for name in (kpi, *names_in(formula)):
        total = kpi_values(home, OWNER, name, start=date(2026, 9, 1), end=date(2026, 10, 1)).total
        found[name] = float(total["value"])
    assert eval(formula, {}, found) == pytest.approx(found[kpi], rel=1e-6)


def test_what_hangs_below_becomes_a_formula_with_one_click() -> None:
    plan = from_outline(
        "Sales\n  ~ Orders\n    ~ Site traffic\n    ~ Conversion rate\n  ~ Average order value", kpis=KPIS
    )
    for remark in [one for one in lint(plan, KPIS) if one.issue.code == "could_be_formula"]:
        plan = apply_all(plan, remark.fix)
    assert plan.nodes["sales"].formula == "orders * average_order_value - returns"
    assert plan.nodes["orders"].formula == "sessions * conversion_rate"
    assert plan.children("sales", "formula") == ["orders", "average_order_value", "returns"]
    assert "could_be_formula" not in {one.issue.code for one in lint(plan, KPIS)}
    guarded = from_outline(
        "Sales\n  | Returns\n  ~ Gross sales", kpis=KPIS
    )  # what must not suffer is no part
    assert "could_be_formula" not in {one.issue.code for one in lint(guarded, KPIS)}
