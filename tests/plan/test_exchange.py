"""Forms of a plan: what goes out comes in again, and bad input says where it is bad."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from importlib import resources

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.exchange import (
    FORMS,
    from_any,
    from_markdown,
    from_mermaid,
    plan_schema,
    to_dot,
    to_edge_csv,
    to_form,
    to_markdown,
    to_mermaid,
)
from kpi_tree.exchange.forms import unsaid
from kpi_tree.periods import parse_period
from kpi_tree.plan.field_readers import MAX_NAME, text_of
from kpi_tree.plan.model import Edge, Node, Plan, Target
from kpi_tree.plan.planfile import to_json
from kpi_tree.plan.templates import build, list_templates

from .strategies import plans

SCHEMA = resources.files("kpi_tree.exchange") / "plan-file.schema.json"

HOSTILE = '<img src=x onerror=alert(1)> "q" `c` | [x] {y} # _a_ *b* \\ & 売上 🛒'


def test_what_a_form_has_no_place_for_is_told() -> None:
    plan = Plan("p", nodes={"a": Node("a", "kgi", "Sales")})
    target = Target("t", "a", parse_period("2026-Q4"), 120.0, baseline=100.0)
    plan = plan.with_(targets={"t": target})
    assert unsaid(plan, "json") == unsaid(plan, "xlsx") == []
    assert "1 target" in str(unsaid(plan, "txt")[0])
    assert "no targets" in str(unsaid(plan, "mmd")[0])
    bare = plan.with_(targets={"t": replace(target, baseline=None)})
    assert unsaid(bare, "md") == []
    action = Node("b", "action", "Letters", owner="Kari", cost=5.0, confidence=0.5)
    more = plan.with_(nodes={**plan.nodes, "b": action}, targets={})
    assert [str(words)[:5] for words in unsaid(more, "md")] == ["1 box"]
    hung = more.with_(links={("a", "b"): Edge("a", "b", "supports", hypothesis="They come back")})
    assert unsaid(hung, "mmd") == unsaid(hung, "csv") == []
    assert [str(words)[:6] for words in unsaid(hung, "md")] == ["1 box ", "1 line"]


def hostile() -> Plan:
    nodes = [Node("a", "kgi", HOSTILE, formula="b * end"), Node("b", name="=1+2"), Node("end", name="End")]
    return Plan("p", HOSTILE, {node.id: node for node in nodes}, {("b", "end"): Edge("b", "end", sign=-1)})


PIECES = [*"ab1=+-*/×＋÷@!#&|;:()[]{}<>\"'`\\%~.、🛒", "\u3000", "\u202e", "مبيعات", "##", "%%{", "$$",
          "&amp;", "#35;", "-->", "<br>", "[a]", "- ", "!5", "graph ", "nodes:"]  # fmt: skip
TEXT = text_of(MAX_NAME)
NAMES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map(
    lambda ones: TEXT("".join(ones), "") or "x"
)


@st.composite
def oddly_named(draw: st.DrawFn) -> Plan:
    """Any plan, its boxes called what no form would like, some with an owner and a note."""
    plan = draw(plans())
    more = st.sampled_from([{}, {"owner": 'Kari "K" [x]'}, {"notes": "%%{init: {}}%%\n2"}])
    nodes = {key: replace(node, name=draw(NAMES), **draw(more)) for key, node in plan.nodes.items()}
    return plan.with_(nodes=nodes, targets={})


@pytest.mark.parametrize("form", ["txt", "md", "mmd", "yaml"])
@settings(max_examples=40, deadline=None)
@given(plan=oddly_named())
def test_odd_names_come_back_from_every_form(form: str, plan: Plan) -> None:
    again = from_any(to_form(plan, form))
    assert {node.id: (node.name, node.formula, node.kind) for node in again.nodes.values()} == {
        node.id: (node.name, node.formula, node.kind) for node in plan.nodes.values()
    }
    assert {edge.key for edge in again.edges} == {edge.key for edge in plan.edges}


@settings(max_examples=40)
@given(plans())
def test_markdown_comes_back(plan: Plan) -> None:
    again = from_markdown(to_markdown(plan), base=plan)
    assert {node.id: (node.name, node.formula) for node in again.nodes.values()} == {
        node.id: (node.name, node.formula) for node in plan.nodes.values()
    }
    assert {edge.key for edge in again.edges} == {edge.key for edge in plan.edges}


def test_a_markdown_list_of_ours_comes_back_with_its_targets_for_the_period_that_is_meant() -> None:
    plan = Plan("p", nodes={"a": Node("a", "kgi", "Sales")})
    plan = plan.with_(targets={"t": Target("t", "a", parse_period("2026-Q4"), 120.0)})
    text = to_markdown(plan)
    (own,) = from_any(text, period=parse_period("2026-Q3")).targets.values()
    assert (own.period, own.value) == (parse_period("2026-Q4"), 120.0), "what it says rules"
    again = from_any(text.replace(":2026-Q4", ""), period=parse_period("2026-Q3"))
    assert [(each.node, each.period, each.value) for each in again.targets.values()] == [
        ("a", parse_period("2026-Q3"), 120.0)
    ]


@settings(max_examples=40)
@given(plans())
def test_mermaid_comes_back_with_its_lines(plan: Plan) -> None:
    again = from_mermaid(to_mermaid(plan))
    assert {node.id: replace(node, order=0.0) for node in again.nodes.values()} == {
        node.id: replace(node, order=0.0) for node in plan.nodes.values()
    }
    assert {node: again.children(node) for node in again.nodes} == {
        node: plan.children(node) for node in plan.nodes
    }
    assert {key: edge for key, edge in again.links.items() if edge.tested} == {
        key: edge for key, edge in plan.links.items() if edge.tested
    }


def test_a_name_with_markup_stays_a_name() -> None:
    plan = hostile()
    assert from_markdown(to_markdown(plan)).nodes["a"].name == HOSTILE
    assert {node.id: node.name for node in from_mermaid(to_mermaid(plan)).nodes.values()} == {
        node.id: node.name for node in plan.nodes.values()
    }
    assert "<img" not in to_mermaid(plan)
    assert "\\<img" in to_markdown(plan)


def test_the_edge_list_is_harmless_in_a_spreadsheet() -> None:
    rows = list(csv.reader(io.StringIO(to_edge_csv(hostile()))))
    assert rows[0][:2] == ["parent", "child"]
    assert {(row[0], row[1]): row[5] for row in rows[1:]}["a", "b"] == "×"
    assert not [cell for row in rows[1:] for cell in (row[2], row[3]) if cell.startswith("=")]


def test_dot_is_well_formed() -> None:
    text = to_dot(hostile())
    assert text.startswith("digraph plan {")
    assert text.count("->") == 3
    assert '\\"q\\"' in text
    action = Node(
        "x", "action", "A &lt; B", owner="Kari", due=date(2026, 3, 4), state="doing", notes='a\n"b"'
    )
    (line,) = [one for one in to_dot(Plan("p", nodes={"x": action})).splitlines() if "label" in one]
    assert line.strip() == (
        '"x" [label="A &amp;lt; B\\nbeing done · Kari · 4 Mar 2026", shape=cds, tooltip="a\\n\\"b\\""];'
    )


def test_what_looks_like_another_form_is_read_as_what_it_is() -> None:
    assert from_any("Graph views\n  Visits\n").nodes["graph_views"].name == "Graph views"
    assert from_any("{x}\n  Version: 2\n").nodes.keys() == {"x", "version_2"}
    one_line = from_any("graph LR; a[Sales]-->b[Orders]; b-->href_[href]")
    assert (one_line.root(), one_line.children("a"), one_line.nodes["href"].name) == ("a", ["b"], "href")


@pytest.mark.parametrize("template", [template.id for template in list_templates()])
def test_the_plan_file_keeps_to_its_published_schema(template: str) -> None:
    jsonschema.validate(json.loads(to_json(build(template))), plan_schema())


VALIDATOR = jsonschema.Draft202012Validator(plan_schema())


@pytest.mark.parametrize("form", ["json", "yaml", "md", "txt", "mmd"])
def test_a_form_is_known_by_its_content(form: str) -> None:
    plan = build("increase_sales")
    again = from_any(to_form(plan, form), kpis=[node.kpi for node in plan.nodes.values() if node.kpi])
    assert set(again.nodes) == set(plan.nodes)
    assert again.nodes["sales"].formula == plan.nodes["sales"].formula


def test_an_unknown_form() -> None:
    with pytest.raises(Refused, match="Did you mean json"):
        to_form(build("increase_sales"), "jsn")
    assert set(FORMS) == {"json", "yaml", "md", "txt", "mmd", "dot", "csv"}


def test_a_markdown_list_from_elsewhere() -> None:
    plan = from_any("# My tree\n\n- Profit\n  - Sales\n    - Visits\n  - Costs\n")
    assert plan.name == "My tree"
    assert plan.children("profit") == ["sales", "costs"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("graph TD\n a --> b\n b --> a", "circle"),
        ("flowchart TD\n a[Sales --> b", "Line 2"),
        ("flowchart TD\n a -->", "Line 2"),
        ("flowchart TD\n a b c", "Line 2"),
        ("flowchart TD\n", "no nodes"),
        (f'flowchart TD\n a["{"x" * 10_000}"]', "10,000 characters"),
        ('{"format": "kpi-tree plan", "version": 7, "id": "p"}', "version 7"),
        ("", "empty"),
        ("- A [a]\n  - [a]\n", "twice|circle"),
    ],
)
def test_what_cannot_be_taken_in(text: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        from_any(text)


@given(st.text(alphabet='ab \n-[]"|>=x.;({})flowchartTD', max_size=60).map("flowchart TD\n".__add__))
def test_any_diagram_is_read_or_refused(text: str) -> None:
    try:
        plan = from_mermaid(text)
    except Refused:
        return
    assert plan.nodes


def test_the_schema_in_the_package_is_the_one_that_is_made_from_the_readers() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json.loads(json.dumps(plan_schema()))


@given(plans())
@settings(max_examples=40, deadline=None)
def test_every_plan_that_leaves_fits_the_schema_in_json_and_yaml(plan: Plan) -> None:
    assert list(VALIDATOR.iter_errors(json.loads(to_form(plan, "json")))) == []
    assert from_any(to_form(plan, "yaml")) == from_any(to_form(plan, "json")) == plan
