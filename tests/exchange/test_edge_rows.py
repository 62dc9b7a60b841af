"""A list of lines comes back as the tree it was written from, and others' lists are read."""

from __future__ import annotations

import csv
import io
from datetime import date

from hypothesis import given, settings

from kpi_tree.exchange.lists import to_edge_csv
from kpi_tree.exchange.tables import from_rows
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.plan.templates import build
from kpi_tree.plan.trial import Trial
from tests.plan.strategies import plans


def back(plan: Plan) -> Plan:
    rows = list(csv.reader(io.StringIO(to_edge_csv(plan), newline="")))
    return from_rows(rows, plan_id=plan.id).plan


@given(plans())
@settings(max_examples=60, deadline=None)
def test_the_lines_come_back(plan: Plan) -> None:
    made = back(plan)
    assert {(node.id, node.kind == "action") for node in made.nodes.values()} == {
        (node.id, node.kind == "action") for node in plan.nodes.values()
    }
    assert {(edge.key, edge.kind, edge.sign, edge.strength, edge.lag) for edge in made.edges} == {
        (edge.key, edge.kind, edge.sign, edge.strength, edge.lag) for edge in plan.edges
    }
    for node in plan.nodes:
        kept = plan.nodes[node].formula if plan.formula_children(node) else None
        assert made.nodes[node].formula == kept


def test_a_template_comes_back_with_formulas_actions_and_hypotheses() -> None:
    plan = build("increase_sales")
    made = back(plan)
    assert made.root() == plan.root()
    for node in plan.nodes.values():
        assert (made.nodes[node.id].name, made.nodes[node.id].formula) == (node.name, node.formula)
        assert (made.nodes[node.id].kind == "action") == (node.kind == "action")
    assert {edge.key: edge.hypothesis for edge in made.edges} == {
        edge.key: edge.hypothesis for edge in plan.edges
    }


def test_a_list_from_elsewhere_is_read_and_a_circle_is_left_out_in_words() -> None:
    rows = [["Forelder", "Barn", "Operator"], ["Økt salg", "Ordrer", "×"], ["Økt salg", "Snitt", "×"],
            ["Ordrer", "Besøk", ""], ["Besøk", "Økt salg", ""], ["", "x", ""]]  # fmt: skip
    read = from_rows(rows)
    assert read.shape == "lines"
    assert read.plan.nodes[read.plan.tops()[0]].formula == "ordrer * snitt"
    (left_out,) = read.issues
    assert left_out.place == "row 5"
    assert "circle" in str(left_out.message) or "root goal" in str(left_out.message)


def test_who_thinks_so_and_what_experiments_found_come_back() -> None:
    found = Trial("Checkout; =1+1", date(2026, 5, 4), 0.1, 0.05, 0.15, 0.95, 0.01)
    edge = Edge("a", "b", "influence", sign=1, strength="strong", lag=7, who="Kari", tested=(found, found))
    plan = Plan("p", nodes={"a": Node("a", "kgi", "A"), "b": Node("b", name="B")}, links={edge.key: edge})
    rows = list(csv.reader(io.StringIO(to_edge_csv(plan))))
    assert from_rows(rows).plan.links == plan.links
    rows[1][rows[0].index("tested")] = "[{broken"
    spoilt = from_rows(rows)
    assert [issue.code for issue in spoilt.issues] == ["experiments_left_out"]
    assert spoilt.plan.links["a", "b"].who == "Kari"
