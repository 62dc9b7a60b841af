"""One report: its controls, all in the address; chart, table, records behind it, files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from kpi_tree import workspace
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import KpiTreeError
from kpi_tree.reports import Answer, Report, breakdown, over_time
from kpi_tree.reports.files import TYPES, to_file
from kpi_tree.reports.words import value_words
from kpi_tree.ui.pieces import downloads
from kpi_tree.ui.pieces.lensbar import read_where, write_where
from kpi_tree.ui.reports import reportdrill, reportlist, reportview
from kpi_tree.ui.shell import address, cache, failures, parts, places
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language, day, plain, said, say, t
from kpi_tree.ui.shell.theme import is_dark
from kpi_tree.ui.shell.words import dimension_value, grain_words
from kpi_tree.workspace.base.own import catalogue_of

GRAINS = ("day", "week", "month", "quarter", "year")


def show(session: Session, report: Report) -> None:
    """A prebuilt report."""
    places.link("reports", t("All reports"), icon="arrow_back")
    st.title(say(report.title))
    st.caption(say(report.question))
    reportlist.star(report)
    _answer(session, report, lambda **asked: workspace.report(session.home, session.who, report.id, **asked))


def explore(session: Session) -> None:
    """Any KPI, by any of its dimensions, filtered."""
    places.link("reports", t("All reports"), icon="arrow_back")
    st.title(t("Explore any KPI"))
    every = catalogue_of(session.home)
    lang = current_language()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["explore_kpi"] = address.choice("kpi", list(every), "sales")
        kpi = every[
            st.selectbox(
                t("KPI"),
                list(every),
                key="explore_kpi",
                format_func=lambda name: every[name].text("name", lang),
                on_change=lambda: _other_kpi(every[st.session_state["explore_kpi"]]),
                width=320,
            )
        ]
        chosen = [dim for dim in st.query_params.get("by", "").split(",") if dim in kpi.dimensions]
        st.session_state["explore_by"] = chosen
        by = st.multiselect(
            t("Break down by"),
            list(kpi.dimensions),
            key="explore_by",
            max_selections=3,
            format_func=dimension_value,
            on_change=lambda: address.put("by", ",".join(st.session_state["explore_by"])),
            placeholder=t("Nothing"),
        )
    report = breakdown(kpi, *by) if by else over_time(kpi)
    _answer(
        session,
        report,
        lambda **asked: workspace.explore(session.home, session.who, kpi.id, by=by, **asked),
    )


def _other_kpi(kpi: Kpi) -> None:
    address.put("kpi", kpi.id)
    kept = [dim for dim in st.query_params.get("by", "").split(",") if dim in kpi.dimensions]
    address.put("by", ",".join(kept))


def _answer(session: Session, report: Report, ask: Any) -> None:
    asked = {**_controls(report), "where": _filters(session, report)}
    try:
        answer: Answer = ask(**asked)
    except KpiTreeError as error:
        failures.show(error)
        return
    if answer.start and answer.end:
        last = answer.end - timedelta(days=1)
        st.caption(t("{first} to {last}", first=plain(day(answer.start)), last=plain(day(last))))
    if answer.empty:
        parts.empty(
            t("There are no values for this span"),
            t("Choose other days, or bring the data in."),
            "query_stats",
        )
        places.link("data", t("Bring data in"), icon="upload_file")
    else:
        reportdrill.clicked(answer, reportview.chart(session, answer))
        reportdrill.hint(session)
        if (cell := reportview.tables(answer, reportdrill.asked())) is not None:
            reportdrill.choose(cell)
            st.rerun()
        _files(answer)
    for note in answer.notes:
        st.caption(f":material/info: {say(note)}")
    if not answer.empty:
        reportdrill.show(session, answer)


def _controls(report: Report) -> dict[str, Any]:
    """Days, step and comparison from the address, with the widgets that write them there."""
    asked: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        asked["start"] = _day(t("From"), "from")
        last = _day(t("To"), "to")
        asked["end"] = last + timedelta(days=1) if last else None
        if report.has_grain:
            asked["grain"] = address.pick(t("Step"), "grain", GRAINS, str(report.grain), grain_words)
        if len(report.may_compare) > 1:
            # What the tree is compared with comes along; a report may compare with nothing, a tree may not.
            usual = address.choice("compare", report.may_compare, report.compare)
            asked["compare"] = address.pick(
                t("Compare with"), "against", report.may_compare, usual, _comparison
            )
    return asked


def _comparison(name: str) -> str:
    return {
        "none": t("Nothing"),
        "previous": t("The period before"),
        "last_year": t("Last year"),
        "target": t("Target"),
    }[name]


def _day(label: str, name: str) -> date | None:
    key = f"day_{name}"
    st.session_state[key] = address.day(st.query_params.get(name, ""))
    picked = st.date_input(
        label,
        key=key,
        format="YYYY-MM-DD",
        width=150,
        on_change=lambda: address.put(
            name, st.session_state[key].isoformat() if st.session_state[key] else ""
        ),
    )
    return picked if isinstance(picked, date) else None


def _filters(session: Session, report: Report) -> dict[str, list[str]]:
    """The filter of all pages from the address, and the two boxes that add to it."""
    where: dict[str, list[str]] = {}
    for text in st.query_params.get_all("where"):
        for name, values in read_where(text).items():
            where.setdefault(name, []).extend(values)
    dims = _dimensions(session, report)
    strange = [name for name in where if name not in dims]
    if not dims and not where:
        return where
    with st.expander(_filter_words(where), icon=":material/filter_alt:", expanded=bool(strange)):
        if dims:
            _filter_boxes(session, report, dims, where)
        if where:
            st.button(
                t("Remove all filters"), on_click=lambda: _put_where({}), icon=":material/filter_alt_off:"
            )
    return where


def _filter_boxes(session: Session, report: Report, dims: Sequence[str], where: dict[str, list[str]]) -> None:
    dim = st.selectbox(t("Filter by"), dims, index=None, format_func=dimension_value, key="filter_dim",
                       placeholder=t("Choose what to filter by"))  # fmt: skip
    if not dim:
        return
    st.session_state["filter_values"] = where.get(dim, [])
    options = list(dict.fromkeys([*where.get(dim, []), *_known_values(session, report, dim)]))
    st.multiselect(
        t("Keep only"), options, key="filter_values",
        format_func=lambda value: said(value_words(dim, value)),
        on_change=lambda: _put_where({**where, dim: st.session_state["filter_values"]}),
        placeholder=t("Everything"),
    )  # fmt: skip


def _filter_words(where: dict[str, list[str]]) -> str:
    if not where:
        return t("Filter")
    said_so = "; ".join(
        f"{dimension_value(name)}: {', '.join(said(value_words(name, value)) for value in values)}"
        for name, values in where.items()
    )
    return plain(t("Only {filter}", filter=said_so))


def _put_where(where: dict[str, list[str]]) -> None:
    address.keep("where", write_where({name: values for name, values in where.items() if values}))


def _dimensions(session: Session, report: Report) -> list[str]:
    """Dimensions that every KPI of the report has."""
    kpis = report.kpis or (
        {"purchase": "conversion_rate", "form": "form_induction_rate"}.get(report.source, "orders"),
    )
    known = catalogue_of(session.home)
    first, *others = (known[kpi].dimensions for kpi in kpis)
    return [dim for dim in first if all(dim in each for each in others)]


def _known_values(session: Session, report: Report, dim: str) -> Sequence[str]:
    kpi = report.kpis[0] if report.kpis else "conversion_rate" if report.source == "purchase" else "orders"

    def make() -> list[str]:
        found = workspace.kpi_values(session.home, session.who, kpi, grain="year", by=(dim,)).totals
        return sorted(str(value) for value in found[dim])[:500] if found is not None else []

    try:
        known: list[str] = cache.kept(session, "values", kpi, dim, make=make)
    except KpiTreeError:
        return []
    return known


def _files(answer: Answer) -> None:
    lang = current_language()
    dark = is_dark()
    names = {"csv": "CSV", "xlsx": "Excel", "html": "HTML", "md": "Markdown"}
    if answer.chart is not None and not answer.empty:
        names |= {"png": "PNG", "svg": "SVG"}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(t("Download as"), width="content")
        for form, name in names.items():
            downloads.button(
                name,
                lambda form=form: to_file(answer, form, lang, dark=dark),
                f"{answer.report.id}.{form}",
                TYPES[form],
                key=f"file_{form}",
                help=t("Download as {form}", form=name),
            )
