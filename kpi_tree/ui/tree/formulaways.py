"""How a formula gives way: what each part would have to be for a result, and how much each part moves it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import format_number
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.model import Plan
from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import change, current_language, number, plain, say, t
from kpi_tree.workspace import NodeView


def show(session: Session, plan: Plan, node_id: str, text: str, names: Mapping[str, str]) -> None:
    """For a formula whose parts all have values: each part's pull, and what it would take."""
    views = {view.id: view for view in cache.tree(session)}
    ids = plan.by_name_in_formula
    parts = {name: views.get(ids.get(name, "")) for name in parse(text).names}
    known = {name: view.actual for name, view in parts.items() if view and view.actual is not None}
    if not known or len(known) < len(parts):
        return
    found = workspace.formula(text, sets=known, home=session.home)
    slopes = found["slopes"] or {}
    node = views.get(node_id)
    with st.expander(t("What moves it, what would it take"), icon=":material/tune:", key=f"ways_{node_id}"):
        for name, slope in slopes.items():
            _pull(names.get(name, name), slope, parts[name])
        _solved(session, text, known, parts, names, node)


def _pull(name: str, slope: Mapping[str, float | None], part: NodeView | None) -> None:
    """What one percent more of a part does, and one more of it."""
    words = []
    if slope["elasticity"] is not None:
        words.append(t("1 % more: {change}", change=change(slope["elasticity"] / 100)))
    if slope["derivative"] is not None:
        points = part is not None and part.unit == "percent"
        more = slope["derivative"] / (100 if points else 1)
        shown = format_number(more, current_language(), decimals=_digits(more))
        words.append(t("1 point more: {n}", n=shown) if points else t("1 more: {n}", n=shown))
    if words:
        st.markdown(f"**{plain(name)}**  \n:small[{plain(' · '.join(words))}]")


def _digits(value: float) -> int:
    """So many decimals that three figures of a number show."""
    return 0 if value == 0 else max(0, min(6, 2 - math.floor(math.log10(abs(value)))))


def _solved(
    session: Session,
    text: str,
    known: Mapping[str, float],
    parts: Mapping[str, NodeView | None],
    names: Mapping[str, str],
    node: NodeView | None,
) -> None:
    """What each part alone would have to be for a result."""
    start = (node.expected or node.actual) if node else None
    scale = 100.0 if node and node.unit == "percent" else 1.0
    wanted = st.number_input(
        t("To be at by now (percent)") if scale != 1 else t("To be at by now"),
        value=None if start is None else float(f"{start * scale:.6g}"),
        key=f"reach_{node.id if node else text}",
        format="%g",
    )
    if wanted is None:
        return
    st.caption(t("With one part changed and the others as they are:"))
    for name, now in known.items():
        view = parts[name]
        try:
            solved = workspace.formula(text, sets=known, solve=(name, wanted / scale), home=session.home)[
                "solved"
            ]
        except KpiTreeError as error:
            st.markdown(f"**{plain(names.get(name, name))}**: {say(error.message)}")
            continue
        value = number(solved["value"], view.unit if view else None, view.currency if view else None)
        moved = change(solved["value"] / now - 1) if now else ""
        st.markdown(f"**{plain(names.get(name, name))}**: {plain(value)} :small[{plain(moved)}]")
