"""Two states of a plan side by side by address, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kpi_tree import workspace
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Watch = Callable[..., Any]


def test_two_states_by_address_mark_what_came_went_changed_and_moved(bare_home: Any, watched: Watch) -> None:
    home = workspace.open_home(bare_home.home)
    plan = workspace.new_plan(home, OWNER, template="increase_sales")
    root = plan.root() or ""
    first, *_, last = plan.children(root)
    moved = plan.children(first)[0]
    edits = [
        {"op": "add_node", "node": "fresh", "after": {"id": "fresh", "name": "Fresh"},
         "edges": [{"parent": root, "child": "fresh"}]},
        {"op": "set_field", "node": root, "field": "owner", "after": "Kari"},
        {"op": "move", "node": moved, "after": {"parent": last}},
    ]  # fmt: skip
    plan = workspace.edit_plan(home, OWNER, plan.id, edits, base_revision=plan.revision)
    gone = next(n for n in plan.nodes if n not in (root, "fresh", moved, last) and not plan.children(n))
    one = workspace.edit_plan(
        home, OWNER, plan.id, [{"op": "remove_node", "node": gone}], base_revision=plan.revision
    )
    address = f"{bare_home.url}/tree?plan={plan.id}&as=history&from={plan.revision - 1}&to={one.revision}"
    page = watched().open(address, "What differs")
    page.locator(".kt[data-ready]").wait_for()
    marks = page.locator(".kt .card, .kt .chip").evaluate_all(
        "all => Object.fromEntries(all.map(c => [c.dataset.id, c.dataset.diff]))"
    )
    expected = {"fresh": "added", root: "changed", moved: "moved", gone: "removed"}
    assert {node: marks.get(node) for node in expected} == expected
