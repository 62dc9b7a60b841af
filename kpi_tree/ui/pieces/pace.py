"""Progress on the screen: a node's way to its target, to date, step by step, or as a burn-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from kpi_tree.analysis.trajectory import kind_of
from kpi_tree.periods import Grain, Period
from kpi_tree.ui.pieces import chartlayers, pacewords
from kpi_tree.ui.pieces.drawn import Picked, draw
from kpi_tree.ui.pieces.progress import rollup_of
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, t
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.judged.outlook import Outlook
from kpi_tree.workspace.judged.progressing import step_grain, steps

LANE, CLEAR = 16, 6
"""Pixels of a lane of signs above the chart, and below them."""
EXTRA = 70
"""Pixels that a chart's heading and axis take beyond its own height."""


@dataclass(frozen=True)
class Asked:
    """Which chart of a node is asked: its form, and the layers upon it."""

    form: str
    layers: tuple[str, ...] = ()


def chart(session: Session, view: NodeView, *, height: int = 320, pick: bool = False) -> Picked:
    """Actual against the path to the target, for a node that has one; the day clicked just now."""
    return _draw(session, view, Asked("so_far"), height=height, pick=pick) if _drawable(view) else None


def progress(session: Session, view: NodeView, *, pick: bool = False, height: int = 330) -> Picked:
    """The same with its forms and layers to choose from, all in the address; the day clicked just now."""
    if not _drawable(view):
        return None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        form = address.pick(
            t("Show"), "chart", forms(view), default_form(view), lambda one: _form_words(view, one),
            label_visibility="collapsed",
        )  # fmt: skip
        layers = chartlayers.choose(session, view, form)
    return _draw(session, view, Asked(form, layers), height=height, pick=pick)


def forms(view: NodeView) -> list[str]:
    """The forms that say something of a node: a burn-up only of what adds up."""
    return ["so_far", "steps", *(["burn_up"] if _flow(view) else [])]


def default_form(view: NodeView) -> str:
    """What adds up is looked at to date, a rate or a level step by step."""
    return "so_far" if _flow(view) else "steps"


def _form_words(view: NodeView, form: str) -> str:
    if form == "steps":
        grain = step_grain(_period(view))
        return {Grain.DAY: t("By day"), Grain.WEEK: t("By week")}.get(grain, t("By month"))
    return t("Burn-up") if form == "burn_up" else t("So far")


def _drawable(view: NodeView) -> bool:
    return view.target is not None and view.start is not None and view.end is not None and bool(view.points)


def _flow(view: NodeView) -> bool:
    return kind_of(rollup_of(view)) == "flow"


def _period(view: NodeView) -> Period:
    assert view.start is not None
    assert view.end is not None
    return Period(view.start, view.end)


def _draw(session: Session, view: NodeView, asked: Asked, *, height: int, pick: bool = False) -> Picked:
    marks = chartlayers.marks(session, view, asked.layers)
    texts = pacewords.kept(session, view, marks, form=asked.form)
    lanes = len({chartlayers.lane_of(mark.kind) for mark in marks})
    heading = 16 * len(texts["subtitle"]) if isinstance(texts["subtitle"], list) else 0
    return draw(
        session, "progress", view.id, asked, marks, height, view.start, view.end, view.target,
        make=lambda charts, palette: _made(session, view, asked, texts, charts, palette, height),
        alt=texts["description"],
        extra=EXTRA + heading + (LANE * lanes + CLEAR if lanes else 0),
        pick=(("day", "end") if asked.form == "steps" else ("day",)) if pick else (),
    )  # fmt: skip


def _made(
    session: Session,
    view: NodeView,
    asked: Asked,
    texts: dict[str, Any],
    charts: Any,
    palette: Any,
    height: int,
) -> Any:
    """The chart in the form asked."""
    data, words = data_of(session, view, asked, charts), charts.PaceWords(**texts)
    look = {
        "lang": current_language(), "unit": view.unit, "currency": view.currency, "palette": palette,
        "height": height,
    }  # fmt: skip
    if asked.form == "burn_up":
        return charts.burnup_chart(data, words, **look)
    if asked.form == "steps":
        made = _steps(session, view, charts, "last_year" in asked.layers)
        if made:
            return charts.steps_chart(made, data, words, flow=_flow(view), **look)
    return charts.pace_chart(data, words, flow=_flow(view), **look)


def data_of(session: Session, view: NodeView, asked: Asked, charts: Any) -> Any:
    """A node's numbers as a chart takes them, with the layers asked."""
    target = view.target if view.target is not None else float("nan")
    seen = view.outlook or Outlook()
    plan = cache.seen_plan(session)
    earlier: tuple[float | None, ...] = ()
    if "last_year" in asked.layers and asked.form != "steps" and plan is not None:
        earlier = chartlayers.earlier(session, view)
    marks = chartlayers.marks(session, view, asked.layers)
    return charts.PaceData(
        _period(view),
        [point.value for point in view.points],
        [point.expected for point in view.points],
        target,
        baseline=None if _flow(view) else view.baseline,
        through=view.data_through,
        good_now=pacewords.is_good(view),
        forecast=seen.path,
        low=seen.lows,
        high=seen.highs,
        good_end=pacewords.is_good_end(view),
        lines=chartlayers.lines(session, view),
        last_year=earlier,
        milestones=chartlayers.milestones(session, view),
        marks=tuple(charts.Mark(**vars_of(mark)) for mark in marks),
        scope=chartlayers.scope(session, view) if asked.form == "burn_up" else (),
    )


def vars_of(mark: chartlayers.Sign) -> dict[str, Any]:
    """A sign's fields as a chart's mark takes them."""
    return {name: getattr(mark, name) for name in ("kind", "first", "last", "name", "words", "value")}


def _steps(session: Session, view: NodeView, charts: Any, earlier: bool) -> list[Any]:
    plan = cache.seen_plan(session)
    if plan is None:
        return []
    found = steps(session.home, plan, view, session.at, session.lens, earlier=earlier)
    return [
        charts.Step(
            one.period, one.value, one.expected, one.last_year, one.forecast, one.low, one.high,
            one.unfinished, one.before,
        )
        for one in found
    ]  # fmt: skip
