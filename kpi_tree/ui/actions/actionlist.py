"""What the open actions are expected to bring of what is missing, and which driver has none."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.i18n import Quantity
from kpi_tree.ui.shell import cache, parts, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, number, percent, plain, t
from kpi_tree.workspace import Coverage, NodeView
from kpi_tree.workspace.acting.coverage import Brought
from kpi_tree.workspace.causes.explained import in_words

MOST = 6


def show(session: Session, root: NodeView, *, most: int = MOST) -> None:
    """The section; nothing while the goal has no value or is looked at through a filter."""
    if root.actual is None or session.lens.where or session.lens.looks_back or session.lens.period:
        return
    with refusals():
        found = coverage(session, root)
        st.header(t("What the actions bring"))
        st.markdown(_words(found))
        for one in found.brought[:most]:
            _row(found, one)
        _bare(found)
        with st.container(horizontal=True, gap="medium"):
            places.link("actions", t("All actions"), icon="checklist")
            places.link("actions", t("Add an action"), icon="add_task", action="new")


def coverage(session: Session, root: NodeView) -> Coverage:
    """What the open actions bring of the goal's gap, worked out once for a revision."""
    found: Coverage = cache.kept(
        session, "coverage", root.id,
        make=lambda: workspace.gap_coverage(
            session.home, session.who, root.id, at=session.at, plan_id=session.plan_id
        ),
    )  # fmt: skip
    return found


def summary(session: Session, root: NodeView) -> None:
    """The same in two lines: how much of the gap is covered, and which drivers have no action."""
    with refusals():
        found = coverage(session, root)
        st.markdown(f"{plain(in_words(found.name, current_language()))}: {_words(found)}")
        if found.share is not None:
            words = t("{share} of what is missing has an action behind it", share=percent(found.share))
            parts.way(min(found.share, 1.0), None, words)
        _bare(found)


def _bare(found: Coverage) -> None:
    """The drivers that no open action works on, each a way to a new one."""
    if not found.bare:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("No open action works on:"), width="content")
        for node, name in found.bare[:MOST]:
            label = plain(in_words(name, current_language()))
            places.link("actions", label, icon="add_task", action="new", kpi=node)


def _words(found: Coverage) -> str:
    def value(amount: float | None) -> str:
        return plain(number(amount, found.unit, found.currency, compact=True))

    if found.gap is not None and found.gap <= 0:
        return t("As it looks now, the target is reached without more.")
    if found.together is None:
        missing = t("Missing by the end: **{gap}**.", gap=value(found.gap)) + " " if found.gap else ""
        return missing + t("No open action says what it is to bring.")
    if found.gap is None:
        return t("Together they are expected to bring **{value}**.", value=value(found.together))
    words = t(
        "Missing by the end: **{gap}**. The open actions are expected to bring **{value}** ({share}).",
        gap=value(found.gap),
        value=value(found.together),
        share=plain(percent(found.share)),
    )
    if found.likely is not None and found.likely != found.together:
        words += " " + t("Counting how sure their owners are: **{value}**.", value=value(found.likely))
    return words


def _row(found: Coverage, one: Brought) -> None:
    action = one.action
    when = t("late since {day}", day=plain(day(action.due))) if action.late else plain(day(action.due))
    said = [plain(action.owner), when if action.due else ""]
    if one.effect is not None:
        effect = Quantity(one.effect, found.unit, found.currency, compact=True, signed=True)
        said.insert(0, f"**{plain(effect.in_language(current_language()))}**")
    with st.container(gap=None):
        places.link("actions", plain(action.named(current_language())), icon="task_alt", action=action.id)
        st.caption(" · ".join(part for part in said if part))
