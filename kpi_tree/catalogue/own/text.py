"""Definitions as YAML: one KPI, a list of them, or ids with their fields; and back to YAML."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from kpi_tree.catalogue.own.faults import Fault
from kpi_tree.i18n import msg
from kpi_tree.issues import Issue

MAX_BYTES = 1 << 20
MAX_ENTRIES = 500
MAX_DEPTH = 12
EXAMPLE = "id: big_orders, name: Big orders, table: orders, value: count(*), filter: total > 1000"


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition as it was written; ``place`` names it: its id, else where it stands."""

    place: str
    spec: Mapping[str, Any]


def entries_of(text: str) -> tuple[list[Entry], list[Issue]]:
    """The definitions in a YAML text, and what is wrong with its form.

    >>> entries_of("id: a\\nname: A")[0][0].place
    'a'
    >>> [issue.code for issue in entries_of("- id: [")[1]]
    ['not_yaml']
    """
    if len(text.encode()) > MAX_BYTES:
        return [], [Fault("too_long", msg("The file is larger than {n} bytes.", n=MAX_BYTES)).at("")]
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        faults = list(_form(root)) if root is not None else []
        found = _plain(yaml.safe_load(text)) if not faults else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return [], [_broken(error)]
    if faults:
        return [], faults
    listed = _listed(found)
    if not listed:
        return [], [_no_definition("")]
    if len(listed) > MAX_ENTRIES:
        return [], [Fault("too_many", msg("The file has more than {n} definitions.", n=MAX_ENTRIES)).at("")]
    entries, issues = [], []
    for at, one in enumerate(listed, 1):
        place = str(one.get("id") or "") if isinstance(one, Mapping) else ""
        place = place[:60] or f"definition {at}"
        if isinstance(one, Mapping):
            entries.append(Entry(place, dict(one)))
        else:
            issues.append(_no_definition(place))
    return entries, issues


def _plain(value: Any) -> Any:
    """What JSON can carry: a day that YAML read as one is the text again that was written."""
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _listed(found: Any) -> list[Any]:
    """One, several, several under a heading, or ids with their fields."""
    if isinstance(found, list):
        return found
    if not isinstance(found, Mapping) or not found:
        return []
    if isinstance(found.get("kpis"), list):
        return list(found["kpis"])
    if "id" not in found and all(isinstance(value, Mapping) for value in found.values()):
        return [{"id": name, **value} for name, value in found.items()]
    return [found]


def _form(root: yaml.Node) -> Iterator[Issue]:
    """References, keys that come twice, and nesting that no definition has."""
    seen: set[int] = set()
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        line = node.start_mark.line + 1
        if id(node) in seen or depth > MAX_DEPTH:
            text = msg("Line {n} repeats or nests what is written elsewhere.", n=line)
            yield Fault("not_plain", text, msg("Write each definition out, without & and *.")).at(
                f"line {line}"
            )
            return
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            for name in sorted({name for name in names if names.count(name) > 1}):
                yield Fault(
                    "twice", msg("The field {name} stands twice.", name=name), msg("Keep one of them.")
                ).at(f"line {line}")
            waiting += [(value, depth + 1) for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(value, depth + 1) for value in node.value]


def _broken(error: Exception) -> Issue:
    mark = getattr(error, "problem_mark", None)
    reason = str(getattr(error, "problem", "") or error).splitlines()[0][:120]
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return Fault(
        "not_yaml",
        msg("This is not YAML: {reason}.", reason=reason),
        msg("Put texts with : or # into quotes, and indent the fields of one definition alike."),
    ).at(place)


def _no_definition(place: str) -> Issue:
    return Fault(
        "no_definition",
        msg("There is no definition here."),
        msg("Write the fields of a KPI, or a list of KPIs: {example}.", example=EXAMPLE),
    ).at(place)


ORDER = (
    "id", "kind", "name", "definition", "table", "visits", "conversions", "entity", "same", "numerator",
    "denominator", "value", "formula", "of", "by", "per", "at", "window", "within", "filter", "time", "show",
    "count",
)  # fmt: skip
"""Fields in the order a reader asks for them; the others follow as they stand."""


def _ordered(spec: Mapping[str, Any]) -> dict[str, Any]:
    known = [name for name in ORDER if name in spec]
    return {name: spec[name] for name in (*known, *(name for name in spec if name not in known))}


def to_yaml(specs: Sequence[Mapping[str, Any]]) -> str:
    """Definitions as YAML, readable and ready to be read again.

    >>> to_yaml([{"id": "a", "name": "Å"}])
    '- id: a\\n  name: Å\\n'
    """
    text: str = yaml.safe_dump(
        [dict(spec) for spec in specs],
        allow_unicode=True,
        sort_keys=False,
        width=100,
        default_flow_style=False,
    )
    return text
