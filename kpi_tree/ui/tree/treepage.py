"""The tree page: the canvas with its table beside it, and the panel of what is selected."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from kpi_tree.periods import Period
from kpi_tree.plan.lint import Remark
from kpi_tree.plan.model import Plan
from kpi_tree.plan.naming import offered
from kpi_tree.ui.overviews.overview import format_pace
from kpi_tree.ui.pieces.progress import shares
from kpi_tree.ui.shell import address, cache, parts
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, number, percent, pt, said, t
from kpi_tree.ui.shell.words import span_words
from kpi_tree.ui.tree import cards, lintlist, nodeabout, nodeform, treehand, unsaved
from kpi_tree.ui.tree.canvas import panel_head, tree_canvas
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.judged.cards import change_words


def selected(plan: Plan) -> str | None:
    """The node that the address names (``?node=`` or ``?kpi=``), else the root."""
    asked = treehand.asked()
    if asked in plan.nodes:
        return asked
    by_kpi = plan.by_name_in_formula.get(asked)
    return by_kpi or plan.root()


def board(session: Session, plan: Plan, views: Sequence[NodeView], chosen: str | None) -> None:
    """Canvas or table, as the reader likes; both show the same."""
    if shape() == "table":
        table(plan, views)
    else:
        _canvas(session, plan, views, chosen)
    lintlist.show(session, plan, _remarks(session), chosen)


def _remarks(session: Session) -> list[Remark]:
    """What lacks data is judged without a filter: through one, much has no value for good reasons."""
    return lintlist.remarks(session.bare, cache.tree(session.bare))


def drawn(session: Session, plan: Plan, views: Sequence[NodeView]) -> tuple[cards.Rows, cards.Rows]:
    """Cards and lines as the canvas has them, and the head of the panel too."""
    return cards.drawn(session, plan, views, lintlist.counts(_remarks(session)))


def _canvas(session: Session, plan: Plan, views: Sequence[NodeView], chosen: str | None) -> None:
    found, lines = drawn(session, plan, views)
    tree_canvas(
        found,
        lines,
        selected=chosen,
        key=treehand.canvas_key(plan),
        editable=may_change(session),
        lang=current_language(),
        notice=treehand.parted().words(session, plan, views),
        offers=_offers(session, plan) if may_change(session) else (),
        on_event=treehand.taker(session, plan, views, chosen, editable=may_change(session)),
    )


def _offers(session: Session, plan: Plan) -> list[tuple[str, str, str]]:
    """The KPIs that no box of the tree measures yet, to be named after."""
    there = {node.kpi for node in plan.nodes.values()}
    return [one for one in offered(catalogue_of(session.home), current_language()) if one[0] not in there]


def may_change(session: Session) -> bool:
    """Whether the tree on the page is the one that stands: one of an earlier day is only looked at."""
    return session.lens.structure is None and session.lens.targets is None


SHAPES = ("tree", "table", "outline", "history")


def pick_shape() -> str:
    """What of the plan the page shows, kept in the address."""
    return address.pick(t("Show as"), "as", SHAPES, "tree", _shape_words, label_visibility="collapsed")


def shape() -> str:
    """The shape chosen above."""
    return address.choice("as", SHAPES, "tree")


def _shape_words(name: str) -> str:
    return {"tree": t("Tree"), "table": t("Table"), "outline": t("Outline"), "history": t("History")}[name]


def table(plan: Plan, views: Sequence[NodeView]) -> None:
    """The tree as a table, indented: for a screen reader, for comparing, for paper."""
    against = any(view.compared for view in views)
    rows = [
        {
            t("Indicator"): "\u2003" * view.depth + view.name,
            t("Status"): said(view.withheld) or parts.status_word(view.status),
            t("Actual"): number(view.actual, view.unit, view.currency),
            **(_then(view) if against else _aim(view)),
            t("Data through"): day(view.data_through),
            t("Owner"): view.owner,
        }
        for view in views
    ]
    frame = pd.DataFrame(rows)
    wide = {t("Indicator"): 250, t("Status"): 110, t("Pace"): 70, t("Done"): 80}
    widths = {name: wide.get(name, 120) for name in frame.columns}
    config = {
        name: st.column_config.TextColumn(
            width=widths[name], alignment="right" if 2 <= place < len(frame.columns) - 2 else "left"
        )
        for place, name in enumerate(frame.columns)
    }
    picked = st.dataframe(
        frame,
        hide_index=True,
        column_config=config,
        on_select="rerun",
        selection_mode="single-row",
        key="tree_table",
        height="content" if len(rows) < 20 else 720,
    )
    found = picked["selection"]["rows"]
    if found and views[found[0]].id != selected(plan):
        address.put("node", views[found[0]].id)
        st.rerun()


def _aim(view: NodeView) -> dict[str, str]:
    return {
        t("Target"): number(view.target, view.unit, view.currency),
        t("Expected by now"): number(view.expected, view.unit, view.currency),
        t("Pace"): format_pace(view.pace) if view.pace is not None else "–",
        t("Done"): percent(shares(view).done),
    }


def _then(view: NodeView) -> dict[str, str]:
    then = view.compared
    return {
        t("Before"): number(then.value if then else None, view.unit, view.currency),
        pt("noun", "Change"): change_words(view, current_language()),
        t("Days before"): span_words(Period(then.start, then.end)) if then else "–",
    }


def panel(session: Session, plan: Plan, views: Sequence[NodeView], chosen: str | None) -> None:
    """What is selected: its verdict, its facts, its form."""
    view = next((view for view in views if view.id == chosen), None)
    if view is None or chosen is None:
        st.caption(t("Select a card to see more of it."))
        return
    found, _ = drawn(session, plan, views)
    editable = may_change(session)
    panel_head(
        next(card for card in found if card["id"] == chosen),
        nodeabout.near(session, plan, views, chosen, editable=editable),
        canvas=treehand.canvas_key(plan),
        lang=current_language(),
        run=session,
        stamp=nodeabout.stamp(session, editable=editable),
        opened=nodeform.opened(session, plan, view) if editable else (),
        on_box=treehand.opener(chosen),
    )
    unsaved.show(plan, chosen)
    if editable:
        nodeform.show(session, plan, view)
