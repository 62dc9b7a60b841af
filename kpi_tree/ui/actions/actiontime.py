"""The timeline: what is done when, when it works, and what waits for what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from kpi_tree.periods import Period
from kpi_tree.ui.actions import actionform
from kpi_tree.ui.actions.actionwords import state_words
from kpi_tree.ui.pieces import drawn
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, nt, plain, t
from kpi_tree.ui.shell.words import span_words
from kpi_tree.workspace import ActionView

MOST = 60


def show(session: Session, found: Sequence[ActionView]) -> None:
    """Draw it; what has no day is named below."""
    dated = [one for one in found if one.start or one.due]
    if not dated:
        st.caption(t("None of them says a day. Give them a start and a due day to see them here."))
        return
    dated.sort(key=lambda one: (one.start or one.due or date.max, one.due or date.max, one.id))
    shown = dated[:MOST]
    late = sum(one.late for one in shown)
    title = (
        nt("{n} action is late", "{n} actions are late", late) if late else t("No action is late")
    )  # fmt: skip

    def make(charts: Any, palette: Any) -> Any:
        words = charts.ChartWords(title=title, y="", value="")
        marks = charts.GanttWords(t("Work"), t("Effect"), t("Due"), t("Today"), t("Waits for"))
        spans = [_span(charts, one) for one in shown]
        return charts.gantt_chart(spans, session.at, words, marks, lang=current_language(), palette=palette)

    drawn.draw(
        session.bare, "action_time", tuple(one.id for one in shown), make=make, alt=_alt(title, shown),
        extra=40,
    )  # fmt: skip
    st.caption(_legend())
    undated = [one for one in found if one not in dated]
    if undated:
        names = ", ".join(plain(one.named(current_language())) for one in undated[:8])
        st.caption(t("Without a day: {names}", names=names))
    if len(dated) > MOST:
        st.caption(nt("{n} more in the list", "{n} more in the list", len(dated) - MOST))


def _legend() -> str:
    return t("Thick bar: the work. Thin bar: when the effect is expected. Diamond: due. Dashed: waits for.")


def _span(charts: Any, one: ActionView) -> Any:
    start = one.start or one.due
    last = max(one.due or start, start) if start else start
    hint = [part for part in (one.owner, actionform.kpi_name(one)) if part]
    if one.window is not None:
        hint.append(t("effect {period}", period=span_words(Period(one.window.start, one.window.end))))
    return charts.Span(
        one.id, one.named(current_language()), one.state, state_words(one.state), start, last,
        one.window.start if one.window else None, one.window.last if one.window else None, one.due, one.late,
        " · ".join(hint), one.needs,
    )  # fmt: skip


def _alt(title: str, shown: Sequence[ActionView]) -> str:
    lines = [
        f"{one.named(current_language())}: {state_words(one.state)}, {day(one.start)} – {day(one.due)}"
        for one in shown[:20]
    ]
    return f"{title}. " + "; ".join(lines)
