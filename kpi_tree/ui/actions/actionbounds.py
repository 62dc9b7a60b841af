"""More bounds of the best plan: the hours of each owner, and what has to be in; all in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from kpi_tree.ui.shell import address
from kpi_tree.ui.shell.text import t
from kpi_tree.workspace import ActionView


def show(actions: Sequence[ActionView]) -> tuple[dict[str, float], list[str]]:
    """The hours of single owners and the ids of what must be in, as the address has them."""
    waiting = [one for one in actions if one.state == "planned"]
    hours, must = hours_in(st.query_params.get("of", "")), _must(waiting)
    with st.expander(t("Hours of each owner, and what has to be in"), icon=":material/tune:",
                     expanded=bool(hours or must)):  # fmt: skip
        owners = sorted({one.owner for one in waiting if one.owner})
        for place, column in enumerate(st.columns(min(len(owners), 4) or 1)):
            for owner in owners[place::4]:
                _hours(owner, hours, column)
        names = {one.id: one.name for one in waiting}
        st.session_state["best_must"] = must
        st.multiselect(
            t("Has to be in"), list(names), key="best_must", format_func=lambda one: names.get(one, one),
            placeholder=t("None"),
            on_change=lambda: address.put("with", ",".join(st.session_state["best_must"])),
        )  # fmt: skip
    return hours, must


def _hours(owner: str, hours: dict[str, float], where: Any) -> None:
    key = f"best_of_{owner}"
    st.session_state[key] = hours.get(owner)

    def keep() -> None:
        kept = {**hours, owner: st.session_state[key]}
        address.put("of", hours_out({who: much for who, much in kept.items() if much is not None}))

    where.number_input(
        owner, key=key, value=None, min_value=0.0, step=5.0, format="%g", on_change=keep,
        placeholder=t("no bound"),
    )  # fmt: skip


def _must(waiting: Sequence[ActionView]) -> list[str]:
    known = {one.id for one in waiting}
    return [one for one in st.query_params.get("with", "").split(",") if one in known]


def hours_in(text: str) -> dict[str, float]:
    """The hours of owners from the address; what cannot be read is left out.

    >>> hours_in("Kari Moe:20;Ola:x;:3;Per:-1")
    {'Kari Moe': 20.0}
    """
    found = {}
    for part in text.split(";"):
        name, _, much = part.rpartition(":")
        try:
            hours = float(much)
        except ValueError:
            continue
        if name.strip() and 0 <= hours < 1e9:
            found[name.strip()] = hours
    return found


def hours_out(hours: dict[str, float]) -> str:
    """The hours of owners as the address has them.

    >>> hours_out({"Kari": 20.0})
    'Kari:20'
    """
    return ";".join(f"{name}:{much:g}" for name, much in sorted(hours.items()))
