"""The plan's past: every change in words, names for states, the difference of two, and going back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg
from kpi_tree.plan.model import Plan
from kpi_tree.store.shelf import Snapshot
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import day, moment, nt, plain, pt, said, say, t
from kpi_tree.ui.tree import diffview
from kpi_tree.workspace import JournalLine
from kpi_tree.workspace.drafting.keeping import at_name
from kpi_tree.workspace.drafting.past import DID

SHOWN = 40
TOLD = 4
MOST_STEPS = 20
PAUSE = timedelta(minutes=15)
"""Edits of one person with no longer pause between them are told as one."""
DAY = "day"
Names = Mapping[int, list[str]]


def show(session: Session, plan: Plan) -> None:
    """Two states compared on the canvas, then the timeline with the names beside it."""
    lines = cache.history(session)
    kept = workspace.snapshots(session.home, session.who, plan.id)
    names: dict[int, list[str]] = {}
    for one in kept:
        names.setdefault(one.revision, []).append(one.name)
    _compare(session, plan, lines, names)
    left, right = st.columns([3, 2], gap="large")
    with right:
        _name_it(session, plan)
        _named(session, plan, kept)
    with left:
        st.header(nt("{n} change so far", "{n} changes so far", len(lines)))
        _groups(session, plan, _found(lines), names)


def _found(lines: list[JournalLine]) -> list[JournalLine]:
    """The lines that say what is looked for, in any letters, or are by that person."""
    wanted = st.text_input(
        t("Find in the history"), key="history_find", icon=":material/search:",
        label_visibility="collapsed", placeholder=t("A word, a KPI or a person"),
    ).strip().casefold()  # fmt: skip
    if not wanted:
        return lines
    return [
        line
        for line in lines
        if wanted in line.who.casefold() or any(wanted in said(word).casefold() for word in line.words)
    ]


def _groups(session: Session, plan: Plan, lines: list[JournalLine], names: Names) -> None:
    """What was done, the latest first, with the day above it; more on request."""
    groups = grouped(lines, names)
    shown: int = st.session_state.setdefault("_history_shown", SHOWN)
    last = ""
    for group in groups[:shown]:
        at = day(group[0].at.astimezone(ZoneInfo(session.settings.timezone)).date())
        if at != last:
            st.caption(f"**{plain(at)}**")
            last = at
        _group(session, plan, group, names)
    if not groups:
        st.caption(t("No change says that."))
    if len(groups) > shown and st.button(
        t("Show earlier changes ({n})", n=len(groups) - shown),
        key="history_more",
        icon=":material/expand_more:",
    ):
        st.session_state["_history_shown"] = shown + SHOWN
        st.rerun()


def grouped(lines: Sequence[JournalLine], names: Collection[int] = ()) -> list[list[JournalLine]]:
    """Lines that belong together: edits of one person shortly after one another, none of them named.

    Args:
        lines: the newest first.
        names: revisions that have a name; such a state is the last of its group.
    """
    made: list[list[JournalLine]] = []
    for line in lines:
        newer = made[-1][-1] if made else None
        together = (
            newer is not None
            and len(made[-1]) < MOST_STEPS
            and newer.action == line.action == "edit"
            and newer.who == line.who
            and newer.revision == line.revision + 1
            and newer.at - line.at <= PAUSE
            and line.revision not in names
        )
        if together:
            made[-1].append(line)
        else:
            made.append([line])
    return made


def _group(session: Session, plan: Plan, group: list[JournalLine], names: Names) -> None:
    """What one person did in one go; each step of it folded below."""
    if len(group) == 1:
        _line(session, plan, group[0], names.get(group[0].revision, []))
        return
    newest, oldest = group[0], group[-1]
    words = [word for line in group for word in line.words]
    with st.container(border=True, gap="xsmall"):
        st.markdown("  \n".join(_told(words)))
        steps = nt("{n} step", "{n} steps", len(group))
        about = t("revisions {a} to {b}", a=oldest.revision, b=newest.revision)
        _foot(session, plan, newest, f"{steps} · {about}", names.get(newest.revision, []))
        with st.expander(t("Each step"), key=f"steps_{newest.revision}", on_change="rerun") as box:
            if box.open:
                for line in group:
                    _line(session, plan, line, [], key="step")


def _line(session: Session, plan: Plan, line: JournalLine, called: list[str], key: str = "") -> None:
    with st.container(border=True, gap="xsmall"):
        icon, done = _did(line.action)
        mark = f":material/{icon}: " if icon else ""
        st.markdown(mark + (f"**{done}** " if done else "") + "  \n".join(_told(line.words)))
        _foot(session, plan, line, t("revision {n}", n=line.revision), called, key)


def _told(words: Sequence[Msg]) -> list[str]:
    """Changes in words; of many the first."""
    found = [say(word) for word in words[:TOLD]] or [t("No visible change.")]
    return [*found, t("and {n} more", n=len(words) - TOLD)] if len(words) > TOLD else found


def _foot(
    session: Session, plan: Plan, line: JournalLine, about: str, called: list[str], key: str = ""
) -> None:
    """When, by whom, which state and its names; the way back to it."""
    label = "".join(f" · :material/bookmark: **{plain(name)}**" for name in called)
    with st.container(horizontal=True, vertical_alignment="center"):
        gone = f" · :material/undo: {t('taken back')}" if line.undone else ""
        st.caption(f"{plain(moment(line.at))} · {plain(line.who)} · {about}{label}{gone}")
        if line.revision != plan.revision:
            _back(session, plan, line.revision, f"restore_{line.revision}{key}")


def _back(session: Session, plan: Plan, revision: int, key: str) -> None:
    words = t("Go back to this")
    if st.button(words, key=key, type="tertiary", icon=":material/restore:"):
        _restore(session, plan, revision)


def _did(action: str) -> tuple[str, str]:
    """The icon and the word of a line that is more than an edit."""
    icons = {"undo": "undo", "redo": "redo", "restore": "restore", "import": "file_open"}
    return icons.get(action, ""), say(DID[action]) if action in DID else ""


def _restore(session: Session, plan: Plan, revision: int) -> None:
    try:
        workspace.restore_plan(
            session.home, session.who, str(revision), plan_id=plan.id, base_revision=plan.revision, now=now()
        )
    except KpiTreeError as error:
        st.session_state["_refused"] = error
    st.rerun()


def _compare(session: Session, plan: Plan, lines: list[JournalLine], names: Names) -> None:
    st.header(t("What differs"))
    if len(lines) < 2:
        st.caption(t("There is one state so far; change something and compare."))
        return
    states = [str(line.revision) for line in lines]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = _state(session, pt("state", "From"), "from", states, states[1], names)
        end = _state(session, pt("state", "To"), "to", states, states[0], names)
    with refusals():
        diffview.show(_at(session, plan, start), _at(session, plan, end))


def _state(session: Session, label: str, name: str, states: list[str], usual: str, names: Names) -> str:
    """A state of the plan, kept in the address: a revision, by its name where it has one, or a day."""
    said = st.query_params.get(name, "")
    day_said = address.day(said)
    key = f"diff_{name}"
    st.session_state[key] = (
        DAY if day_said or st.session_state.get(f"_{key}_day") else (said if said in states else usual)
    )

    def words(state: str) -> str:
        if state == DAY:
            return t("The end of a day…")
        return ", ".join(names.get(int(state), ())) or t("revision {n}", n=int(state))

    def chosen() -> None:
        picked = st.session_state[key]
        st.session_state[f"_{key}_day"] = picked == DAY
        address.put(name, "" if picked in (DAY, usual) else picked)

    st.selectbox(label, [*states, DAY], key=key, format_func=words, on_change=chosen, width=260)
    if st.session_state[key] != DAY:
        return said if said in states else usual
    picked = st.date_input(
        t("{label}: the end of", label=label), day_said or session.today, format="YYYY-MM-DD",
        max_value=session.today, key=f"{key}_on", width=180,
    )  # fmt: skip
    chosen_day = picked.isoformat()
    address.put(name, chosen_day)
    return chosen_day


def _at(session: Session, plan: Plan, state: str) -> Plan:
    found: Plan = cache.kept(
        session.bare,
        "plan_at",
        state,
        make=lambda: at_name(session.home, session.who, f"{plan.id}@{state}"),
    )
    return found


def _name_it(session: Session, plan: Plan) -> None:
    st.header(t("Name this state"))
    with st.form("snapshot", border=False, clear_on_submit=True):
        name = st.text_input(t("Name"), key="snapshot_name", max_chars=200, placeholder=t("before summer"))
        if st.form_submit_button(t("Keep the name"), icon=":material/bookmark_add:") and name.strip():
            with refusals():
                workspace.take_snapshot(session.home, session.who, name, plan_id=plan.id, now=now())
                st.rerun()


def _named(session: Session, plan: Plan, kept: Sequence[Snapshot]) -> None:
    """The states that have a name, with the way to each."""
    if not kept:
        return
    st.header(t("Named states"))
    for at, one in enumerate(kept):
        with st.container(border=True, gap="xsmall"):
            about = t("revision {n}", n=one.revision)
            st.markdown(f":material/bookmark: **{plain(one.name)}**")
            st.caption(f"{plain(moment(one.at))} · {plain(one.who)} · {about}")
            if one.revision == plan.revision:
                continue
            with st.container(horizontal=True, gap="small"):
                if st.button(
                    t("What has changed since"),
                    key=f"since_{at}",
                    type="tertiary",
                    icon=":material/difference:",
                ):
                    _since(one.revision)
                _back(session, plan, one.revision, f"restore_name_{at}")


def _since(revision: int) -> None:
    """Compare a state with the one that stands."""
    for side in ("from", "to"):
        st.session_state.pop(f"_diff_{side}_day", None)
    address.put("from", str(revision))
    address.put("to", "")
    st.rerun()
