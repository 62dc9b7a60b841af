"""The upper part of the panel beside the tree: drawn by the browser at the click, completed by Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from kpi_tree.ui.shell.places import Way, kept
from kpi_tree.ui.tree.canvas.component import as_json, heard_of

NAME = "kpi-tree.tree_panel"
SHOWN = ("id", "name", "kind", "status", "status_text", "actual_text", "target_text", "then_text",
         "change_text", "attainment", "said_text")  # fmt: skip


@dataclass(frozen=True)
class Fold:
    """What is read now and then: a heading that opens on a click, without a way to the server.

    Args:
        id: the same on every card, so that what a person opened stays open on the next one.
        texts: each with whether it is small print.
    """

    id: str
    title: str
    icon: str
    texts: tuple[tuple[str, bool], ...]
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class Box:
    """What a person works on: a heading whose content Python draws below the head once it is opened."""

    id: str
    title: str
    icon: str


@dataclass(frozen=True)
class About:
    """What only Python knows of the selected card. All texts are shown as they are, never as markup.

    Args:
        why: the verdict's reason. ``rule``: how it is reached, shown where the mouse rests on it.
        facts: label, value and what stands small below it.
        remarks: an icon and a sentence each.
        ways: links in a row. ``listed``: links below each other.
    """

    why: str = ""
    rule: str = ""
    facts: tuple[tuple[str, str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    ways: tuple[Way, ...] = ()
    listed: tuple[Way, ...] = ()
    folds: tuple[Fold, ...] = ()
    boxes: tuple[Box, ...] = ()

    def drawn(self) -> dict[str, Any]:
        """The same as the browser gets it."""
        return {
            "why": self.why,
            "rule": self.rule,
            "facts": self.facts,
            "remarks": self.remarks,
            "ways": [_way(way) for way in self.ways],
            "listed": [_way(way) for way in self.listed],
            "folds": [
                {"id": one.id, "title": one.title, "icon": one.icon, "texts": one.texts,
                 "ways": [_way(way) for way in one.ways]}
                for one in self.folds
            ],
            "boxes": [{"id": one.id, "title": one.title, "icon": one.icon} for one in self.boxes],
        }  # fmt: skip


@dataclass
class _Told:
    """Which texts about cards a browser was sent since ``run`` began, of those ``stamp`` stands for."""

    run: object = None
    stamp: str = ""
    ids: set[str] = field(default_factory=set)


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="panel.js", css="panel.css", isolate_styles=False)


def panel_head(
    card: Mapping[str, Any],
    abouts: Mapping[str, Mapping[str, Any]],
    *,
    canvas: str,
    lang: str,
    run: object,
    stamp: str,
    opened: Sequence[str],
    on_box: Callable[[str, str, bool], None],
) -> None:
    """Draw name, verdict and value of the selected card, and all that is only read about it: one element.

    A click on a card would wait for a rerun before anything of the panel changed. The canvas tells the head
    what was selected, and the head draws the card's own words in the next frame, with all that was told about
    it before; what stands below it is pale until the rerun has brought the rest. Drawn as elements of
    Streamlit, these links and texts would take the browser several times as long.

    Args:
        card: the card as the canvas has it.
        abouts: what is told of it and, ahead of a click, of cards near it; by id, as :meth:`About.drawn`.
        canvas: the key of the canvas that the head listens to.
        run: of the whole page; for as long as it is the same, what was sent is not sent again.
        stamp: says what the texts rest on; at another one the browser forgets those it has.
        opened: the boxes that are drawn below.
        on_box: called with a card, one of its boxes, and whether that is to be open, before the script's
            body runs.
    """
    key = f"head_{canvas}"
    told: _Told = st.session_state.setdefault(f"_told_{key}", _Told())
    if told.run is not run or told.stamp != stamp:
        told.run, told.stamp, told.ids = run, stamp, set()
    new = {name: one for name, one in abouts.items() if name not in told.ids or name == card["id"]}
    told.ids |= new.keys()

    def toggled() -> None:
        asked = getattr(st.session_state.get(key), "box", None)
        if isinstance(asked, Mapping):
            on_box(str(asked.get("node")), str(asked.get("box")), bool(asked.get("open")))

    data = {
        "key": canvas,
        "lang": lang,
        "card": {name: card[name] for name in SHOWN if name in card},
        "heard": list(heard_of(canvas)),
        "stamp": stamp,
        "kept": urlencode(kept()),
        "opened": list(opened),
        "abouts": new,
    }
    # As text: Streamlit would look into each part of a mapping for a table.
    _component()(key=key, data=as_json(data).encode(), on_box_change=toggled)


def _way(way: Way) -> dict[str, str]:
    return {"label": way.label, "note": way.note, "icon": way.icon, "href": way.href()}
