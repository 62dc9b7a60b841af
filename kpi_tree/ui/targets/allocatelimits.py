"""Locks and bounds of an allocation: kept in the address, typed into the table of its nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree.ui.shell import address
from kpi_tree.ui.shell.text import apart, change, current_language, nt, percent, pt, t
from kpi_tree.ui.shell.words import span_words
from kpi_tree.workspace import AllocatedNode, AllocationView

LIMITS, EFFORT = "limits", "effort"
_ROUND = "_allocate_round"


@dataclass(frozen=True)
class Set:
    """What was set for one node; None where nothing was."""

    lock: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is set."""
        return self.lock is None and self.low is None and self.high is None


def read(text: str) -> dict[str, Set]:
    """The limits that an address carries; what cannot be read is left out.

    >>> read("sessions~~50000,returns~8e4,x~y")
    {'sessions': Set(lock=None, low=None, high=50000.0), 'returns': Set(lock=80000.0, low=None, high=None)}
    """
    found = {}
    for part in text.split(","):
        name, *ends = part.split("~")
        try:
            values = [float(end) if end else None for end in ends]
        except ValueError:
            continue
        made = Set(values[0]) if len(values) == 1 else Set(None, *values[:2]) if len(values) == 2 else Set()
        if name and not made.is_empty:
            found[name] = made
    return found


def write(limits: Mapping[str, Set]) -> str:
    """The limits as an address carries them.

    >>> write({"sessions": Set(high=50000.0), "returns": Set(lock=80000.0)})
    'sessions~~50000.0,returns~80000.0'
    """
    return ",".join(
        f"{name}~{one.lock!r}" if one.lock is not None else f"{name}~{_text(one.low)}~{_text(one.high)}"
        for name, one in limits.items()
        if not one.is_empty
    )


def _text(value: float | None) -> str:
    return "" if value is None else repr(value)


def read_amounts(text: str) -> dict[str, float]:
    """Efforts that an address carries; only those above zero.

    >>> read_amounts("sessions~3,returns~0,x~")
    {'sessions': 3.0}
    """
    found = {}
    for part in text.split(","):
        name, _, amount = part.partition("~")
        try:
            value = float(amount)
        except ValueError:
            continue
        if name and 0 < value < 1e6:
            found[name] = value
    return found


def editor(view: AllocationView) -> None:
    """The nodes with what they have to become; limits (and efforts) may be typed in and count at once."""
    nodes = [one for one in view.nodes if one.id != view.node]
    frame = pd.DataFrame([_row(view, one) for one in nodes])
    efforts = read_amounts(st.query_params.get(EFFORT, ""))
    open_ones = ["lock", "low", "high"]
    frame[open_ones] = frame[open_ones].astype(float)
    if view.by == "effort":
        efforts_shown = [efforts.get(one.id, 1.0) if one.driver else None for one in nodes]
        frame.insert(6, "effort", pd.Series(efforts_shown, dtype=float))
        open_ones.append("effort")
    key = f"allocate_limits_{view.node}_{st.session_state.get(_ROUND, 0)}"
    st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        key=key,
        disabled=[name for name in frame.columns if name not in open_ones],
        column_config=_columns(view),
        on_change=_take,
        args=(key, nodes),
        placeholder="",
        height="content" if len(nodes) < 16 else 600,
    )
    st.caption(t("Keep a node at a value, or between two: type it into its row. Percentages as 3.5."))


def _row(view: AllocationView, one: AllocatedNode) -> dict[str, object]:
    scale = scale_of(one)
    name = one.named(current_language())
    return {
        "name": "\u2003" * max(one.depth - 1, 0) + (name if one.driver else f"{name} ƒ"),
        "required": apart(one.required, one.base, one.unit, view.currency),
        "change": change(one.change),
        "base": apart(one.base, one.required, one.unit, view.currency),
        "percentile": percent(one.percentile_in_history),
        "last": last_words(one),
        "lock": _typed(one.lock, scale),
        "low": _typed(one.low, scale),
        "high": _typed(one.high, scale),
        "owner": one.owner,
    }


def _typed(value: float | None, scale: float) -> float | None:
    """A limit as it was typed: 3.3 and not 3.3000000000000003."""
    return None if value is None else float(f"{value * scale:.12g}")


def last_words(one: AllocatedNode) -> str:
    """When a value was last reached, or that it never was."""
    if one.last_reached is not None:
        return span_words(one.last_reached)
    return nt("never in {n} period", "never in {n} periods", one.periods) if one.periods else "–"


def scale_of(one: AllocatedNode) -> float:
    """What a person types is this many times the value: percentages are typed as 3.5."""
    return 100.0 if one.unit == "percent" else 1.0


def _columns(view: AllocationView) -> dict[str, Any]:
    text, typed = st.column_config.TextColumn, st.column_config.NumberColumn
    start = span_words(view.base)
    return {
        "name": text(t("Indicator"), pinned=True, width=180, help=t("ƒ: made by its formula.")),
        "owner": text(t("Owner"), width=100),
        "base": text(t("In {period}", period=start), alignment="right", width=115),
        "required": text(t("Required"), alignment="right", width=115),
        "change": text(pt("noun", "Change"), alignment="right", width=70),
        "percentile": text(
            t("Percentile"),
            alignment="right",
            width=80,
            help=t("Share of its earlier periods that were not above it."),
        ),
        "last": text(t("Last reached"), width=135),
        "lock": typed(t("Keep at"), width=88, format="%g"),
        "low": typed(t("At least"), width=88, format="%g"),
        "high": typed(t("At most"), width=88, format="%g"),
        "effort": typed(t("Effort"), width=80, min_value=0.01, help=t("Twice the effort moves half as far.")),
    }


def _take(key: str, nodes: list[AllocatedNode]) -> None:
    """What was typed goes into the address; the table is then drawn anew with what follows from it."""
    limits = read(st.query_params.get(LIMITS, ""))
    efforts = read_amounts(st.query_params.get(EFFORT, ""))
    for place, said in st.session_state[key]["edited_rows"].items():
        one = nodes[int(place)]
        before = limits.get(one.id, Set())
        typed = {
            name: None if said[name] is None else said[name] / scale_of(one)
            for name in ("lock", "low", "high")
            if name in said
        }
        limits[one.id] = Set(
            typed.get("lock", before.lock), typed.get("low", before.low), typed.get("high", before.high)
        )
        if "lock" in typed and typed["lock"] is not None:
            limits[one.id] = Set(lock=typed["lock"])
        elif typed.get("low") is not None or typed.get("high") is not None:
            limits[one.id] = Set(None, limits[one.id].low, limits[one.id].high)
        if "effort" in said:
            efforts[one.id] = float(said["effort"] or 1.0)
    address.put(LIMITS, write(limits))
    address.put(EFFORT, ",".join(f"{name}~{value!r}" for name, value in efforts.items() if value != 1))
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def clear() -> None:
    """Takes every limit and effort away."""
    address.put(LIMITS, "")
    address.put(EFFORT, "")
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
