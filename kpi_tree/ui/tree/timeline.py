"""The plan's past: every change in words, names for states, the difference of two, and going back."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import moment, nt, plain, pt, say, t
from kpi_tree.ui.tree import diffview
from kpi_tree.workspace import JournalLine
from kpi_tree.workspace.drafting.keeping import at_name

SHOWN = 40
DAY = "day"


def show(session: Session, plan: Plan) -> None:
    """Two states compared on the canvas, then the timeline with the names beside it."""
    lines = cache.history(session)
    names = {
        one.revision: one.name for one in reversed(workspace.snapshots(session.home, session.who, plan.id))
    }
    _compare(session, plan, lines, names)
    left, right = st.columns([3, 2], gap="large")
    with right:
        _name_it(session, plan)
    with left:
        st.subheader(nt("{n} change so far", "{n} changes so far", len(lines)))
        for line in lines[:SHOWN]:
            _line(session, plan, line, names.get(line.revision))
        if len(lines) > SHOWN:
            st.caption(t("and {n} more", n=len(lines) - SHOWN))


def _line(session: Session, plan: Plan, line: JournalLine, name: str | None) -> None:
    with st.container(border=True, gap="xsmall"):
        icon, done = _did(line.action)
        words = [say(word) for word in line.words[:4]] or [t("No visible change.")]
        if len(line.words) > 4:
            words.append(t("and {n} more", n=len(line.words) - 4))
        mark = f":material/{icon}: " if icon else ""
        label = f" · :material/bookmark: **{plain(name)}**" if name else ""
        st.markdown(mark + (f"**{done}** " if done else "") + "  \n".join(words))
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


def _did(action: str) -> tuple[str, str]:
    """The icon and the word of a line that is more than an edit."""
    return {
        "undo": ("undo", t("Taken back:")),
        "redo": ("redo", t("Made again:")),
        "restore": ("restore", t("Back to an earlier state:")),
        "import": ("file_open", t("Taken in:")),
    }.get(action, ("", ""))


def _restore(session: Session, plan: Plan, revision: int) -> None:
    try:
        workspace.restore_plan(session.home, session.who, str(revision), plan_id=plan.id, now=now())
    except KpiTreeError as error:
        st.session_state["_refused"] = error
    st.rerun()


def _compare(session: Session, plan: Plan, lines: list[JournalLine], names: dict[int, str]) -> None:
    st.subheader(t("What differs"))
    if len(lines) < 2:
        st.caption(t("There is one state so far; change something and compare."))
        return
    states = [str(line.revision) for line in lines]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = _state(session, pt("state", "From"), "from", states, states[1], names)
        end = _state(session, pt("state", "To"), "to", states, states[0], names)
    with refusals():
        diffview.show(_at(session, plan, start), _at(session, plan, end))


def _state(
    session: Session, label: str, name: str, states: list[str], usual: str, names: dict[int, str]
) -> str:
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
        return names.get(int(state)) or t("revision {n}", n=int(state))

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
    st.subheader(t("Name this state"))
    with st.form("snapshot", border=False, clear_on_submit=True):
        name = st.text_input(t("Name"), key="snapshot_name", max_chars=200, placeholder=t("before summer"))
        if st.form_submit_button(t("Keep the name"), icon=":material/bookmark_add:") and name.strip():
            with refusals():
                workspace.take_snapshot(session.home, session.who, name, plan_id=plan.id, now=now())
                st.rerun()
