"""An unknown file on the data page: said once what its columns hold, then read by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.ui.shell.start import OWNER

Open = Callable[..., AppTest]
COSTS = "Bilag;Bokføringsdag;Type utlegg;Sum kr\nA1;23.04.2026;fixed;1 250,50\nA2;25.04.2026;wages;99,00\n"
TWO_WAYS = "cost_id,incurred_on,kind,amount\nA1,03/04/2026,fixed,10.50\nA2,05/06/2026,fixed,11.25\n"


def _pick(app: AppTest, part: str, field: str) -> None:
    box = next(each for each in app.selectbox if each.label.replace("\\", "") == part)
    box.set_value(field).run()
    assert not app.exception


def _press(app: AppTest, label: str) -> None:
    next(each for each in app.button if each.label == label).click().run()
    assert not app.exception


def _boxes(app: AppTest) -> dict[str, Any]:
    """The boxes of the columns, by header."""
    known = ("Bilag", "Bokføringsdag", "Type utlegg", "Sum kr", "Sum i kroner")
    return {name: each for each in app.selectbox if (name := each.label.replace("\\", "")) in known}


@pytest.mark.usefixtures("empty_home")
def test_an_unknown_file_is_mapped_saved_and_read_by_itself_next_time(opened: Open) -> None:
    app = opened("data")
    app.file_uploader[0].upload("utlegg.csv", COSTS.encode()).run()
    assert not app.error
    assert any("new here" in each.value for each in app.markdown)
    sure = {header: box.value for header, box in _boxes(app).items()}
    assert sure == {"Bilag": "", "Bokføringsdag": "incurred_on", "Type utlegg": "kind", "Sum kr": "amount"}
    _pick(app, "What the rows are", "costs")
    for header, field in {
        "Bilag": "cost_id", "Bokføringsdag": "incurred_on", "Type utlegg": "kind", "Sum kr": "amount",
    }.items():  # fmt: skip
        _pick(app, header, field)
    assert any("1,250.5" in str(frame.value.to_dict()) for frame in app.dataframe)
    assert any("Feeds" in each.value for each in app.caption)
    next(each for each in app.text_input if each.label == "Remember this as").set_value("Utlegg").run()
    next(each for each in app.button if each.label == "Read it so").click().run()
    assert not app.error
    next(each for each in app.button if each.label == "Load this file").click().run()
    home = workspace.open_home()
    assert [batch.accepted for batch in workspace.batches(home, OWNER)] == [2]
    later = COSTS.replace(".04.2026", ".05.2026").encode()
    again = workspace.load_file(home, OWNER, later, "utlegg-mai.csv", dry_run=True)
    assert (again.table, again.rejected) == ("costs", 0)
    app.run()
    assert any("Utlegg" in each.label for each in app.expander)
    drifted = later.replace(b"Sum kr", b"Sum i kroner")
    app.file_uploader[0].upload("utlegg-mai.csv", drifted).run()
    assert "no column Sum kr" in " ".join(each.value for each in app.markdown).replace("\\", "")
    assert _boxes(app)["Sum i kroner"].value == "amount"
    next(each for each in app.button if each.label == "Read it so").click().run()
    next(each for each in app.button if each.label == "Load this file").click().run()
    assert [(batch.accepted, batch.changed) for batch in workspace.batches(home, OWNER)] == [(0, 2), (2, 0)]
    assert len(workspace.mapping_uses(home, OWNER)["Utlegg"]) == 2


@pytest.mark.usefixtures("empty_home")
def test_dates_that_go_two_ways_are_settled_by_one_click(opened: Open) -> None:
    app = opened("data")
    app.file_uploader[0].upload("costs.csv", TWO_WAYS.encode()).run()
    assert not app.error
    assert any("Which day is" in each.value for each in app.markdown)
    assert any("two ways" in each.value for each in app.caption)
    _press(app, "**3 Apr 2026** · Day first")
    _press(app, "Change")  # a slip is taken back
    _press(app, "**4 Mar 2026** · Month first")
    assert any("As you said: Month first" in each.value for each in app.markdown)
    next(each for each in app.button if each.label == "Load this file").click().run()
    batch = workspace.batches(workspace.open_home(), OWNER)[0]
    assert str(batch.data_from) == "2026-03-04"


@pytest.mark.usefixtures("empty_home")
def test_a_mapping_that_comes_as_a_file_is_kept_and_reads_the_file_beside_it(opened: Open) -> None:
    said = {
        "kind": "kpi-tree mapping", "name": "Utlegg", "table": "costs",
        "options": {"values": {"kind": "fixed"}},
        "columns": {"Bokføringsdag": "incurred_on", "Sum kr": "amount"},
        "headers": ["Bilag", "Bokføringsdag", "Type utlegg", "Sum kr"],
    }  # fmt: skip
    app = opened("data")
    files = [("utlegg.mapping.json", json.dumps(said).encode()), ("utlegg.csv", COSTS.encode())]
    app.file_uploader[0].set_value([(name, content, "text/plain") for name, content in files]).run()
    assert any("A mapping: it says" in each.value for each in app.markdown)
    _press(app, "Keep this mapping")
    _press(app, "Load this file")
    home = workspace.open_home()
    assert [(batch.accepted, batch.mapping) for batch in workspace.batches(home, OWNER)] == [(2, "Utlegg")]


@pytest.mark.usefixtures("empty_home")
def test_another_kind_brings_its_own_proposal_and_what_no_column_says_is_asked(opened: Open) -> None:
    app = opened("data")
    mails = b"Subject,Sent,Delivered,Clicked\nSpring,2026-03-03 08:00,990,60\n"
    app.file_uploader[0].upload("mails.csv", mails).run()
    _pick(app, "What the rows are", "message_sends")
    boxes = {each.label: each.value for each in app.selectbox}
    assert [boxes[name] for name in ("Subject", "Sent", "Delivered", "Clicked")] == [
        "campaign", "sent_at", "delivered", "unique_clicks",
    ]  # fmt: skip
    assert any("Still needed: Channel" in each.value.replace("\\", "") for each in app.markdown)
    _pick(app, "Channel", "email")
    assert not next(each for each in app.button if each.label == "Read it so").disabled
    _pick(app, "Subject", "delivered")
    assert any("is said of two columns" in each.value for each in app.markdown)
