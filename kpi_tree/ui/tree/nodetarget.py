"""The target of one node: the one that counts on the day looked at, or a first one for a filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kpi_tree.periods import Period
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Plan, Target
from kpi_tree.ui.shell import changes, drafts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import plain, t
from kpi_tree.ui.shell.words import span_words
from kpi_tree.ui.tree.outlinetab import usual_period
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.nodes import unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.drafting.aims import chosen_target


def label(session: Session, plan: Plan, node_id: str, view: NodeView) -> str:
    """What the box is called; empty where there is nothing to be set: a range, an action, a filter."""
    where = session.lens.pairs
    found = chosen_target(plan, node_id, session.at, where)
    if found is not None:
        return "" if found.is_range else t("Target for {period}", period=span_words(found.period))
    if where:
        return t("Target for this filter") if view.start is not None and view.end is not None else ""
    return "" if view.kind == "action" else t("Set target")


def begun(session: Session, plan: Plan, node_id: str) -> bool:
    """Whether a person has typed a new value and not saved it."""
    found = chosen_target(plan, node_id, session.at, session.lens.pairs)
    return drafts.begun(plan, f"target_{found.id}" if found else _first_of(node_id, session))


def show(session: Session, plan: Plan, node_id: str, view: NodeView) -> None:
    """The target that counts on the day looked at: value and baseline; where there is none, a first one."""
    where = session.lens.pairs
    found = chosen_target(plan, node_id, session.at, where)
    scale = 100.0 if unit_of(plan.nodes[node_id], catalogue_of(session.home)) == "percent" else 1.0
    if found is None:
        of_view = Period(view.start, view.end) if where and view.start and view.end else None
        period = of_view or usual_period(session, plan)
        _first(session, plan, node_id, period, scale)
        return
    now = {
        "value": found.value * scale,
        "baseline": None if found.baseline is None else found.baseline * scale,
    }
    draft = drafts.begin(plan, f"target_{found.id}", now, node=node_id)
    base = draft.base
    said = {
        "value": st.number_input(t("Target"), value=base["value"], key=draft.key("value"), format="%g"),
        "baseline": st.number_input(
            t("Baseline"), value=base["baseline"], key=draft.key("baseline"), format="%g"
        ),
    }
    if scale != 1:
        st.caption(t("In percent."))
    drafts.buttons(
        session,
        plan,
        draft,
        now,
        lambda: _target_edits(found, draft.changed(said), scale),
        t("Save target"),
    )


def _target_edits(found: Target, changed: Mapping[str, Any], scale: float) -> list[dict[str, Any]]:
    if not changed:
        return []
    after = found.to_dict()
    for name, value in changed.items():
        after[name] = None if value is None else value / scale
    after.update({"change": None, "change_kind": None, "sentence": ""})
    if "baseline" in changed:
        after["baseline_label"] = "number"
    return [{"op": "set_target", "target": found.id, "after": after}]


def _first(session: Session, plan: Plan, node_id: str, period: Period, scale: float) -> None:
    """A first target: through a filter one of its own, else one for the whole shop."""
    where = tuple(sorted(session.lens.pairs))
    words = t("For {period}; the targets of the whole shop stay.") if where else t("Target for {period}")
    st.caption(words.format(period=plain(span_words(period))))
    draft = drafts.begin(plan, _first_of(node_id, session), {"value": None}, node=node_id)
    value = st.number_input(t("Target"), value=None, key=draft.key("value"), format="%g")
    if scale != 1:
        st.caption(t("In percent."))
    with st.container(horizontal=True, gap="small"):
        pressed = st.button(t("Set target"), key=f"first_target_set_{node_id}", type="primary")
        drafts.discard(draft)
    if pressed and value is not None:
        key = id_from_name(f"{node_id}_target", plan.targets)
        made = Target(key, node_id, period, value / scale, where=where)
        if changes.edit(session, plan, [{"op": "set_target", "target": key, "after": made.to_dict()}]):
            drafts.drop(draft.subject)
        st.rerun()


def _first_of(node_id: str, session: Session) -> str:
    """What the draft of a first target is called: each filter may have one."""
    return "_".join(["first", node_id, *(f"{name}.{value}" for name, value in sorted(session.lens.pairs))])
