"""The head of the panel beside the tree: drawn by the browser at the click, completed by Python's answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from kpi_tree.ui.tree.canvas.component import heard_of

NAME = "kpi-tree.tree_panel"


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="panel.js", css="panel.css", isolate_styles=False)


def panel_head(
    card: Mapping[str, Any],
    *,
    canvas: str,
    lang: str,
    why: str = "",
    rule: str = "",
    facts: Iterable[tuple[str, str, str]] = (),
) -> None:
    """Draw name, verdict and value of the selected card, and what is known of it beside the tree.

    A click on a card would wait for a rerun before anything of the panel changed. The canvas tells the head
    what was selected, and the head draws the card's own words in the next frame; what stands below it is
    pale until the rerun has brought the rest.

    Args:
        card: the card as the canvas has it. Its texts are shown as they are, never as markup.
        canvas: the key of the canvas that the head listens to.
        why: the verdict's reason. ``rule``: how it is reached, shown where the mouse rests on it.
        facts: label, value and what stands small below it.
    """
    shown = ("id", "name", "kind", "status", "status_text", "actual_text", "target_text", "then_text",
             "change_text", "attainment", "said_text")  # fmt: skip
    data = {
        "key": canvas,
        "lang": lang,
        "card": {name: card[name] for name in shown if name in card},
        "heard": list(heard_of(canvas)),
        "why": why,
        "rule": rule,
        "facts": [list(fact) for fact in facts],
    }
    _component()(key=f"head_{canvas}", data=data)
