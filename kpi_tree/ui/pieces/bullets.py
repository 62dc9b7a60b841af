"""A bullet on one line: how far, where it should be, the target, and from where on it counts as what."""

from __future__ import annotations

import streamlit as st

from kpi_tree.plan.model import Target
from kpi_tree.ui.shell import cache, parts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import escaped, number, t
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.judged.shares import zones_of

SPARE = 1.06
"""Room beyond the last mark, as a share of the whole."""
TONES = {"red": "bad", "orange": "warn", "green": "good"}


def show(session: Session, view: NodeView) -> None:
    """The bullet of a node with a target; nothing where zero is no start for a bar."""
    if view.target is None or view.actual is None:
        return
    low, high = view.ends or (view.target, view.target)
    marks = [view.actual, low, high, *([view.expected] if view.expected is not None else [])]
    if min(marks) < 0 or max(marks) <= 0:
        return
    whole = max(marks) * SPARE
    plan = cache.seen_plan(session)
    target = plan.targets.get(view.target_id or "") if plan is not None else None

    def at(value: float) -> str:
        return f"{min(max(value / whole, 0.0), 1.0) * 100:.1f}%"

    zones = "".join(
        f'<u class="{tone}" style="left:{at(start)};width:{at(end - start)}"></u>'
        for tone, start, end in _zones(view, target, whole)
    )
    tick = f'<i style="left:{at(view.expected)}"></i>' if view.expected is not None else ""
    goals = "".join(f'<s style="left:{at(end)}"></s>' for end in dict.fromkeys((low, high)))
    tone = TONES.get(parts.look(view.status).color, "rest")
    said = escaped(words(view))
    st.html(
        f'<div class="kt-bullet" role="img" aria-label="{said}" title="{said}">'
        f'{zones}<b class="{tone}" style="width:{at(view.actual)}"></b>{tick}{goals}</div>'
    )


def words(view: NodeView) -> str:
    """What the bullet shows, for those who do not see it."""
    found = [parts.status_word(view.status), parts.actual_and_target(view)]
    if view.expected is not None:
        due = number(view.expected, view.unit, view.currency, compact=True)
        found.append(t("{value} expected by now", value=due))
    return " · ".join(one for one in found if one)


def _zones(view: NodeView, target: Target | None, whole: float) -> list[tuple[str, float, float]]:
    """Where it would be off track, at risk and on track today: (tone, from, to)."""
    if target is None or view.start is None or view.end is None:
        return []
    return [
        (TONES.get(parts.look(status).color, ""), start, end)
        for status, start, end in zones_of(view, target, whole)
    ]
