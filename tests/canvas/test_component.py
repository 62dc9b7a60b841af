"""What goes to the browser and what comes back, without a browser."""

from __future__ import annotations

import json
import re
import threading
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kpi_tree.exchange.canvas_words import TEXTS
from kpi_tree.i18n import LANGUAGES
from kpi_tree.ui.tree.canvas import canvas_texts
from kpi_tree.ui.tree.canvas.component import NAME, _carry_out, _Memory, _payload

PACKAGE = Path(__file__).parents[2] / "kpi_tree"
ASSETS = PACKAGE / "ui" / "tree" / "canvas" / "assets"
SCRIPTS = sorted(ASSETS.glob("*.js"))


def test_no_value_is_null_and_never_nan() -> None:
    views = [
        {
            "id": "a",
            "actual": float("nan"),
            "spark": [1.0, float("inf"), np.float64("nan")],
            "x": np.array([1.5]),
        }
    ]
    body = json.loads(_payload(views, [], _Memory(), "k", {}, "en", None, True))
    assert body["views"] == [{"id": "a", "actual": None, "spark": [1.0, None, None], "x": [1.5]}]


def test_the_stamp_follows_the_data() -> None:
    def stamp(name: str) -> str:
        body = json.loads(_payload([{"id": "a", "name": name}], [], _Memory(), "k", {}, "en", None, True))
        return str(body["stamp"])

    assert stamp("A") == stamp("A") != stamp("B")


def test_the_browsers_own_selection_is_not_sent_back() -> None:
    memory = _Memory()
    memory.select("sales")
    first = memory.selection
    memory.take({"source": "s", "events": [{"type": "select", "id": "orders", "seq": 1}]})
    memory.select("orders")
    assert memory.selection is first
    memory.select("sales")  # Python wants another one: that is sent, as something new
    assert memory.selection != first
    assert memory.selection is not None
    assert memory.selection["id"] == "sales"


def test_each_event_counts_once() -> None:
    memory = _Memory()
    one, two = {"type": "undo", "seq": 1}, {"type": "redo", "seq": 2}
    assert memory.take({"source": "s", "events": [one]}) == one
    assert memory.take({"source": "s", "events": [one, two]}) == two
    assert memory.take({"source": "s", "events": [one, two]}) is None
    assert memory.take({"source": "another tab", "events": [one, two]}) == {
        "type": "batch",
        "events": [one, two],
    }
    assert memory.take(None) is None
    assert memory.take({"events": "nonsense"}) is None


def test_edits_are_acknowledged_and_selections_are_not() -> None:
    memory = _Memory()
    memory.take({"source": "s", "events": [{"type": "select", "id": "a", "seq": 4}]})
    assert memory.to_ack is None
    memory.take({"source": "s", "events": [{"type": "rename", "id": "a", "name": "b", "seq": 5}]})
    assert memory.to_ack == {"source": "s", "seq": 5}


def test_what_was_done_next_waits_for_what_was_done_first() -> None:
    """A run of the whole page begins while the one before it still carries out a gesture."""
    memory, go, done = _Memory(), threading.Event(), list[str]()

    def slowly(event: dict[str, Any]) -> None:
        go.wait(30)
        done.append(event["name"])
        assert memory.ack is None  # nobody is told before it is so

    def runs(*names: str) -> threading.Thread:
        events = [{"type": "rename", "id": "a", "name": name, "seq": at} for at, name in enumerate(names, 1)]
        act = slowly if len(names) == 1 else lambda event: done.append(event["name"])
        return threading.Thread(target=_carry_out, args=(memory, {"source": "s", "events": events}, act))

    first, second = runs("one"), runs("one", "two")
    first.start()
    while not memory.turn.locked():
        time.sleep(0.001)
    second.start()
    second.join(0.1)
    go.set()
    first.join()
    second.join()
    assert done == ["one", "two"]
    assert memory.ack == {"source": "s", "seq": 2}


def test_every_word_that_the_scripts_say_is_in_the_list() -> None:
    said = set()
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        said |= set(re.findall(r'\bsay\("([a-z_]+)"', text))
        said |= set(re.findall(r'\[b\.\w+, "([a-z_]+)"\]', text))
    said |= {
        "kind_kgi",
        "kind_kpi",
        "kind_action",
        "tool_lr",
        "tool_td",
        "tool_list",
        "tool_full",
        "tool_compact",
    }
    said |= {"as_influence", "as_formula", "as_both"}
    said |= {"opened", "closed", "menu_close", "menu_branch"}  # chosen by a condition
    assert said <= set(TEXTS), said - set(TEXTS)
    assert set(TEXTS) <= said, set(TEXTS) - said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fields_survive_translation(lang: str) -> None:
    for key, text in canvas_texts(lang).items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", TEXTS[key].id)), key


def test_the_manifest_is_inside_the_package() -> None:
    manifest = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))
    component = manifest["tool"]["streamlit"]["component"]["components"][0]
    assert f"{manifest['project']['name']}.{component['name']}" == NAME
    assert PACKAGE / component["asset_dir"] == ASSETS


def test_scripts_never_parse_markup_nor_leave_the_machine() -> None:
    for script in [*SCRIPTS, ASSETS / "canvas.css"]:
        text = script.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
        ), script
        assert not re.search(
            r"https?://(?!www\.w3\.org/2000/svg)|fetch\((?!new URL\(FONT, document\.baseURI\)\))"
            r"|XMLHttpRequest|sendBeacon|@import",
            text,
        ), script


def test_scripts_stay_small_and_are_all_loaded() -> None:
    entry = (ASSETS / "index.js").read_text(encoding="utf-8")
    for script in SCRIPTS:
        assert len(script.read_text(encoding="utf-8").splitlines()) <= 340, script.name
        assert script.name in ("index.js", "alone.js", "panel.js") or f'"./{script.name}"' in entry
