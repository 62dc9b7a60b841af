"""The plan file: comes back the same, and says what is wrong with a bad one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.plan.model import Node, Plan
from kpi_tree.plan.planfile import from_json, to_json, to_yaml

from .strategies import plans


@given(plans())
def test_the_file_brings_the_plan_back(plan: Plan) -> None:
    assert from_json(to_json(plan)) == plan
    assert from_json(to_yaml(plan)) == plan


def test_names_come_back_as_they_are() -> None:
    name = "<script>alert('x')</script> æøå 売上 🛒 \u202eabc : # - 'x' {y}"
    plan = Plan(
        "p", name=name, nodes={"a": Node("a", "kgi", name, notes="line one\n\n  line two\t# no comment")}
    )
    assert from_json(to_json(plan)) == plan
    assert from_json(to_yaml(plan)) == plan


GOOD = json.loads(
    to_json(Plan("p", "P", {"a": Node("a", "kgi", "A", formula="b"), "b": Node("b", name="B")}))
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("hello", "not a plan file"),
        ("[1, 2]", "not a plan file"),
        ("\x00\x01\x02PK", "not good YAML|not a plan file"),
        ('{"nodes": [}', "line 1, column 12"),
        ('{"nodes": [], "nodes": []}', "stands twice"),
        ('{"nodes": [], "id": NaN}', "not a number"),
        ("nodes: [\n  a: b", "line 2"),
        ("nodes: &x [*x]", "not good YAML"),
        ("a: &a [1]\nb: *a\nnodes: []", "not good YAML"),
        ("nodes: []\nnodes: []", "line 1"),
        ("nodes: !!python/object/apply:os.system ['x']", "not good YAML"),
        ("nodes: 2026-13-45", "cannot be read"),
        (json.dumps({**GOOD, "version": 2}), "up to version 1"),
        (json.dumps({**GOOD, "version": "1"}), "not a number"),
        (json.dumps({**GOOD, "format": "other"}), "not a plan file"),
        (json.dumps({**GOOD, "nods": []}), "Did you mean nodes"),
        (json.dumps({**GOOD, "id": "A B"}), "not an id"),
        (json.dumps({**GOOD, "nodes": {}}), "is missing|A list"),
        (json.dumps({**GOOD, "nodes": {"a": 1}}), "nodes: A list"),
        (json.dumps({**GOOD, "nodes": [{"id": "a"}, {"id": "a"}]}), "stands twice"),
        (json.dumps({**GOOD, "nodes": [{"id": "a", "due": 5}]}), r"nodes\[0\].due"),
        (json.dumps({**GOOD, "nodes": [{"id": "a", "name": "<b>" * 5000}]}), "15,000 characters.*200"),
        (
            json.dumps({**GOOD, "nodes": [{"id": "a", "kind": "kgi"}, {"id": "b", "kind": "kgi"}]}),
            "2 root goals",
        ),
        (
            json.dumps({**GOOD, "nodes": [{"id": "a", "formula": "b"}, {"id": "b", "formula": "a"}]}),
            "a → b → a",
        ),
        (json.dumps({**GOOD, "nodes": [{"id": "a", "formula": "b +"}]}), "ends after"),
        (json.dumps({**GOOD, "edges": [{"parent": "a", "child": "c"}]}), r"a → c.*No node has the id c"),
        (json.dumps({**GOOD, "targets": [{"id": "t", "node": "a", "value": 1}]}), "period is missing"),
        (json.dumps({**GOOD, "revision": "x"}), "revision"),
        (json.dumps({**GOOD, "revision": 10**400}), "revision"),
        ("[" * 100_000, "nested too deeply|not good JSON"),
    ],
)
def test_what_is_not_a_good_plan_file(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        from_json(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        plan = from_json(text)
    except Refused:
        return
    assert isinstance(plan, Plan)
