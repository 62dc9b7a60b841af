"""A chart on the screen: drawn once for a revision, a language and a theme, and kept as a plain spec."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from kpi_tree.ui.shell import cache
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language
from kpi_tree.ui.shell.theme import is_dark

FONT = "Inter, 'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans CJK JP', system-ui, sans-serif"
SEEN = "_picked"
Picked = Mapping[str, Any] | None
"""The point of a chart that was clicked just now."""


def draw(
    session: Session,
    name: str,
    *what: Any,
    make: Any,
    alt: str,
    extra: int = 0,
    pick: Sequence[str] = (),
) -> Picked:
    """Show a chart; with ``pick`` its points can be clicked.

    Args:
        name, what: what it shows, for the cache.
        make: gets the charts module and a palette, returns the chart.
        extra: pixels that title and axes take beyond the chart's own height.
        pick: columns of a point's row that a click hands back.

    Returns:
        The point that was clicked just now; None otherwise.
    """
    dark, lang = is_dark(), current_language()

    def spec() -> dict[str, Any]:
        from kpi_tree import charts

        made = charts.spec(make(charts, charts.palette_for(dark)))
        made["config"]["font"] = FONT
        made["height"] += extra
        made.pop("description", None)  # said by ``alt``
        made["datasets"] = {each: _as_sent(rows) for each, rows in made.get("datasets", {}).items()}
        return charts.pickable(made, pick) if pick else made

    kept = cache.kept(session, name, lang, dark, *what, tuple(pick), make=spec)
    if not pick:
        st.vega_lite_chart(kept, theme=None, width="stretch", alt=alt or None)
        return None
    key = f"chart_{name}_{hashlib.sha256(repr((lang, dark, what, session.key)).encode()).hexdigest()[:12]}"
    event: Any = st.vega_lite_chart(
        kept,
        theme=None,
        width="stretch",
        alt=alt or None,
        key=key,
        on_select="rerun",
        selection_mode="picked",
    )
    found = news(key, list((event or {}).get("selection", {}).get("picked") or []))
    if found is None:
        return None
    from kpi_tree.charts import point_of

    return point_of(found)


def news(key: str, points: list[Any]) -> Any:
    """What was picked in this very click; a chart or a table goes on naming it in every later run.

    Args:
        key: of the widget. points: what it names now, in any form that can be compared.
    """
    seen: dict[str, Any] = st.session_state.setdefault(SEEN, {})
    if points == seen.get(key, []):
        return None
    seen[key] = points
    return points[-1] if points else None


def _as_sent(rows: Any) -> Any:
    """A chart's rows as Streamlit sends them, or it writes them anew for every run; shapes of a map stay."""
    shapes = not isinstance(rows, list) or any("geometry" in row for row in rows[:1])
    return rows if shapes else convert_anything_to_arrow_bytes(rows)
