"""The goals page's table down the tree: strategies, limits in the address, asking and answering."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.ui.targets import allocatelimits
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
Open = Callable[..., AppTest]


def words(app: AppTest) -> str:
    shown = [*app.markdown, *app.caption, *app.error, *app.warning]
    return " ".join(str(each.value) for each in shown).replace("\xa0", " ").replace("\\", "")


def button(app: AppTest, start: str) -> Any:
    return next(each for each in app.button if (each.key or "").startswith(start))


@pytest.mark.usefixtures("shop")
def test_the_target_goes_down_the_tree_within_the_limits_of_the_address(opened: Open) -> None:
    app = opened("goals", **{"as": "down", "by": "equal"})
    assert "Every part of a formula carries the same share" in words(app)
    assert "Sales (net): from NOK" in words(app)
    assert not app.error
    limits = "sessions~~5000,average_order_value~~900,returns~80000~,conversion_rate~0.033,nonsense~1"
    app = opened("goals", **{"as": "down", "limits": limits})
    assert "Within the locks and bounds Sales (net) comes to NOK 68,500" in words(app)
    assert "Conversion rate is locked at 3.3%" in words(app)
    assert button(app, "allocate_ask").disabled
    button(app, "allocate_clear").click().run()
    assert "limits" not in app.query_params
    assert not app.error


def test_owners_are_asked_say_yes_or_offer_another_value_and_it_can_be_undone(
    own_shop: Path, opened: Open
) -> None:
    app = opened("goals", **{"as": "down"})
    button(app, "allocate_ask").click().run()
    assert "What the owners say" in " ".join(str(each.value) for each in app.header)
    span = r"Sales \(net\): from NOK ([\d,]+) in .*? to NOK ([\d,]+)"
    start, goal = (int(amount.replace(",", "")) for amount in re.findall(span, words(app))[0])
    more = re.findall(r"(NOK [\d,]+) is not promised by anyone", words(app))[0]
    assert abs(int(more[4:].replace(",", "")) - (goal - start)) <= 1
    button(app, "accept_for_sessions").click().run()
    assert "Accepted: " in words(app)
    assert f"{more} is not promised" not in words(app)
    home = workspace.open_home(own_shop)
    plan = workspace.plan(home, OWNER)
    held = [one for one in plan.targets.values() if one.node == "sessions"]
    assert [one.promise for one in held] == ["accepted"]
    app = opened("goals")
    assert "is not promised by anyone" in words(app), "the targets say it too"
    asked = [one for one in plan.targets.values() if one.promise == "asked"]
    assert len(asked) == 3
    assert not any((each.key or "").startswith(f"drop_{asked[0].id}") for each in app.button)
    workspace.undo(home, OWNER)
    assert more in words(opened("goals"))


def test_limits_go_into_the_address_and_come_back() -> None:
    made = {"a": allocatelimits.Set(lock=3.5), "b": allocatelimits.Set(low=-1.0), "c": allocatelimits.Set()}
    back = allocatelimits.read(allocatelimits.write(made))
    assert back == {"a": allocatelimits.Set(lock=3.5), "b": allocatelimits.Set(low=-1.0)}
    assert allocatelimits.read("~,~~,x~a,=,b~1~2~3") == {}
