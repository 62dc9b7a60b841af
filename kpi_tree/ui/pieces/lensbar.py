"""The filter, the period and the comparison of all cards, chosen once and kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import streamlit as st

from kpi_tree import workspace
from kpi_tree.errors import KpiTreeError
from kpi_tree.periods import Grain, Period, label, parse_period, period_of
from kpi_tree.ui.shell import address, cache
from kpi_tree.ui.shell.failures import show as show_refusal
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, plain, t
from kpi_tree.ui.shell.words import dimension_value
from kpi_tree.workspace import Lens
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.judged.lens import COMPARISONS, SPANS, lens

MOST_VALUES = 1000
NARROW = """<style>
@media (max-width: 640px) {
  .stApp .st-key-lens { flex-wrap: wrap; gap: .4rem; }
  .stApp .st-key-lens > * { flex: 1 1 100% !important; min-width: 0 !important; width: auto !important; }
  .stApp .st-key-lens > :first-child { flex: 0 0 auto !important; }
  .stApp .st-key-lens > .st-key-lens_compare { flex: 1 1 0 !important; order: -1; }
  .stApp .st-key-lens > :first-child { order: -2; }
  .stApp .st-key-lens > * > * { min-width: 0; width: 100% !important; }
  .stApp .st-key-lens > :is([class*="st-key-lens_off_"], .st-key-lens_clear) { display: none; }
}
</style>"""
_ESCAPES = {"%": "%25", ":": "%3A", ",": "%2C", ";": "%3B"}


def write_where(where: Mapping[str, Sequence[str]]) -> str:
    """A filter as the address keeps it.

    >>> write_where({"country": ["NO", "SE"], "campaign": ["10% off: now"]})
    'country:NO,SE;campaign:10%25 off%3A now'
    """
    return ";".join(f"{dim}:{','.join(_escaped(value) for value in values)}" for dim, values in where.items())


def read_where(text: str) -> dict[str, list[str]]:
    """The filter that an address holds; what cannot be read is left out.

    >>> read_where("country:NO,SE;campaign:10%25 off%3A now;;x")
    {'country': ['NO', 'SE'], 'campaign': ['10% off: now']}
    """
    found: dict[str, list[str]] = {}
    for part in text.split(";"):
        dim, sign, values = part.partition(":")
        given = [unquote(value) for value in values.split(",") if value]
        if sign and dim and given:
            found.setdefault(dim, []).extend(given)
    return found


def _escaped(value: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in value)


def from_address() -> Lens:
    """The lens that the address asks for; one that cannot be is none, and the bar says why."""
    asked = {name: address.kept(name) for name in ("where", "period", "compare")}
    past = {name: address.day(address.kept(name)) for name in ("known", "structure", "targets")}
    st.session_state.pop("_lens_refused", None)
    if address.went_back():
        st.session_state.pop("_lens_custom", None)
    try:
        return lens(
            read_where(asked["where"]),
            asked["period"],
            asked["compare"],
            as_known=past["known"],
            structure=past["structure"],
            targets=past["targets"],
        )
    except KpiTreeError as error:
        st.session_state["_lens_refused"] = error
        for name in ("period", "compare"):
            address.keep(name, "")
        return lens(
            read_where(asked["where"]),
            as_known=past["known"],
            structure=past["structure"],
            targets=past["targets"],
        )


def show(session: Session) -> None:
    """The bar, and what is filtered by as chips that take it away."""
    if session.plan_id is None:
        return
    if error := st.session_state.get("_lens_refused"):
        show_refusal(error)
    st.html(NARROW)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lens"):
        _filter(session)
        picking = _period(session)
        _compare()
        for dim, values in session.lens.where:
            _chip(dim, values, "lens_off")
        if len(session.lens.where) > 1:
            _clear("lens_clear")
    if picking:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lens_custom"):
            _custom(session)


def _clear(key: str) -> None:
    st.button(t("Clear all"), key=key, type="tertiary", on_click=address.keep, args=("where", ""))


def _chip(dim: str, values: Sequence[str], key: str) -> None:
    shown = ", ".join(values[:3]) + (f" +{len(values) - 3}" if len(values) > 3 else "")
    st.button(
        plain(f"{dimension_value(dim)}: {shown}"),
        key=f"{key}_{dim}",
        icon=":material/close:",
        help=t("Take this filter away"),
        on_click=_put,
        args=(dim, ()),
    )


def _put(dim: str, values: Sequence[str]) -> None:
    where = read_where(address.kept("where"))
    where.pop(dim, None)
    address.keep("where", write_where({**where, **({dim: values} if values else {})}))


def _filter(session: Session) -> None:
    on = [dim for dim, _ in session.lens.where]
    words = t("Filter ({n})", n=len(on)) if on else t("Filter")
    with st.popover(words, icon=":material/filter_alt:", key="lens_filter", on_change="rerun") as box:
        if not box.open:
            return
        found = cache.kept(
            session.bare,
            "dimensions",
            make=lambda: workspace.tree_dimensions(session.home, session.who, session.plan_id),
        )
        if not found:
            st.caption(t("Nothing in this tree is split by anything yet: bring records in first."))
            return
        names = {
            one.name: t(
                "{dimension} (cards split by it: {n})", dimension=dimension_value(one.name), n=one.nodes
            )
            for one in found
        }
        start = next((dim for dim in on if dim in names), next(iter(names)))
        dim = st.selectbox(
            t("Filter by"),
            list(names),
            index=list(names).index(start),
            format_func=names.__getitem__,
            key="lens_dim",
        )
        _values(session, str(dim))
        with st.container(horizontal=True, gap="xsmall"):
            for name, values in session.lens.where:
                _chip(name, values, "lens_drop")
            if len(on) > 1:
                _clear("lens_drop_all")


def _values(session: Session, dim: str) -> None:
    known: list[str] = cache.kept(
        session.bare,
        "dimension_values",
        dim,
        make=lambda: workspace.tree_dimension_values(session.home, session.who, dim, session.plan_id),
    )
    chosen = list(session.lens.filters.get(dim, ()))
    key = f"lens_values_{dim}"
    st.session_state[key] = chosen
    st.multiselect(
        dimension_value(dim),
        [*known[:MOST_VALUES], *(value for value in chosen if value not in known[:MOST_VALUES])],
        key=key,
        on_change=lambda: _put(dim, st.session_state[key]),
        placeholder=t("Everything"),
        select_all=False,
        accept_new_options=len(known) > MOST_VALUES,
    )
    if len(known) > MOST_VALUES:
        st.caption(t("There are more than {n} values; type one that is not in the list.", n=MOST_VALUES))


def _period(session: Session) -> bool:
    """The period of all cards; says whether days of one's own are being picked."""
    now = session.lens.period
    options = ["", *SPANS, *([now] if now and now not in SPANS else []), "custom"]
    picking = bool(st.session_state.get("_lens_custom"))
    st.session_state["lens_period"] = "custom" if picking else now

    def chosen() -> None:
        said = st.session_state["lens_period"]
        st.session_state["_lens_custom"] = said == "custom"
        if said != "custom":
            address.keep("period", said)

    st.selectbox(
        t("Period"),
        options,
        key="lens_period",
        on_change=chosen,
        format_func=lambda name: _period_words(session, name),
        label_visibility="collapsed",
        width=250,
    )
    return picking


def _custom(session: Session) -> None:
    last = session.at
    st.date_input(
        t("First and last day"),
        (last - timedelta(days=27), last),
        key="lens_days",
        format="YYYY-MM-DD",
        label_visibility="collapsed",
        width=230,
    )
    st.button(t("Use these days"), key="lens_days_use", on_click=_use_days)


def _use_days() -> None:
    days: Any = st.session_state.get("lens_days") or ()
    if len(days) == 2:
        address.keep("period", f"{days[0].isoformat()}..{days[1].isoformat()}")
        st.session_state["_lens_custom"] = False


def _period_words(session: Session, name: str) -> str:
    if name in ("", "custom"):
        return t("Each target's own period") if not name else t("Other days…")
    found = label(_period_of(session, name), current_language())
    if name == "month":
        return t("This month: {name}", name=found)
    if name == "quarter":
        return t("This quarter: {name}", name=found)
    return t("This year: {name}", name=found) if name == "year" else found


def _period_of(session: Session, name: str) -> Period:
    calendar = calendar_of(session.settings)
    return period_of(session.at, Grain(name), calendar) if name in SPANS else parse_period(name, calendar)


def _compare() -> None:
    st.session_state["lens_compare"] = address.kept("compare") or "target"
    words = {
        "target": t("Against the target"),
        "previous": t("Against the period before"),
        "last_year": t("Against a year earlier"),
    }

    def chosen() -> None:
        said = st.session_state["lens_compare"]
        address.keep("compare", "" if said == "target" else said)

    st.selectbox(
        t("Compare"),
        COMPARISONS,
        key="lens_compare",
        on_change=chosen,
        format_func=lambda name: words[name],
        label_visibility="collapsed",
        width=230,
    )
