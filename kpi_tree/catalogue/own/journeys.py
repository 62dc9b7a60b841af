"""Definitions that follow people: conversions after visits, and cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpi_tree.catalogue.own import durations
from kpi_tree.catalogue.own.faults import Fault
from kpi_tree.catalogue.own.model import Cohort, Conversion, How, Rows
from kpi_tree.catalogue.own.rows import Tables
from kpi_tree.i18n import msg


def conversion(spec: Mapping[str, Any], reader: Tables, *_: Any) -> How | None:
    """Visits, what may follow them, and who is the same person; None and faults where that is not said."""
    sides: list[Rows | None] = []
    for field in ("visits", "conversions"):
        said = spec.get(field)
        sides.append(reader.rows(said, field) if isinstance(said, Mapping) and said.get("table") else None)
    visits, conversions = sides
    found = durations.length(spec.get("window", ""), ("day", "hour", "minute", "week"))
    if isinstance(found, Fault) and spec.get("window") not in (None, ""):
        reader.note("window", found)
    if visits is None or conversions is None or isinstance(found, Fault):
        return None
    keys = [_pair(spec.get("entity"), visits, conversions, reader, "entity")]
    same = spec.get("same") or []
    pairs = (
        list(same.items()) if isinstance(same, Mapping) else [same] if isinstance(same, str) else list(same)
    )
    for one in pairs:
        said = {"visits": one[0], "conversions": one[1]} if isinstance(one, tuple) else one
        keys.append(_pair(said, visits, conversions, reader, "same"))
    if found[1] in ("hour", "minute") and "day" in _types(visits, conversions):
        reader.note("window", Fault("wrong_type", msg("Rows that know only their day have no hours."),
                                    msg("Give the window in days.")))  # fmt: skip
    count = str(spec.get("count") or "visits")
    return Conversion(visits, conversions, tuple(keys), found, count, spec.get("show") != "count")


def _types(*sides: Rows) -> list[str]:
    return [side.source.columns.get(side.time, "") for side in sides]


def _pair(said: Any, visits: Rows, conversions: Rows, reader: Tables, field: str) -> tuple[str, str]:
    """A column of both tables: one name, or the name in each."""
    names = said if isinstance(said, Mapping) else {"visits": said, "conversions": said}
    sql = []
    for side, rows in (("visits", visits), ("conversions", conversions)):
        if names.get(side) in (None, ""):
            reader.note(field, Fault("missing_field", msg("The field {name} is missing.", name=side)))
            sql.append("NULL")
            continue
        sql.append(reader.row_value(rows.source, names[side], None, field).sql)
    return sql[0], sql[1]


def cohort(spec: Mapping[str, Any], reader: Tables, *_: Any) -> How | None:
    """Members and the days they are followed for; None and faults where that is not said."""
    rows = reader.rows(spec) if spec.get("table") else None
    found = durations.length(spec.get("within", ""), ("day", "week"))
    if isinstance(found, Fault):
        if spec.get("within") not in (None, ""):
            reader.note("within", found)
        return None
    if rows is None or spec.get("entity") in (None, ""):
        return None
    entity = reader.row_value(rows.source, spec["entity"], None, "entity")
    value = None
    if spec.get("value") not in (None, ""):
        value = reader.value(rows.source, spec["value"], "value")
        if value is not None and any(term.kind not in ("sum", "count") for term in value.terms.values()):
            reader.note("value", Fault("not_additive", msg("Only sums and counts add up for each member."),
                                       msg("Write sum(…) or count(*).")))  # fmt: skip
        if value is None:
            return None
    return Cohort(rows, entity.sql, found[0] * (7 if found[1] == "week" else 1), value)
