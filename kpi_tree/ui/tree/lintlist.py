"""What a careful colleague would say about the tree: a list with a click that mends what can be mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from kpi_tree import workspace
from kpi_tree.plan.lint import Remark
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import address, cache, changes
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, nt, plain, say, t
from kpi_tree.workspace import NodeView

ICONS = {"error": "block", "warning": "warning", "info": "info"}
SHOWN = 12


def remarks(session: Session, views: Sequence[NodeView]) -> list[Remark]:
    """The remarks, once for a revision."""
    lang = current_language()
    filled = {view.id for view in views if view.data_through is not None}
    found: list[Remark] = cache.kept(
        session,
        "lint",
        lang,
        make=lambda: workspace.lint_plan(
            session.home, session.who, session.plan_id, with_data=filled, lang=lang
        ),
    )
    return found


def counts(found: Sequence[Remark]) -> Counter[str]:
    """How many remarks each card carries; good advice alone marks no card."""
    return Counter(remark.issue.place for remark in found if remark.issue.level != "info")


def show(session: Session, plan: Plan, found: Sequence[Remark], chosen: str | None) -> None:
    """The list: the worst first, of those the selected node's, then what a click mends."""
    if not found:
        return
    ordered = sorted(
        found, key=lambda one: (list(ICONS).index(one.issue.level), one.issue.place != chosen, not one.fix)
    )
    words = nt("{n} remark on this tree", "{n} remarks on this tree", len(found))
    with st.expander(words, icon=":material/checklist:", key="lint", on_change="rerun") as box:
        if not box.open:
            return
        every = len(ordered) <= SHOWN or st.toggle(t("Show all"), key="lint_all")
        for place, remark in enumerate(ordered if every else ordered[:SHOWN]):
            _one(session, plan, remark, place)


def _one(session: Session, plan: Plan, remark: Remark, place: int) -> None:
    issue = remark.issue
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None):
            st.markdown(f":material/{ICONS[issue.level]}: {say(issue.message)}", help=say(remark.why))
            st.caption(say(issue.remedy))
        name = f"{issue.code}_{issue.place}_{place}"
        if remark.fix and st.button(
            t("Mend it"), key=f"fix_{name}", icon=":material/build:", width="content"
        ):
            changes.edit(session, plan, remark.fix)
            st.rerun()
        if issue.place in plan.nodes and st.button(
            t("Show"),
            key=f"see_{name}",
            type="tertiary",
            help=plain(plan.nodes[issue.place].name),
            width="content",
        ):
            address.put("node", issue.place)
            st.rerun()
