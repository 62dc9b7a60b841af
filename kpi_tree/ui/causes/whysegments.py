"""Why a number moved, by its segments: the few that tell most, and the records behind one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from kpi_tree import workspace
from kpi_tree.i18n import Quantity, apart
from kpi_tree.periods import Period
from kpi_tree.ui.pieces import behind, lensbar
from kpi_tree.ui.shell import cache, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, number, percent, plain, say, t
from kpi_tree.ui.shell.words import dimension_value
from kpi_tree.workspace import Found, NodeView
from kpi_tree.workspace.causes.explained import Explained, Part, in_words
from kpi_tree.workspace.judged.sides import Side

MOST = 4
"""Segments that lead on to their records."""


def show(session: Session, view: NodeView, after: Period, against: str) -> None:
    """The smallest sets of segments as a paragraph and a table, with the way to their records."""
    before = after.previous() if against == "previous" else after.same_last_year()

    def make() -> Found:
        return workspace.find_segments(
            session.home, session.who, view.id, after=after, before=before, at=session.at,
            plan_id=session.plan_id, same_days=True,
        )  # fmt: skip

    with st.spinner(t("Looking through the segments…")):
        found: Found = cache.kept(session, "segments", view.id, after.start, after.end, against, make=make)
    lang = current_language()
    st.markdown(" ".join(say(one) for one in found.words(lang)))
    if found.sets:
        st.dataframe(_table(found), hide_index=True, height="content", column_config=_right())
    names = ", ".join(dimension_value(dim).lower() for dim in found.looked)
    st.caption(t("Looked at, one by one and the most telling two by two: {names}.", names=plain(names)))
    links: list[tuple[Part, Mapping[str, str]]] = []
    if found.sets:
        links = list(zip(found.sets[0].parts, found.sets[0].where, strict=True))
    elif found.against is not None:
        dim, *parts = found.against
        links = [(part, {dim: part.id}) for part in parts if isinstance(part, Part)]
    links += [(part, {dim: part.id}) for dim, part in found.new[:1]]
    _links(view.id, found.after, links)


def records(session: Session, found: Explained, by: str) -> None:
    """From the biggest segments of one dimension to their records."""
    del session
    parts = [part for part in found.drivers if not part.calendar and part.after]
    _links(found.node, found.after, [(part, {by: part.id}) for part in parts[:MOST]])


def _links(node: str, side: Side, segments: list[tuple[Part, Mapping[str, str]]]) -> None:
    if not segments:
        return
    lang = current_language()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("The records of"), width="content")
        for part, where in segments:
            (dim, value), *more = where.items()
            asked: dict[str, str] = {behind.PART: f"{dim}:{value}"}
            if more:
                asked["where"] = lensbar.write_where({name: [one] for name, one in more})
            places.link("kpi", plain(in_words(part.name, lang)), icon="database", id=node, first=behind.SPAN,
                        rows=behind.as_text(side.span), **asked)  # fmt: skip


def _table(found: Found) -> pd.DataFrame:
    lang = current_language()
    unit = apart(found.unit)

    def signed(value: float | None) -> str:
        return Quantity(value, unit, found.currency, signed=True, compact=True).in_language(lang)

    rows: list[dict[str, Any]] = [
        {
            t("Split by"): " × ".join(dimension_value(dim) for dim in one.dims),
            t("Segment"): in_words(part.name, lang),
            t("Contribution"): signed(part.value),
            t("Share"): percent(part.share),
            t("Before"): number(part.before, found.unit, found.currency),
            t("Now"): number(part.after, found.unit, found.currency),
            t("More than chance"): "" if part.noise is None else t("no") if part.noise else t("yes"),
        }
        for one in found.sets
        for part in one.parts
    ]
    return pd.DataFrame(rows)


def _right() -> dict[str, Any]:
    names = (t("Contribution"), t("Share"), t("Before"), t("Now"))
    return {name: st.column_config.TextColumn(alignment="right") for name in names}
