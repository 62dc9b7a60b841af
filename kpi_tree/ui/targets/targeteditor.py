"""The editor of one target (``/goals?target=ID``, or ``?target=new&node=sales``): fields, picture, past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan, Target
from kpi_tree.ui.shell import address, cache, drafts, parts, places
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, said, say, t
from kpi_tree.ui.shell.words import node_name, span_words, unit_words
from kpi_tree.ui.targets import targetdraft, targetfields, targetmore
from kpi_tree.ui.targets.milestones import Drawn, Points, path_chart, take_moved
from kpi_tree.ui.targets.targetdraft import Subject
from kpi_tree.workspace import TargetPath

NEW = "new"
MADE = "_made_target"


def asked() -> str:
    """The target that the address names: an id, ``new``, or nothing."""
    return st.query_params.get("target", "")


def show(session: Session, plan: Plan) -> None:
    """The editor, or where there is no such target a word and the way back."""
    places.link("goals", t("All targets"), icon="arrow_back")
    made = st.session_state.pop(MADE, "")
    if asked() == NEW and made in plan.targets:
        address.put("node", "")
        address.put("target", made)
    target = plan.targets.get(asked())
    if target is None and asked() != NEW:
        parts.empty(
            t("There is no such target"),
            t("It may have been taken out. The history below brings it back."),
            "flag",
        )
        targetmore.past(session, plan, asked())
        return
    node = target.node if target else _node(plan)
    if node is None:
        parts.empty(t("There is nothing to aim at yet"), t("Add an indicator to the tree first."), "flag")
        return
    about = targetdraft.subject_of(session, plan, node, target)
    _title(plan, about)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _form(session, plan, about)
    with right:
        if target is not None:
            targetmore.show(session, plan, about)


def _node(plan: Plan) -> str | None:
    """The indicator of a new target: chosen in the address, else the goal at the top."""
    every = [node.id for node in plan.nodes.values() if node.kind != "action"]
    if not every:
        return None
    key, names = "new_target_node", {name: node_name(plan.nodes[name]) for name in every}
    st.session_state[key] = address.choice("node", every, plan.root() or every[0])
    return str(
        st.selectbox(
            t("Indicator"), every, key=key, format_func=names.__getitem__, width=400,
            on_change=lambda: address.put("node", st.session_state[key]),
        )
    )  # fmt: skip


def _title(plan: Plan, about: Subject) -> None:
    one = about.target
    if one is None:
        st.header(t("New target: {name}", name=plain(node_name(about.node))))
        return
    words = f"{targetfields.kind_words(one.kind)} · {span_words(one.period)}"
    st.header(f"{plain(node_name(plan.nodes[one.node]))} · {plain(words)}")


def _form(session: Session, plan: Plan, about: Subject) -> None:
    now = targetdraft.start_values(session, about)
    draft = drafts.begin(plan, f"target_{about.target.id if about.target else NEW + about.node.id}", now)
    take_moved(_chart(draft), lambda points: _move(about, draft, points))
    typed: dict[str, Any] = dict(draft.base)
    typed |= targetfields.what(about, draft)
    typed |= targetfields.when(session, draft)
    typed |= targetfields.whence(about, draft)
    typed |= targetfields.path(session, plan, about, draft)
    _picture(session, plan, about, draft, typed)
    typed["why"] = st.text_input(
        t("Why"), key=draft.key("why"), max_chars=500, placeholder=t("The reason is kept with who and when.")
    )

    def make() -> list[dict[str, Any]]:
        if about.target is not None and not draft.changed(typed):
            return []
        made = targetdraft.drawn_up(session, plan, about, typed, session.today)
        st.session_state[MADE] = made.id
        why = str(typed["why"]).strip()
        return [{"op": "set_target", "target": made.id, "after": made.to_dict(), "why": why}]

    drafts.buttons(session, plan, draft, now, make, t("Save target") if about.target else t("Set target"))


def _chart(draft: drafts.Draft) -> str:
    """The key of the path's chart."""
    return f"path_{draft.subject}_{draft.epoch}"


def _move(about: Subject, draft: drafts.Draft, points: Points) -> None:
    """The milestones as they were moved on the chart, put into the field beside it."""
    scaled = tuple((day, value / about.scale) for day, value in points)
    draft.fill("points", targetdraft.points_text(scaled, about.scale))


def _picture(
    session: Session, plan: Plan, about: Subject, draft: drafts.Draft, typed: Mapping[str, Any]
) -> None:
    """The path that the fields make; its milestones can be moved where it is drawn by hand."""
    by_hand = typed["path"] == targetdraft.CUSTOM
    shown = dict(typed)
    if by_hand and not str(typed["points"]).strip():
        shown["path"] = "linear"
    try:
        target = targetdraft.drawn_up(session, plan, about, shown, session.today)
        found = cache.kept(
            session.bare, "target_path", target.to_dict().__repr__(),
            make=lambda: workspace.target_path(
                session.home, session.who, target, plan_id=plan.id, at=session.at
            ),
        )  # fmt: skip
    except KpiTreeError as error:
        if about.target is None and error.place == "value":
            st.caption(t("Say what is to be reached to see the path."))
        else:
            show_refusal(error)
        return
    st.caption(_summary(about, target))

    path_chart(
        _drawn(plan, about, target, found, by_hand=by_hand),
        key=_chart(draft),
        lang=current_language(),
        editable=by_hand,
    )
    if found.note is not None:
        st.caption(say(found.note))


def _drawn(plan: Plan, about: Subject, target: Target, found: TargetPath, *, by_hand: bool) -> Drawn:
    """A path as the chart takes it: in the unit that people type."""
    scale = about.scale
    return Drawn(
        target.period.start,
        tuple(value * scale for value in found.expected),
        tuple((day, value * scale) for day, value in (target.custom if by_hand else ())),
        tuple(None if value is None else value * scale for value in found.actual),
        tuple((name, value * scale) for name, value in _lines(plan, target)),
        unit_words(about.unit, about.currency),
        t("Expected by the end of each day"),
    )


def _summary(about: Subject, target: Target) -> str:
    """What the fields come to, in one line, so that nobody has to reckon."""
    from kpi_tree.ui.shell.text import number

    def value(amount: float | None) -> str:
        return plain(number(amount, about.unit, about.currency))

    if target.is_range:
        return t("Keep between {low} and {high}", low=value(target.low), high=value(target.high))
    if target.baseline is None:
        return t("To {value}", value=value(target.value))
    return t("From {base} to {value}", base=value(target.baseline), value=value(target.value))


def _lines(plan: Plan, target: Target) -> list[tuple[str, float]]:
    """The other lines of the same days, and the ends of a range."""
    if target.is_range:
        ends = ((t("Lowest"), target.low), (t("Highest"), target.high))
        return [(name, end) for name, end in ends if end is not None]
    every = [*plan.targets_of(target.node), *plan.lines_of(target.node)]
    return [
        (said(targetfields.kind_words(one.kind)), one.value)
        for one in every
        if one.period == target.period and one.id != target.id and not one.where
    ]
