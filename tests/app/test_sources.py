"""Sources and tokens on the data page."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.ui.shell import start
from kpi_tree.workspace.base.jobs import jobs_of

Opened = Callable[..., AppTest]


def words(app: AppTest) -> str:
    """All that the page says."""
    parts = [*app.markdown, *app.caption, *app.error, *app.header, *app.code]
    return "\n".join(str(part.value) for part in parts)


def ended(app: AppTest) -> None:
    """Wait for the runs that were asked for, however slow the machine is, and show what they came to."""
    for job in jobs_of(start.home(), start.OWNER):
        assert job.wait(60)
    app.run()


@pytest.mark.usefixtures("empty_home")
def test_a_source_is_added_run_and_told_about_by_hand(opened: Opened, empty_home: Path) -> None:
    app = opened("data", show="sources")
    assert "No source yet" in words(app)
    app.button(key="add_source").click().run()
    assert not app.exception
    app.text_input(key="source_name_new").set_value("POS")
    app.selectbox(key="source_fills_new").set_value("market_size")
    app.button[[button.label for button in app.button].index("Save")].click().run()
    assert not app.exception
    (source,) = workspace.sources(start.home(), start.OWNER)
    assert (source.name, source.where, source.tables) == ("POS", str(empty_home / "inbox"), ("market_size",))
    (empty_home / "inbox" / "m.csv").write_text("market,month,value\nno,2026-01-01,5\n")
    os.utime(empty_home / "inbox" / "m.csv", (1_700_000_000,) * 2)  # nobody writes to it any more
    app.button(key=f"run_{source.id}").click().run()
    ended(app)
    assert not app.exception
    assert "POS: Loaded" in words(app)
    (empty_home / "inbox" / "m.csv").write_text("what,ever\n1,2\n")
    os.utime(empty_home / "inbox" / "m.csv", (1_700_000_001,) * 2)
    app.button(key=f"run_{source.id}").click().run()
    ended(app)
    assert "No known layout has the columns" in words(app)


@pytest.mark.usefixtures("empty_home")
def test_a_source_that_does_not_suit_is_refused_in_the_form(opened: Opened) -> None:
    app = opened("data", show="sources")
    app.button(key="add_source").click().run()
    app.text_input(key="source_name_new").set_value("POS")
    app.text_input(key="source_folder_new").set_value("/etc")
    app.button[[button.label for button in app.button].index("Save")].click().run()
    assert "may not be watched" in words(app)
    assert app.text_input(key="source_name_new").value == "POS", "what was typed stays"
    assert workspace.sources(start.home(), start.OWNER) == []


@pytest.mark.usefixtures("empty_home")
def test_a_token_is_shown_once_and_then_never_again(opened: Opened) -> None:
    app = opened("data", show="access")
    app.text_input(key="token_name").set_value("till")
    app.button[[button.label for button in app.button].index("Make a token")].click().run()
    assert not app.exception
    text = app.code[0].value
    assert text.startswith("kt_")
    app.button(key="token_copied").click().run()
    assert text not in words(app)
    assert "may fill everything" in words(app)
    (token,) = workspace.tokens(start.home(), start.OWNER)
    app.button(key=f"revoked_{token.id}").click().run()
    assert workspace.tokens(start.home(), start.OWNER)[0].revoked_at is not None
