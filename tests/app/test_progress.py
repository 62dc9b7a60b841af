"""The progress chart on the page of a KPI: its form and layers in the address, and the chart in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.i18n import Msg, format_value, translate
from kpi_tree.ui.shell.start import OWNER

Opened = Callable[..., AppTest]


def first_chart(app: AppTest) -> Any:
    """The first chart of the page: its specification and its words."""
    return app.get("vega_lite_chart")[0].proto


def lines_of(proto: Any) -> set[str]:
    """The names in the legend."""
    spec = json.loads(proto.spec)
    found = [
        layer["encoding"].get("color", {}) for layer in spec["layer"] if isinstance(layer["encoding"], dict)
    ]
    return {name for one in found if isinstance(one, dict) for name in one.get("scale", {}).get("domain", ())}


def with_a_remark(home: Path) -> None:
    opened = workspace.open_home(home)
    at = workspace.today_of(opened)
    workspace.check_in(
        opened, OWNER, "sales", value=123_456.0, changed="Stock came late", person="Kari",
        day=at - timedelta(days=2),
    )  # fmt: skip


@pytest.mark.usefixtures("shop")
def test_what_adds_up_opens_to_date_and_a_rate_step_by_step(opened: Opened) -> None:
    flow, rate = opened("kpi", id="sales"), opened("kpi", id="conversion_rate")
    assert flow.session_state["pick_chart"] == "so_far"
    assert rate.session_state["pick_chart"] == "steps"
    assert "Burn-up" in flow.segmented_control(key="pick_chart").options
    assert "Burn-up" not in rate.segmented_control(key="pick_chart").options
    # The rate goes by week, and what stands below the flow has a small chart each.
    assert "by week" in json.loads(first_chart(rate).spec)["layer"][0]["encoding"]["y"]["title"]
    below = [one.proto.alt for one in flow.get("vega_lite_chart")]
    assert "What stands below it" in [one.value for one in flow.header]
    assert any(said.startswith("Returns") for said in below)


def test_layers_are_chosen_in_the_address_and_only_those_there_are(own_shop: Path, opened: Opened) -> None:
    usual = opened("kpi", id="sales")
    assert "Last year" in lines_of(first_chart(usual))
    assert not usual.pills, "what nobody opened is not made"
    usual.session_state["layers_box"] = True
    offered = usual.run().pills(key="layers_pick").options
    assert "Last year" in offered
    assert "Events" not in offered  # the sample plan has none
    with_a_remark(own_shop)
    now = opened("kpi", id="sales", layers="remarks")
    now.session_state["layers_box"] = True
    assert "Check-ins and comments" in now.run().pills(key="layers_pick").options
    assert "Last year" not in lines_of(first_chart(now))
    assert b"Stock came late" in first_chart(now).SerializeToString()


def told(home: str, lang: str) -> None:
    """What the chart says, on a page of its own."""
    import streamlit as st

    from kpi_tree import workspace
    from kpi_tree.ui.pieces.chartlayers import Sign
    from kpi_tree.ui.pieces.pacewords import words
    from kpi_tree.ui.shell.session import open_session
    from kpi_tree.ui.shell.start import OWNER
    from kpi_tree.ui.shell.text import set_language

    set_language(lang)
    open_session(None)
    opened = workspace.open_home(home)
    at = workspace.today_of(opened)
    view = next(one for one in workspace.tree(opened, OWNER, at=at) if one.id == "sales")
    st.text(words(view, [Sign("comment", at, at, "Kari")], form="burn_up")["description"])


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
def test_the_chart_is_told_in_words_in_each_language(shop: Path, lang: str, alone: Opened) -> None:
    home = workspace.open_home(shop)
    view = next(one for one in workspace.tree(home, OWNER, at=workspace.today_of(home)) if one.id == "sales")
    said = alone(told, str(shop), lang).text[0].value
    assert translate(view.reason, lang) in said
    assert "Kari" in said
    assert view.outlook is not None
    lands = format_value(view.outlook.value, view.unit, lang, currency=view.currency, compact=True)
    assert lands in said
    for text in ("Marked: {names}.", "The forecast lands at {value}."):
        # Built from messages: each stands there as the reader's own language has it.
        made = translate(Msg(text, params={"names": "|", "value": "|"}), lang)
        assert all(part.strip() in said for part in made.split("|"))


def test_what_stands_below_is_told_as_bullets(shop: Path, opened: Opened) -> None:
    bars = opened("kpi", id="orders", below="bars")
    bullets = next(one.proto for one in bars.get("vega_lite_chart") if "against its target" in one.proto.alt)
    home = workspace.open_home(shop)
    views = {one.id: one for one in workspace.tree(home, OWNER, at=workspace.today_of(home))}
    for child in ("sessions", "conversion_rate"):
        assert views[child].name in bullets.alt
