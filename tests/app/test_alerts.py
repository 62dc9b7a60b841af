"""Alerts and the overview's meeting view, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.workspace import Asker

OWNER = Asker("owner", "owner")
Open = Callable[..., AppTest]


def said(app: AppTest) -> str:
    kinds = ("title", "header", "markdown", "caption")
    return "\n".join(str(one.value) for kind in kinds for one in app.get(kind))


@pytest.mark.parametrize("view", ["news", "rules", "channels", "digest"])
@pytest.mark.usefixtures("shop")
def test_each_view_opens(opened: Open, view: str) -> None:
    app = opened("alerts", view=view)
    assert not app.error


@pytest.mark.usefixtures("empty_home")
def test_an_empty_home_says_what_to_do_first(opened: Open) -> None:
    assert "No plan yet" in said(opened("alerts", view="rules"))


def test_an_alert_is_set_up_told_and_read(opened: Open, own_shop: Path) -> None:
    home = workspace.open_home(own_shop)
    app = opened("alerts", view="rules")
    app.button(key="add_alert").click().run()
    app.selectbox(key="alert_kind_new").select("stale").run()
    app.number_input(key="alert_days_new_stale").set_value(0)
    next(one for one in app.button if one.label == "Save").click().run()
    assert not app.error
    (alert,) = workspace.alerts(home, OWNER)
    assert (alert.rule.kind, alert.rule.settings) == ("stale", {"days": 0})
    told = workspace.send_alerts(home, OWNER).told
    assert told > 0
    app = opened("alerts")
    assert "new alert" in "".join(link.label for link in app.sidebar.get("page_link"))
    app.button(key="news_read").click().run()
    assert workspace.unread_news(home, OWNER) == 0
    app = opened("alerts", view="rules")
    app.button(key=f"pause_{alert.id}").click().run()
    assert workspace.alerts(home, OWNER)[0].rule.paused
    app.button(key=f"remove_{alert.id}").click().run()
    assert not workspace.alerts(home, OWNER)
    app.button(key="alert_back").click().run()
    assert workspace.alerts(home, OWNER)[0].id == alert.id
    assert "is gone" not in said(app)


def test_a_channel_is_set_up_without_ever_showing_its_secret(opened: Open, own_shop: Path) -> None:
    app = opened("alerts", view="channels")
    app.button(key="add_channel").click().run()
    app.get("button_group")[-1].set_value("slack").run()
    app.text_input(key="channel_name_new").set_value("Team")
    app.text_input(key="channel_url_new").set_value("https://hooks.example.com/services/canary")
    next(one for one in app.button if one.label == "Save").click().run()
    assert not app.error
    (channel,) = workspace.channels(workspace.open_home(own_shop), OWNER)
    assert (channel.kind, channel.where, channel.ready) == ("slack", "hooks.example.com", True)
    app.button(key=f"change_{channel.id}").click().run()
    assert app.text_input(key=f"channel_url_{channel.id}").value == ""
    assert "canary" not in said(app)


@pytest.mark.usefixtures("shop")
def test_the_meeting_goes_from_the_goal_to_what_costs_it_most_and_to_the_actions(opened: Open) -> None:
    app = opened(present="1")
    first = said(app)
    assert "1 / " in first
    app.button(key="present_Right").click().run()
    assert "Costs" in said(app)
    for _ in range(9):
        if not app.button(key="present_Right").disabled:
            app.button(key="present_Right").click().run()
    assert "What the actions bring" in said(app)
    app.button(key="present_end").click().run()
    assert "present" not in app.query_params
    assert not app.exception


@pytest.mark.usefixtures("shop")
def test_attention_is_ordered_by_what_it_costs(opened: Open) -> None:
    app = opened()
    text = said(app)
    assert "Costs" in text
    assert "first visit" in text


@pytest.mark.usefixtures("shop")
def test_from_an_indicator_s_page_a_form_is_open_for_it(opened: Open) -> None:
    links = [link.label for link in opened("kpi", id="orders").get("page_link")]
    assert "Alert me" in links
    app = opened("alerts", view="rules", alert="new", node="orders")
    assert app.selectbox(key="alert_node_new_False").value == "orders"
    assert "alert" not in app.query_params
