"""Rules: what to wait for, and how often to tell of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kpi_tree.alerts.quiet import Quiet
from kpi_tree.errors import Refused
from kpi_tree.i18n import Msg, msg

KINDS: Mapping[str, Msg] = {
    "status": msg("The status gets bad"),
    "change": msg("The status changes"),
    "threshold": msg("A value is passed"),
    "anomaly": msg("A day is far from the forecast"),
    "stale": msg("The numbers get old"),
    "due": msg("A target is due soon"),
}
STATUSES = (
    "ahead", "on_track", "at_risk", "off_track", "achieved", "missed", "achieved_at_cost", "too_early",
    "stale", "no_data",
)  # fmt: skip
BAD = ("at_risk", "off_track", "missed", "achieved_at_cost")
LONGEST_PAUSE = 24 * 366
LONGEST_NAME = 80
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "status": ("statuses",),
    "change": (),
    "threshold": ("above", "below"),
    "anomaly": ("level",),
    "stale": ("days",),
    "due": ("days",),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What to wait for.

    Args:
        node: the indicator; None for every one of the plan.
        settings: what its kind needs: ``statuses``, ``above`` or ``below`` (in the indicator's own unit, a
            percentage as a share), ``level`` of the interval, ``days``.
        channels: ids of the channels beside the app itself.
        every_hours: the least time between two tellings about one indicator.
        quiet: hours in which nobody is told, as ``22:00-07:00`` on the shop's clock; empty for none.
    """

    name: str
    kind: str
    plan: str
    node: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    every_hours: float = 24.0
    quiet: str = ""
    paused: bool = False

    @property
    def pause(self) -> timedelta:
        """The least time between two tellings."""
        return timedelta(hours=self.every_hours)

    def to_dict(self) -> dict[str, Any]:
        """The rule as JSON data; :func:`rule_from` reads it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "plan": self.plan,
            "node": self.node,
            "settings": dict(self.settings),
            "channels": list(self.channels),
            "every_hours": self.every_hours,
            "quiet": self.quiet,
            "paused": self.paused,
        }


def rule_from(said: Mapping[str, Any]) -> Rule:
    """A rule from what somebody typed or from what was kept.

    Raises:
        Refused: a name, kind, number or span that cannot be.

    >>> rule_from({"name": "Sales", "kind": "due", "plan": "p", "settings": {"days": 7}}).settings
    {'days': 7}
    """
    kind = str(said.get("kind", ""))
    if kind not in KINDS:
        raise _no(
            msg("There is no kind of alert {value}.", value=kind[:40]),
            "kind",
            msg("Choose one of {names}.", names=", ".join(KINDS)),
        )
    hours = _number(said.get("every_hours", 24), "every_hours", 0, LONGEST_PAUSE)
    quiet = Quiet.parse(str(said.get("quiet") or ""))
    return Rule(
        name=name_from(said.get("name", "")),
        kind=kind,
        plan=str(said.get("plan", "")),
        node=str(said["node"]) if said.get("node") else None,
        settings=_settings(kind, said.get("settings") or {}),
        channels=tuple(dict.fromkeys(str(one) for one in said.get("channels") or ())),
        every_hours=hours,
        quiet=quiet.text if quiet else "",
        paused=bool(said.get("paused", False)),
    )


def name_from(said: Any) -> str:
    """A name in one line.

    Raises:
        Refused: none, too long, or with letters that cannot be seen.
    """
    name = " ".join(str(said or "").split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise _no(
            msg("A name of at most {n} letters is needed.", n=LONGEST_NAME),
            "name",
            msg("Say in a few words what it is about."),
        )
    return name


def _settings(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name, value in said.items() if name not in _NEEDS[kind] and value not in (None, "")]
    if unknown:
        raise _no(
            msg("{name} says nothing to an alert of this kind.", name=unknown[0][:40]),
            "settings",
            msg("It takes: {names}.", names=", ".join(_NEEDS[kind]) or "–"),
        )
    if kind == "status":
        return {"statuses": _statuses(said.get("statuses") or BAD)}
    if kind == "threshold":
        return _threshold(said)
    if kind == "anomaly":
        return {"level": _number(said.get("level") or 0.95, "level", 0.5, 0.99)}
    if kind in ("stale", "due"):
        usual = 3 if kind == "stale" else 7
        found = said.get("days")
        return {"days": int(_number(usual if found in (None, "") else found, "days", 0, 3650))}
    return {}


def _statuses(said: Any) -> list[str]:
    asked = [said] if isinstance(said, str) else [str(one) for one in said]
    for one in asked:
        if one not in STATUSES:
            raise _no(
                msg("There is no status {value}.", value=one[:40]),
                "statuses",
                msg("Choose one of {names}.", names=", ".join(STATUSES)),
            )
    return [one for one in STATUSES if one in asked]


def _threshold(said: Mapping[str, Any]) -> dict[str, Any]:
    given = [name for name in ("above", "below") if said.get(name) not in (None, "")]
    if len(given) != 1:
        raise _no(
            msg("Say one value: above which, or below which."),
            "threshold",
            msg("Give either above or below."),
        )
    return {given[0]: _number(said[given[0]], given[0], -1e18, 1e18)}


def _number(said: Any, place: str, low: float, high: float) -> float:
    try:
        found = float(said)
    except (TypeError, ValueError):
        found = math.nan
    if not (math.isfinite(found) and low <= found <= high):
        raise _no(
            msg("{value} does not suit this setting.", value=str(said)[:40]),
            place,
            msg("Give a number from {low} to {high}.", low=low, high=high),
        )
    return found


def _no(message: Msg, place: str, remedy: Msg) -> Refused:
    return Refused(message, place=place, remedy=remedy)
