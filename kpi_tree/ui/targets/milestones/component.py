"""The chart of a target's path, a packaged Streamlit component: milestones move by mouse, touch and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import streamlit as st

from kpi_tree.i18n.formats import locale_of
from kpi_tree.ui.shell.text import t

NAME = "kpi-tree.milestones"
Points = tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class Drawn:
    """What the chart shows, in the unit that people type (percents as 3.5).

    Attributes:
        path: expected by the end of each day. actual: the value to date of each day, None where unknown.
        points: the milestones; ``lines``: (label, value) across. ``label``: what the axis counts.
    """

    first: date
    path: tuple[float, ...]
    points: Points = ()
    actual: tuple[float | None, ...] = ()
    lines: tuple[tuple[str, float], ...] = ()
    label: str = ""
    title: str = ""


@cache
def _component() -> Any:
    return st.components.v2.component(NAME, js="milestones.js", css="milestones.css")


def path_chart(drawn: Drawn, *, key: str, lang: str, editable: bool) -> None:
    """Draw a path; what is done to its milestones where it is editable, :func:`take_moved` hands over.

    A gesture is a drag, an arrow key (days to the side, values up and down), Delete, or the button that adds.
    """
    st.session_state[f"{key}_span"] = (drawn.first, len(drawn.path))
    data = {
        "first": drawn.first.isoformat(),
        "path": list(drawn.path),
        "points": [[(day - drawn.first).days, value] for day, value in drawn.points],
        "actual": list(drawn.actual),
        "lines": [list(line) for line in drawn.lines],
        "label": drawn.label,
        "title": drawn.title,
        "locale": locale_of(lang).replace("_", "-"),
        "editable": editable,
        "heard": st.session_state.get(f"{key}_heard"),
        "texts": {
            "add": t("Add a milestone"),
            "point": t("Milestone on {day}", day="{day}"),
            "hint": t("Drag a milestone, or move it by the arrow keys; Delete takes it out."),
            "expected": t("Expected"),
            "actual": t("Actual"),
        },
    }

    _component()(key=key, data=data, height="content", on_moved_change=lambda: None)


def take_moved(key: str, use: Callable[[Points], None]) -> None:
    """Tell ``use``, before the fields are drawn, the milestones of the last gesture on a chart, once.

    The browser says them with every run and not only with the first: that one may have been broken off for a
    click that came at once.
    """
    said = getattr(st.session_state.get(key), "moved", None)
    span, heard = st.session_state.get(f"{key}_span"), st.session_state.get(f"{key}_heard")
    if not isinstance(said, dict) or not isinstance(said.get("at"), int) or not span or said["at"] == heard:
        return
    use(read_moved(said, *span))
    st.session_state[f"{key}_heard"] = said["at"]  # tells the browser which gesture this answers


def read_moved(said: Any, first: date, days: int) -> Points:
    """The milestones that a browser sent, untrusted: within the period, finite, a day once.

    >>> read_moved({"points": [[3, 12.5], [99, 1], ["x", 2], [3, 13]]}, date(2026, 6, 1), 30)
    ((datetime.date(2026, 6, 4), 13.0),)
    """
    found: dict[date, float] = {}
    points: Sequence[Any] = said.get("points", ()) if isinstance(said, dict) else ()
    for one in points[:5000] if isinstance(points, list) else ():
        if not isinstance(one, list) or len(one) != 2:
            continue
        if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in one):
            continue
        day, value = int(one[0]), float(one[1])
        if 0 <= day < days and abs(value) < 1e15:
            found[first + timedelta(days=day)] = value
    return tuple(sorted(found.items()))
