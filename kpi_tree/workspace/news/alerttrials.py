"""The test button: a message now, by every way, whatever pause or quiet hours say."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi_tree.alerts import rule_from
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import LANGUAGES, Msg, msg, translate
from kpi_tree.sources import Bounds
from kpi_tree.store import Home
from kpi_tree.store import alerts as kept
from kpi_tree.store.alerts import Kept
from kpi_tree.store.outbox import Send
from kpi_tree.workspace.base.homes import moment, today_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.news.alertposts import deliver, message_of
from kpi_tree.workspace.news.alertsweep import looks_at, saws

MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a test: by each channel the problem, or None where it went through.

    Attributes:
        on: of how many indicators what the alert waits for is so now; looked: of how many it could be said.
    """

    ways: tuple[tuple[str, KpiTreeError | None], ...]
    on: int = 0
    looked: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return all(problem is None for _, problem in self.ways)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "ok": self.ok,
            "on": self.on,
            "looked": self.looked,
            "channels": [
                {"channel": name, "problem": problem.to_dict(lang) if problem else None}
                for name, problem in self.ways
            ],
        }


@verb
def try_alert(
    home: Home,
    who: Asker,  # noqa: ARG001
    alert: str,
    *,
    now: datetime | None = None,
    bounds: Bounds | None = None,
) -> Tried:
    """Look now, and send what would be said by every channel of the alert; nothing is remembered of it.

    Raises:
        NotFound: there is no such alert, or its plan is gone.
    """
    at = moment(now)
    found = kept.get(home, "alert_rules", alert)
    rule = rule_from(found.spec)
    seen = saws(looks_at(home, rule.plan, today_of(home, at)).of(rule))
    known = {node: saw for node, saw in seen.items() if saw.sight.on is not None}
    on = {node: saw for node, saw in known.items() if saw.sight.on}
    shown = list((on or known or seen).items())[:MOST_SHOWN]
    lines = [{"node": node, "status": saw.status, "words": saw.words(None)} for node, saw in shown]
    content = {
        "kind": "test", "rule": rule.name, "plan": rule.plan,
        "lines": lines or [_plain(msg("There is no indicator here that it looks at."))],
    }  # fmt: skip
    ways = {one.id: one for one in kept.every(home, "alert_channels")}
    tried = [_try(home, ways[one], content, at, bounds) for one in rule.channels if one in ways]
    return Tried(tuple(tried), len(on) if rule.kind != "change" else 0, len(known))


@verb
def try_channel(
    home: Home,
    who: Asker,  # noqa: ARG001
    channel: str,
    *,
    now: datetime | None = None,
    bounds: Bounds | None = None,
) -> Tried:
    """Send a message by a channel now.

    Raises:
        NotFound: there is no such channel.
    """
    found = kept.get(home, "alert_channels", channel)
    line = _plain(msg("If you read this, messages arrive."))
    content = {"kind": "test", "rule": found.name, "plan": "", "lines": [line]}
    return Tried((_try(home, found, content, moment(now), bounds),))


def _plain(title: Msg) -> dict[str, Any]:
    words = {lang: {"title": translate(title, lang), "text": ""} for lang in LANGUAGES}
    return {"node": "", "status": "", "words": words}


def _try(
    home: Home, channel: Kept, content: Mapping[str, Any], at: datetime, bounds: Bounds | None
) -> tuple[str, KpiTreeError | None]:
    send = Send(0, secrets.token_hex(12), channel.id, None, content, "claimed", 1, at, at, None, None)
    try:
        deliver(
            home, channel, message_of(home, channel, send, at), now=at,
            bounds=bounds or Bounds.from_environment(), about_to=lambda: True,
        )  # fmt: skip
    except KpiTreeError as error:
        return channel.name, error
    return channel.name, None
