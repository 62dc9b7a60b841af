"""What could be typed next in a text field, at the cursor: a packaged Streamlit component below the field."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import streamlit as st

from kpi_tree.plan.formula_names import as_typed
from kpi_tree.plan.formula_tree import FUNCTIONS, WORDS
from kpi_tree.ui.shell.text import t

NAME = "kpi-tree.formula_typing"


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="typing.js", css="typing.css", isolate_styles=False)


def offer_names(field: str, names: Mapping[str, str], shut: frozenset[str] = frozenset()) -> None:
    """Offer names while somebody types, in the browser alone: no letter waits for the server.

    Args:
        field: key of the text field that stands right above.
        names: id → name as the reader sees it, the likeliest first. ``shut``: ids that are not offered.
    """
    typed = as_typed(names)
    known = [[name, node, typed[node]] for node, name in names.items() if node not in shut]
    known += [[f"{function}()", function, f"{function}("] for function in FUNCTIONS]
    data = {"field": field, "names": known, "words": WORDS, "label": t("Names to choose from")}
    _component()(key=f"{field}_typing", data=data)
