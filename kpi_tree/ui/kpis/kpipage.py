"""One KPI: its verdict, its path, its breakdown, its definition, and where its numbers come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import Kpi
from kpi_tree.metrics import Series
from kpi_tree.periods import Calendar, Grain, Period, add_months, period_of
from kpi_tree.plan.model import Plan, Target
from kpi_tree.ui.data import sourcelist
from kpi_tree.ui.news import alertform
from kpi_tree.ui.overviews import overview
from kpi_tree.ui.pieces import behind, downloads, lacking, pace, placing, spans
from kpi_tree.ui.pieces.exports import csv_bytes
from kpi_tree.ui.shell import address, cache, parts, places
from kpi_tree.ui.shell.session import Session, current
from kpi_tree.ui.shell.text import current_language, number, plain, t
from kpi_tree.ui.shell.words import dimension_value, dimension_values, grain_words, span_words
from kpi_tree.ui.targets import targetmore
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.homes import calendar_of

RANGES = ("30d", "90d", "12m", "all")
GRAINS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True)
class Subject:
    """What the page is about: a node of the plan, a KPI of the catalogue, or both."""

    id: str
    name: str
    view: NodeView | None
    kpi: Kpi | None


def subject(session: Session, asked: str) -> Subject | None:
    """What an id in the address means: a node first, then the node that measures a KPI, then a KPI."""
    every = {kpi.id: kpi for kpi in workspace.kpis(session.home, session.who)}
    views = cache.tree(session) if session.plan_id else []
    view = next((view for view in views if view.id == asked), None)
    view = view or next((view for view in views if view.kpi == asked and view.kind != "action"), None)
    kpi = every.get((view.kpi or view.id) if view else asked)
    if view is None and kpi is None:
        return None
    name = view.name if view else kpi.text("name", current_language()) if kpi else asked
    return Subject(asked, name, view, kpi)


def heading(found: Subject) -> None:
    """Name, verdict, reason."""
    places.link("kpi", t("All KPIs"), icon="arrow_back")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(found.name))
        if found.view is not None and found.view.target is None:
            parts.badge(found.view.status, help=found.view.reason)
        if found.kpi is not None:
            sourcelist.badge_for(current(), found.kpi.id)
            plan = cache.plan(current())
            if plan is not None and found.view is None:
                placing.button(current(), plan, found.kpi)
        if found.view is not None and found.view.kind != "action":
            alertform.link(found.view.id)
    if found.kpi is not None:
        st.caption(plain(found.kpi.text("definition", current_language())))


def verdict(session: Session, found: Subject) -> None:
    """The number against its target, and the path between them."""
    view = found.view
    if view is None:
        return
    plan = cache.seen_plan(session)
    targets = _targets(plan, view)
    looked_through = bool(session.lens.where or session.lens.period)
    if not targets and not looked_through and view.compared is None:
        st.caption(t("There is no target on this indicator."))
        targetmore.lines(view)
        places.link("goals", t("Set a target"), icon="flag", target="new", node=view.id)
        return
    if targets and not looked_through:
        view = _for_target(session, view, targets)
    left, right = st.columns([2, 3], gap="large")
    with left:
        overview.headline(view)
        targetmore.beside(view)
    with right:
        behind.follow(view.id, pace.progress(session, view, pick=found.kpi is not None))


def _targets(plan: Plan | None, view: NodeView) -> list[Target]:
    """The node's goals, and the floor or guardrail that is judged where none of them is open."""
    if plan is None or view.id not in plan.nodes:
        return []
    limit = plan.targets.get(view.target_id or "") if view.target_kind != "goal" else None
    return [*plan.targets_of(view.id), *([limit] if limit is not None else [])]


def _for_target(session: Session, view: NodeView, targets: list[Target]) -> NodeView:
    """The view against the target that the address names; usually the one that matters now."""
    ids = [target.id for target in targets]
    usual = next(
        (each.id for each in targets if (each.period.start, each.period.end) == (view.start, view.end)),
        ids[-1],
    )
    if len(targets) == 1:
        return view
    names = {target.id: span_words(target.period) for target in targets}
    picked = address.pick(t("Target for"), "target", ids, usual, lambda each: names[each])
    return view if picked == usual else cache.against(session, view.id, picked) or view


@dataclass(frozen=True)
class Asked:
    """What of the history is asked."""

    start: date | None
    end: date | None
    grain: Grain
    by: str


def controls(session: Session, found: Subject, through: date | None) -> Asked:
    """Span, step and breakdown, all in the address."""
    dims = list(found.kpi.dimensions) if found.kpi else []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        span = address.pick(t("Span"), "span", RANGES, "90d", _span_words)
        grain = address.pick(t("Step"), "grain", GRAINS, "week", grain_words)
        by = _breakdown(dims) if dims else ""
    last = min(through or session.at, session.at)
    start = first_day(span, last, Grain(grain), calendar_of(session.settings))
    return Asked(start, last + timedelta(days=1), Grain(grain), by)


def _breakdown(dims: list[str]) -> str:
    st.session_state["pick_by"] = address.choice("by", dims, "")
    picked = st.selectbox(
        t("Break down by"),
        ["", *dims],
        key="pick_by",
        format_func={**dimension_values(dims), "": t("Nothing")}.__getitem__,
        on_change=lambda: address.put("by", st.session_state["pick_by"]),
        width=220,
    )
    return str(picked or "")


def _span_words(span: str) -> str:
    return {"30d": t("30 days"), "90d": t("90 days"), "12m": t("12 months"), "all": t("Everything")}[span]


def first_day(span: str, last: date, grain: Grain, calendar: Calendar) -> date | None:
    """Where a span that ends on a day begins; ``None`` with the data.

    With the whole of its first period: a part of it would read as a weak week.

    >>> first_day("90d", date(2026, 11, 22), Grain.WEEK, Calendar())
    datetime.date(2026, 8, 24)
    """
    if span == "all":
        return None
    months, days = (12, 0) if span == "12m" else (0, int(span[:-1]))
    first = add_months(last, -months) - timedelta(days=days) + timedelta(days=1)
    return period_of(first, grain, calendar).start


def known_through(session: Session, kpi: str) -> date | None:
    """The last day that the KPI's data know of."""
    found: date | None = cache.kept(
        session,
        "through",
        kpi,
        make=lambda: workspace.kpi_values(session.home, session.who, kpi, grain=Grain.YEAR).data_through,
    )
    return found


def series(session: Session, kpi: str, asked: Asked) -> Series:
    """The values asked, once for a revision."""
    made: Series = cache.kept(
        session,
        "series",
        kpi,
        asked,
        make=lambda: workspace.kpi_values(
            session.home,
            session.who,
            kpi,
            start=asked.start,
            end=asked.end,
            grain=asked.grain,
            by=(asked.by,) if asked.by else (),
            where=session.lens.filters,
            as_known=session.lens.as_known,
        ),
    )
    return made


@st.fragment
def table(values: Series) -> None:
    """The values as a table, and as CSV, once somebody opens the box."""
    box = st.expander(t("As a table"), icon=":material/table:", key="history_table", on_change="rerun")
    if box.open:
        with box:
            _table(values)


def _table(values: Series) -> None:
    frame = values.frame
    shown = pd.DataFrame({t("Period"): [_period_name(when, values) for when in frame["period"]]})
    for dim in values.by:
        shown[dimension_value(dim)] = frame[dim].fillna(t("(not set)")).astype(str)
    shown[t("Value")] = [number(value, values.unit, values.currency) for value in frame["value"]]
    if frame["denominator"].notna().any():
        shown[t("Numerator")] = [number(value) for value in frame["numerator"]]
        shown[t("Denominator")] = [number(value) for value in frame["denominator"]]
    shown[t("Records")] = [number(value, "count") for value in frame["records"]]
    newest_first = shown.iloc[::-1]
    right = {
        name: st.column_config.TextColumn(alignment="right") for name in shown.columns[1 + len(values.by) :]
    }
    st.dataframe(
        newest_first, hide_index=True, column_config=right, height="content" if len(shown) < 12 else 440
    )
    downloads.button(
        t("Download as CSV"),
        lambda: csv_bytes(frame),
        f"{values.kpi}-{values.grain}.csv",
        "text/csv",
        icon=":material/download:",
    )


def _period_name(when: Any, values: Series) -> str:
    if values.grain is Grain.HOUR:
        return f"{when:%Y-%m-%d %H}:00"
    return span_words(values.period(when))


def definition(found: Subject) -> None:
    """What the number means, how it is formed, and what it moves."""
    kpi, lang = found.kpi, current_language()
    st.header(t("What it means"))
    if found.view is not None and found.view.formula:
        st.markdown(t("In this plan: {formula}", formula=f"`{found.view.formula.replace('`', '')}`"))
    if kpi is None:
        return
    st.markdown(plain(kpi.text("formula", lang)))
    if action := kpi.text("action", lang):
        st.caption(plain(action))


def history(session: Session, found: Subject) -> None:
    """Chart, table and sources of the measured KPI."""
    if found.kpi is None:
        return
    st.header(t("History"))
    unsplit = [dim for dim, _ in session.lens.where if dim not in found.kpi.dimensions]
    if unsplit:
        parts.empty(
            t("Not split by {dimension}", dimension=dimension_value(unsplit[0]).lower()),
            t("Take the filter away to see its values for the whole shop."),
            "filter_alt_off",
        )
        return
    asked = controls(session, found, known_through(session, found.kpi.id))
    values = series(session, found.kpi.id, asked)
    if behind.first():
        behind.show(session, values)
    if not values.frame["value"].notna().any():
        parts.empty(
            t("There are no values for this span"),
            t("Choose a longer span, or bring in the records this KPI is made from."),
            "query_stats",
        )
        _lacks(session, found.kpi)
        places.link("data", t("Bring data in"), icon="upload_file")
    else:
        days = Period(asked.start or values.data_from or session.at, asked.end or session.at)
        behind.picked(spans.history(session, values, found.name, asked), days, asked.by)
        table(values)
    if not behind.first():
        behind.show(session, values)


def _lacks(session: Session, kpi: Kpi) -> None:
    """What is missing before there is a value; nothing where only the span is too short."""
    every = cache.kept(session, "ready", make=lambda: workspace.readiness(session.home, session.who))
    if not every[kpi.id].answers:
        lacking.for_kpi(every[kpi.id])
