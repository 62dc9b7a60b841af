"""What stands below a node, side by side: a small chart for each, or all of them as bullets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from kpi_tree.analysis.trajectory import kind_of
from kpi_tree.ui.pieces import chartlayers, pace, pacewords
from kpi_tree.ui.pieces.drawn import draw
from kpi_tree.ui.pieces.progress import rollup_of
from kpi_tree.ui.shell import address, cache, parts, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, number, plain, t
from kpi_tree.ui.shell.words import period_words
from kpi_tree.workspace import NodeView

TILE = 300
"""Pixels of a small chart's tile: one beside another on a wide screen, one below another on a phone."""
MOST = 12
GOOD = ("ahead", "on_track", "achieved")
POOR = ("at_risk", "off_track", "missed", "achieved_at_cost")
FORMS = ("charts", "bars")


def show(session: Session, view: NodeView) -> None:
    """The section of a node's page; nothing for a node with nothing below it."""
    below = children(session, view)
    if not below:
        return
    st.header(t("What stands below it"), anchor="below")
    aimed = [one for one in below if one.target and one.target > 0 and one.actual is not None]
    form = "charts"
    if aimed:
        form = address.pick(
            t("Show"), "below", FORMS, "charts", _form_words, label_visibility="collapsed",
        )  # fmt: skip
    if form == "bars":
        _bullets(session, view, aimed)
        below = [one for one in below if one not in aimed]
        if not below:
            return
        st.caption(t("Without a target:"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="branch_tiles"):
        for one in below[:MOST]:
            _tile(session, view, one)
    if len(below) > MOST:
        places.link("tree", t("All of them in the tree"), icon="account_tree", node=view.id)


def children(session: Session, view: NodeView) -> list[NodeView]:
    """The indicators right below a node, in the plan's order."""
    known = {one.id: one for one in cache.tree(session)}
    return [known[child] for child in view.children if child in known and known[child].kind != "action"]


def _form_words(form: str) -> str:
    return t("Small charts") if form == "charts" else t("Bars to the goal")


def _tile(session: Session, above: NodeView, view: NodeView) -> None:
    """Name, verdict, number and a small chart, on its own scale over its own days."""
    with st.container(width=TILE, gap="small", key=f"tile_{view.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            places.link("kpi", f"**{plain(view.name)}**", id=view.id)
            parts.badge(view.status, help=view.reason)
        other = (view.start, view.end) != (above.start, above.end)
        when = f" · {plain(period_words(view))}" if other else ""
        st.caption(f"{plain(parts.actual_and_target(view))}{when}")
        if view.start is None or not any(point.value is not None for point in view.points):
            st.caption(t("No numbers yet."))
            return
        texts = pacewords.kept(session, view)
        draw(
            session, "small", view.id, view.start, view.end, view.target,
            make=lambda charts, palette: _small(session, view, texts, charts, palette),
            alt=texts["description"], extra=20,
        )  # fmt: skip


def _small(session: Session, view: NodeView, texts: dict[str, Any], charts: Any, palette: Any) -> Any:
    bare = texts | {"title": "", "subtitle": "", "gap_now": "", "gap_end": "", "lanes": ()}
    return charts.small_chart(
        pace.data_of(session, view, pace.Asked("so_far"), charts),
        charts.PaceWords(**bare),
        lang=current_language(),
        unit=view.unit,
        currency=view.currency,
        palette=palette,
        flow=kind_of(rollup_of(view)) == "flow",
    )


def _bullets(session: Session, view: NodeView, below: Sequence[NodeView]) -> None:
    """Each as far as it is of its way, with a tick where it should be by now."""
    title = t("Below {name}: each against its target", name=view.name)
    said = [f"{one.name}: {_bullet_words(one)}" for one in below]
    texts = {
        "title": title,
        "y": t("Share of the target"),
        "value": t("Now"),
        "target": t("Target"),
        "share": t("Expected by now"),
        "subtitle": t("Bar: now. Tick: expected by now. Line: the target."),
        "description": f"{title} {'; '.join(said)}.",
    }
    lines = {one.id: chartlayers.lines(session, one) for one in below}
    draw(
        session, "bullets", view.id, tuple(one.id for one in below),
        make=lambda charts, palette: charts.bullet_chart(
            [_bullet(one, lines[one.id], charts) for one in below],
            charts.ChartWords(**texts),
            lang=current_language(),
            palette=palette,
        ),
        alt=texts["description"], extra=90,
    )  # fmt: skip


def _bullet_words(view: NodeView) -> str:
    words = [parts.status_word(view.status), parts.actual_and_target(view)]
    if view.expected is not None:
        due = number(view.expected, view.unit, view.currency, compact=True)
        words.append(t("{value} expected by now", value=due))
    words += [t("lower is better")] if view.direction == "down" else []
    return " · ".join(one for one in words if one)


def _bullet(view: NodeView, lines: Sequence[tuple[str, float]], charts: Any) -> Any:
    shown = parts.actual_and_target(view)
    if view.direction == "down":
        shown = f"{shown} · {t('lower is better')}"
    return charts.Bullet(
        view.name,
        _of_target(view, view.actual),
        _of_target(view, view.expected),
        shown,
        mark=parts.status_word(view.status),
        status=_bullet_words(view),
        good=True if view.status in GOOD else False if view.status in POOR else None,
        lines=tuple((name, share) for name, value in lines if (share := _of_target(view, value)) is not None),
    )


def _of_target(view: NodeView, value: float | None) -> float | None:
    """A value as a share of the target."""
    return value / view.target if value is not None and view.target else None
