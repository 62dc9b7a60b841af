"""The screen's own small rules, without a screen."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_tree.catalogue import catalogue
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.plan.model import Edge, Node, Plan
from kpi_tree.ui.data.issuelist import as_csv
from kpi_tree.ui.kpis import kpilist
from kpi_tree.ui.pieces import progress
from kpi_tree.ui.pieces.exports import csv_bytes
from kpi_tree.ui.shell import cache, parts
from kpi_tree.ui.shell.history import next_steps
from kpi_tree.ui.shell.text import escaped, plain
from kpi_tree.ui.tree import cards
from kpi_tree.workspace import JournalLine, NodeView


def line(revision: int, action: str) -> JournalLine:
    return JournalLine(revision, datetime(2026, 5, 1, tzinfo=UTC), "kari", action, (msg("Changed."),))


def test_undo_and_redo_name_the_step_they_would_take() -> None:
    lines = [
        line(1, "create"),
        line(2, "edit"),
        line(3, "edit"),
        line(4, "undo"),
        line(5, "undo"),
        line(6, "redo"),
    ]
    back, forth = next_steps(reversed(lines))
    assert back is not None
    assert forth is not None
    assert (back.revision, forth.revision) == (2, 3)
    assert next_steps([line(1, "create")]) == (None, None)


def test_a_fresh_edit_ends_what_could_be_made_again() -> None:
    lines = [line(1, "create"), line(2, "edit"), line(3, "undo"), line(4, "edit")]
    back, forth = next_steps(reversed(lines))
    assert back is not None
    assert back.revision == 4
    assert forth is None


MARKUP = set("\\`*_{}[]()#+-.!|<>$:~&")


@given(st.text(max_size=60))
def test_plain_leaves_no_mark_unescaped(text: str) -> None:
    made, place = plain(text), 0
    while place < len(made):
        if made[place] == "\\":
            place += 2
            continue
        assert made[place] not in MARKUP
        place += 1


def test_escaped_closes_every_way_into_html() -> None:
    assert escaped("<img src=x onerror='a' \">") == "&lt;img src=x onerror=&#x27;a&#x27; &quot;&gt;"


def test_issues_leave_as_cells_that_run_nothing() -> None:
    issue = Issue("warning", "bad", msg("=cmd()"), "a.csv, row 3", row=3, column="@x", value="+1", count=2)
    rows = list(csv.reader(io.StringIO(as_csv([issue], "en").decode("utf-8-sig"))))
    said = dict(zip(rows[0], rows[1], strict=True))
    assert said["What is wrong"] == "'=cmd()"
    assert (said["Column"], said["Value"]) == ("'@x", "+1")  # a plain number runs nothing
    assert (said["Row"], said["Places"]) == ("3", "2")


def test_tables_leave_with_numbers_as_numbers() -> None:
    frame = pd.DataFrame({"=name": ["-1+2", "ok"], "value": [-3.5, 2.0]})
    back = pd.read_csv(io.BytesIO(csv_bytes(frame)))
    assert list(back.columns) == ["'=name", "value"]
    assert back["'=name"].tolist() == ["'-1+2", "ok"]
    assert back["value"].tolist() == [-3.5, 2.0]


def plan() -> Plan:
    nodes = [
        Node("sales", "kgi", "Sales", formula="gross - discounts - refunds / 2"),
        Node("gross", formula="orders * value - returned"),
        Node("returned"),
        Node("discounts"),
        Node("refunds"),
        Node("orders"),
        Node("value"),
        Node("campaign", "action", "Campaign"),
    ]
    return Plan(
        "shop",
        nodes={node.id: node for node in nodes},
        links={("orders", "campaign"): Edge("orders", "campaign", "supports")},
    )


@pytest.mark.parametrize(
    ("parent", "child", "sign"),
    [
        ("sales", "gross", "+"),
        ("sales", "discounts", "−"),
        ("sales", "refunds", "−"),
        ("gross", "orders", "+"),
        ("gross", "value", "×"),
        ("gross", "returned", "−"),
    ],
)
def test_the_sign_between_children_is_the_formula_s(parent: str, child: str, sign: str) -> None:
    assert cards.operator(plan(), parent, child) == sign


def test_lines_carry_kind_and_sign() -> None:
    found = {(each["parent"], each["child"]): each for each in cards.lines(plan())}
    assert found["orders", "campaign"]["kind"] == "supports"
    assert found["orders", "campaign"]["operator"] == ""
    assert found["sales", "discounts"]["operator"] == "−"


def test_the_bar_counts_a_flow_from_zero_and_a_rate_from_its_baseline() -> None:
    flow = NodeView(
        "sales",
        "Sales",
        "kgi",
        kpi="sales",
        actual=50.0,
        target=200.0,
        baseline=180.0,
        expected=100.0,
        rollup="sum",
    )
    assert progress.shares(flow) == progress.Shares(0.25, 0.5)
    rate = NodeView(
        "c",
        "C",
        "kpi",
        kpi="conversion_rate",
        actual=0.03,
        target=0.04,
        baseline=0.02,
        expected=0.025,
        rollup="ratio",
    )
    done = progress.shares(rate)
    assert done.done == pytest.approx(0.5)
    assert done.expected == pytest.approx(0.25)
    assert progress.shares(NodeView("x", "X", "kpi", actual=1.0)) == progress.Shares(None, None)


def test_what_needs_attention_comes_worst_first_and_skips_what_is_well() -> None:
    views = [
        NodeView("a", "A", "kpi", status="on_track"),
        NodeView("b", "B", "kpi", status="at_risk", depth=1),
        NodeView("c", "C", "kpi", status="off_track", depth=2),
        NodeView("d", "D", "action", status="off_track"),
        NodeView("e", "E", "kpi", status=None),
    ]
    assert [view.id for view in parts.needing_attention(views)] == ["c", "b"]


@pytest.mark.parametrize(
    ("asked", "lang", "first"),
    [("conversion rate", "en", "conversion_rate"), ("salg", "nb", "sales"), ("売上", "ja", "sales")],
)
def test_a_kpi_is_found_by_a_word_of_its_name(asked: str, lang: str, first: str) -> None:
    found = [kpi.id for kpi in kpilist.matching(list(catalogue().values()), asked, lang)]
    assert first in found[:6]
    assert kpilist.matching(list(catalogue().values()), "zzzz", lang) == []


def test_every_status_has_a_look_of_its_own_shape() -> None:
    shapes = [look.shape for look in parts.LOOKS.values()]
    assert len(set(shapes)) == len(shapes)


def test_a_kpi_s_own_name_follows_the_reader_and_a_person_s_name_stays() -> None:
    words = catalogue()["sales"].name
    own = NodeView("sales", words["en"], "kgi", kpi="sales", names=words)
    assert cache.named(own, "ja").name == catalogue()["sales"].name["ja"]
    typed = NodeView("sales", "Our sales", "kgi", kpi="sales")
    assert cache.named(typed, "ja").name == "Our sales"


def test_what_is_kept_is_told_apart_by_what_was_asked() -> None:
    asked = (1, 1.0, True, "1", [1], (1,), {"a": [1]}, {"a": [2]})
    assert len({cache._frozen(each) for each in asked}) == len(asked)
    assert cache._frozen({"a": [1]}) == cache._frozen({"a": [1]})
