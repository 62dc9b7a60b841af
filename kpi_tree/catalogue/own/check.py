"""One definition checked: every fault with its place, or how it is computed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from kpi_tree.catalogue.model import Kpi
from kpi_tree.catalogue.own import durations, journeys
from kpi_tree.catalogue.own.faults import Fault, one_of, unique
from kpi_tree.catalogue.own.fields import check_fields, kind_of
from kpi_tree.catalogue.own.model import (
    Checked,
    Cumulative,
    Derived,
    How,
    Offset,
    Simple,
    Source,
    Stock,
)
from kpi_tree.catalogue.own.rows import Tables, halves
from kpi_tree.catalogue.own.text import Entry
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue
from kpi_tree.nearest import did_you_mean
from kpi_tree.plan.formula_parser import parse
from kpi_tree.plan.formula_tree import RESERVED
from kpi_tree.plan.unit_check import check_units
from kpi_tree.units import catalogue_units, parse_unit

_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
OFFSETS = ("period", "day", "week", "month", "quarter", "year")
Known = Mapping[str, Kpi]


def check(
    entry: Entry, sources: Mapping[str, Source], known: Known, waiting: Collection[str] = ()
) -> tuple[Checked | None, list[Issue]]:
    """One definition, or every fault in it.

    Args:
        sources: the tables there are, by name.
        known: the KPIs that it may speak of.
        waiting: ids that stand in the same file and are faulty themselves: they are not called unknown.
    """
    issues = [*check_fields(entry.place, entry.spec), *_identity(entry, known)]
    kind = kind_of(entry.spec)
    if kind not in _KINDS:
        return None, issues
    reader = Tables(entry.place, sources)
    how = _KINDS[kind](entry.spec, reader, known, waiting)
    issues += reader.issues
    issues += [*_links(entry, known, waiting), *_dimensions(entry, reader, known)]
    fresh = unique(issues)
    if how is None or any(issue.level == "error" for issue in fresh):
        return None, fresh
    return Checked(entry.place, kind, entry.spec, how, tuple(reader.compared)), fresh


def uses(spec: Mapping[str, Any]) -> set[str]:
    """The KPIs that a definition is made from, as far as it can be read."""
    found = {str(spec["of"])} if isinstance(spec.get("of"), str) else set()
    if isinstance(spec.get("formula"), str):
        with suppress(Refused):
            found |= set(parse(spec["formula"]).names)
    return found


def _identity(entry: Entry, known: Known) -> list[Issue]:
    name = entry.spec.get("id")
    place = f"{entry.place}.id"
    if name in (None, ""):
        return []
    if not isinstance(name, str) or not _ID.fullmatch(name) or name in RESERVED:
        remedy = msg("Use small letters a to z, digits and _, beginning with a letter; at most 60.")
        return [Fault("bad_id", msg("{name} cannot be an id.", name=str(name)[:60]), remedy).at(place)]
    if name in known and not known[name].own:
        remedy = msg("Choose another id, such as {name}.", name=f"our_{name}"[:60])
        return [Fault("built_in", msg("{name} is a built-in KPI.", name=name), remedy).at(place)]
    return []


def _links(entry: Entry, known: Known, waiting: Collection[str]) -> list[Issue]:
    moves = entry.spec.get("moves")
    named = [("moves", str(name)) for name in moves] if isinstance(moves, Mapping) else []
    if isinstance(entry.spec.get("guardrail"), str):
        named.append(("guardrail", entry.spec["guardrail"]))
    return [
        _no_kpi(name, known).at(f"{entry.place}.{field}")
        for field, name in named
        if name not in known and name not in waiting
    ]


def _dimensions(entry: Entry, reader: Tables, known: Known) -> list[Issue]:
    """Dimensions that neither its tables nor the KPIs it is made from have."""
    said = entry.spec.get("dimensions") or []
    wanted = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    there = {
        *reader.dims,
        *(dim for name in uses(entry.spec) if name in known for dim in known[name].dimensions),
    }
    return [
        Fault(
            "unknown_dimension",
            msg("It cannot be broken down by {name}.", name=str(name)[:60]),
            one_of(str(name), there),
        ).at(f"{entry.place}.dimensions")
        for name in wanted
        if there and name not in there
    ]


def _no_kpi(name: str, known: Known) -> Fault:
    otherwise = msg("See the catalogue for all ids.")
    return Fault(
        "unknown_kpi", msg("There is no KPI {name}.", name=name[:60]), did_you_mean(name, known, otherwise)
    )


def _simple(spec: Mapping[str, Any], reader: Tables, *_: Any) -> How | None:
    rows = reader.rows(spec) if spec.get("table") else None
    if rows is None or spec.get("value") in (None, ""):
        return None
    side = reader.side({"table": spec["table"], "filter": spec.get("filter"), "time": spec.get("time"),
                        "value": spec["value"]}, "value")  # fmt: skip
    return halves(side) if side is not None else None


def _ratio(spec: Mapping[str, Any], reader: Tables, *_: Any) -> How | None:
    above, below = reader.side(spec, "numerator"), reader.side(spec, "denominator")
    return Simple(above, below) if above is not None and below is not None else None


def _derived(spec: Mapping[str, Any], reader: Tables, known: Known, waiting: Collection[str]) -> How | None:
    if not isinstance(spec.get("formula"), str):
        return None
    try:
        parsed = parse(spec["formula"])
    except Refused as error:
        reader.note("formula", Fault("bad_formula", error.message, error.remedy))
        return None
    if not parsed.names:
        reader.note(
            "formula", Fault("no_kpi", msg("The formula names no KPI."), msg("Write sales / orders."))
        )
        return None
    for name in parsed.names:
        if name not in known and name not in waiting:
            reader.note("formula", _no_kpi(name, known))
        elif name == spec.get("id"):
            reader.note("formula", Fault("circle", msg("{name} is made from itself.", name=name)))
    units = {
        name: catalogue_units().get(name)
        or (parse_unit(known[name].unit) if _says_unit(known[name]) else None)
        for name in parsed.names
        if name in known
    }
    for issue in check_units(parsed, units).issues:
        reader.note("formula", Fault(issue.code, issue.message, issue.remedy))
    return Derived(spec["formula"], tuple(parsed.names))


def _says_unit(kpi: Kpi) -> bool:
    """Whether the unit says what is counted: a bare count may count anything."""
    return kpi.unit in ("money", "seconds", "minutes", "hours", "days", "percent", "ratio")


def _other(spec: Mapping[str, Any], reader: Tables, known: Known, waiting: Collection[str]) -> str:
    name = str(spec.get("of") or "")
    if name and name == spec.get("id"):
        reader.note("of", Fault("circle", msg("{name} is made from itself.", name=name)))
    elif name and name not in known and name not in waiting:
        reader.note("of", _no_kpi(name, known))
    return name


def _cumulative(
    spec: Mapping[str, Any], reader: Tables, known: Known, waiting: Collection[str]
) -> How | None:
    of = _other(spec, reader, known, waiting)
    value: Simple | None = None
    if of and spec.get("table"):
        reader.note("of", Fault("two_bases", msg("Give either a KPI or a table, not both.")))
    elif not of and not (spec.get("table") and spec.get("value")):
        reader.note("of", Fault("missing_field", msg("The field {name} is missing.", name="of"),
                                msg("Name a KPI, or a table and a value.")))  # fmt: skip
    elif not of:
        made = _simple(spec, reader)
        below = reader.side(spec, "denominator") if spec.get("denominator") else None
        value = made if isinstance(made, Simple) else None
        value = Simple(value.above, below) if value is not None and below is not None else value
    found = durations.window(spec.get("window", ""))
    if isinstance(found, Fault):
        if spec.get("window") not in (None, ""):
            reader.note("window", found)
        return None
    if not of and value is None:
        return None
    return Cumulative(found[0], found[1], found[2], of, value)  # type: ignore[arg-type]


def _offset(spec: Mapping[str, Any], reader: Tables, known: Known, waiting: Collection[str]) -> How | None:
    of = _other(spec, reader, known, waiting)
    found = durations.length(spec.get("by", ""), OFFSETS)
    if isinstance(found, Fault):
        if spec.get("by") not in (None, ""):
            reader.note("by", found)
        return None
    return Offset(of, found[0], found[1], str(spec.get("show") or "value")) if of else None


def _stock(spec: Mapping[str, Any], reader: Tables, *_: Any) -> How | None:
    rows = reader.rows(spec) if spec.get("table") else None
    if rows is None or spec.get("value") in (None, ""):
        return None
    level = reader.row_value(rows.source, spec["value"], "number", "value")
    said = spec.get("per") or []
    per = [said] if isinstance(said, str) else [one for one in said if isinstance(one, str)]
    items = tuple(reader.column(rows.source, name, "per") for name in per)
    money = rows.source.columns.get(level.said) == "money"
    return Stock(rows, level.sql, items, str(spec.get("at") or "closing"), money)


_KINDS: Mapping[str, Callable[..., How | None]] = {
    "simple": _simple,
    "ratio": _ratio,
    "derived": _derived,
    "cumulative": _cumulative,
    "offset": _offset,
    "stock": _stock,
    "conversion": journeys.conversion,
    "cohort": journeys.cohort,
}
