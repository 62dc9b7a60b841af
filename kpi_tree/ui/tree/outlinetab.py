"""The tree as text beside the canvas: write, see what would change, save."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from kpi_tree.errors import KpiTreeError
from kpi_tree.periods import Grain, Period, period_of
from kpi_tree.plan.edits import Edit
from kpi_tree.plan.model import Plan
from kpi_tree.plan.outline import outline_edits, to_outline
from kpi_tree.ui.pieces import changelist, downloads
from kpi_tree.ui.shell import changes, drafts
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import plain, t
from kpi_tree.ui.shell.words import span_words
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.drafting.aims import chosen_target

_SAYS_PERIOD = re.compile(r"!\S+:\S+")


def show(session: Session, plan: Plan) -> None:
    """Text, preview, save; the outline of a tree of an earlier day only to read and to copy."""
    if session.lens.structure or session.lens.targets:
        _to_copy(to_outline(plan))
        return
    now = {"text": to_outline(plan)}
    draft = drafts.begin(plan, "outline", now)
    text = st.text_area(
        t("Outline"), draft.base["text"], key=draft.key("text"), height=420, label_visibility="collapsed"
    )
    st.caption(
        t(
            "One line a box, indented below its parent. \\* \\/ \\+ \\- make it a part of the formula, "
            "\\~ something thought to move it, \\| a guardrail, \\> an action; @owner, !target or "
            "!target:2026-Q3, = assumption."
        )
    )
    st.caption(
        t("A target without a period is for {period}.", period=plain(span_words(usual_period(session, plan))))
    )
    st.caption(
        t(
            "An action's line also says state:doing, start:2026-10-01, due:2026-12-01, effect:5000, "
            "cost:2000 and effort:12. A list from Word, Excel or Markdown can be pasted as it is."
        )
    )
    found = _preview(session, plan, draft, text)
    if found:
        drafts.buttons(session, plan, draft, now, lambda: found, t("Save these changes"))
    else:
        drafts.discard(draft)
    with st.container(horizontal=True, gap="small"):
        with st.popover(t("Copy"), icon=":material/content_copy:", type="tertiary"):
            _to_copy(text)
        downloads.button(
            t("Download"), lambda: text, f"{plan.id}.txt", "text/plain",
            key="outline_download", icon=":material/download:", type="tertiary",
        )  # fmt: skip


def _to_copy(text: str) -> None:
    st.caption(t("The button in the corner copies all of it."))
    st.code(text, language=None, height=300)


def _preview(session: Session, plan: Plan, draft: drafts.Draft, text: str) -> Sequence[Edit]:
    if text == draft.base["text"]:
        return []
    try:
        found = edits_of(session, plan, text)
        made = changes.applied(plan, found)
    except KpiTreeError as error:
        show_refusal(error)
        st.caption(t("What you wrote stays here until it can be read."))
        return []
    changelist.show(plan, made)
    return found


def edits_of(session: Session, plan: Plan, text: str) -> list[dict[str, Any]]:
    """The edits an outline asks for."""
    period = None if _SAYS_PERIOD.search(text) else usual_period(session, plan)
    known, calendar = catalogue_of(session.home), calendar_of(session.settings)
    return outline_edits(plan, text, kpis=known, period=period, calendar=calendar)


def usual_period(session: Session, plan: Plan) -> Period:
    """What a target without a period is for: as the goal's own target, else the quarter looked at."""
    root = plan.root()
    aim = chosen_target(plan, root, session.at) if root else None
    return aim.period if aim else period_of(session.at, Grain.QUARTER, calendar_of(session.settings))
