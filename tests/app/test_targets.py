"""The target editor on the goals page: its fields, what they make, the past of a target, known events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.periods import Period, label
from kpi_tree.plan.model import Plan
from kpi_tree.workspace import Asker
from kpi_tree.workspace.base.homes import calendar_of

OWNER = Asker("test", "owner")
Open = Callable[..., AppTest]


def words(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.error, *app.warning, *app.header]
    return " ".join(str(each.value) for each in shown).replace("\xa0", " ").replace("\\", "")


def keyed(found: Any, part: str) -> Any:
    return next(each for each in found if part in (each.key or ""))


def plan_of(home: Path) -> Plan:
    return workspace.plan(workspace.open_home(home), OWNER)


def test_a_target_is_changed_with_a_reason_and_restored(own_shop: Path, opened: Open) -> None:
    target = next(name for name in plan_of(own_shop).targets if name.startswith("sessions"))
    app = opened("goals", target=target)
    assert "Site traffic" in words(app)
    keyed(app.number_input, "_change_").set_value(7.0).run()
    keyed(app.text_input, "_why_").set_value("Agreed on Monday").run()
    keyed(app.button, "save_").click().run()
    assert not app.error
    found = workspace.target_versions(workspace.open_home(own_shop), OWNER, target)
    assert [one.why for one in found] == ["Agreed on Monday", ""]
    made = plan_of(own_shop).targets[target]
    assert made.baseline is not None
    assert made.value == pytest.approx(made.baseline * 1.07)
    assert "“Agreed on Monday”" in words(app)
    keyed(app.button, f"back_{target}").click().run()
    assert plan_of(own_shop).targets[target] == found[-1].target


def test_the_address_new_begins_a_target_and_says_what_is_missing(own_shop: Path, opened: Open) -> None:
    before = set(plan_of(own_shop).targets)
    app = opened("goals", target="new", node="orders")
    assert "New target: Number of transactions" in words(app)
    assert "Say what is to be reached to see the path." in words(app)
    keyed(app.number_input, "_value_").set_value(1234.0).run()
    keyed(app.selectbox, "_path_").set_value("custom").run()
    keyed(app.text_area, "_points_").set_value("2021-01-01\t12").run()
    assert "lies outside the target's period" in words(app)
    keyed(app.selectbox, "_path_").set_value("weights").run()
    keyed(app.button, "save_").click().run()
    [name] = set(plan_of(own_shop).targets) - before
    made = plan_of(own_shop).targets[name]
    assert (made.node, made.value, made.trajectory, made.weekdays) == (
        "orders",
        1234.0,
        "weights",
        (1.0,) * 7,
    )
    assert app.query_params["target"] == name


@pytest.mark.usefixtures("shop")
def test_an_address_that_leads_nowhere_says_so(opened: Open) -> None:
    app = opened("goals", target="nothing")
    assert "There is no such target" in words(app)
    assert not app.error


@pytest.mark.usefixtures("empty_home")
def test_without_a_plan_the_goals_page_invites(opened: Open) -> None:
    app = opened("goals", target="new")
    assert any("What do you want to reach?" in each.label for each in app.text_input)


def test_a_word_is_shown_beside_the_status(own_shop: Path, opened: Open) -> None:
    today = workspace.today_of(workspace.open_home(own_shop))
    target = next(
        name
        for name, one in plan_of(own_shop).targets.items()
        if one.node == "sales" and one.period.start <= today < one.period.end
    )
    app = opened("goals", target=target)
    keyed(app.text_input, "word_reason").set_value("A large order is signed")
    next(each for each in app.button if each.label == "Say it").click().run()
    assert "test" not in words(app)
    said = "owner says: On track, until"
    assert said in words(app)
    beside = words(app).replace(said, "")
    assert any(verdict in beside for verdict in ("Ahead", "On track", "At risk", "ehind", "Too early"))


def test_periods_are_called_what_the_shop_calls_them(own_shop: Path, opened: Open) -> None:
    home = workspace.open_home(own_shop)
    named = {one.period for one in plan_of(own_shop).targets.values()}
    workspace.change_settings(home, OWNER, fiscal_start_month=4)
    calendar = calendar_of(workspace.settings(home, OWNER))
    own = {label(Period(one.start, one.end, None, calendar)) for one in named}
    assert all(" FY " in one for one in own)
    shown = words(opened("goals"))
    assert [one for one in own if one not in shown] == []
    assert [label(one) for one in named if label(one) in shown] == []
