"""The values of an edit as people read them: words for codes, names for ids, numbers with their unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kpi_tree.i18n import InLanguage, Msg, Quantity, format_number, language_of, msg, translate
from kpi_tree.plan.completion import readable
from kpi_tree.plan.formula_parser import FormulaError, parse

LONGEST = 120

FIELD_WORDS: Mapping[str, Msg] = {
    "name": msg("name"),
    "kind": msg("kind"),
    "kpi": msg("KPI from the catalogue"),
    "formula": msg("formula"),
    "unit": msg("unit"),
    "direction": msg("direction"),
    "rollup": msg("rollup"),
    "low": msg("lower end"),
    "high": msg("upper end"),
    "owner": msg("owner"),
    "informed": msg("people informed"),
    "notes": msg("notes"),
    "order": msg("place in the row"),
    "assumption": msg("assumption"),
    "start": msg("start"),
    "due": msg("due day"),
    "state": msg("state"),
    "expected_effect": msg("expected effect"),
    "cost": msg("cost"),
    "effort": msg("hours of work"),
    "effect_delay": msg("days before it shows"),
    "effect_days": msg("days in the window"),
    "effect_course": msg("course of the effect"),
    "confidence": msg("confidence"),
    "links": msg("links"),
    "action_kind": msg("kind of action"),
    "needs": msg("actions needed first"),
    "excludes": msg("actions ruled out by it"),
    "control": msg("segment to compare with"),
    "experiment": msg("experiment"),
    "tags": msg("tags"),
    "sign": msg("direction of the influence"),
    "strength": msg("strength"),
    "lag": msg("lag"),
    "hypothesis": msg("hypothesis"),
    "who": msg("who believes it"),
    "tested": msg("experiments"),
    "language": msg("language"),
    "events": msg("known events"),
    "capacity": msg("what people can carry"),
    "capacity_unit": msg("unit of what people can carry"),
}

_CODES: Mapping[str, Mapping[Any, Msg]] = {
    "kind": {
        "kgi": msg("goal"),
        "kpi": msg("KPI"),
        "action": msg("action"),
        "formula": msg("part of the formula"),
        "influence": msg("influence"),
        "guardrail": msg("guardrail"),
        "supports": msg("support"),
    },
    "direction": {"up": msg("higher"), "down": msg("lower"), "range": msg("within bounds")},
    "rollup": {
        "sum": msg("the sum"),
        "ratio": msg("sum above over sum below"),
        "distinct": msg("different ones, counted once"),
        "last": msg("the value at its end"),
        "mean": msg("the average"),
        "median": msg("the median"),
        "table": msg("a table"),
    },
    "status": {
        "ahead": msg("ahead"),
        "on_track": msg("on track"),
        "at_risk": msg("at risk"),
        "off_track": msg("off track"),
        "achieved": msg("achieved"),
        "missed": msg("missed"),
    },
    "target_kind": {
        "goal": msg("goal"),
        "floor": msg("floor"),
        "stretch": msg("stretch"),
        "guardrail": msg("guardrail"),
    },
    "state": {
        "planned": msg("planned"),
        "doing": msg("being done"),
        "done": msg("done"),
        "dropped": msg("dropped"),
    },
    "effect_course": {"lasting": msg("lasting"), "fading": msg("fading")},
    "sign": {1: msg("rises with it"), -1: msg("falls when it rises"), 0: msg("not known")},
    "strength": {"weak": msg("weak"), "medium": msg("medium"), "strong": msg("strong")},
    "trajectory": {
        "linear": msg("evenly"),
        "step": msg("at once"),
        "last_year": msg("as last year"),
        "weights": msg("by weekday and month"),
        "custom": msg("drawn by hand"),
    },
}


def choice_words(field: str, value: Any) -> Msg | str:
    """The words of a code that a field of nodes, lines and targets may hold; else the value as text.

    >>> str(choice_words("state", "doing")), choice_words("state", "odd")
    ('being done', 'odd')
    """
    return _CODES.get(field, {}).get(value, str(value))


_AMOUNTS = ("low", "high", "assumption")


@dataclass(frozen=True)
class Words:
    """What edits are told with; each name is a text or writes itself in the reader's language.

    Attributes:
        names: node id → its name. ``kpis``: catalogue id → name.
        units: node id → unit and currency, for amounts.
    """

    names: Mapping[str, Any] = field(default_factory=dict)
    kpis: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def name(self, node: Any) -> Any:
        """A node's name; its id where nobody knows it."""
        return self.names.get(str(node)) or str(node)

    def stored(self, node: Mapping[str, Any] | None, node_id: Any) -> Any:
        """The name that a node had in an edit: as then, a KPI's own name in the reader's language."""
        then = str((node or {}).get("name") or "")
        known = self.names.get(str(node_id))
        own = self.kpis.get(str((node or {}).get("kpi")))
        for one in (known, own):
            if one is not None and then in _every_spelling(one):
                return one
        return then or known or str(node_id)

    def amount(self, node: Any, value: Any) -> Any:
        """A number in the unit of a node."""
        unit, currency = self.units.get(str(node), (None, None))
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        return Quantity(float(value), unit, currency) if plain and unit else value

    def value(self, field_name: str, value: Any, node: Any = None) -> Any:
        """A field's value for a message.

        >>> str(Words().value("direction", "down")), Words(kpis={"sales": "Sales"}).value("kpi", "sales")
        ('lower', 'Sales')
        """
        if field_name in ("needs", "excludes") and isinstance(value, list | tuple):
            return Joined(tuple(self.name(part) for part in value), ", ")
        if field_name == "confidence" and isinstance(value, int | float):
            return Quantity(float(value), "percent")
        if isinstance(value, list | tuple):
            return ", ".join(str(part) for part in value)
        known = _CODES.get(field_name, {})
        if isinstance(value, str | int) and value in known:
            return known[value]
        if field_name == "kpi":
            return self.kpis.get(str(value), str(value))
        if field_name == "formula":
            return ReadableFormula(str(value), {**self.kpis, **self.names})
        if field_name in ("start", "due"):
            with suppress(ValueError, TypeError):
                return date.fromisoformat(value)
        if field_name in _AMOUNTS:
            return self.amount(node, value)
        if field_name == "cost" and isinstance(value, int | float):
            return Quantity(float(value), "money", next((one for _, one in self.units.values() if one), None))
        if field_name == "expected_effect" and isinstance(value, int | float):
            return Figures(float(value))
        if isinstance(value, str) and len(value) > LONGEST:
            return f"{value[: LONGEST - 1]}…"
        return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _every_spelling(name: Any) -> set[str]:
    if isinstance(name, InLanguage):
        return {name.in_language(lang) for lang in ("en", "nb", "ja")} | {getattr(name, "stored", "")}
    return {str(name)}


@dataclass(frozen=True, slots=True)
class Figures:
    """A number of no known unit: as many decimals as three figures need, since it may be a share.

    >>> str(Figures(0.0012)), str(Figures(1500.0)), Figures(0.5).in_language("nb")
    ('0.0012', '1,500', '0,5')
    """

    value: float

    def in_language(self, lang: str) -> str:
        """The number in a language."""
        shown = float(f"{self.value:.3g}") if abs(self.value) < 100 else round(self.value)
        decimals = next((n for n in range(12) if round(shown, n) == shown), 12)
        return format_number(shown, language_of(lang), decimals=decimals)

    def __str__(self) -> str:
        return self.in_language("en")


@dataclass(frozen=True, slots=True)
class ReadableFormula:
    """A formula with names for its ids; one that cannot be read as it was typed."""

    text: str
    names: Mapping[str, Any]

    def in_language(self, lang: str) -> str:
        """The formula in a language."""
        try:
            expr = parse(self.text)
        except FormulaError:
            return self.text
        words = {
            name: told.in_language(language_of(lang)) if isinstance(told, InLanguage) else str(told)
            for name in expr.names
            if (told := self.names.get(name))
        }
        return readable(expr, words)

    def __str__(self) -> str:
        return self.in_language("en")


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts or names with a sign between them."""

    parts: tuple[Any, ...]
    sign: str = " → "

    def in_language(self, lang: str) -> str:
        """The whole in a language."""
        return self.sign.join(
            part.in_language(language_of(lang)) if isinstance(part, InLanguage) else str(part)
            for part in self.parts
        )

    def __str__(self) -> str:
        return self.in_language("en")


@dataclass(frozen=True, slots=True)
class Capital:
    """A message that begins a sentence: its first letter is raised after the translation."""

    text: Msg

    def in_language(self, lang: str) -> str:
        """The message in a language."""
        words = translate(self.text, lang)
        return words[:1].upper() + words[1:]

    def __str__(self) -> str:
        return self.in_language("en")


def chain(parts: Iterable[Any]) -> Joined:
    """Names in a row, each leading to the next."""
    return Joined(tuple(parts))
