"""Operators, conditions and casts, as a fragment of SQL may hold them."""

from __future__ import annotations

from sqlglot import exp

from kpi_tree.catalogue.own import times
from kpi_tree.catalogue.own.faults import one_of
from kpi_tree.catalogue.own.fragments import NODES, UNKNOWN, Fragments, Typed
from kpi_tree.catalogue.own.sqlwords import CASTS, MOST_DIGITS, Kind
from kpi_tree.i18n import Msg, msg

_SIGNS: dict[type[exp.Expression], str] = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.IntDiv: "//", exp.Mod: "%",
}  # fmt: skip
_DEEDS: dict[type[exp.Expression], Msg] = {
    exp.Add: msg("adding"),
    exp.Sub: msg("subtracting"),
    exp.Mul: msg("multiplying"),
    exp.Div: msg("dividing"),
    exp.IntDiv: msg("dividing"),
    exp.Mod: msg("dividing"),
}
_COMPARED: dict[type[exp.Expression], str] = {
    exp.EQ: "=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    # What differs from a value includes what has none: an empty dimension is a group of its own.
    exp.NEQ: "IS DISTINCT FROM",
    exp.NullSafeNEQ: "IS DISTINCT FROM",
    exp.NullSafeEQ: "IS NOT DISTINCT FROM",
}


_WORDED: dict[type[exp.Expression], tuple[str, Kind, Kind]] = {
    exp.And: ("AND", "boolean", "boolean"),
    exp.Or: ("OR", "boolean", "boolean"),
    exp.Like: ("LIKE", "text", "boolean"),
    exp.ILike: ("ILIKE", "text", "boolean"),
    exp.DPipe: ("||", "text", "text"),
}
_DIFFERING = (exp.NEQ, exp.NullSafeNEQ, exp.NullSafeEQ)


def _pair(reader: Fragments, node: exp.Expression) -> tuple[Typed, Typed] | None:
    parts = reader.parts(node, "this", "expression")
    if parts is None or len(parts) != 2:
        return None
    return reader.of(parts[0]), reader.of(parts[1])


def _arithmetic(reader: Fragments, node: exp.Expression) -> Typed:
    found = _pair(reader, node)
    if found is None:
        return UNKNOWN
    left, right = found
    if isinstance(node, exp.Add | exp.Sub) and {left.kind, right.kind} & {"day", "moment", "span"}:
        return times.apart(reader, node, left, right)
    for one in found:
        reader.want(one, "number", _DEEDS[type(node)])
    if any(one.kind not in ("number", "null") for one in found):
        return UNKNOWN
    if isinstance(node, exp.Div | exp.IntDiv | exp.Mod) and no_divisor(right.sql):
        return reader.fault("zero", msg("Nothing can be divided by 0."), None)
    a, b = left.sql, right.sql
    digits: int | None = None
    if isinstance(node, exp.Div | exp.IntDiv | exp.Mod):
        b = f"nullif({b}, 0)"
    elif left.digits and right.digits:
        digits = (
            left.digits + right.digits if isinstance(node, exp.Mul) else max(left.digits, right.digits) + 1
        )
    if isinstance(node, exp.Mul) and not 0 < (digits or 0) <= MOST_DIGITS:
        a, b, digits = f"({a})::DOUBLE", f"({b})::DOUBLE", None  # exact numbers stop with an error when full
    return Typed(f"({a} {_SIGNS[type(node)]} {b})", "number", digits, reader.said(node))


def no_divisor(text: str) -> bool:
    """Whether a divisor is the number 0 itself.

    >>> no_divisor("0.0"), no_divisor("x1")
    (True, False)
    """
    return text.replace(".", "").strip("0") == "" and text != ""


def _comparison(reader: Fragments, node: exp.Expression) -> Typed:
    found = _pair(reader, node)
    if found is None:
        return UNKNOWN
    left, right = found
    if "null" in (left.kind, right.kind) and not isinstance(node, _DIFFERING):
        return reader.fault(
            "null",
            msg("Nothing is equal to NULL, or more or less than it."),
            msg("Write IS NULL, or IS NOT NULL."),
        )
    reader.alike(found, msg("a comparison"))
    _note(reader, left, right)
    if "unknown" in (left.kind, right.kind):
        return UNKNOWN
    return Typed(f"({left.sql} {_COMPARED[type(node)]} {right.sql})", "boolean", None, reader.said(node))


def _note(reader: Fragments, left: Typed, right: Typed) -> None:
    for one, other in ((left, right), (right, left)):
        if one.said in reader.columns and other.sql.startswith("'") and one.kind == "text":
            reader.compared.append((one.said, other.sql[1:-1].replace("''", "'")))


def _worded(reader: Fragments, node: exp.Expression) -> Typed:
    """Two parts of one kind with a word between: AND, OR, LIKE, ILIKE, ||."""
    found = _pair(reader, node)
    if found is None:
        return UNKNOWN
    word, takes, gives = _WORDED[type(node)]
    for one in found:
        reader.want(one, takes, msg("{word}", word=word))
    return Typed(f"({found[0].sql} {word} {found[1].sql})", gives, None, reader.said(node))


def _not(reader: Fragments, node: exp.Expression) -> Typed:
    inner = node.this
    found = reader.of(inner)
    reader.want(found, "boolean", msg("NOT"))
    if isinstance(inner.unnest(), exp.In | exp.Like | exp.ILike):
        # As with <>: what has no value is not among them either.
        return Typed(f"(({found.sql}) IS NOT TRUE)", "boolean", None, reader.said(node))
    return Typed(f"(NOT {found.sql})", "boolean", None, reader.said(node))


def _is(reader: Fragments, node: exp.Expression) -> Typed:
    parts = reader.parts(node, "this", "expression")
    if parts is None:
        return UNKNOWN
    found = reader.of(parts[0])
    negated = isinstance(parts[1], exp.Not)
    other = parts[1].this if negated else parts[1]
    words = {"NULL": "NULL", "TRUE": "TRUE", "FALSE": "FALSE"}.get(other.sql().upper())
    if words is None:
        return reader.refused(other)
    return Typed(f"({found.sql} IS {'NOT ' if negated else ''}{words})", "boolean", None, reader.said(node))


def _in(reader: Fragments, node: exp.Expression) -> Typed:
    parts = reader.parts(node, "this", "expressions")
    if parts is None or len(parts) < 2:
        return UNKNOWN
    left, *rest = (reader.of(part) for part in parts)
    reader.alike([left, *rest], msg("IN"))
    for one in rest:
        _note(reader, left, one)
    return Typed(
        f"({left.sql} IN ({', '.join(one.sql for one in rest)}))", "boolean", None, reader.said(node)
    )


def _between(reader: Fragments, node: exp.Expression) -> Typed:
    parts = reader.parts(node, "this", "low", "high")
    if parts is None or len(parts) != 3:
        return UNKNOWN
    found = [reader.of(part) for part in parts]
    reader.alike(found, msg("BETWEEN"))
    sql = f"({found[0].sql} BETWEEN {found[1].sql} AND {found[2].sql})"
    return Typed(sql, "boolean", None, reader.said(node))


def _neg(reader: Fragments, node: exp.Expression) -> Typed:
    found = reader.want(reader.of(node.this), "number", msg("the sign"))
    return Typed(f"(-{found.sql})", found.kind, found.digits, reader.said(node))


def _paren(reader: Fragments, node: exp.Expression) -> Typed:
    found = reader.of(node.this)
    return Typed(f"({found.sql})", found.kind, found.digits, found.said)


def _case(reader: Fragments, node: exp.Expression) -> Typed:
    """``CASE WHEN … THEN … ELSE … END`` and ``if(…, …, …)``."""
    if (
        reader.parts(node, *(("ifs", "default") if isinstance(node, exp.Case) else ("this", "true", "false")))
        is None
    ):
        return UNKNOWN
    ifs = node.args["ifs"] if isinstance(node, exp.Case) else [node]
    last = node.args.get("default" if isinstance(node, exp.Case) else "false")
    tests = [reader.want(reader.of(one.this), "boolean", msg("WHEN")) for one in ifs]
    values = [reader.of(one.args["true"]) for one in ifs]
    otherwise = reader.of(last) if last is not None else Typed("NULL", "null")
    kind = reader.alike([*values, otherwise], msg("CASE"))
    whens = " ".join(f"WHEN {t.sql} THEN {v.sql}" for t, v in zip(tests, values, strict=True))
    digits = max((one.digits or 0 for one in (*values, otherwise)), default=0) or None
    return Typed(f"(CASE {whens} ELSE {otherwise.sql} END)", kind, digits, reader.said(node))


def _cast(reader: Fragments, node: exp.Expression) -> Typed:
    parts = reader.parts(node, "this", "to")
    if parts is None:
        return UNKNOWN
    name = str(parts[1].this.value if hasattr(parts[1].this, "value") else parts[1].this).upper()
    if name not in CASTS:
        return reader.fault(
            "unknown_type",
            msg("A value cannot be turned into {type}.", type=name[:30]),
            one_of(name, ("BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP")),
        )
    found = reader.of(parts[0])
    target, kind = CASTS[name]
    return Typed(f"TRY_CAST({found.sql} AS {target})", kind, None, reader.said(node))


def _constant(_reader: Fragments, node: exp.Expression) -> Typed:
    if isinstance(node, exp.Null):
        return Typed("NULL", "null", None, "NULL")
    return Typed("TRUE" if node.this else "FALSE", "boolean", None, str(node.this).lower())


NODES.update(dict.fromkeys(_SIGNS, _arithmetic))
NODES.update(dict.fromkeys(_COMPARED, _comparison))
NODES.update(dict.fromkeys(_WORDED, _worded))
NODES.update(dict.fromkeys((exp.Cast, exp.TryCast), _cast))
NODES.update(dict.fromkeys((exp.Case, exp.If), _case))
NODES.update(dict.fromkeys((exp.Null, exp.Boolean), _constant))
NODES.update(dict.fromkeys((exp.TimestampTrunc, exp.DateTrunc), times.date_trunc))
NODES.update({
    exp.Not: _not, exp.Is: _is, exp.In: _in, exp.Between: _between, exp.Neg: _neg,
    exp.Paren: _paren, exp.DateDiff: times.date_diff, exp.Extract: times.extract,
    exp.Interval: times.interval,
})  # fmt: skip
