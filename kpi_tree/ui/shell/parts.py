"""Small pieces that several pages are made of. Every text goes in escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from kpi_tree.analysis.verdict import STATUS_NAMES
from kpi_tree.i18n import Msg
from kpi_tree.periods import Period
from kpi_tree.ui.shell.text import apart, current_language, escaped, number, pt, said, say, t
from kpi_tree.ui.shell.words import span_words
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.judged.cards import change_words


@dataclass(frozen=True)
class Look:
    """How a status looks: a shape that needs no colour, a colour, and how much attention it asks for."""

    shape: str
    color: Literal["red", "orange", "violet", "gray", "green"]
    weight: int


LOOKS: Mapping[str, Look] = {
    "missed": Look("cancel", "red", 90),
    "off_track": Look("dangerous", "red", 85),
    "achieved_at_cost": Look("gpp_maybe", "orange", 80),
    "at_risk": Look("warning", "orange", 70),
    "stale": Look("history_toggle_off", "violet", 60),
    "no_data": Look("do_not_disturb_on", "gray", 40),
    "too_early": Look("hourglass_empty", "gray", 20),
    "on_track": Look("check_circle", "green", 10),
    "ahead": Look("keyboard_double_arrow_up", "green", 8),
    "achieved": Look("flag", "green", 5),
}


NOTHING = Look("remove", "gray", 0)


def look(status: str | None) -> Look:
    """How one status looks; no status looks like nothing."""
    return LOOKS.get(status or "", NOTHING)


def status_word(status: str | None) -> str:
    """The status as a word; empty where there is none."""
    return said(STATUS_NAMES[status]) if status in STATUS_NAMES else ""


def badge(status: str | None, help: Msg | str | None = None) -> None:
    """The status as a badge: colour, shape and word. Nothing aimed at gets none."""
    if status is None or status not in LOOKS:
        return
    seen = look(status)
    st.badge(
        status_word(status),
        icon=f":material/{seen.shape}:",
        color=seen.color,
        help=say(help) if help else None,
    )


@dataclass(frozen=True)
class Fact:
    """A label with its value, and what stands small beside it."""

    label: str
    value: str
    note: str = ""


def facts(items: Iterable[Fact]) -> None:
    """A list of labelled values on one grid, figures under each other."""
    cells = "".join(
        f"<div><dt>{escaped(item.label)}</dt><dd>{escaped(item.value)}"
        f"{f'<small>{escaped(item.note)}</small>' if item.note else ''}</dd></div>"
        for item in items
    )
    st.html(f'<dl class="kt-facts">{cells}</dl>')


def headline(actual: str, target: str, words: str) -> None:
    """The big number, what it is measured against, and what it is."""
    against = f'<span class="kt-against">/ {escaped(target)}</span>' if target else ""
    st.html(
        f'<p class="kt-words">{escaped(words)}</p>'
        f'<p class="kt-headline"><span>{escaped(actual)}</span>{against}</p>'
    )


def way(share: float | None, expected: float | None, label: str) -> None:
    """How far along, as a bar with a tick where it should be today; said in words to a screen reader."""
    if share is None:
        return
    filled = max(0.0, min(1.0, share)) * 100
    tick = ""
    if expected is not None and 0 <= expected <= 1:
        tick = f'<i style="left:{expected * 100:.1f}%"></i>'
    st.html(
        f'<div class="kt-way" role="img" aria-label="{escaped(label)}">'
        f'<b style="width:{filled:.1f}%"></b>{tick}</div>'
    )


def range_words(view: NodeView) -> str:
    """``40.0% – 50.0%``: the ends of a target that is to be kept within."""
    return " – ".join(number(end, view.unit, view.currency, compact=True) for end in view.ends or ())


def actual_and_target(view: NodeView) -> str:
    """``12,300 / 14,000``, short, in the node's unit."""
    actual = number(view.actual, view.unit, view.currency, compact=True)
    if view.target is None:
        return actual
    if view.ends is not None:
        return f"{actual} / {range_words(view)}"
    target = number(view.target, view.unit, view.currency, compact=True)
    if actual == target:
        actual = apart(view.actual, view.target, view.unit, view.currency)
        target = apart(view.target, view.actual, view.unit, view.currency)
    return f"{actual} / {target}"


def compared(view: NodeView) -> list[Fact]:
    """What the value was in the span it is compared with, and how it changed since."""
    then = view.compared
    if then is None:
        return []
    span = span_words(Period(then.start, then.end))
    was = number(then.value, view.unit, view.currency, compact=True)
    title = t("Period before") if then.kind == "previous" else t("A year earlier")
    return [Fact(title, was, span), Fact(pt("noun", "Change"), change_words(view, current_language()))]


def needing_attention(views: Sequence[NodeView]) -> list[NodeView]:
    """Indicators that somebody should look at, the worst first; never the same one twice."""
    found = [view for view in views if view.kind != "action" and look(view.status).weight >= 60]
    return sorted(found, key=lambda view: (-look(view.status).weight, view.depth, view.name))


def empty(title: str, what_next: str, icon: str) -> None:
    """An empty state: what is missing and what to do. The caller puts the button under it."""
    st.markdown(f":material/{icon}: **{title}**")
    st.caption(what_next)
