"""The plan's past: every change in words, names for states, the difference of two, and going back."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.ui import cache, changelist
from kpi_tree.ui.failures import refusals
from kpi_tree.ui.session import Session, now
from kpi_tree.ui.text import moment, nt, plain, say, t
from kpi_tree.workspace import JournalLine

SHOWN = 40


def show(session: Session, plan: Plan) -> None:
    """Timeline on one side; names and differences on the other."""
    lines = cache.history(session)
    names = {
        one.revision: one.name for one in reversed(workspace.snapshots(session.home, session.who, plan.id))
    }
    left, right = st.columns([3, 2], gap="large")
    with right:
        _compare(session, plan, lines, names)
        _name_it(session, plan)
    with left:
        st.subheader(nt("{n} change so far", "{n} changes so far", len(lines)))
        for line in lines[:SHOWN]:
            _line(session, plan, line, names.get(line.revision))
        if len(lines) > SHOWN:
            st.caption(t("and {n} more", n=len(lines) - SHOWN))


def _line(session: Session, plan: Plan, line: JournalLine, name: str | None) -> None:
    with st.container(border=True, gap="xsmall"):
        icon = {"undo": "undo", "redo": "redo", "restore": "restore", "import": "file_open"}.get(line.action)
        words = [say(word) for word in line.words[:4]] or [t("No visible change.")]
        if len(line.words) > 4:
            words.append(t("and {n} more", n=len(line.words) - 4))
        mark = f":material/{icon}: " if icon else ""
        label = f" · :material/bookmark: **{plain(name)}**" if name else ""
        st.markdown(mark + "  \n".join(words))
        with st.container(horizontal=True, vertical_alignment="center"):
            about = t("revision {n}", n=line.revision)
            st.caption(f"{plain(moment(line.at))} · {plain(line.who)} · {about}{label}")
            if line.revision != plan.revision and st.button(
                t("Go back to this"),
                key=f"restore_{line.revision}",
                type="tertiary",
                icon=":material/restore:",
            ):
                _restore(session, plan, line.revision)


def _restore(session: Session, plan: Plan, revision: int) -> None:
    try:
        workspace.restore_plan(session.home, session.who, str(revision), plan_id=plan.id, now=now())
    except KpiTreeError as error:
        st.session_state["_refused"] = error
    st.rerun()


def _compare(session: Session, plan: Plan, lines: list[JournalLine], names: dict[int, str]) -> None:
    st.subheader(t("What differs"))
    revisions = [line.revision for line in lines]
    if len(revisions) < 2:
        st.caption(t("There is one state so far; change something and compare."))
        return

    def words(revision: int) -> str:
        return names.get(revision) or t("revision {n}", n=revision)

    first, second = st.columns(2)
    start = first.selectbox(t("From"), revisions, index=1, format_func=words, key="diff_from")
    end = second.selectbox(t("To"), revisions, index=0, format_func=words, key="diff_to")
    with refusals(), st.container(border=True, gap="xsmall"):
        changelist.show(_at(session, plan, start), _at(session, plan, end))


def _at(session: Session, plan: Plan, revision: int) -> Plan:
    found: Plan = cache.kept(
        session,
        "plan_at",
        revision,
        make=lambda: workspace.plan(session.home, session.who, plan.id, revision=revision),
    )
    return found


def _name_it(session: Session, plan: Plan) -> None:
    st.subheader(t("Name this state"))
    with st.form("snapshot", border=False, clear_on_submit=True):
        name = st.text_input(t("Name"), key="snapshot_name", max_chars=200, placeholder=t("before summer"))
        if st.form_submit_button(t("Keep the name"), icon=":material/bookmark_add:") and name.strip():
            with refusals():
                workspace.take_snapshot(session.home, session.who, name, plan_id=plan.id, now=now())
                st.rerun()
