"""Beside the fields of a target: how it stands, a person's word on it, the next period, its past."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from kpi_tree import workspace
from kpi_tree.analysis.lines import STATE_WORDS
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import SAID_STATUSES, Plan, Target
from kpi_tree.ui.shell import address, cache, changes, parts, places
from kpi_tree.ui.shell.places import Way
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import current_language, moment, plain, said, say, t
from kpi_tree.ui.targets.targetdraft import Subject
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.judged.cards import said_words

SHOWN = 20


def show(session: Session, plan: Plan, about: Subject) -> None:
    """Everything that is said and can be done of a target that is there."""
    one = about.target
    assert one is not None, "a new target has no past"
    view = next((view for view in cache.tree(session.bare) if view.id == one.node), None)
    standing(view, one)
    if one.kind == "goal" or (view is not None and view.target_id == one.id):
        _word(session, plan, one)
    _forward(session, plan, one)
    past(session, plan, one.id)
    if st.button(t("Take the target out"), key=f"drop_{one.id}", type="tertiary", icon=":material/delete:"):
        changes.edit(session, plan, [{"op": "remove_target", "target": one.id}])
        address.put("target", "")
        st.rerun()


def standing(view: NodeView | None, one: Target) -> None:
    """How a target stands on the day looked at, where it is the one that counts."""
    if view is None:
        return
    if view.target_id == one.id:
        parts.badge(view.status, help=view.rule)
        said_beside(view)
        st.caption(say(view.reason))
        lines(view)
        return
    for line in view.lines:
        if line.id == one.id:
            line_badge(line.state)
            st.caption(say(line.words))


def beside(view: NodeView) -> None:
    """On a page of the indicator: the other lines, and the way to all of the target."""
    lines(view)
    with st.container(horizontal=True):
        for way in ways(view):
            places.link(way.page, way.label, icon=way.icon, **way.params)


def ways(view: NodeView) -> list[Way]:
    """To the target that counts now, and to a new one."""
    found = [Way(t("New target"), "goals", "add", params={"target": "new", "node": view.id})]
    if view.target_id is not None:
        found.insert(0, Way(t("Change the target"), "goals", "edit", params={"target": view.target_id}))
    return found


def said_beside(view: NodeView) -> None:
    """A person's word on the status, beside the computed one: whose, why, until when."""
    words = said_words(view, current_language())
    if words:
        st.markdown(f":material/record_voice_over: {plain(words)}")


def lines(view: NodeView) -> None:
    """Floor, stretch goal and guardrail of the same period, each met or not."""
    for mark, words in line_words(view):
        st.markdown(f":material/{mark}: :small[{plain(words)}]")


def line_words(view: NodeView) -> list[tuple[str, str]]:
    """The same, each an icon and its words."""
    marks = {None: "pending", True: "check_circle", False: "cancel"}
    return [(marks[line.met], said(line.words)) for line in view.lines]


def line_badge(state: str) -> None:
    """Whether a line is met, in the end or so far, as a badge with a shape of its own."""
    words = say(STATE_WORDS[state])
    if state == "open":
        st.badge(words, icon=":material/pending:", color="gray")
    elif state in ("met", "so_far_met"):
        st.badge(words, icon=":material/check_circle:", color="green")
    else:
        st.badge(words, icon=":material/cancel:", color="red")


def _word(session: Session, plan: Plan, one: Target) -> None:
    with st.expander(t("Say how it stands"), icon=":material/record_voice_over:", key=f"word_{one.id}"):
        st.caption(t("Your word stands beside the computed status, with your reason, until the day you say."))
        with st.form(f"word_form_{one.id}_{plan.revision}", border=False):
            status = st.selectbox(
                t("Status"),
                SAID_STATUSES,
                index=1,
                format_func=parts.status_word,
                key=f"word_status_{one.id}",
            )
            reason = st.text_input(t("Because"), key=f"word_reason_{one.id}", max_chars=500)
            until = st.date_input(
                t("Until"), value=min(session.at + timedelta(days=14), max(one.period.last, session.at)),
                min_value=session.today, key=f"word_until_{one.id}",
            )  # fmt: skip
            if st.form_submit_button(t("Say it")):
                _do(lambda: workspace.say_status(
                    session.home, session.who, one.id, status, reason=reason, until=until, plan_id=plan.id,
                    today=session.today, now=now(), base_revision=plan.revision,
                ))  # fmt: skip
        if one.override is not None and st.button(t("Take the word back"), key=f"unsay_{one.id}"):
            _do(lambda: workspace.say_status(
                session.home, session.who, one.id, None, plan_id=plan.id, today=session.today, now=now(),
            ))  # fmt: skip


def _forward(session: Session, plan: Plan, one: Target) -> None:
    """The same for the next period, in one click."""
    st.markdown(f"**{t('For the next period')}**")
    st.caption(t("The baseline is taken anew from the data; the lines beside a goal come along."))
    with st.container(horizontal=True):
        for keep, label, icon in (
            ("change", t("With the same change"), "trending_up"),
            ("value", t("With the same value"), "equal"),
        ):  # fmt: skip
            if keep == "change" and one.baseline is None:
                continue
            if st.button(label, key=f"copy_{keep}_{one.id}", icon=f":material/{icon}:"):
                _copy(session, plan, one, keep)


def _copy(session: Session, plan: Plan, one: Target, keep: str) -> None:
    def make() -> Plan:
        return workspace.copy_target(
            session.home, session.who, one.id, keep=keep, plan_id=plan.id, today=session.at, now=now(),
            base_revision=plan.revision,
        )  # fmt: skip

    _do(make, known=set(plan.targets))


def _do(make: object, known: set[str] | None = None) -> None:
    """Run a verb; what it refuses is shown on the next run, what it made is opened."""
    assert callable(make)
    try:
        made: Plan = make()
    except KpiTreeError as error:
        changes.outcome().refused = error
        st.rerun()
    changes.outcome().plan = made
    fresh = [name for name in made.targets if known is not None and name not in known]
    if fresh:
        goal = next((name for name in fresh if made.targets[name].kind == "goal"), fresh[0])
        address.put("target", goal)
        st.toast(t("The target is set."), icon=":material/flag:")
    st.rerun()


def past(session: Session, plan: Plan, target: str) -> None:
    """Every version with who, when, what and why; an earlier one can be brought back."""
    try:
        found = workspace.target_versions(session.home, session.who, target, plan_id=plan.id)
    except KpiTreeError:
        return
    with st.expander(
        t("Versions ({n})", n=len(found)), icon=":material/history:", key=f"versions_{target}",
        expanded=target not in plan.targets,
    ):  # fmt: skip
        for one in found[:SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center"):
                with st.container(gap=None):
                    st.markdown(say(one.words))
                    why = f" · “{plain(one.why)}”" if one.why else ""
                    st.caption(f"{plain(moment(one.at))} · {plain(one.who)}{why}")
                st.space("stretch")
                differs = one.target is not None and one.target != plan.targets.get(target)
                if differs and st.button(t("Restore"), key=f"back_{target}_{one.revision}", type="tertiary"):
                    _do(lambda one=one: workspace.restore_target(
                        session.home, session.who, target, one.revision, plan_id=plan.id, now=now(),
                        base_revision=plan.revision,
                    ))  # fmt: skip
