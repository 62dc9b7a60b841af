"""What has come since the last run: said to a screen reader, and where the keyboard goes on.

Streamlit takes the control that had the focus off the page along with what it was about, and whoever works
by keyboard would begin at the top of the page again after every step. So what draws something that a person
has waited for tells it here; the browser's side (``assets/came.js``) leads the focus there, unless it is
elsewhere by then.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any

import streamlit as st

NAME = "kpi-tree.came"
NEWS = "_came"
STANDS = "_came_stands"


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="came.js")


def tell(slot: str, stands: Hashable, words: str, *at: str) -> None:
    """Tell once that something else stands on the page than before.

    Args:
        slot: what is told of, under a name of its own.
        stands: what stands there now; the same again is no news.
        words: what has come, as plain text; empty where it only needs to be remembered.
        at: keys of containers; the keyboard goes on at the first of them that is there. None moves nobody.
    """
    known: dict[str, Hashable] = st.session_state.setdefault(STANDS, {})
    if slot in known and known[slot] == stands:
        return
    known[slot] = stands
    if not words:
        return
    news = st.session_state.get(NEWS) or {"turn": 0, "words": "", "at": [], "shown": True}
    if news["shown"]:
        news = {"turn": news["turn"] + 1, "words": "", "at": [], "shown": False}
    news["words"] = " ".join([*filter(None, [news["words"]]), words])
    news["at"] = news["at"] or list(at)
    st.session_state[NEWS] = news


def stands(slot: str) -> Any:
    """What stood under a name when it was told of last; None where nothing ever did."""
    return st.session_state.get(STANDS, {}).get(slot)


def show() -> None:
    """Hand the news to the browser: once, at the end of a run that drew what they are about."""
    news = st.session_state.get(NEWS)
    if news is not None:
        news["shown"] = True
    data = (
        {name: news[name] for name in ("turn", "words", "at")} if news else {"turn": 0, "words": "", "at": []}
    )
    _component()(key="came", data=data)
