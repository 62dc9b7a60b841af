"""The pages, run for real on real homes, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.ui.shell import failures
from kpi_tree.workspace import Asker

PAGES = ("overview", "tree", "goals", "kpi", "data", "settings")
OWNER = Asker("test", "owner")
Open = Callable[..., AppTest]


def words(app: AppTest) -> str:
    """Everything that is said on the page."""
    said = [each.value for kind in ("title", "header", "markdown", "caption") for each in app.get(kind)]
    said += [each.value for each in app.html]
    said += [each.label for each in [*app.button, *app.page_link, *app.text_input, *app.expander]]
    return "\n".join(str(each) for each in said)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("empty_home")
def test_every_page_opens_on_an_empty_home(opened: Open, page: str) -> None:
    app = opened(page)
    assert not app.error
    assert app.title[0].value


@pytest.mark.usefixtures("empty_home")
def test_the_empty_home_offers_three_ways_to_begin(opened: Open) -> None:
    said = words(opened())
    for way in ("Load the sample shop", "Upload files", "Start from the web shop tree"):
        assert way in said


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.usefixtures("shop")
def test_every_page_opens_on_the_sample_shop(opened: Open, page: str) -> None:
    app = opened(page)
    assert not app.error
    assert app.title[0].value


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
@pytest.mark.usefixtures("shop")
def test_the_language_of_the_address_is_the_page_s(opened: Open, lang: str) -> None:
    app = opened(lang=lang)
    assert app.selectbox(key="lang_widget").value == lang


@pytest.mark.usefixtures("shop")
def test_a_link_to_a_kpi_shows_it_with_its_sources(opened: Open) -> None:
    app = opened("kpi", id="sales")
    said = words(app)
    assert "Where the numbers come from" in said
    assert "kt-headline" in said
    assert app.get("vega_lite_chart")


@pytest.mark.usefixtures("shop")
def test_rows_behind_a_number_lead_to_batch_and_file(opened: Open) -> None:
    app = opened("kpi", id="orders")
    box = next(each for each in app.selectbox if each.label == "Show the rows behind")
    box.select_index(1).run()
    assert not app.exception
    columns = {name.strip("_").lower() for frame in app.dataframe for name in frame.value.columns}
    assert {"batch", "file", "row"} <= columns


@pytest.mark.usefixtures("shop")
def test_an_unknown_kpi_is_said_and_not_an_error(opened: Open) -> None:
    app = opened("kpi", id="<b>salse</b>")
    assert app.title[0].value == "No such KPI"
    assert "\\<b\\>" in words(app)


@pytest.mark.usefixtures("own_shop")
def test_a_goal_is_understood_set_and_taken_back(opened: Open) -> None:
    before = set(workspace.plan(workspace.open_home(), OWNER).targets)
    app = opened("goals")
    app.text_input(key="goal_sentence").set_value("Increase sales 10% next quarter")
    app.button(key="goal_go").click().run()
    assert not app.exception
    assert "This is how I read it" in words(app)
    app.button(key="goal_set").click().run()
    assert not app.exception
    assert not app.error
    plan = workspace.plan(workspace.open_home(), OWNER)
    made = [target for name, target in plan.targets.items() if name not in before]
    assert [target.change for target in made] == [0.1]
    assert made[0].sentence == "Increase sales 10% next quarter"
    assert app.get("vega_lite_chart")
    app.button(key="undo").click().run()
    assert set(workspace.plan(workspace.open_home(), OWNER).targets) == before


@pytest.mark.usefixtures("empty_home")
def test_a_goal_without_data_for_its_baseline_is_refused_in_words(opened: Open) -> None:
    app = opened("goals")
    app.text_input(key="goal_sentence").set_value("Increase sales 10% next quarter")
    app.button(key="goal_go").click().run()
    app.button(key="goal_set").click().run()
    assert not app.exception
    assert app.error
    assert workspace.plans(workspace.open_home(), OWNER) == []


@pytest.mark.usefixtures("empty_home")
def test_a_file_is_read_shown_loaded_and_withdrawn(opened: Open) -> None:
    orders = Path(__file__).resolve().parents[2] / "data" / "sample" / "shopify_orders_export.csv"
    app = opened("data")
    app.file_uploader[0].upload(orders.name, orders.read_bytes()).run()
    assert not app.exception
    assert workspace.batches(workspace.open_home(), OWNER) == []  # looking changes nothing
    next(each for each in app.button if each.label == "Load this file").click().run()
    assert not app.exception
    found = workspace.batches(workspace.open_home(), OWNER)
    assert [batch.status for batch in found] == ["active"]
    assert "Loaded" in words(app)
    app.session_state[f"ask_{found[0].batch}_active"] = True  # what becomes of the KPIs is told before
    app.run()
    assert "After" in app.dataframe[0].value.columns
    app.button(key=f"withdraw_{found[0].batch}").click().run()
    assert [batch.status for batch in workspace.batches(workspace.open_home(), OWNER)] == ["withdrawn"]
    app.session_state[f"ask_{found[0].batch}_withdrawn"] = True  # and again before it comes back
    app.run()
    assert "After" in app.dataframe[0].value.columns
    app.button(key=f"restore_batch_{found[0].batch}").click().run()
    assert [batch.status for batch in workspace.batches(workspace.open_home(), OWNER)] == ["active"]


@pytest.mark.usefixtures("empty_home")
def test_a_file_of_an_unknown_kind_is_asked_about_and_not_complained_of(opened: Open) -> None:
    app = opened("data")
    app.file_uploader[0].upload("words.csv", b"a,b\n1,2\n").run()
    assert not app.exception
    assert [each.value for each in app.error] == []
    assert any("new here" in each.value for each in app.markdown)
    assert workspace.batches(workspace.open_home(), OWNER) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("noise.csv", bytes(range(256)) * 40),
        ("=x.csv", b"\0\0"),
    ],
)
@pytest.mark.usefixtures("empty_home")
def test_a_file_that_cannot_be_used_is_refused_in_words(opened: Open, name: str, content: bytes) -> None:
    app = opened("data")
    app.file_uploader[0].upload(name, content).run()
    assert not app.exception
    said = " ".join(each.value for each in app.error)
    assert said
    assert "Traceback" not in said
    assert workspace.batches(workspace.open_home(), OWNER) == []


@pytest.mark.usefixtures("empty_home")
def test_undo_says_what_it_would_undo_and_does_it(opened: Open) -> None:
    plan = workspace.new_plan(workspace.open_home(), OWNER, template="online_shop")
    node = next(iter(plan.nodes))
    edit = {"op": "set_field", "node": node, "field": "owner", "after": "Kari"}
    workspace.edit_plan(workspace.open_home(), OWNER, plan.id, [edit], base_revision=plan.revision)
    app = opened()
    button = app.button(key="undo")
    assert "Kari" in button.help
    button.click().run()
    assert not app.exception
    assert workspace.plan(workspace.open_home(), OWNER).nodes[node].owner == plan.nodes[node].owner
    assert not app.button(key="redo").disabled


@pytest.mark.usefixtures("empty_home")
def test_a_conflict_shows_both_values_and_keeps_theirs(
    opened: Open, unfold: Callable[[AppTest, str], None]
) -> None:
    plan = workspace.new_plan(workspace.open_home(), OWNER, template="online_shop")
    node = plan.root()
    assert node is not None
    app = opened("tree")
    unfold(app, "panel_change")
    name = next(
        each for each in app.text_input if each.label == "Name" and each.value == plan.nodes[node].name
    )
    theirs = {"op": "set_field", "node": node, "field": "name", "after": "Theirs"}
    workspace.edit_plan(workspace.open_home(), OWNER, plan.id, [theirs], base_revision=plan.revision)
    name.set_value("Mine")
    next(each for each in app.button if each.label == "Save").click().run()
    assert not app.exception
    assert workspace.plan(workspace.open_home(), OWNER).nodes[node].name == "Theirs"


@pytest.mark.usefixtures("empty_home")
def test_settings_are_kept(opened: Open) -> None:
    app = opened("settings")
    next(each for each in app.selectbox if each.label == "Currency").set_value("EUR")
    next(each for each in app.button if each.label == "Save").click().run()
    assert not app.exception
    assert workspace.settings(workspace.open_home(), OWNER).currency == "EUR"


@pytest.mark.usefixtures("empty_home")
def test_an_error_shows_a_number_and_no_detail(caplog: pytest.LogCaptureFixture, alone: Open) -> None:
    def script() -> None:
        from kpi_tree.ui.shell.failures import on_script_error

        on_script_error(RuntimeError("secret /srv/path select * from journal"))

    app = alone(script)
    said = " ".join(each.value for each in app.error)
    assert "secret" not in said
    number = said.rsplit(" ", 1)[-1].rstrip(".")
    assert any(number in record.getMessage() for record in caplog.records)
    assert failures.LOG.name == "kpi_tree.ui"
