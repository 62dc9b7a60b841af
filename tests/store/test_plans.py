"""Plans: undo and redo are exact, any past can be rebuilt, nobody's edit is lost silently."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Conflict, KpiTreeError, NotFound, Refused
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home, plan_lines, plans
from kpi_tree.store import check as checking

START = datetime(2026, 1, 1, 9, tzinfo=UTC)


def _shop() -> Plan:
    names = {"sales": "Sales", "orders": "Orders", "aov": "Order value"}
    nodes = [Node(node, "kgi" if node == "sales" else "kpi", name) for node, name in names.items()]
    return Plan("shop", "Shop", nodes={node.id: node for node in nodes})


def _said(plan: Plan) -> dict[str, Any]:
    """A plan without its revision, in no order: what undo must bring back."""
    told = plan.to_dict()
    del told["revision"]
    return {key: sorted(value, key=repr) if isinstance(value, list) else value for key, value in told.items()}


def _set(field: str, after: Any, node: str = "orders") -> dict[str, Any]:
    return {"op": "set_field", "node": node, "field": field, "after": after}


IDS = st.sampled_from(["sales", "orders", "aov", "visits", "rate"])
TEXTS = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable() and text.strip() == text)
FORMULAS = st.sampled_from(["orders * aov", "visits * rate", None])
PLACES = st.builds(lambda order: {"parent": "sales", "order": order}, st.integers(0, 3))
EDITS = st.one_of(
    st.builds(lambda node, name: _set("name", name, node), IDS, TEXTS),
    st.builds(lambda node, text: _set("notes", text, node), IDS, TEXTS),
    st.builds(lambda node, text: _set("formula", text, node), IDS, FORMULAS),
    st.builds(lambda node: {"op": "add_node", "node": node, "after": {"id": node, "name": node}}, IDS),
    st.builds(lambda node: {"op": "remove_node", "node": node}, IDS),
    st.builds(lambda a, b: {"op": "add_edge", "parent": a, "child": b}, IDS, IDS),
    st.builds(lambda a, b: {"op": "remove_edge", "parent": a, "child": b}, IDS, IDS),
    st.builds(lambda node, place: {"op": "move", "node": node, "after": place}, IDS, PLACES),
    st.just({"undo": True}),
    st.just({"redo": True}),
)


@settings(max_examples=25)
@given(steps=st.lists(EDITS, max_size=14))
def test_any_run_of_changes_can_be_taken_back_made_again_and_seen_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, Any]]
) -> None:
    home = Home.open(tmp_path_factory.mktemp("home"))
    told = [_said(plans.create(home, _shop(), who="Kari", now=START))]
    now = START
    for step in steps:
        now += timedelta(minutes=1)
        try:
            if "undo" in step:
                made = plans.undo(home, "shop", who="Kari", now=now)
            elif "redo" in step:
                made = plans.redo(home, "shop", who="Kari", now=now)
            else:
                made = plans.edit(home, "shop", [step], who="Kari", now=now, base_revision=None)
        except KpiTreeError:
            assert _said(plans.get(home, "shop")) == told[-1], "a refusal changes nothing"
            continue
        if made.revision > len(told):
            told.append(_said(made))
        assert _said(plans.get(home, "shop")) == told[-1]
    for revision, said in enumerate(told, 1):
        assert _said(plans.plan_as_of(home, "shop", revision=revision)) == said
    assert checking.run(home).ok
    done, _ = plan_lines.stacks(plans.history(home, "shop"))
    for _ in done:
        now += timedelta(minutes=1)
        plans.undo(home, "shop", who="Ola", now=now)
    assert _said(plans.get(home, "shop")) == told[0], "everything taken back is the beginning"
    for _ in done:
        now += timedelta(minutes=1)
        plans.redo(home, "shop", who="Ola", now=now)
    assert _said(plans.get(home, "shop")) == told[-1], "everything made again is the end"
    assert checking.run(home).ok


def test_as_of_a_moment(home: Home) -> None:
    plans.create(home, _shop(), who="Kari", now=START)
    for day in (1, 2, 3):
        edits = [_set("name", f"day {day}")]
        plans.edit(home, "shop", edits, who="K", now=START + timedelta(days=day), base_revision=None)
    names = [
        plans.plan_as_of(home, "shop", at=START + timedelta(days=days)).nodes["orders"].name
        for days in (0, 0.5, 1, 2.9, 3, 99)
    ]
    assert names == ["Orders", "Orders", "day 1", "day 2", "day 3", "day 3"]
    with pytest.raises(NotFound, match="did not exist then"):
        plans.plan_as_of(home, "shop", at=START - timedelta(seconds=1))
    with pytest.raises(NotFound):
        plans.plan_as_of(home, "shop", revision=9)


def test_edits_to_different_fields_merge_and_to_the_same_one_conflict(home: Home) -> None:
    base = plans.create(home, _shop(), who="Kari", now=START).revision
    plans.edit(home, "shop", [_set("name", "Ordre")], who="Kari", now=START, base_revision=base)
    merged = plans.edit(home, "shop", [_set("owner", "Ola")], who="Ola", now=START, base_revision=base)
    assert (merged.nodes["orders"].name, merged.nodes["orders"].owner) == ("Ordre", "Ola")
    with pytest.raises(Conflict) as caught:
        plans.edit(home, "shop", [_set("name", "Kjøp")], who="Ola", now=START, base_revision=base)
    assert (caught.value.mine, caught.value.theirs) == ("Kjøp", "Ordre")
    assert plans.get(home, "shop").revision == merged.revision


def test_an_edit_that_changes_nothing_leaves_no_line(home: Home) -> None:
    base = plans.create(home, _shop(), who="Kari", now=START).revision
    same = plans.edit(home, "shop", [_set("name", "Orders")], who="Kari", now=START, base_revision=base)
    assert same.revision == base


def test_several_edits_are_all_made_or_none(home: Home) -> None:
    before = plans.create(home, _shop(), who="Kari", now=START)
    edits = [_set("name", "Ordre"), {"op": "add_edge", "parent": "orders", "child": "orders"}]
    with pytest.raises(Refused):
        plans.edit(home, "shop", edits, who="Kari", now=START, base_revision=before.revision)
    assert plans.get(home, "shop") == before


def test_a_revision_the_plan_never_had_is_refused(home: Home) -> None:
    plans.create(home, _shop(), who="Kari", now=START)
    with pytest.raises(Refused, match="never had revision"):
        plans.edit(home, "shop", [_set("name", "x")], who="Kari", now=START, base_revision=7)
    with pytest.raises(Refused, match="plan of this name"):
        plans.create(home, _shop(), who="Kari", now=START)
    with pytest.raises(Refused, match="nothing to undo"):
        plans.undo(home, "shop", who="Kari", now=START)


def test_a_name_with_markup_of_ten_thousand_characters_is_refused_with_the_limit(home: Home) -> None:
    before = plans.create(home, _shop(), who="Kari", now=START)
    with pytest.raises(Refused, match="200"):
        plans.edit(home, "shop", [_set("name", "<b>x</b>" * 1250)], who="K", now=START, base_revision=None)
    markup = _set("name", "<script>alert(1)</script>")
    kept = plans.edit(home, "shop", [markup], who="K", now=START, base_revision=None)
    assert kept.nodes["orders"].name == "<script>alert(1)</script>", "markup is text"
    assert before.nodes["orders"].name == "Orders"


def test_eight_threads_count_on_one_field_and_no_step_is_lost(home: Home) -> None:
    plans.create(home, _shop(), who="Kari", now=START)
    plans.edit(home, "shop", [_set("assumption", 0.0)], who="Kari", now=START, base_revision=None)

    def add_one(times: int) -> int:
        met = 0
        for _ in range(times):
            while True:
                seen = plans.get(home, "shop")
                edit = _set("assumption", (seen.nodes["orders"].assumption or 0) + 1)
                try:
                    plans.edit(home, "shop", [edit], who="t", now=START, base_revision=seen.revision)
                    break
                except Conflict:
                    met += 1
        return met

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, [6] * 8))
    assert plans.get(home, "shop").nodes["orders"].assumption == 48.0
    assert checking.run(home).ok


def test_rows_changed_by_hand_are_named(home: Home) -> None:
    plans.create(home, _shop(), who="Kari", now=START)
    with home.write() as db:
        db.execute("""update plan_nodes set data = replace(data, 'Orders', 'Order') where id = 'orders'""")
    [issue] = checking.run(home).problems
    assert (issue.code, issue.place) == ("plan_differs", "shop")


def test_current_rows_can_be_read_with_plain_sql(home: Home) -> None:
    plans.create(home, _shop(), who="Kari", now=START)
    with home.read() as db:
        rows = list(db.query("select name from plan_nodes where kind = 'kpi' order by position"))
    assert rows == [{"name": "Orders"}, {"name": "Order value"}]
