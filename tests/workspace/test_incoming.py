"""Plans on their way in: looked at first, then taken in one step that undo takes back."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, settings

from kpi_tree import workspace
from kpi_tree.errors import Conflict, NotFound, Refused
from kpi_tree.i18n import translate
from kpi_tree.periods import Period
from kpi_tree.plan.model import Plan, Target
from kpi_tree.store import Home
from kpi_tree.store import plans as kept
from kpi_tree.workspace import Asker
from kpi_tree.workspace.drafting.incoming import would_change
from tests.plan.strategies import plans

ME = Asker("Kari", "owner")
TODAY = date(2026, 8, 3)
Q3 = Period(date(2026, 7, 1), date(2026, 10, 1))


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = workspace.open_home(tmp_path_factory.mktemp("incoming"))
    workspace.new_plan(made, ME, template="increase_sales")
    return made


def plan_of(home: Home) -> Plan:
    return workspace.plan(home, ME)


def test_reading_keeps_nothing_and_names_the_shape(home: Home) -> None:
    before = plan_of(home)
    read = workspace.read_plan(home, ME, b"Name,Level,Target\nA,1,10\nB,2,\n", "a.csv", today=TODAY)
    assert read.shape == "level"
    assert [target.period.start for target in read.plan.targets.values()] == [date(2026, 7, 1)]
    assert [issue.code for issue in read.issues] == ["target_period"]
    assert plan_of(home) == before
    assert len(workspace.plans(home, ME)) == 1


def test_below_a_node_a_kpi_that_is_here_stands_once_and_undo_takes_all_back(home: Home) -> None:
    before = plan_of(home)
    made = workspace.use_template(home, ME, "increase_conversion", into=before.id, under="orders")
    assert made.revision == before.revision + 1
    assert made.parents("conversion_rate").count("orders") == 1
    assert len([node for node in made.nodes.values() if node.kpi == "conversion_rate"]) == 1
    assert set(before.nodes) < set(made.nodes)
    assert workspace.undo(home, ME).nodes == before.nodes


def test_in_place_of_a_tree_the_targets_of_what_stays_are_kept(home: Home) -> None:
    aim = Target("t", "sales", Period(date(2026, 7, 1), date(2026, 10, 1)), 1000.0)
    workspace.edit_plan(home, ME, None, [{"op": "set_target", "after": aim.to_dict()}], base_revision=1)
    before = plan_of(home)
    assert before.targets
    made = workspace.use_template(home, ME, "online_shop", into=before.id)
    assert made.id == before.id
    assert {one.node for one in made.targets.values()} == {one.node for one in before.targets.values()}
    assert workspace.undo(home, ME).nodes == before.nodes


@pytest.mark.parametrize("form", ["txt", "md", "mmd", "xlsx"])
def test_a_form_that_says_only_part_takes_nothing_from_the_plan_it_changes(home: Home, form: str) -> None:
    quarter = Period(date(2026, 7, 1), date(2026, 10, 1))
    aim = Target("t", "sales", quarter, 1000.0, trajectory="step", baseline=900.0)
    floor = Target("f", "sales", quarter, 950.0, kind="floor")
    edits = [{"op": "set_target", "after": one.to_dict()} for one in (aim, floor)]
    before = workspace.edit_plan(home, ME, None, edits, base_revision=1)
    file = workspace.export_tree(home, ME, before.id, form=form, at=TODAY)
    read = workspace.read_plan(home, ME, file, f"tree.{form}", today=TODAY, onto=before.id)
    after = workspace.take_plan(home, ME, read.plan, into=before.id)
    assert (after.name, after.notes, after.targets) == (before.name, before.notes, before.targets)
    for key, node in before.nodes.items():
        assert replace(after.nodes[key], order=node.order) == node
    assert {key: edge.hypothesis for key, edge in after.links.items()} == {
        key: edge.hypothesis for key, edge in before.links.items()
    }


def test_a_snapshot_s_name_is_the_other_side_s(home: Home) -> None:
    other = workspace.new_plan(home, ME, template="fewer_calls")
    workspace.take_snapshot(home, ME, "Before", plan_id=other.id)
    assert workspace.compare_plans(home, ME, "Before", other.id).same
    assert workspace.compare_plans(home, ME, other.id, "@1").same
    assert workspace.diff_plans(home, ME, "Before", other.id) == []


def test_a_stale_decision_is_a_conflict_and_a_wrong_place_is_refused(home: Home) -> None:
    read = workspace.read_plan(home, ME, b"Growth\n  ~ Visits\n", "a.txt", today=TODAY).plan
    first = plan_of(home)
    edit = {"op": "set_field", "node": "orders", "field": "name", "after": "Orders!"}
    workspace.edit_plan(home, ME, first.id, [edit], base_revision=first.revision)
    with pytest.raises(Conflict):
        workspace.take_plan(home, ME, read, into=first.id, base_revision=first.revision)
    for under in ("nowhere", "do_campaign_pages"):
        with pytest.raises(Refused):
            workspace.take_plan(home, ME, read, into=first.id, under=under)


def test_an_own_template_is_thrown_away_and_comes_back_the_programs_stay(home: Home) -> None:
    made = workspace.save_template(home, ME, "Our tree")
    workspace.forget_template(home, ME, made)
    assert made not in {one.id for one in workspace.templates(home, ME)}
    with pytest.raises(NotFound):
        workspace.forget_template(home, ME, made)
    workspace.restore_template(home, ME, made)
    assert made in {one.id for one in workspace.templates(home, ME) if one.own}
    with pytest.raises(Refused, match="part of the program"):
        workspace.forget_template(home, ME, "online_shop")


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.json", "a.txt"])
def test_bytes_that_are_nothing_are_refused_with_the_files_name(home: Home, name: str) -> None:
    with pytest.raises(Refused) as caught:
        workspace.read_plan(home, ME, b"PK\x03\x04 broken" if name == "a.xlsx" else b"  \n", name)
    assert name in str(caught.value.place) or caught.value.remedy


def test_a_dry_run_says_what_a_file_would_change_and_keeps_nothing(home: Home) -> None:
    before = plan_of(home)
    text = workspace.export_plan(home, ME, before.id, form="txt").replace(
        before.nodes["sales"].name, "Turnover"
    )
    read = workspace.read_plan(home, ME, text.encode(), "a.txt", today=TODAY, onto=before.id)
    said = [translate(word) for word in would_change(home, read.plan, before.id)]
    assert len(said) == 1
    assert "Turnover" in said[0]
    assert would_change(home, read.plan, None) == []
    assert plan_of(home) == before


def test_going_back_does_not_take_away_what_somebody_else_did_unseen(home: Home) -> None:
    first = plan_of(home)
    edit = {"op": "set_field", "node": "sales", "field": "owner"}
    seen = workspace.edit_plan(home, ME, None, [{**edit, "after": "Kari"}], base_revision=first.revision)
    later = {**edit, "node": "orders", "after": "Ola"}
    workspace.edit_plan(home, Asker("Ola", "owner"), None, [later], base_revision=seen.revision)
    with pytest.raises(Conflict):
        workspace.restore_plan(home, ME, str(first.revision), base_revision=seen.revision)
    assert plan_of(home).nodes["orders"].owner == "Ola"
    again = workspace.restore_plan(home, ME, str(first.revision), base_revision=plan_of(home).revision)
    assert again.nodes == first.nodes
    assert workspace.undo(home, ME).nodes["orders"].owner == "Ola"


@pytest.mark.parametrize(
    ("source", "name", "words"),
    [
        (b"\x89PNG\r\n\x1a\n0000", "tree.md", "PNG"),
        (b"Sales\n\0Orders\n", "tree.txt", "not a text"),
        (b"[1, 2]", "tree.json", "not a plan file"),
        (b"nodes:\n- id: a\n - bad", "tree.yaml", "not good YAML"),
        (b'{"id": "p", "nodes": [{"id": "a", "na', "tree.json", "not good JSON"),
    ],
)
def test_what_is_no_tree_is_refused_in_words(home: Home, source: bytes, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        workspace.read_plan(home, ME, source, name)


FORMS = ("json", "yaml", "txt", "md", "mmd", "csv", "xlsx")
ODD = 'Say \\"no\\" & 1; #2'


@given(plans())
@settings(max_examples=4, deadline=None)
def test_whatever_was_exported_and_comes_back_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan
) -> None:
    home = Home.open(tmp_path_factory.mktemp("back"))
    first = next(iter(plan.nodes.values()))
    nodes = {**plan.nodes, first.id: replace(first, name=ODD)}
    plan = kept.create(home, plan.with_(nodes=nodes), who="Kari", now=datetime(2026, 8, 3, tzinfo=UTC))
    for form in FORMS:
        file = workspace.export_tree(home, ME, plan.id, form=form, at=TODAY, lang="nb")
        read = workspace.read_plan(home, ME, file, f"tree.{form}", today=TODAY, onto=plan.id)
        assert would_change(home, read.plan, plan.id) == [], form


def test_one_edit_in_any_form_is_that_one_change(home: Home) -> None:
    edits = [
        {"op": "set_field", "node": "sales", "field": "order", "after": 7.0},  # as written, not as numbered
        {"op": "set_target", "after": Target("t", "orders", Q3, 1000.0).to_dict()},
    ]
    plan = workspace.edit_plan(home, ME, None, edits, base_revision=1)

    def words(form: str, change: Callable[[str], str]) -> list[str]:
        file = workspace.export_tree(home, ME, plan.id, form=form, at=TODAY)
        sent = edited(file, change) if form == "xlsx" else change(file.decode()).encode()
        read = workspace.read_plan(home, ME, sent, f"tree.{form}", today=TODAY, onto=plan.id)
        return [translate(word, "en") for word in would_change(home, read.plan, plan.id)]

    for form in FORMS:
        assert words(form, lambda text: text.replace("Bounce rate", "Zebra")) == [
            "Bounce rate renamed to Zebra."
        ]
    lines = words("txt", lambda text: text.replace(" !1000:2026-Q3", ""))
    assert lines == ["Target of Number of transactions removed (was 1,000)."]
    assert words("xlsx", lambda text: "1500" if text == "1000" else text) == [
        "Target of Number of transactions: 1,500 (was 1,000)."
    ]
    new = words("md", lambda text: text + "  - \\> Open a shop\n")
    assert new == ["Open a shop added.", "Open a shop supports Sales (net)."]


def edited(book: bytes, change: Callable[[str], str]) -> bytes:
    """A workbook whose first sheet somebody went through."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    for row in opened.worksheets[0].iter_rows(min_row=5):
        for cell in row:
            if cell.value is not None and change(str(cell.value)) != str(cell.value):
                cell.value = change(str(cell.value))
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()
