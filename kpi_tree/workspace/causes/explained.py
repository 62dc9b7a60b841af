"""Why a value differs, as every face shows it: the two sides, each driver's part, and one paragraph."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from kpi_tree.i18n import InLanguage, Msg, Quantity, apart, msg, translate
from kpi_tree.periods import Period
from kpi_tree.workspace.base.types import plain
from kpi_tree.workspace.judged.sides import Side

SAID = 3
"""How many drivers the paragraph names."""


@dataclass(frozen=True, slots=True)
class Part:
    """One driver's part of the difference.

    Attributes:
        id: of the node, ``calendar_days`` for periods of different length, or ``parent``'s own id where
            ``unexplained``. parent: the node it stands under.
        value: in the unit of the node explained; None where the formula has no value in between.
        share: of the difference; None where that is zero.
        before, after: the driver's own values, in its ``unit``.
        leaf: whether nothing below it is split further.
        mix, rate: of a ratio's segment: because its weight moved, and because its own ratio did.
        within: how far an estimated ``value`` may be off; 0 where it is exact.
        noise: whether its own change is no more than chance brings; None where too little history says.
        came: ``new`` or ``gone`` for a segment that is there on one side only.
        kind: ``flow`` for what adds up over days, ``rate`` or ``stock``.
    """

    id: str
    parent: str
    name: str | InLanguage | Msg
    owner: str
    value: float | None
    share: float | None
    before: float | None = None
    after: float | None = None
    unit: str | None = None
    unexplained: bool = False
    leaf: bool = False
    mix: float | None = None
    rate: float | None = None
    within: float = 0.0
    noise: bool | None = None
    came: str = ""
    kind: str = "flow"

    @property
    def calendar(self) -> bool:
        """Whether it stands for the calendar and no indicator."""
        return self.id.startswith("calendar_")


@dataclass(frozen=True, slots=True)
class Check:
    """The same value against other days: whether the biggest cause is the same.

    Attributes:
        span: the other days. delta: the difference from them. top: id of the biggest cause then; None where
            nothing moved. value: its part.
    """

    span: Period
    delta: float
    top: str | None
    name: str | InLanguage | Msg
    value: float
    same: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference and what it is made of; ``parts`` are parents before children.

    The leaves' values and what is unexplained add up to ``delta``. ``checks`` are against other days;
    ``noise`` says whether the whole difference is no more than chance brings.
    """

    node: str
    name: str | InLanguage
    unit: str | None
    currency: str | None
    direction: str
    before: Side
    after: Side
    parts: tuple[Part, ...]
    method: str
    notes: tuple[Msg, ...] = ()
    checks: tuple[Check, ...] = ()
    noise: bool | None = None

    @property
    def delta(self) -> float:
        """After less before."""
        return self.after.value - self.before.value

    @property
    def drivers(self) -> tuple[Part, ...]:
        """The leaves, one line each however many parents they have, the biggest first."""
        found: dict[str, list[Part]] = {}
        for part in self.parts:
            if part.leaf:
                found.setdefault(part.id, []).append(part)
        joined = [_joined(parts) for parts in found.values()]
        return tuple(sorted(joined, key=lambda part: (part.value is None, -abs(part.value or 0.0), part.id)))

    @property
    def unexplained(self) -> float | None:
        """What no formula explains, all together; None where a part has no value."""
        values = [part.value for part in self.parts if part.unexplained]
        known = [value for value in values if value is not None]
        return math.fsum(known) if len(known) == len(values) else None

    def words(self) -> list[Msg]:
        """The paragraph: what changed, what drove it most, and what stays unexplained."""
        said = [self._headline()]
        if self.noise:
            said.append(msg("A difference of this size is no more than chance brings."))
        drivers = [
            part for part in self.drivers if part.value is not None and abs(part.value) > self._small()
        ]
        for part in drivers[:SAID]:
            said.append(self._driver(part))
        rest = self.unexplained
        if rest is not None and abs(rest) > self._small():
            value = self._signed(rest)
            said.append(
                msg("The targets below do not cover {value} of it.", value=value)
                if self.before.kind == "path"
                else msg("The formulas do not explain {value}.", value=value)
            )
        return [*said, *self._checked()]

    def _checked(self) -> list[Msg]:
        """Whether the indicator that counts most does so beside these very days only."""
        top = next((part for part in self.drivers if not part.calendar), None)
        if top is None:
            return []
        return [
            msg("Beside {span} it is {name} too that counts most.", span=one.span, name=one.name)
            if one.same
            else msg("Beside {span} another one counts most: {name} ({value}).", span=one.span,
                     name=one.name, value=self._signed(one.value))
            for one in self.checks if one.top is not None
        ]  # fmt: skip

    def _small(self) -> float:
        """Half a percent of what moved: less is not worth a sentence."""
        return 0.005 * max((abs(part.value or 0.0) for part in self.parts), default=0.0)

    def _headline(self) -> Msg:
        now, then = (
            Quantity(value, self.unit, self.currency, beside=other)
            for value, other in ((self.after.value, self.before.value), (self.before.value, self.after.value))
        )
        parts: dict[str, Any] = {
            "name": self.name, "now": now, "then": then, "span": self.after.span, "other": self.before.span,
            "gap": self._signed(self.delta),
        }  # fmt: skip
        if self.before.kind == "path":
            return msg("{name}: {now} in {span}, where the path expects {then}: {gap}.", **parts)
        return msg("{name}: {now} in {span}, {then} in {other}: {gap}.", **parts)

    def _driver(self, part: Part) -> Msg:
        assert part.value is not None
        parts: dict[str, Any] = {"name": part.name, "value": self._signed(part.value)}
        if part.calendar or part.before is None or part.after is None:
            return msg("{name} made {value} of it.", **parts)
        then = Quantity(part.before, part.unit, self.currency, beside=part.after)
        now = Quantity(part.after, part.unit, self.currency, beside=part.before)
        if part.noise and not self.noise:
            return msg("{name} made {value} of it: {then} became {now}, no more than chance brings.",
                       then=then, now=now, **parts)  # fmt: skip
        return msg("{name} made {value} of it: {then} became {now}.", then=then, now=now, **parts)

    def _signed(self, value: float) -> Quantity:
        unit = apart(self.unit)
        return Quantity(value, unit, self.currency, signed=True)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON: the leaves as ``contributions``, all levels as ``tree``."""
        return {
            "node": self.node,
            "unit": self.unit,
            "method": self.method,
            "from": _side(self.before),
            "to": _side(self.after),
            "delta": plain(self.delta),
            "contributions": [_part(part, lang) for part in self.drivers],
            "unexplained": plain(self.unexplained),
            "tree": [_part(part, lang) for part in self.parts],
            "noise": self.noise,
            "checks": [_check(one, lang) for one in self.checks],
            "text": " ".join(translate(one, lang) for one in self.words()),
            "notes": [translate(note, lang) for note in self.notes],
        }


def _joined(parts: list[Part]) -> Part:
    values = [part.value for part in parts]
    if len(parts) == 1:
        return parts[0]
    known = [value for value in values if value is not None]
    shares = [part.share for part in parts if part.share is not None]
    whole = len(known) == len(values)
    return replace(
        parts[0],
        value=math.fsum(known) if whole else None,
        within=math.fsum(part.within for part in parts),
        share=math.fsum(shares) if whole and len(shares) == len(parts) else None,
    )


def in_words(name: str | InLanguage | Msg, lang: str) -> str:
    """A driver's name for a reader."""
    return name.in_language(lang) if isinstance(name, InLanguage) else translate(name, lang)


def _side(side: Side) -> dict[str, Any]:
    return {
        "kind": side.kind,
        "start": side.span.start.isoformat(),
        "end": side.span.end.isoformat(),
        "value": plain(side.value),
    }


def _check(one: Check, lang: str) -> dict[str, Any]:
    return {
        "start": one.span.start.isoformat(),
        "end": one.span.end.isoformat(),
        "delta": plain(one.delta),
        "top": one.top,
        "name": in_words(one.name, lang),
        "value": plain(one.value),
        "same": one.same,
    }


def _part(part: Part, lang: str) -> dict[str, Any]:
    return {
        "id": part.id,
        "name": in_words(part.name, lang),
        "parent": part.parent,
        "value": plain(part.value),
        "share": plain(part.share),
        "owner": part.owner,
        "before": plain(part.before),
        "after": plain(part.after),
        "unexplained": part.unexplained,
        "within": plain(part.within),
        "noise": part.noise,
        **({"came": part.came} if part.came else {}),
        **({"mix": plain(part.mix), "rate": plain(part.rate)} if part.mix is not None else {}),
    }
