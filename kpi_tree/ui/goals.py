"""The targets: what is to be reached, by when, how it stands; change one or take it out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi_tree.plan.model import Plan, Target
from kpi_tree.ui import asked, changes, parts, places
from kpi_tree.ui.goalbox import baseline_words
from kpi_tree.ui.parts import Fact
from kpi_tree.ui.session import Session
from kpi_tree.ui.text import change, number, plain, t
from kpi_tree.ui.words import span_words
from kpi_tree.workspace import NodeView


def show(session: Session, plan: Plan, views: Sequence[NodeView]) -> None:
    """All targets by period, the running ones first."""
    if not _sorted(plan):
        parts.empty(
            t("There is no target yet"),
            t("Write a goal above, such as: Increase sales 10% next quarter."),
            "flag",
        )
        return
    asked.line(session, plan, plan.root())
    known = {view.id: view for view in views}
    groups = (
        (t("Running"), [each for each in _sorted(plan) if each.period.contains(session.at)]),
        (t("Coming"), [each for each in _sorted(plan) if each.period.start > session.at]),
        (t("Over"), [each for each in _sorted(plan) if each.period.end <= session.at]),
    )
    for title, targets in groups:
        if targets:
            st.subheader(title)
            for target in targets:
                _row(session, plan, target, known.get(target.node))


def _sorted(plan: Plan) -> list[Target]:
    standing = [each for each in plan.targets.values() if each.in_force]
    return sorted(standing, key=lambda each: (each.period.start, each.period.end, each.node))


def _row(session: Session, plan: Plan, target: Target, view: NodeView | None) -> None:
    node = plan.nodes[target.node]
    unit = (view.unit if view else None) or node.unit
    currency = view.currency if view else None
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            places.link("kpi", f"**{plain(view.name if view else node.name)}**", id=node.id)
            st.markdown(plain(span_words(target.period)))
            if view is not None and view.start == target.period.start and view.end == target.period.end:
                parts.badge(view.status, help=view.reason)
            st.space("stretch")
            if node.formula and target.period.end > session.at:
                places.link(
                    "goals", t("Down the tree"), icon="account_tree", **{"as": "down", "goal": node.id}
                )
            _buttons(session, plan, target)
        found = [Fact(t("Target"), number(target.value, unit, currency), _asked(target))]
        if target.baseline is not None:
            found.append(
                Fact(
                    t("Baseline"),
                    number(target.baseline, unit, currency),
                    baseline_words(target.baseline_label),
                )
            )
        found.append(Fact(t("Path"), path_words(target.trajectory)))
        parts.facts(found)
        if target.sentence:
            st.caption(f"“{plain(target.sentence)}”")


def _asked(target: Target) -> str:
    if target.change is None:
        return ""
    return change(target.change) if target.change_kind == "percent" else ""


def path_words(trajectory: str) -> str:
    """A trajectory as a reader says it."""
    known = {
        "linear": t("evenly"),
        "step": t("at once"),
        "last_year": t("as last year"),
        "custom": t("drawn by hand"),
    }
    return known.get(trajectory, trajectory)


def _buttons(session: Session, plan: Plan, target: Target) -> None:
    with st.popover(t("Change"), icon=":material/edit:", type="tertiary", key=f"target_{target.id}"):
        base = f"{target.id}_{plan.revision}"
        with st.form(f"form_{base}", border=False):
            value = st.number_input(t("Target"), value=float(target.value), key=f"value_{base}")
            shapes = ["linear", "last_year", "step"]
            shape = st.selectbox(
                t("Path"),
                shapes,
                index=shapes.index(target.trajectory) if target.trajectory in shapes else 0,
                format_func=path_words,
                key=f"shape_{base}",
            )
            if st.form_submit_button(t("Save"), type="primary"):
                after = {**target.to_dict(), "value": value, "trajectory": shape}
                if value != target.value:
                    after.pop("change", None)
                    after.pop("change_kind", None)
                changes.edit(session, plan, [{"op": "set_target", "target": target.id, "after": after}])
                st.rerun()
        if st.button(t("Take the target out"), key=f"drop_{base}", type="tertiary", icon=":material/delete:"):
            changes.edit(session, plan, [{"op": "remove_target", "target": target.id}])
            st.rerun()
