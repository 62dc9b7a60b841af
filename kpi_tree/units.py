"""Units of business figures: money, shares, time, and counts of something (an order is not a session).

Unit texts are read by pint, whose registry learns every thing that is counted as a dimension of its own, so
that sessions × orders/session × NOK/order comes out as NOK and nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

from kpi_tree import yamlfiles
from kpi_tree.counted import counted, plain_number, thing_of
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg

if TYPE_CHECKING:
    import pint

_PLAIN = ("count", "ratio", "percent", "%", "1", "", "share", "number")
_TIME = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}
_CURRENCY = re.compile(r"[A-Z]{3}")
_WORD = re.compile(r"[^\W\d_]\w*")
# Things, 1, multiplication, division, brackets and small powers: nothing that could take long to work out.
_SHAPE = re.compile(r"(?:[^\W\d_]\w*|\b1\b|(?<=\S)\^[1-9]\b|[\s*/()])+")
_SIGNS = {r"\bkr\b\.?": "money", "€": "EUR", r"\$": "USD", "£": "GBP", "[¥円]": "JPY"}
MAX_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as powers of what it is made of.

    Attributes:
        powers: (thing, exponent), sorted; empty for a plain number or share.
        factor: size against the base of its kind (a minute is 60 seconds).
        text: how a person wrote it; empty for a computed one.
    """

    powers: tuple[tuple[str, int], ...] = ()
    factor: float = 1.0
    text: str = ""

    def __mul__(self, other: Unit) -> Unit:
        return Unit(_added(self.powers, other.powers, 1), self.factor * other.factor)

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(_added(self.powers, other.powers, -1), self.factor / other.factor)

    def same_kind(self, other: Unit) -> bool:
        """Whether the two can be added at all; ``money`` goes with any one currency."""
        if self.powers == other.powers:
            return True
        return _loose(self.powers) == _loose(other.powers) and _one_is_any_money(self.powers, other.powers)

    def __str__(self) -> str:
        return self.text or _words(self, "en", several=False)

    def in_language(self, lang: str) -> str:
        """For people: what it is made of, in their words.

        >>> parse_unit("orders per session").in_language("en"), PLAIN.in_language("en")
        ('orders/session', 'plain number')
        """
        return self.words(lang)

    def words(self, lang: str, currency: str | None = None) -> str:
        """What it is made of, several above the line and one below; ``currency`` in place of *money*.

        >>> parse_unit("money/order").words("en", "NOK"), parse_unit("ticket").words("en")
        ('NOK/order', 'tickets')
        """
        if self.text.strip() in ("percent", "%"):
            return "%"
        return _words(self, lang, several=True, currency=currency)


PLAIN = Unit()


def _added(
    left: tuple[tuple[str, int], ...], right: tuple[tuple[str, int], ...], sign: int
) -> tuple[tuple[str, int], ...]:
    powers = dict(left)
    for thing, power in right:
        powers[thing] = powers.get(thing, 0) + sign * power
    return tuple(sorted((thing, power) for thing, power in powers.items() if power))


def _loose(powers: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(("money" if _CURRENCY.fullmatch(thing) else thing, power) for thing, power in powers))


def _one_is_any_money(left: tuple[tuple[str, int], ...], right: tuple[tuple[str, int], ...]) -> bool:
    """Two different currencies never go together; money without a name goes with either."""
    named = {thing for thing, _ in (*left, *right) if _CURRENCY.fullmatch(thing)}
    return len(named) == 1


def _words(unit: Unit, lang: str, *, several: bool, currency: str | None = None) -> str:
    def named(thing: str, power: int, many: bool) -> str:
        return _power(counted(_sized(thing, unit), lang, several=many, currency=currency), power)

    above = [named(thing, power, several) for thing, power in unit.powers if power > 0]
    below = [named(thing, -power, False) for thing, power in unit.powers if power < 0]
    text = "·".join(above) or ("1" if below else plain_number(lang))
    return f"{text}/{'/'.join(below)}" if below else text


def _sized(thing: str, unit: Unit) -> str:
    """Seconds under the name of the size they come in, where time is all there is to the size."""
    if thing != "second":
        return thing
    power = dict(unit.powers)["second"]
    return next((name for name, size in _TIME.items() if size**power == unit.factor), "second")


def _power(thing: str, power: int) -> str:
    return thing if power == 1 else f"{thing}^{power}"


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    registry.define("second = [time] = s")
    for name, size in _TIME.items():
        if name != "second":
            registry.define(f"{name} = {size} * second")
    return registry


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """Reads a unit: ``NOK/order``, ``sessions``, ``orders per session``, ``percent``, ``minutes``, ``money``.

    Raises:
        Refused: it is too long or no unit.

    >>> str(parse_unit("sessions") * parse_unit("orders per session") * parse_unit("NOK/order"))
    'NOK'
    >>> parse_unit("hours").factor, parse_unit("percent") == parse_unit("ratio")
    (3600.0, False)
    """
    plain = text.strip()
    if plain.lower() in _PLAIN:
        return Unit(text=plain or "ratio")
    if len(plain) > MAX_LENGTH:
        raise Refused(
            msg("The unit is {n} characters long; the limit is {limit}.", n=len(plain), limit=MAX_LENGTH),
            place=plain[:40],
            remedy=msg("Write it as NOK/order."),
        )
    ready = re.sub(r"\bper\b|÷", "/", plain.replace("×", "*").replace("·", "*").replace("%", "1"))
    for sign, money in _SIGNS.items():
        ready = re.sub(sign, money, ready)
    if not _SHAPE.fullmatch(ready):
        raise _no_unit(plain)
    return _measured(re.sub(r"\^", "**", _WORD.sub(_known_word, ready)), plain)


def _measured(ready: str, text: str) -> Unit:
    """What pint makes of a text that holds known words and operators only."""
    import pint

    try:
        quantity = _registry().parse_expression(ready)
    except (pint.PintError, ArithmeticError, AssertionError, SyntaxError, TokenError, TypeError, ValueError):
        raise _no_unit(text) from None
    if isinstance(quantity, int | float):
        return Unit(factor=float(quantity), text=text)
    base: Any = quantity.to_base_units()
    powers = tuple(
        sorted((_things.get(str(thing), str(thing)), int(power)) for thing, power in base.unit_items())
    )
    return Unit(powers, float(base.magnitude), text)


def _no_unit(text: str) -> Refused:
    return Refused(
        msg("{text} is not a unit.", text=text[:40]),
        place=text[:40],
        remedy=msg("Write it as NOK/order or minutes."),
    )


_things: dict[str, str] = {}
"""The registry's name for a thing → the thing. Names of ours, so that none means something to pint itself."""


def _known_word(match: re.Match[str]) -> str:
    """A word as the registry knows it: things in the singular, each taught the first time it is met."""
    word = match.group()
    if word.lower() in _PLAIN:
        return "1"
    name = word if _CURRENCY.fullmatch(word) else thing_of(word) or singular(word.lower())
    if name in _TIME:
        return name
    known = f"thing_{name.encode().hex()}"
    if known not in _things:
        _registry().define(f"{known} = [{known}_]")
        _things[known] = name
    return known


def singular(word: str) -> str:
    """A thing in the singular, so that ``orders`` and ``order`` are one unit.

    >>> singular("sessions"), singular("boxes"), singular("categories"), singular("process"), singular("day")
    ('session', 'box', 'category', 'process', 'day')
    """
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if re.search(r"(?:x|ch|sh|ss)es$", word):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


@lru_cache(maxsize=1)
def catalogue_units() -> dict[str, Unit]:
    """Catalogue id → its unit with what is counted: a conversion rate is orders per session."""
    loaded: dict[str, str] = yamlfiles.load(Path(__file__).parent / "plan" / "kpi_units.yaml")
    return {kpi: parse_unit(str(unit)) for kpi, unit in loaded.items()}
