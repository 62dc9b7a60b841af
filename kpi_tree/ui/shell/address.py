"""What the address keeps: a reload, a bookmark and a link to a colleague show the same thing.

A page change drops the address's parameters, so what belongs to every page (language, day) is written
back by each run; what belongs to one page (a KPI, a grain) is written by that page only.

Back and Forward go through what a person chose, one step a gesture (``assets/steps.js``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx


def went_back() -> bool:
    """Whether Back or Forward led here: then the address says all, also by what it does not name."""
    run = get_script_run_ctx(suppress_warning=True)
    return run is not None and run.is_history_navigation


def kept(name: str) -> str:
    """A parameter that follows the reader over all pages: the address first, else what was chosen before."""
    said = st.query_params.get(name, "")
    chosen = str(st.session_state.get(f"_kept_{name}", ""))
    if said or went_back():
        st.session_state[f"_kept_{name}"] = said
        return said
    if chosen:
        st.query_params[name] = chosen
    return chosen


def keep(name: str, value: str) -> None:
    """Choose such a parameter; empty takes it away."""
    st.session_state[f"_kept_{name}"] = value
    put(name, value)


def put(name: str, value: str) -> None:
    """Write one parameter of this page; empty takes it away."""
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def choice(name: str, allowed: Sequence[str], default: str) -> str:
    """One of a few words from the address; anything else is the default."""
    said = st.query_params.get(name, "")
    return said if said in allowed else default


def day(text: str) -> date | None:
    """A day as the address writes it, or None.

    >>> day("2026-05-04"), day("soon")
    (datetime.date(2026, 5, 4), None)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def pick(label: str, name: str, options: Sequence[str], default: str, words: Any, **more: Any) -> str:
    """A row of choices that lives in the address under ``name``."""
    key = f"pick_{name}"
    st.session_state[key] = choice(name, options, default)

    def chosen() -> None:
        value = st.session_state[key]
        put(name, "" if value in (None, default) else value)

    picked = st.segmented_control(
        label, list(options), key=key, format_func=words, on_change=chosen, required=True, wrap=True, **more
    )
    return str(picked or default)


def follow(*names: str) -> None:
    """Bring the browser's address up to what the page was asked, after a link from a page to itself.

    Such a link runs the page with its new parameters, but the browser keeps showing the old address.
    """
    shown = tuple(st.query_params.get(name, "") for name in names)
    key = f"_followed_{'_'.join(names)}"
    if st.session_state.get(key, shown) != shown:
        st.query_params.from_dict({name: st.query_params.get_all(name) for name in st.query_params})
    st.session_state[key] = shown
