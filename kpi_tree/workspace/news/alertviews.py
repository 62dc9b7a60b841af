"""What the verbs on alerts hand back: plain, frozen, ready for JSON, and without anything secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kpi_tree.alerts import KINDS, Rule
from kpi_tree.analysis.verdict import STATUS_NAMES
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import InLanguage, Msg, Quantity, msg, nmsg, translate

SEND_STATES: Mapping[str, Msg] = {
    "waiting": msg("Waiting"),
    "claimed": msg("On its way"),
    "leaving": msg("On its way"),
    "sent": msg("Sent"),
    "failed": msg("Not sent"),
    "unknown": msg("Perhaps not sent"),
}


@dataclass(frozen=True, slots=True)
class _Listed:
    """Several statuses as a reader says them."""

    names: tuple[str, ...]

    def in_language(self, lang: str) -> str:
        return ", ".join(translate(STATUS_NAMES[one], lang) for one in self.names)


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as a list shows it.

    Attributes:
        node_name: the indicator's name; None for every one of the plan.
        missing: it is not in the plan any more.
        on: how many indicators it is so of now; unseen: of how many the last look could not say.
        told_at: when somebody was told last. channels: names of its channels.
    """

    id: str
    rule: Rule
    node_name: InLanguage | None
    unit: str | None
    currency: str | None
    missing: bool
    channels: tuple[str, ...]
    on: int = 0
    unseen: int = 0
    told_at: datetime | None = None

    def words(self) -> Msg:
        """What it waits for, in a few words."""
        rule, said = self.rule, self.rule.settings
        if rule.kind == "status":
            return msg("when it is one of: {statuses}", statuses=_Listed(tuple(said["statuses"])))
        if rule.kind == "threshold":
            limit = said.get("above") if said.get("above") is not None else said.get("below")
            value = Quantity(limit, self.unit, self.currency)
            if said.get("above") is not None:
                return msg("when it is above {value}", value=value)
            return msg("when it is below {value}", value=value)
        if rule.kind == "anomaly":
            return msg(
                "when a day lies outside of where {n} of 100 were to lie", n=round(said["level"] * 100)
            )
        if rule.kind == "stale":
            days = int(said["days"])
            return nmsg("when the last numbers are older than {n} day",
                        "when the last numbers are older than {n} days", days)  # fmt: skip
        if rule.kind == "due":
            days = int(said["days"])
            return nmsg("{n} day before the end of a target that is not reached",
                        "{n} days before the end of a target that is not reached", days)  # fmt: skip
        return msg("each time its status changes")

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The alert for JSON."""
        return {
            "id": self.id,
            **self.rule.to_dict(),
            "channels": list(self.channels),
            "kind_name": translate(KINDS[self.rule.kind], lang),
            "node_name": self.node_name.in_language(lang) if self.node_name else None,
            "words": translate(self.words(), lang),
            "missing": self.missing,
            "on": self.on,
            "unseen": self.unseen,
            "told_at": _iso(self.told_at),
        }


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel as a list shows it; ``ready`` is False where its password or address has to be set again."""

    id: str
    name: str
    kind: str
    where: str
    ready: bool
    settings: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The channel for JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "where": self.where,
            "ready": self.ready,
            "settings": dict(self.settings),
        }


@dataclass(frozen=True, slots=True)
class NewsView:
    """One thing that was told in the app."""

    id: int
    at: datetime
    alert: str
    plan: str
    node: str
    status: str
    words: Mapping[str, Mapping[str, str]]
    unread: bool

    def title(self, lang: str) -> str:
        """What is so."""
        return str((self.words.get(lang) or self.words["en"])["title"])

    def text(self, lang: str) -> str:
        """Why."""
        return str((self.words.get(lang) or self.words["en"])["text"])

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The news for JSON."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "alert": self.alert,
            "plan": self.plan,
            "node": self.node,
            "status": self.status,
            "title": self.title(lang),
            "text": self.text(lang),
            "unread": self.unread,
        }


@dataclass(frozen=True, slots=True)
class SendView:
    """A message to a channel and how it went. ``state``: one of :data:`SEND_STATES`."""

    id: int
    title: str
    channel: str
    state: str
    attempts: int
    at: datetime
    next_try: datetime | None
    problem: KpiTreeError | None

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The message for JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "channel": self.channel,
            "state": self.state,
            "attempts": self.attempts,
            "at": self.at.isoformat(),
            "next_try": _iso(self.next_try),
            "problem": self.problem.to_dict(lang) if self.problem else None,
        }


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest that goes out by itself."""

    id: str
    name: str
    plan: str
    channel: str
    schedule: str
    next_run: datetime | None

    def to_dict(self) -> dict[str, Any]:
        """The digest for JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "plan": self.plan,
            "channel": self.channel,
            "schedule": self.schedule,
            "next_run": _iso(self.next_run),
        }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
