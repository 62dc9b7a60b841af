"""The overview's parts: the headline, what needs attention, guardrails, how fresh the numbers are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from kpi_tree import workspace
from kpi_tree.analysis.reasons import readable
from kpi_tree.analysis.trajectory import kind_of
from kpi_tree.i18n import format_number
from kpi_tree.ui.pieces import bullets
from kpi_tree.ui.pieces.progress import Shares, rollup_of, shares
from kpi_tree.ui.shell import cache, parts, places
from kpi_tree.ui.shell.parts import Fact
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import apart, current_language, day, nt, number, percent, plain, said, say, t
from kpi_tree.ui.shell.words import period_words
from kpi_tree.ui.targets import targetmore
from kpi_tree.ui.targets.goalbox import baseline_words
from kpi_tree.workspace import NodeView, Stake
from kpi_tree.workspace.judged import cards

MOST = 5
"""Indicators on the page; the tree has all."""


def headline(view: NodeView, *, short: bool = False) -> None:
    """The number, what it is measured against, the verdict with its reason and how it is judged.

    Args:
        short: how it is judged only on request, so that more fits on one screen.
    """
    top(view, judged=short)
    if landing := outlook_words(view):
        st.markdown(landing)
    st.markdown(reason_words(view))
    if view.needed_words is not None and not short:
        st.markdown(say(view.needed_words))
    far = shares(view)
    parts.way(far.done, far.expected, _way_words(far))
    if short:
        st.caption(say(view.needed_words))
    else:
        st.caption(say(view.rule))
        parts.facts(_facts(view))


def top(view: NodeView, *, judged: bool = False) -> None:
    """The number, what it is measured against, and the verdict; how it is judged on request."""
    actual = apart(view.actual, view.target, view.unit, view.currency)
    target = apart(view.target, view.actual, view.unit, view.currency) if view.target is not None else ""
    if view.ends is not None:
        target = parts.range_words(view)
    parts.headline(actual, target, f"{view.name} · {period_words(view)}")
    if not judged:
        parts.badge(view.status, help=view.rule)
        targetmore.said_beside(view)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        parts.badge(view.status, help=view.rule)
        with st.popover(t("How it is judged"), type="tertiary", key="judged"):
            st.caption(say(view.rule))
            parts.facts(_facts(view))
        places.link("kpi", t("Open {name}", name=plain(view.name)), icon="arrow_forward", id=view.id)
    targetmore.said_beside(view)


def reason_words(view: NodeView) -> str:
    """Why it stands as it does, and since when."""
    since = f" {say(view.turned.words())}" if view.turned is not None else ""
    return say(view.reason) + since


def outlook_words(view: NodeView) -> str:
    """Where the period is likely to end and how likely it reaches the target, or why nobody can say."""
    seen = view.outlook
    if seen is None:
        return ""
    if seen.value is None:
        return t("No forecast: {reason}", reason=say(seen.withheld)) if seen.withheld else ""

    def value(amount: float | None) -> str:
        return plain(number(amount, view.unit, view.currency, compact=True))

    if seen.low is None or seen.probability is None:
        return t("Lands at **{value}**. {reason}", value=value(seen.value), reason=say(seen.withheld or ""))
    return t(
        "Lands at **{value}** ({low} – {high}), probability of reaching the target **{share}**",
        value=value(seen.value),
        low=value(seen.low),
        high=value(seen.high),
        share=plain(chance(seen.probability)),
    )


def chance(probability: float) -> str:
    """A probability without false precision: simulated paths prove neither 0 nor 100 percent."""
    if probability < 0.01:
        return t("under {share}", share=percent(0.01))
    if probability > 0.99:
        return t("over {share}", share=percent(0.99))
    return percent(probability)


def _way_words(far: Shares) -> str:
    if far.expected is None:
        return t("{share} of the way done", share=percent(far.done))
    return t(
        "{share} of the way done, {expected} expected by now",
        share=percent(far.done),
        expected=percent(far.expected),
    )


def _facts(view: NodeView) -> list[Fact]:
    def value(amount: float | None) -> str:
        return number(amount, view.unit, view.currency, compact=True)

    found = parts.compared(view)
    found += [Fact(t("Expected by now"), value(view.expected))] if view.expected is not None else []
    if view.pace is not None:
        flow = kind_of(rollup_of(view)) == "flow"
        note = t("actual ÷ expected") if flow else t("progress ÷ progress due")
        found.append(Fact(t("Pace"), _bounded(view.pace, format_pace(view.pace)), note))
    far = attained(view)
    if far is not None:
        found.append(far)
    if view.baseline is not None:
        found.append(Fact(t("Baseline"), value(view.baseline), baseline_words(view.baseline_label)))
    found.append(Fact(t("Data through"), day(view.data_through)))
    return found


def attained(view: NodeView) -> Fact | None:
    """How far: of the target for what adds up from zero, from baseline to target for a level."""
    if kind_of(rollup_of(view)) == "flow":
        done = shares(view).done
        return Fact(t("Share of the target"), percent(done)) if done is not None else None
    if view.attainment is None:
        return None
    return Fact(t("Attainment"), _bounded(view.attainment, percent(view.attainment)), t("baseline to target"))


def _bounded(share: float, shown: str) -> str:
    """A share of a short way can be any size; beyond a point its size says nothing."""
    if share < 0:
        return t("wrong way")
    return shown if readable(share) is not None else t("far past it")


def format_pace(pace: float) -> str:
    """A pace such as 0.93, in the reader's separators."""
    return format_number(pace, current_language(), decimals=2)


def stakes_of(session: Session, root: NodeView | None) -> list[Stake]:
    """What asks for somebody, by what it costs the goal. Not through a filter, a period or a past."""
    if root is None or session.lens.where or session.lens.looks_back or session.lens.period:
        return []
    found: list[Stake] = cache.kept(
        session.bare, "stakes", root.id,
        make=lambda: workspace.stakes(
            session.home, session.who, root.id, at=session.at, plan_id=session.plan_id
        ),
    )  # fmt: skip
    return found


def attention(session: Session, views: Sequence[NodeView], root: NodeView | None) -> None:
    """Indicators to look at, what costs the goal most first, each a link to its page."""
    st.header(t("Needs attention"))
    costs = {one.node: one for one in stakes_of(session, root)}
    known = {view.id: view for view in views}
    found = [known[node] for node in costs if node in known] or [
        view for view in parts.needing_attention(views) if view.kind != "kgi" and view.target is not None
    ]
    if not found:
        st.caption(t("No other indicator is off its path. One without a target has no verdict."))
        return
    for view in found[:MOST]:
        attention_row(session, view, costs.get(view.id), root)
    if len(found) > MOST:
        places.link("tree", nt("{n} more in the tree", "{n} more in the tree", len(found) - MOST))


def attention_row(
    session: Session, view: NodeView, cost: Stake | None = None, root: NodeView | None = None
) -> None:
    """One indicator: verdict, name, value, and what its miss costs the goal; the reason on request."""
    said = reason_words(view)
    if cost is not None:
        costs = say(cost.words(root.name if root else ""))
        said = f"**{costs}**" if cost.cost is not None else costs
    with st.container(gap=None, key=f"attention_{view.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            places.link("kpi", f"**{plain(view.name)}**", id=view.id, help=reason_words(view))
            parts.badge(view.status, help=view.reason)
        bullets.show(session, view)
        st.caption(f"{plain(parts.actual_and_target(view))} · {said}")


def guardrails(session: Session, views: Sequence[NodeView]) -> None:
    """The KPIs that must not get worse while others are pushed."""
    plan = cache.plan(session)
    known = {view.id: view for view in views}
    if plan is None:
        return
    edges = [edge for edge in plan.edges if edge.kind == "guardrail" and edge.child in known]
    if not edges:
        return
    st.header(t("Guardrails"))
    for edge in edges[:MOST]:
        view = known[edge.child]
        with st.container(gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                places.link("kpi", f"**{plain(view.name)}**", icon="shield", id=view.id)
                st.markdown(plain(number(view.actual, view.unit, view.currency, compact=True)))
                if view.target is not None:
                    parts.badge(view.status, help=view.rule)
            bullets.show(session, view)
            above = known[edge.parent].name if edge.parent in known else edge.parent
            st.caption(t("guards {name}", name=plain(above)))


def freshness(session: Session, views: Sequence[NodeView]) -> None:
    """Until when the numbers go, and which lie behind."""
    st.header(t("Freshness"))
    dated = [view.data_through for view in views if view.data_through]
    if not dated:
        st.caption(t("No numbers yet."))
        places.link("data", t("Bring data in"), icon="upload_file")
        return
    newest = max(dated)
    st.markdown(
        t("Numbers go through **{day}** ({age}).", day=plain(day(newest)), age=age(newest, session.at))
    )
    late = [view for view in views if view.stale]
    if late:
        names = ", ".join(plain(view.name) for view in late[:5])
        st.caption(
            nt("{n} indicator is stale: {names}", "{n} indicators are stale: {names}", len(late), names=names)
        )
    for words in dict.fromkeys(said(one) for view in views for one in view.troubles):
        st.caption(f":material/sync_problem: {words}")
    places.link("data", t("Bring newer data in"), icon="upload_file")


def age(last: date, today: date) -> str:
    """How long ago a day was."""
    return cards.age(last, today, current_language())
