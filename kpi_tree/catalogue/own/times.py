"""Days, points in time and lengths of time, as a fragment of SQL may hold them."""

from __future__ import annotations

from sqlglot import exp

from kpi_tree.catalogue.own.faults import one_of
from kpi_tree.catalogue.own.fragments import UNKNOWN, Fragments, Typed
from kpi_tree.catalogue.own.sqlwords import PARTS
from kpi_tree.i18n import msg


def apart(reader: Fragments, node: exp.Expression, left: Typed, right: Typed) -> Typed:
    """A day or time and a length of time; two days give the days between them."""
    minus = isinstance(node, exp.Sub)
    said = reader.said(node)
    if left.kind in ("day", "moment") and right.kind == "span":
        kind, sql = left.kind, f"({left.sql} {'-' if minus else '+'} {right.sql})"
        return Typed(f"{sql}::DATE" if kind == "day" else sql, kind, None, said)
    if left.kind == "span" and right.kind in ("day", "moment") and not minus:
        return apart(reader, node, right, left)
    if left.kind == right.kind == "day" and minus:
        return Typed(f"({left.sql} - {right.sql})", "number", 10, said)
    if "unknown" in (left.kind, right.kind):
        return UNKNOWN
    return reader.fault(
        "wrong_type",
        msg("Times cannot be added or subtracted like this: {part}.", part=said),
        msg("Write date_diff('hour', a, b), or a + INTERVAL 3 DAY."),
    )


def _part_name(reader: Fragments, node: exp.Expression | None) -> str | None:
    name = str(node.name if node is not None else "").lower().removesuffix("s")
    if name in PARTS:
        return name
    reader.fault("unknown_part", msg("{name} is not a part of time.", name=name[:30]), one_of(name, PARTS))
    return None


def _time(reader: Fragments, node: exp.Expression, where: str) -> Typed:
    found = reader.of(node)
    if found.kind not in ("day", "moment", "null", "unknown"):
        reader.want(found, "day", msg("{name}()", name=where))
    return Typed("NULL::TIMESTAMP", "null", None, found.said) if found.kind == "null" else found


def date_diff(reader: Fragments, node: exp.Expression) -> Typed:
    """Whole parts of time between two; hours and shorter as they really passed."""
    parts, unit = reader.parts(node, "this", "expression", "unit"), _part_name(reader, node.args.get("unit"))
    if parts is None or unit is None or len(parts) != 3:
        return UNKNOWN
    later, earlier = _time(reader, parts[0], "date_diff"), _time(reader, parts[1], "date_diff")
    if unit in ("second", "minute", "hour"):  # elapsed, whatever the clock did meanwhile
        a, b = (_instant(reader, part, one) for part, one in ((parts[1], earlier), (parts[0], later)))
    else:
        a, b = earlier.sql, later.sql
    return Typed(f"date_diff('{unit}', {a}, {b})", "number", None, reader.said(node))


def _instant(reader: Fragments, node: exp.Expression, found: Typed) -> str:
    if isinstance(node, exp.Column) and reader.columns.get(found.said) == "instant":
        return found.sql.removeprefix("local_time(").removesuffix(")")
    return found.sql


def date_trunc(reader: Fragments, node: exp.Expression) -> Typed:
    """A day or time cut to the start of its month, say."""
    parts, unit = reader.parts(node, "this", "unit"), _part_name(reader, node.args.get("unit"))
    if parts is None or unit is None:
        return UNKNOWN
    found = _time(reader, parts[0], "date_trunc")
    sql = f"date_trunc('{unit}', {found.sql})"
    return Typed(f"{sql}::DATE" if found.kind == "day" else sql, found.kind, None, reader.said(node))


def extract(reader: Fragments, node: exp.Expression) -> Typed:
    """A part of a day or time, as a number."""
    parts, unit = reader.parts(node, "this", "expression"), _part_name(reader, node.this)
    if parts is None or unit is None:
        return UNKNOWN
    found = _time(reader, parts[1], "extract")
    return Typed(f"extract({unit} FROM {found.sql})", "number", None, reader.said(node))


def interval(reader: Fragments, node: exp.Expression) -> Typed:
    """A length of time: ``INTERVAL 3 DAY``."""
    parts, unit = reader.parts(node, "this", "unit"), _part_name(reader, node.args.get("unit"))
    if parts is None or unit is None:
        return UNKNOWN
    count = str(parts[0].name)
    if not count.isdecimal() or len(count) > 6:
        return reader.fault("bad_expression", msg("A length of time is a whole number of its parts."), None)
    return Typed(f"INTERVAL {int(count)} {unit.upper()}", "span", None, reader.said(node))
