"""The fields of a definition: which each kind has, which it must have, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpi_tree.catalogue.check import DIRECTIONS, UNITS
from kpi_tree.catalogue.load import CATEGORIES, OWN
from kpi_tree.catalogue.model import LANGS
from kpi_tree.catalogue.own.faults import Fault, one_of
from kpi_tree.catalogue.own.model import KINDS, LEVELS, SHOWN
from kpi_tree.i18n import Msg, msg
from kpi_tree.issues import Issue
from kpi_tree.nearest import did_you_mean

TEXTS = ("name", "definition", "action", "remark")
COMMON = (
    "id", "kind", *TEXTS, "unit", "direction", "category", "dimensions", "range", "fill", "guardrail",
    "moves",
)  # fmt: skip
"""Fields that every kind may have."""

BY_KIND: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "simple": (("table", "value"), ("filter", "time")),
    "ratio": (("numerator", "denominator"), ("table", "filter", "time")),
    "derived": (("formula",), ()),
    "cumulative": (("window",), ("of", "table", "value", "filter", "time", "denominator")),
    "offset": (("of", "by"), ("show",)),
    "stock": (("table", "value", "per"), ("filter", "time", "at")),
    "conversion": (("visits", "conversions", "entity", "window"), ("same", "count", "show")),
    "cohort": (("table", "entity", "within"), ("filter", "time", "value")),
}
"""Kind → the fields it must have, and those it may have beside the common ones."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "unit": UNITS,
    "direction": DIRECTIONS,
    "category": (*CATEGORIES, OWN),
    "fill": ("zero", "none"),
    "at": LEVELS,
    "count": ("visits", "events"),
}
SHOWS: Mapping[str, tuple[str, ...]] = {"offset": SHOWN, "conversion": ("share", "count")}
_PLAIN = (
    "id", "table", "value", "filter", "time", "formula", "of", "by", "window", "within", "guardrail",
)  # fmt: skip
_SIDES = ("numerator", "denominator")


def kind_of(spec: Mapping[str, Any]) -> str:
    """The kind a definition says, else the one that its fields speak of.

    >>> kind_of({"kind": "stock"}), kind_of({"numerator": "sum(a)"}), kind_of({"table": "orders"})
    ('stock', 'ratio', 'simple')
    """
    if spec.get("kind") is not None:
        return str(spec["kind"])
    for name, kind in (
        ("formula", "derived"), ("visits", "conversion"), ("within", "cohort"), ("per", "stock"),
        ("window", "cumulative"), ("by", "offset"), ("numerator", "ratio"), ("denominator", "ratio"),
    ):  # fmt: skip
        if name in spec:
            return kind
    return "simple"


EXAMPLES: Mapping[str, str] = {
    "id": "big_orders", "name": "Big orders", "table": "orders", "value": "sum(total)",
    "numerator": "sum(total)", "denominator": "count(*)", "formula": "sales / orders", "of": "sales",
    "window": "28 days", "by": "1 month", "per": "[sku]", "entity": "customer_id", "within": "30 days",
    "visits": "{table: sessions}", "conversions": "{table: orders}",
}  # fmt: skip


def check_fields(place: str, spec: Mapping[str, Any]) -> list[Issue]:
    """What is wrong with the fields themselves: missing, unknown, of the wrong form.

    >>> [str(i.message) for i in check_fields("a", {"id": "a", "nmae": "A", "table": "t", "value": "1"})]
    ['There is no field nmae.', 'The field name is missing.']
    """
    kind = kind_of(spec)
    if kind not in BY_KIND:
        return [_choice(place, "kind", kind, KINDS)]
    must, may = BY_KIND[kind]
    found = [
        Fault(
            "unknown_field",
            msg("There is no field {name}.", name=name[:60]),
            one_of(name, (*COMMON, *must, *may)),
        ).at(f"{place}.{name[:60]}")
        for name in spec
        if name not in (*COMMON, *must, *may)
    ]
    needed = ("id", "name", *must)
    found += [
        Fault("missing_field", msg("The field {name} is missing.", name=name), _example(name)).at(
            f"{place}.{name}"
        )
        for name in needed
        if spec.get(name) in (None, "", [], {})
    ]
    given = {
        name: value for name, value in spec.items() if value is not None and name in (*COMMON, *must, *may)
    }
    return [*found, *_forms(place, given), *_choices(place, kind, given), *_range(place, given)]


def _example(field: str) -> Msg | None:
    """What such a field looks like."""
    said = EXAMPLES.get(field)
    return msg("Write it as {example}.", example=f"{field}: {said}") if said else None


def _choice(place: str, field: str, value: str, allowed: tuple[str, ...]) -> Issue:
    return Fault(
        "unknown_choice",
        msg("{value} is not one of the choices.", value=value[:60]),
        did_you_mean(value, allowed, msg("Choose one of: {names}.", names=", ".join(allowed))),
    ).at(f"{place}.{field}")


def _choices(place: str, kind: str, given: Mapping[str, Any]) -> Iterator[Issue]:
    allowed = {**CHOICES, **({"show": SHOWS[kind]} if kind in SHOWS else {})}
    for field, choices in allowed.items():
        if field in given and str(given[field]) not in choices:
            yield _choice(place, field, str(given[field]), choices)


def _forms(place: str, given: Mapping[str, Any]) -> Iterator[Issue]:
    for field, value in given.items():
        at = f"{place}.{field}"
        if field in TEXTS:
            yield from _words(at, value)
        elif (field in _PLAIN and not isinstance(value, str | int | float)) or (
            field in _SIDES and not isinstance(value, str | Mapping)
        ):
            yield Fault("not_a_text", msg("A text is needed here."), msg("Write one text, in quotes.")).at(at)
        elif field in ("dimensions", "per") and not _is_names(value):
            yield Fault(
                "not_a_list", msg("A list of names is needed here."), msg("Write [country, channel].")
            ).at(at)
        elif field in ("visits", "conversions") and not (isinstance(value, Mapping) and value.get("table")):
            yield Fault(
                "not_rows",
                msg("A table is needed here."),
                msg("Write {example}.", example="{table: sessions}"),
            ).at(at)
        elif field == "moves" and not (
            isinstance(value, Mapping) and all(way in ("up", "down") for way in value.values())
        ):
            yield Fault(
                "not_moves", msg("KPIs and up or down are needed here."), msg("Write {sales: up}.")
            ).at(at)


def _is_names(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _words(place: str, value: Any) -> Iterator[Issue]:
    if isinstance(value, str | int | float):
        return
    if not isinstance(value, Mapping) or not value:
        yield Fault("not_a_text", msg("A text is needed here."), msg("Write one text, in quotes.")).at(place)
        return
    for lang in value:
        if lang not in LANGS:
            yield Fault(
                "unknown_language",
                msg("{lang} is not a language of this program.", lang=str(lang)[:20]),
                msg("Give it as en, nb and ja."),
            ).at(f"{place}.{str(lang)[:20]}")


def _range(place: str, given: Mapping[str, Any]) -> Iterator[Issue]:
    bounds = given.get("range")
    if bounds is None:
        return
    fits = isinstance(bounds, list) and len(bounds) == 2
    if not fits or not all(one is None or isinstance(one, int | float) for one in bounds):
        yield Fault(
            "not_a_range", msg("A lowest and a highest value are needed here."), msg("Write [0, null].")
        ).at(f"{place}.range")
    elif None not in bounds and bounds[0] >= bounds[1]:
        yield Fault("empty_range", msg("The lowest value is not below the highest.")).at(f"{place}.range")


def words(value: Any) -> dict[str, str]:
    """A text in each language: the one given stands in for those that are missing.

    >>> words("Store kurver")["ja"], words({"en": "A", "nb": "B"})["ja"]
    ('Store kurver', 'A')
    """
    if not isinstance(value, Mapping):
        return dict.fromkeys(LANGS, str(value))
    known = {lang: str(value[lang]) for lang in LANGS if value.get(lang)}
    first = known.get("en") or next(iter(known.values()), "")
    return {lang: known.get(lang, first) for lang in LANGS}
