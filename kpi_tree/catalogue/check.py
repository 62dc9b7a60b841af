"""Every fault in the definitions, named in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpi_tree.catalogue.expression import parse
from kpi_tree.catalogue.load import CATEGORIES, Definitions, definitions
from kpi_tree.catalogue.model import LANGS, Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.nearest import did_you_mean

UNITS = ("money", "count", "percent", "ratio", "seconds", "minutes", "hours", "days", "points")
ROLLUPS = ("sum", "ratio", "distinct", "last", "mean", "median", "table")
DIRECTIONS = ("up", "down", "range")
REQUIRED = ("name", "definition", "formula", "numerator", "unit", "direction", "rollup")
TEXTS = ("name", "definition", "formula", "action", "remark")


def _fault(place: str, code: str, message: Msg, remedy: Msg | None = None) -> Issue:
    return Issue("error", code, message, place=place, remedy=remedy)


def check_entry(kpi_id: str, spec: Mapping[str, Any], base: Definitions) -> list[Issue]:
    """Every fault in one KPI's entry as it stands in a file; none means it can be used.

    >>> [issue.code for issue in check_entry("x", {"numerator": "gros_sales"}, definitions())][:2]
    ['missing_field', 'missing_field']
    """
    return [*_fields(kpi_id, spec), *_choices(kpi_id, spec), *_calculations(kpi_id, spec, base)]


def _fields(kpi_id: str, spec: Mapping[str, Any]) -> Iterator[Issue]:
    for field in REQUIRED:
        if spec.get(field) in (None, ""):
            yield _fault(kpi_id, "missing_field", msg("The field {name} is missing.", name=field))
    for field in TEXTS:
        words = spec.get(field)
        if words is None:
            continue
        if not isinstance(words, Mapping):
            yield _fault(
                f"{kpi_id}.{field}",
                "not_a_text",
                msg("The text has no languages."),
                msg("Give it as en, nb and ja."),
            )
            continue
        for lang in LANGS:
            if not str(words.get(lang) or "").strip():
                yield _fault(
                    f"{kpi_id}.{field}", "missing_language", msg("The text is missing in {lang}.", lang=lang)
                )


def _choices(kpi_id: str, spec: Mapping[str, Any]) -> Iterator[Issue]:
    for field, allowed in (("unit", UNITS), ("rollup", ROLLUPS), ("direction", DIRECTIONS)):
        value = spec.get(field)
        if value is not None and value not in allowed:
            yield _fault(
                f"{kpi_id}.{field}",
                "unknown_choice",
                msg("{value} is not one of the choices.", value=str(value)),
                msg("Choose one of: {names}.", names=", ".join(allowed)),
            )
    low, high = spec.get("range", (None, None))
    if low is not None and high is not None and low >= high:
        yield _fault(f"{kpi_id}.range", "empty_range", msg("The lowest value is not below the highest."))


def _calculations(kpi_id: str, spec: Mapping[str, Any], base: Definitions) -> Iterator[Issue]:
    texts = {"numerator": spec.get("numerator"), "denominator": spec.get("denominator")}
    texts.update({f"parts.{name}": part.get("value") for name, part in (spec.get("parts") or {}).items()})
    for field, text in texts.items():
        if text is None:
            continue
        try:
            names = parse(str(text)).names
        except Refused as error:
            yield _fault(f"{kpi_id}.{field}", "bad_expression", error.message, error.remedy)
            continue
        for name in names:
            if name not in base.measures:
                yield _fault(
                    f"{kpi_id}.{field}",
                    "unknown_measure",
                    msg("There is no measure {name}.", name=name),
                    did_you_mean(name, base.measures),
                )


def check_definitions(given: Definitions | None = None) -> list[Issue]:
    """Every fault in the catalogue: texts, choices, names that nothing carries.

    >>> check_definitions()
    []
    """
    found = given or definitions()
    issues = list(_relations(found))
    for kpi in found.kpis.values():
        issues += check_entry(kpi.id, _as_entry(kpi), found)
        issues += _links(kpi, found)
    return issues


def _relations(given: Definitions) -> Iterator[Issue]:
    for measure in given.measures.values():
        if measure.fact not in given.facts:
            yield _fault(
                measure.name,
                "unknown_fact",
                msg("There is no fact {name}.", name=measure.fact),
                did_you_mean(measure.fact, given.facts),
            )
        if measure.query and measure.query not in given.queries:
            yield _fault(
                measure.name,
                "unknown_query",
                msg("There is no query {name}.", name=measure.query),
                did_you_mean(measure.query, given.queries),
            )
    places = [(f.name, other) for f in given.facts.values() for other in f.uses]
    places += [(q.name, other) for q in given.queries.values() for other in q.facts]
    places += [(k.id, other) for k in given.kpis.values() if k.table for other in k.table.facts]
    for place, other in places:
        if other not in given.facts:
            yield _fault(
                place,
                "unknown_fact",
                msg("There is no fact {name}.", name=other),
                did_you_mean(other, given.facts),
            )


def _links(kpi: Kpi, given: Definitions) -> Iterator[Issue]:
    for other in [*(name for name, _ in kpi.moves), *([kpi.guardrail] if kpi.guardrail else [])]:
        if other not in given.kpis:
            yield _fault(
                kpi.id,
                "unknown_kpi",
                msg("There is no KPI {name}.", name=other),
                did_you_mean(other, given.kpis),
            )
    if kpi.category not in CATEGORIES and not kpi.own:
        yield _fault(kpi.id, "unknown_category", msg("There is no category {name}.", name=kpi.category))


def _as_entry(kpi: Kpi) -> dict[str, Any]:
    texts = {field: getattr(kpi, field) for field in TEXTS if getattr(kpi, field)}
    return {
        **texts,
        "numerator": kpi.numerator,
        "denominator": kpi.denominator,
        "unit": kpi.unit,
        "direction": kpi.direction,
        "rollup": kpi.rollup,
        "range": kpi.range,
        "parts": {name: {"value": value} for name, value in kpi.parts.items()},
    }
