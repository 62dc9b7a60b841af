"""Why a number moved: from the value before to the value now, driver by driver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import Kpi
from kpi_tree.periods import Period, grain_of
from kpi_tree.ui.causes import whysegments
from kpi_tree.ui.pieces import downloads, drawn
from kpi_tree.ui.pieces.exports import csv_bytes
from kpi_tree.ui.shell import address, cache, places
from kpi_tree.ui.shell.failures import refusals
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, number, percent, plain, said, say, t
from kpi_tree.ui.shell.words import dimension_values
from kpi_tree.workspace import NodeView
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.causes import whychart
from kpi_tree.workspace.causes.explained import Explained, Part, in_words


def show(session: Session, view: NodeView, kpi: Kpi | None) -> None:
    """The section: compared with what, split by what, the chart, the paragraph, the table."""
    splits = [
        *(["tree"] if view.formula else []),
        *(["segments"] if kpi is not None and kpi.dimensions else []),
        *(kpi.dimensions if kpi is not None else ()),
    ]
    if not splits or view.actual is None or view.start is None or view.end is None or session.lens.where:
        return
    st.header(t("Why it moved"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        against = pick_against(view)
        by = _split(splits) if against != "target" else "tree"
    with refusals():
        if by == "segments":
            whysegments.show(session, view, span_of(session, view), against)
            return
        found = explained(session, view, against, by)
        if not found.parts:
            st.caption(t("Nothing moved."))
            return
        _chart(session, found, against, by)
        st.markdown(" ".join(say(one) for one in found.words()))
        if by == "tree":
            _further(session, found, against)
        else:
            whysegments.records(session, found, by)
        for note in found.notes:
            st.caption(f":material/info: {say(note)}")
        _as_table(found)


def pick_against(view: NodeView) -> str:
    """What the value is compared with, kept in the address."""
    return address.pick(t("Compared with"), "why", _comparisons(view), "last_year", _against_words)


def against_of(view: NodeView) -> str:
    """The comparison chosen there."""
    return address.choice("why", _comparisons(view), "last_year")


def _comparisons(view: NodeView) -> list[str]:
    return ["last_year", "previous", *(["target"] if view.target is not None and view.formula else [])]


def _against_words(one: str) -> str:
    return {"last_year": t("Last year"), "previous": t("The period before"), "target": t("The target")}[one]


def _split(splits: Sequence[str]) -> str:
    st.session_state["pick_split"] = address.choice("split", splits, splits[0])
    picked = st.selectbox(
        t("Split by"),
        splits,
        key="pick_split",
        format_func=_split_words(splits).__getitem__,
        on_change=lambda: address.put("split", st.session_state["pick_split"]),
        width=290,
    )
    return str(picked)


def _split_words(splits: Sequence[str]) -> dict[str, str]:
    usual = {"tree": t("What it is made of"), "segments": t("The few segments that tell most")}
    return {**dimension_values(name for name in splits if name not in usual), **usual}


FURTHER = 4
"""Drivers that lead on to their own explanation."""


def _further(session: Session, found: Explained, against: str) -> None:
    """From a driver to why it moved itself: the biggest first, those of the calendar left out."""
    plan = cache.seen_plan(session)
    drivers = [
        part for part in found.drivers
        if not part.calendar and part.value and plan is not None and part.id in plan.nodes
    ]  # fmt: skip
    if not drivers:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("Look further into"), width="content")
        for part in drivers[:FURTHER]:
            more = {"why": against} if against != "last_year" else {}
            places.link("kpi", plain(in_words(part.name, current_language())), icon="troubleshoot",
                        id=part.id, split="segments", **more)  # fmt: skip


def explained(session: Session, view: NodeView, against: str, by: str) -> Explained:
    """Why a view's value differs, once for a revision."""
    assert view.start is not None
    assert view.end is not None
    after = span_of(session, view)
    before = {"last_year": after.same_last_year, "previous": after.previous}.get(against)

    def make() -> Explained:
        if by != "tree" and before is not None:
            return workspace.explain_by(
                session.home, session.who, view.id, by=by, after=after, before=before(), at=session.at,
                plan_id=session.plan_id, same_days=True,
            )  # fmt: skip
        return workspace.explain_change(
            session.home, session.who, view.id, after=after, before=before() if before else None,
            at=session.at, plan_id=session.plan_id, same_days=True, lens=session.lens,
        )  # fmt: skip

    found: Explained = cache.kept(session, "why", view.id, after.start, after.end, against, by, make=make)
    return found


def span_of(session: Session, view: NodeView) -> Period:
    """The period that a view is looked at over, in the shop's calendar, so that stepping back follows it."""
    assert view.start is not None
    assert view.end is not None
    span = Period(view.start, view.end, None, calendar_of(session.settings))
    return replace(span, grain=grain_of(span))


def _chart(session: Session, found: Explained, against: str, by: str) -> None:
    lang = current_language()

    def make(charts: Any, palette: Any) -> Any:  # noqa: ARG001
        return whychart.waterfall(found, lang, palette)

    alt = " ".join(said(one) for one in found.words())
    drawn.draw(session, "why", found.node, against, by, found.after.span.start, make=make, alt=alt)


@st.fragment
def _as_table(found: Explained) -> None:
    """The same as a table, once somebody opens the box."""
    with st.expander(t("As a table"), icon=":material/table:", key="why_table", on_change="rerun") as box:
        if box.open:
            _table(found)


def _table(found: Explained) -> None:
    lang = current_language()
    lines = [*found.drivers, *(part for part in found.parts if part.unexplained)]
    frame = pd.DataFrame(
        {
            t("Driver"): [
                f"{whychart.rest_words(found, lang)} · {in_words(part.name, lang)}" if part.unexplained
                else whychart.driver_name(part, lang) for part in lines
            ],
            t("Contribution"): [whychart.signed(found, part.value, lang) for part in lines],
            t("Share"): [percent(part.share) for part in lines],
            t("Before"): [_own(found, part, part.before) for part in lines],
            t("Now"): [_own(found, part, part.after) for part in lines],
            t("More than chance"): [
                "" if part.noise is None else t("no") if part.noise else t("yes") for part in lines
            ],
            t("Owner"): [part.owner for part in lines],
        }
    )  # fmt: skip
    if not any(part.noise is not None for part in lines):
        frame = frame.drop(columns=t("More than chance"))
    right = {name: st.column_config.TextColumn(alignment="right") for name in frame.columns[1:5]}
    st.dataframe(frame, hide_index=True, column_config=right, height="content")
    downloads.button(
        t("Download as CSV"),
        lambda: csv_bytes(pd.DataFrame(found.to_dict(lang)["contributions"])),
        f"{found.node}-why.csv",
        "text/csv",
        icon=":material/download:",
        key="why_csv",
    )


def _own(found: Explained, part: Part, value: float | None) -> str:
    return "" if part.unexplained else number(value, part.unit, found.currency)
