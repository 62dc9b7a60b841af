"""The targets: what is to be reached, by when, how it stands; change one or take it out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from kpi_tree.plan.model import Plan, Target
from kpi_tree.ui.shell import cache, parts, places
from kpi_tree.ui.shell.parts import Fact
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import change, current_language, number, plain, t
from kpi_tree.ui.shell.words import span_words
from kpi_tree.ui.targets import asked, knownevents, targetmore
from kpi_tree.ui.targets.goalbox import baseline_words
from kpi_tree.ui.targets.targetfields import KINDS, kind_words, path_words
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.judged.othertargets import other_targets


def show(session: Session, plan: Plan, views: Sequence[NodeView]) -> None:
    """All targets by period, the running ones first; then the events that bend their paths."""
    places.link("goals", t("New target"), icon="add", target="new")
    if not _sorted(plan):
        invite()
        knownevents.show(session, plan)
        return
    asked.line(session, plan, plan.root())
    known = {view.id: view for view in views}
    groups = (
        (t("Running"), [each for each in _sorted(plan) if each.period.contains(session.at)]),
        (t("Coming"), [each for each in _sorted(plan) if each.period.start > session.at]),
        (t("Over"), [each for each in _sorted(plan) if each.period.end <= session.at]),
    )
    beside = _others(session, plan, views)
    for title, targets in groups:
        if targets:
            st.header(title)
            for target in targets:
                _row(session, plan, target, beside.get(target.id) or known.get(target.node))
    knownevents.show(session, plan)


def _others(session: Session, plan: Plan, views: Sequence[NodeView]) -> dict[str, NodeView]:
    """The goals that are not the ones that count now, each with its node's view against it."""
    lang, shown = current_language(), tuple(sorted(view.target_id for view in views if view.target_id))
    found: dict[str, NodeView] = cache.kept(
        session.bare, "other_targets", lang, shown,
        make=lambda: {
            target: cache.named(view, lang)
            for target, view in other_targets(session.home, plan, session.at, shown).items()
        },
    )  # fmt: skip
    return found


def invite() -> None:
    """What to do where nothing is aimed at yet."""
    parts.empty(
        t("There is no target yet"),
        t("Write a goal above, such as: Increase sales 10% next quarter."),
        "flag",
    )


def _sorted(plan: Plan) -> list[Target]:
    standing = [each for each in plan.targets.values() if each.in_force]
    return sorted(
        standing, key=lambda each: (each.period.start, each.period.end, each.node, KINDS.index(each.kind))
    )


def _row(session: Session, plan: Plan, target: Target, view: NodeView | None) -> None:
    node = plan.nodes[target.node]
    unit = (view.unit if view else None) or node.unit
    currency = view.currency if view else None
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            places.link("kpi", f"**{plain(view.name if view else node.name)}**", id=node.id)
            st.markdown(plain(span_words(target.period)))
            if target.kind != "goal":
                st.badge(kind_words(target.kind), color="gray")
            _standing(target, view)
            st.space("stretch")
            if node.formula and target.kind == "goal" and target.period.end > session.at:
                places.link(
                    "goals", t("Down the tree"), icon="account_tree", **{"as": "down", "goal": node.id}
                )
            places.link("goals", t("Change"), icon="edit", target=target.id)
        hold = target.kind in ("floor", "guardrail") or target.is_range
        found = [
            Fact(t("To hold") if hold else t("To reach"), _wanted(target, unit, currency), _asked(target))
        ]
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
        if view is not None and view.target_id == target.id:
            targetmore.said_beside(view)
        if target.sentence:
            st.caption(f"“{plain(target.sentence)}”")


def _standing(target: Target, view: NodeView | None) -> None:
    """The verdict of the goal that counts now; whether a line of its period is met."""
    if view is None:
        return
    if view.target_id == target.id:
        parts.badge(view.status, help=view.reason)
    for line in view.lines:
        if line.id == target.id:
            targetmore.line_badge(line.state)


def _wanted(target: Target, unit: str | None, currency: str | None) -> str:
    if target.is_range:
        return f"{number(target.low, unit, currency)} – {number(target.high, unit, currency)}"
    return number(target.value, unit, currency)


def _asked(target: Target) -> str:
    if target.change is None:
        return ""
    return change(target.change) if target.change_kind == "percent" else ""
