"""A KPI of the catalogue finds its place in a tree."""

from __future__ import annotations

import pytest

from kpi_tree.catalogue import catalogue
from kpi_tree.plan import rules
from kpi_tree.plan.edits import apply, invert, prepare
from kpi_tree.plan.model import Plan
from kpi_tree.plan.placing import parents_in, placing, standing_for
from kpi_tree.plan.templates import build


@pytest.fixture(scope="module")
def shop() -> Plan:
    return build("online_shop", "en", {kpi.id: kpi.text("name") for kpi in catalogue().values()})


def test_every_kpi_can_be_put_on_and_taken_off(shop: Plan) -> None:
    for kpi in catalogue().values():
        if standing_for(shop, kpi.id) is not None:
            continue
        edit = prepare(shop, placing(shop, kpi, kpi.text("name")))
        grown = apply(shop, edit)
        node = standing_for(grown, kpi.id)
        assert node is not None
        assert set(grown.parents(node)) == set(parents_in(shop, kpi))
        assert not [issue for issue in rules.check(grown) if issue.level == "error"]
        back = apply(grown, invert(edit))
        assert (back.nodes, back.edges) == (shop.nodes, shop.edges)


def test_it_hangs_below_what_it_moves_with_the_sign_of_the_catalogue(shop: Plan) -> None:
    kpi = catalogue()["bounce_rate"]
    without = shop
    if (node := standing_for(shop, "bounce_rate")) is not None:
        without = apply(shop, prepare(shop, {"op": "remove_node", "node": node}))
    edit = placing(without, kpi, "Bounces")
    for edge in edit["edges"]:
        parent = without.nodes[edge["parent"]]
        assert edge["sign"] == kpi.sign_on(parent.kpi or parent.id)


def test_a_name_taken_by_another_node_gets_another_id(shop: Plan) -> None:
    kpi = catalogue()["chat_tickets"]
    edit = placing(shop, kpi, "Tickets")
    taken = apply(shop, prepare(shop, {**edit, "after": {**edit["after"], "kpi": None, "formula": "1"}}))
    again = placing(taken, kpi, "Tickets")
    assert again["node"] not in taken.nodes


def test_the_first_of_an_empty_plan_is_its_goal() -> None:
    edit = placing(Plan("new"), catalogue()["sales"], "Sales")
    assert (edit["after"]["kind"], edit["edges"]) == ("kgi", [])
