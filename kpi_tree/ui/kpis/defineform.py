"""A definition as a form: what every KPI has, and for each kind what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from kpi_tree.catalogue.check import DIRECTIONS, UNITS
from kpi_tree.catalogue.load import CATEGORIES, OWN
from kpi_tree.catalogue.own.fields import kind_of
from kpi_tree.catalogue.own.model import KINDS, LEVELS, SHOWN
from kpi_tree.plan.completion import complete
from kpi_tree.plan.ids import id_from_name
from kpi_tree.plan.model import Plan
from kpi_tree.ui.kpis.definefields import NUMBERS, Form, columns, guide, kpi, table, value, where
from kpi_tree.ui.kpis.definewords import category_words, direction_words, kind_words, window_words
from kpi_tree.ui.shell.text import current_language, pt, t
from kpi_tree.ui.shell.words import unit_words
from kpi_tree.workspace.base.own import catalogue_of

Spec = dict[str, Any]
TO_DATE = ("week to date", "month to date", "quarter to date", "year to date")
BY_UNITS = ("month", "year", "period", "quarter", "week", "day")


def show(form: Form, editing: str) -> Spec:
    """All fields; what they say as a definition, without what is empty.

    Args:
        editing: the id of the KPI that is changed; empty for a new one.
    """
    words = kind_words()
    kind = form.one("kind", t("Kind"), KINDS, lambda one: words[one][0], start=kind_of(form.start))
    kind = kind or "simple"
    st.caption(words[kind][1])
    name = form.text("name", t("Name"), start=_in_language(form.start.get("name")), max_chars=200)
    spec: Spec = {"kind": kind, "name": _with_language(form.start.get("name"), name)}
    spec |= KIND_FIELDS[kind](form)
    with st.expander(t("More: id, unit, meaning"), icon=":material/tune:"):
        more = _more(form, editing, name)
    found = {"id": more.pop("id"), **spec, **more}
    return {field: one for field, one in found.items() if one not in ("", None, [], {})}


def _in_language(said: Any) -> str:
    if isinstance(said, Mapping):
        return str(said.get(current_language()) or next(iter(said.values()), ""))
    return str(said or "")


def _with_language(before: Any, said: str) -> Any:
    """A name with translations keeps the others; a plain one stays plain."""
    return {**before, current_language(): said} if isinstance(before, Mapping) and said else said


def _more(form: Form, editing: str, name: str) -> Spec:
    known = catalogue_of(form.session.home)
    if editing:
        st.text_input(t("Id"), editing, disabled=True, key=form.key("id_shown"))
        spec: Spec = {"id": editing}
    else:
        free = id_from_name(name, known) if name else ""
        said = form.text(
            "id", t("Id"), placeholder=free, help=t("Its name in formulas, addresses and files.")
        )
        spec = {"id": said or free}
    left, right = st.columns(2)
    with left:
        spec["unit"] = form.one(
            "unit", t("Unit"), UNITS, lambda one: unit_words(one, None), help=t("Empty: as its columns say.")
        )
        spec["category"] = form.one("category", t("Category"), (*CATEGORIES, OWN), category_words)
    with right:
        spec["direction"] = form.one("direction", t("Better"), DIRECTIONS, direction_words)
        spec["guardrail"] = kpi(form, "guardrail", t("Guardrail"))
    spec["definition"] = _with_language(
        form.start.get("definition"),
        form.text(
            "definition", t("What it means"), area=True, start=_in_language(form.start.get("definition"))
        ),
    )
    # What the form does not show (dimensions, a range, the KPIs it moves) stays as it was written.
    for field in ("dimensions", "range", "moves", "fill", "action", "remark", "time"):
        if field in form.start:
            spec[field] = form.start[field]
    return spec


def _simple(form: Form) -> Spec:
    source = table(form)
    spec: Spec = {"table": source.name if source else ""}
    spec["value"] = value(form, source, "value", t("Value"))
    spec["filter"] = where(form)
    guide(source)
    return spec


def _ratio(form: Form) -> Spec:
    """Both sides of one table; sides with tables of their own are written as YAML and kept."""
    sides = {side: form.start.get(side) for side in ("numerator", "denominator")}
    if any(isinstance(one, Mapping) for one in sides.values()):
        st.info(t("Each side has a table of its own: change it as YAML."), icon=":material/code:")
        return {**sides, **{n: form.start[n] for n in ("table", "filter") if n in form.start}}
    source = table(form)
    spec: Spec = {"table": source.name if source else ""}
    spec["numerator"] = value(form, source, "numerator", t("Above the line"))
    spec["denominator"] = value(form, source, "denominator", t("Below the line"))
    spec["filter"] = where(form)
    guide(source)
    return spec


def _derived(form: Form) -> Spec:
    said = form.text("formula", t("Formula"), area=True, placeholder="sales / visitors", height=90)
    known, lang = catalogue_of(form.session.home), current_language()
    names = {one.id: one.text("name", lang) for one in known.values()}
    begun = complete(said, len(said), Plan("none"), names)
    if begun:
        listed = ", ".join(f"`{one.insert.strip()}`" for one in begun[:8])
        st.caption(t("Could go on with: {names}", names=listed))
    return {"formula": said}


def _cumulative(form: Form) -> Spec:
    options = ("of", "table")
    words = {"of": t("Another KPI"), "table": t("Rows of a table")}
    start = "table" if form.start.get("table") else "of"
    base = st.segmented_control(
        pt("denominator", "Over"), options, default=start, format_func=lambda one: words[one],
        key=form.key("base"), required=True,
    )  # fmt: skip
    spec = {"of": kpi(form, "of", t("KPI"))} if base == "of" else _simple(form)
    return {**spec, "window": _window(form)}


def _window(form: Form) -> str:
    said = str(form.start.get("window") or "28 days")
    kinds = ("days", *TO_DATE, "running")
    start = said if said in kinds else "days"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        kind = st.selectbox(
            t("Window"), kinds, index=kinds.index(start), format_func=window_words,
            key=form.key("window_kind"), width=220,
        )  # fmt: skip
        count = 28
        if kind == "days":
            first = "".join(char for char in said if char.isdigit()) or "28"
            count = int(
                st.number_input(
                    t("Days"),
                    1,
                    4000,
                    int(first),
                    key=form.key("window_days"),
                    width=130,
                    help=t("The last day of each period is one of them."),
                )
            )
    form.below["window"] = st.empty()
    return f"{count} days" if kind == "days" else str(kind)


def _offset(form: Form) -> Spec:
    spec: Spec = {"of": kpi(form, "of", t("KPI"))}
    said = str(form.start.get("by") or "1 month").split()
    count, unit = (said[0], said[-1].removesuffix("s")) if len(said) > 1 else ("1", "month")
    words = {"period": t("periods"), "day": t("days"), "week": t("weeks"), "month": t("months"),
             "quarter": t("quarters"), "year": t("years")}  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        number = st.number_input(
            t("So long before"),
            1,
            4000,
            int(count) if count.isdigit() else 1,
            key=form.key("by_n"),
            width=150,
        )
        picked = st.selectbox(
            t("Unit of time"), BY_UNITS, index=BY_UNITS.index(unit) if unit in BY_UNITS else 0,
            format_func=lambda one: words[one], key=form.key("by_unit"), width=150,
        )  # fmt: skip
    form.below["by"] = st.empty()
    shows = {
        "value": t("its value then"),
        "difference": t("the difference since"),
        "change": t("the change in %"),
    }
    shown = form.one(
        "show", t("Shown is"), SHOWN, lambda one: shows[one], start=str(form.start.get("show") or "value")
    )
    return {**spec, "by": f"{int(number)} {picked}", "show": shown}


def _stock(form: Form) -> Spec:
    source = table(form)
    options = columns(source, NUMBERS)
    spec: Spec = {"table": source.name if source else ""}
    spec["value"] = (
        form.one("value", pt("stock", "Level"), options, accept_new_options=True) if source else ""
    )
    spec["per"] = form.several("per", t("One level for each"), columns(source, ("text", "integer")))
    words = {"closing": t("at the end"), "opening": t("at the start"), "average": t("on average")}
    spec["at"] = form.one(
        "at", t("In a period"), LEVELS, lambda one: words[one], start=str(form.start.get("at") or "closing")
    )
    spec["filter"] = where(form)
    guide(source)
    return spec


def _conversion(form: Form) -> Spec:
    spec: Spec = {}
    sources = {}
    for side, label in (("visits", t("First")), ("conversions", t("Then"))):
        before = form.start.get(side)
        said: Mapping[str, Any] = before if isinstance(before, Mapping) else {}
        source = sources[side] = table(form, f"{side}.table", label, start=str(said.get("table") or ""))
        test = where(form, f"{side}.filter", start=str(said.get("filter") or ""))
        rest = {name: said[name] for name in ("time",) if name in said}
        spec[side] = {
            **rest,
            **{n: v for n, v in (("table", source.name if source else ""), ("filter", test)) if v},
        }
    shared = [one for one in columns(sources["visits"]) if one in columns(sources["conversions"])]
    if isinstance(form.start.get("entity"), Mapping) or isinstance(form.start.get("same"), Mapping):
        spec |= {name: form.start[name] for name in ("entity", "same") if name in form.start}
        st.info(
            t("The columns have different names in the two tables: change them as YAML."),
            icon=":material/code:",
        )
    else:
        spec["entity"] = form.one(
            "entity", t("The same"), shared, help=t("The column that says who, in both tables.")
        )
        spec["same"] = form.several(
            "same", t("And alike in"), [one for one in shared if one != spec["entity"]]
        )
    spec["window"] = form.text("window", t("Within"), start=str(form.start.get("window") or "7 days"))
    words = {"visits": t("first ones that were followed"), "events": t("all that followed")}
    spec["count"] = form.one("count", t("Counted are"), ("visits", "events"), lambda one: words[one],
                             start=str(form.start.get("count") or "visits"))  # fmt: skip
    return spec


def _cohort(form: Form) -> Spec:
    source = table(form)
    spec: Spec = {"table": source.name if source else ""}
    spec["entity"] = form.one("entity", t("Who"), columns(source), help=t("The column that names a member."))
    spec["within"] = form.text("within", t("Within"), start=str(form.start.get("within") or "30 days"))
    spec["filter"] = where(form)
    spec["value"] = value(
        form, source, "value", t("Value of each (empty: share that came back)"), optional=True
    )
    guide(source)
    return spec


KIND_FIELDS: Mapping[str, Callable[[Form], Spec]] = {
    "simple": _simple,
    "ratio": _ratio,
    "derived": _derived,
    "cumulative": _cumulative,
    "offset": _offset,
    "stock": _stock,
    "conversion": _conversion,
    "cohort": _cohort,
}
