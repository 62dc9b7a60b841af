"""Reports on visits and customers themselves: funnels, cohorts, segments."""

from __future__ import annotations

from collections.abc import Mapping

from kpi_tree import metrics
from kpi_tree.i18n import Msg, msg
from kpi_tree.periods import period_of
from kpi_tree.reports.asked import Asked, label
from kpi_tree.reports.model import (
    Answer,
    Cell,
    Column,
    ReportChart,
    ReportTable,
    number,
)

STEPS: Mapping[str, Msg] = {
    "visit": msg("Visit"),
    "product": msg("Saw a product"),
    "cart": msg("Put it in the cart"),
    "checkout": msg("Went to checkout"),
    "order": msg("Ordered"),
    "page": msg("Saw the form's page"),
    "form": msg("Came to the form"),
    "submitted": msg("Sent it"),
}
SEGMENTS: Mapping[str, Msg] = {
    "champions": msg("Champions: lately and often"),
    "loyal": msg("Loyal: often, not so lately"),
    "promising": msg("Promising: lately, now and then"),
    "new": msg("New: lately, seldom"),
    "fading": msg("Fading: a while ago"),
    "at_risk": msg("At risk: often, but long ago"),
    "sleeping": msg("Sleeping: now and then, long ago"),
    "lost": msg("Lost: seldom, long ago"),
}
MOST_PERIODS = 12
"""Later periods that the cohort grid shows."""


def funnel(asked: Asked) -> Answer:
    """A row a step, with how many of the first and of the step before are still there."""
    make = metrics.form_funnel if asked.report.source == "form" else metrics.purchase_funnel
    by = asked.report.by[0] if asked.report.by else None
    frame = make(asked.source.engine, start=asked.shown.start, end=asked.shown.end, by=by, where=asked.where)
    rows: list[tuple[Cell, ...]] = []
    first = before = 0.0
    for part, step, visits in frame.itertuples(index=False):
        opening = step in ("visit", "page")
        first = float(visits) if opening else first
        lost = None if opening else before - visits
        cells: list[Cell] = [label(by, part)] if by else []
        cells += [STEPS[step], float(visits), visits / first if first else None]
        rows.append((*cells, None if opening or not before else visits / before, lost))
        before = float(visits)
    columns = [Column(by, asked.dimension(by), "label")] if by else []
    columns += [
        Column("step", msg("Step"), "label"),
        Column("visits", msg("Visits"), "value", "count"),
        Column("of_first", msg("Of all"), "value", "percent"),
        Column("of_previous", msg("Of the step before"), "value", "percent"),
        Column("lost", msg("Left here"), "value", "count"),
    ]
    table = ReportTable("steps", msg("By step"), tuple(columns), tuple(rows), parts=(by,) if by else ())
    shown = "of_first" if by else "visits"
    notes = [msg("Counted are single visits, each at every step up to its last.")]
    return asked.answer([table], ReportChart("funnel", "steps", "step", (shown,), y=by or ""), notes)


def cohorts(asked: Asked) -> Answer:
    """A row a period of first orders; each column the share of them that ordered so many periods later."""
    engine, grain = asked.source.engine, asked.shown.grain
    frame = metrics.cohort_grid(
        engine, start=asked.shown.start, end=asked.shown.end, grain=grain, where=asked.where
    )
    offsets = range(min(int(frame["offset"].max()) if len(frame) else 0, MOST_PERIODS) + 1)
    shares: list[tuple[Cell, ...]] = []
    counts: list[tuple[Cell, ...]] = []
    for cohort, group in frame.groupby("cohort", sort=True):
        known = dict(zip(group["offset"], group["customers"], strict=True))
        size = float(group["size"].iloc[0])
        period = period_of(cohort, grain, engine.calendar)  # type: ignore[arg-type]
        found = [number(known.get(offset)) for offset in offsets]
        shares.append((period, size, *(None if n is None else n / size for n in found)))
        counts.append((period, size, *found))
    head = (
        Column("cohort", msg("First order"), "period"),
        Column("size", msg("Customers"), "label", "count"),
    )
    tables = [
        ReportTable(
            name, title, (*head, *(Column(f"p{n}", str(n), "value", unit) for n in offsets)), tuple(rows)
        )
        for name, title, unit, rows in (
            ("shares", msg("Share that ordered again, by periods since"), "percent", shares),
            ("counts", msg("Customers that ordered again, by periods since"), "count", counts),
        )
    ]
    chart = (
        ReportChart("grid", "shares", "cohort", tuple(f"p{n}" for n in offsets if n))
        if len(offsets) > 1
        else None
    )
    notes = [
        msg("Periods that are not over yet are left empty. Customers are judged by their whole history.")
    ]
    return asked.answer(tables, chart, notes)


def segments(asked: Asked) -> Answer:
    """A row a segment, the most valuable first."""
    frame = metrics.rfm_segments(
        asked.source.engine, start=asked.shown.start, end=asked.shown.end, where=asked.where
    )
    everyone = float(frame["customers"].sum())
    columns = (
        Column("segment", msg("Segment"), "label"),
        Column("customers", msg("Customers"), "value", "count"),
        Column("share", msg("Share"), "value", "percent"),
        Column("orders", msg("Orders"), "value", "count"),
        Column("sales", msg("Sales less refunds"), "value", "money", asked.source.currency),
        Column("days_since", msg("Days since the last order"), "value", "days"),
    )
    rows = tuple(
        (SEGMENTS[row["segment"]], float(row["customers"]), row["customers"] / everyone, float(row["orders"]),
         number(row["sales"]), number(row["days_since"]))
        for row in frame.to_dict("records")
    )  # fmt: skip
    notes = [msg("Lately and often are fifths of the customers of this span; equals stand together.")]
    table = ReportTable("segments", msg("By segment"), columns, rows)
    return asked.answer([table], ReportChart("bars", "segments", "segment", ("customers",)), notes)
