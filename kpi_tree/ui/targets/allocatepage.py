"""A target down the tree (``/goals?as=down&goal=sales``): what everything below has to become."""

from __future__ import annotations

import streamlit as st

from kpi_tree import workspace
from kpi_tree.allocation import STRATEGIES
from kpi_tree.errors import KpiTreeError
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import address, cache, parts
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session, now
from kpi_tree.ui.shell.text import change, current_language, number, plain, say, t
from kpi_tree.ui.shell.words import node_name, span_words
from kpi_tree.ui.targets import allocatelimits, asked, capacity
from kpi_tree.workspace import AllocationView

VIEWS = ("targets", "down")


def pick_view() -> str:
    """What of the goals the page shows, kept in the address."""
    words = {"targets": t("Targets"), "down": t("Down the tree")}
    return address.pick(t("Show as"), "as", VIEWS, "targets", words.__getitem__, label_visibility="collapsed")


def goals_of(plan: Plan) -> list[str]:
    """Nodes whose target can be laid down: they have one, and a formula; the KGI first."""
    found = [node.id for node in plan.nodes.values() if node.formula and plan.targets_of(node.id)]
    root = plan.root()
    return sorted(found, key=lambda node: (node != root, plan.nodes[node].order))


def show(session: Session, plan: Plan) -> None:
    """Choose a goal and how its target is shared out; the table answers at once."""
    goals = goals_of(plan)
    if not goals:
        parts.empty(
            t("There is no target to lay down the tree"),
            t("Set a target on an indicator that has a formula; write it as a goal above."),
            "account_tree",
        )
        return
    goal, by = _choose(plan, goals)
    if by == "effort":
        capacity.show(session, plan, goal)
    try:
        view = _allocation(session, plan, goal, by)
    except KpiTreeError as error:
        show_refusal(error)
        return
    _headline(plan, view)
    _issues(view)
    allocatelimits.editor(view)
    _buttons(session, plan, view)
    asked.show(session, plan, goal)


def _choose(plan: Plan, goals: list[str]) -> tuple[str, str]:
    names = {node: node_name(plan.nodes[node]) for node in goals}
    first, second = st.columns([2, 3], vertical_alignment="bottom")
    with first:
        key = "allocate_goal"
        st.session_state[key] = address.choice("goal", goals, goals[0])
        goal = st.selectbox(
            t("Goal"),
            goals,
            key=key,
            format_func=names.__getitem__,
            on_change=lambda: address.put("goal", st.session_state[key]),
        )
    with second:
        by = address.pick(t("Share the change out"), "by", STRATEGIES, STRATEGIES[0], _by_words)
    st.caption(_by_help(by))
    return goal, by


def _by_words(by: str) -> str:
    return {
        "proportional": t("By size"),
        "headroom": t("By headroom"),
        "effort": t("By effort"),
        "equal": t("Equally"),
    }[by]


def _by_help(by: str) -> str:
    return {
        "proportional": t("Every driver grows by the same share; where parts add up, by their level."),
        "headroom": t("Each goes towards the best that its own history shows, then the rest by size."),
        "effort": t("By what its owner can carry, shared among their drivers, and how hard it is to move."),
        "equal": t("Every part of a formula carries the same share of the change."),
    }[by]


def _allocation(session: Session, plan: Plan, goal: str, by: str) -> AllocationView:
    limits = st.query_params.get(allocatelimits.LIMITS, "")
    effort = st.query_params.get(allocatelimits.EFFORT, "")
    here = {goal, *plan.descendants(goal)} - {goal}
    typed = {name: one for name, one in allocatelimits.read(limits).items() if name in here}
    efforts = {name: one for name, one in allocatelimits.read_amounts(effort).items() if name in here}

    def make() -> AllocationView:
        return workspace.allocate(
            session.home, session.who, goal, plan_id=plan.id, at=session.at, by=by,
            locks={name: one.lock for name, one in typed.items() if one.lock is not None},
            bounds={name: (one.low, one.high) for name, one in typed.items() if one.lock is None},
            effort=efforts if by == "effort" else None,
        )  # fmt: skip

    found: AllocationView = cache.kept(session.bare, "allocate", goal, by, limits, effort, make=make)
    return found


def _headline(plan: Plan, view: AllocationView) -> None:
    top = next(one for one in view.nodes if one.id == view.node)

    def value(amount: float) -> str:
        return number(amount, top.unit, view.currency)

    words = t(
        "{name}: from {start} in {then} to {target} in {period} ({change}; last reached: {last})",
        name=plain(node_name(plan.nodes[view.node])),
        start=plain(value(top.base)),
        then=plain(span_words(view.base)),
        target=plain(value(view.value)),
        period=plain(span_words(view.period)),
        change=plain(change(view.value / top.base - 1 if top.base else None)),
        last=plain(allocatelimits.last_words(top)),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if view.feasible:
            st.badge(t("Adds up"), icon=":material/check_circle:", color="green",
                     help=t("Put through the formulas, these values make the target."))  # fmt: skip
        else:
            st.badge(t("Out of reach"), icon=":material/block:", color="red")
        st.markdown(words)


def _issues(view: AllocationView) -> None:
    """What stands in the way, all of it; what is only good to know, small."""
    blocking = [issue for issue in view.issues if issue.level != "info"]
    if blocking:
        lines = []
        for issue in blocking:
            remedy = f" {say(issue.remedy)}" if issue.remedy else ""
            lines.append(f"{say(issue.message)}{remedy}")
        box = st.error if not view.feasible else st.warning
        box("\n\n".join(lines), icon=":material/block:" if not view.feasible else ":material/warning:")
    for issue in view.issues:
        if issue.level == "info":
            st.caption(say(issue.message))


def _buttons(session: Session, plan: Plan, view: AllocationView) -> None:
    with st.container(horizontal=True):
        if st.button(
            t("Ask the owners for this"),
            icon=":material/handshake:",
            type="primary",
            key="allocate_ask",
            disabled=not view.feasible,
            help=t("Every driver's owner is asked for the value in its row; undo takes it back."),
        ):
            _ask(session, plan, view)
        if st.query_params.get(allocatelimits.LIMITS) or st.query_params.get(allocatelimits.EFFORT):
            st.button(t("Take all limits away"), icon=":material/lock_open:", type="tertiary",
                      key="allocate_clear", on_click=allocatelimits.clear)  # fmt: skip


def _ask(session: Session, plan: Plan, view: AllocationView) -> None:
    try:
        made = workspace.ask_owners(session.home, session.who, view, now=now(), base_revision=plan.revision)
    except KpiTreeError as error:
        show_refusal(error)
        return
    names = ", ".join(dict.fromkeys(one.owner or one.named(current_language()) for one in made))
    st.toast(t("Asked: {names}", names=names), icon=":material/handshake:")
    st.rerun()
