"""A scenario beside what is, as every face shows it: the result, what moves it, how sure, what cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kpi_tree.i18n import InLanguage, Msg, translate
from kpi_tree.periods import Period
from kpi_tree.workspace.base.types import plain


@dataclass(frozen=True, slots=True)
class Change:
    """One node's new value: itself, or so many times more or less (``0.1`` is ten percent more)."""

    value: float
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Lever:
    """A leaf: what it is, what it was made, and what its move by a tenth does to the top.

    Attributes:
        base: its value now. value: in the scenario.
        down, up: what a tenth less, and more, of it does to the top as it stands now.
        elasticity: percent of the top for a percent of the leaf.
        low, high: what its weeks ever were, over as many days as the scenario's; None with little history.
    """

    id: str
    name: str | InLanguage
    down: float | None
    up: float | None
    elasticity: float | None
    unit: str | None = None
    owner: str = ""
    base: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A value of a scenario that has never been (``outside_history``) or cannot be (``impossible``)."""

    id: str
    kind: str
    message: Msg


@dataclass(frozen=True, slots=True)
class Moved:
    """A node whose value the scenario changes; ``given`` if the person gave it, else its formula made it."""

    id: str
    name: str | InLanguage
    unit: str | None
    base: float
    value: float
    given: bool = False


@dataclass(frozen=True, slots=True)
class Aimed:
    """What the result is held against.

    Attributes:
        kind: ``target`` over its whole period, or ``path``: what the target expects by the same day.
        chance: how often draws reach it, 0 to 1; None without draws.
    """

    kind: str
    value: float
    chance: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"kind": self.kind, "value": plain(self.value), "chance": plain(self.chance)}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A scenario beside what is; amounts in the top's unit over ``span``.

    Attributes:
        levers: the leaves, the strongest first. moved: every node that is not as it was, the top included.
        p10, p50, p90, samples: of the draws; ``bins``: (low, high, how many) of them.
        withheld: why there are no draws.
    """

    node: str
    name: str | InLanguage
    unit: str | None
    currency: str | None
    span: Period
    base: float
    result: float | None
    levers: tuple[Lever, ...]
    flags: tuple[Flag, ...]
    moved: tuple[Moved, ...] = ()
    aimed: Aimed | None = None
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None
    samples: int = 0
    bins: tuple[tuple[float, float, int], ...] = ()
    withheld: Msg | None = None
    direction: str = "up"

    @property
    def change(self) -> float | None:
        """Result less base."""
        return None if self.result is None else self.result - self.base

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "node": self.node,
            "unit": self.unit,
            "period": {"start": self.span.start.isoformat(), "end": self.span.end.isoformat()},
            "base": plain(self.base),
            "result": plain(self.result),
            "change": plain(self.change),
            "sensitivity": [_lever(one, lang) for one in self.levers],
            "moved": [
                {"id": one.id, "name": said_name(one.name, lang), "base": plain(one.base),
                 "value": plain(one.value), "given": one.given}
                for one in self.moved
            ],
            "target": self.aimed.to_dict() if self.aimed else None,
            "distribution": {
                "p10": plain(self.p10), "p50": plain(self.p50), "p90": plain(self.p90),
                "samples": self.samples,
                "bins": [{"from": plain(low), "to": plain(high), "n": n} for low, high, n in self.bins],
                "withheld": translate(self.withheld, lang) if self.withheld else None,
            },
            "flags": [
                {"id": one.id, "kind": one.kind, "message": translate(one.message, lang)}
                for one in self.flags
            ],
        }  # fmt: skip


def _lever(one: Lever, lang: str) -> dict[str, Any]:
    numbers = ("base", "value", "down", "up", "elasticity", "low", "high")
    made = {name: plain(getattr(one, name)) for name in numbers}
    return {"id": one.id, "name": said_name(one.name, lang), "owner": one.owner, "unit": one.unit, **made}


def said_name(name: str | InLanguage, lang: str) -> str:
    """A name for a reader."""
    return name if isinstance(name, str) else name.in_language(lang)
