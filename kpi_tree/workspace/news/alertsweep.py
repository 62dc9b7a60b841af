"""One round of the alerts: look where something changed, tell what is to be told, send what waits."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kpi_tree.alerts import Quiet, Rule
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import LANGUAGES, translate
from kpi_tree.sources import Bounds, Schedule
from kpi_tree.store import Home, alertround, outbox
from kpi_tree.store.alertround import RuleLook, Saw
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment, today_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.trees import seen_through
from kpi_tree.workspace.news.alerting import rules_of
from kpi_tree.workspace.news.alertlooks import Looked, Looks
from kpi_tree.workspace.news.alertnews import send_views
from kpi_tree.workspace.news.alertposts import send_one, worker_name
from kpi_tree.workspace.news.alertviews import SendView

LOG = logging.getLogger("kpi_tree.workspace")
MOST = 50
"""Messages of one round; with so many the next one goes on."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: ``told`` things in the app, and the messages that this process sent or tried to."""

    told: int
    sends: tuple[SendView, ...]

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """The round for JSON."""
        return {"told": self.told, "messages": [one.to_dict(lang) for one in self.sends]}


@verb
def send_alerts(
    home: Home,
    who: Asker,  # noqa: ARG001
    *,
    now: datetime | None = None,
    bounds: Bounds | None = None,
    stop: threading.Event | None = None,
) -> Round:
    """Look at what the alerts wait for, tell what is to be told, and send what waits to be sent.

    Several processes may do this at once: each crossing is told once, each message leaves at most once. Where
    nothing changed since the last look, nothing is looked at.

    Args:
        stop: when set, no further message is begun.
    """
    begun, at = time.monotonic(), moment(now)

    def clock() -> datetime:
        return at + timedelta(seconds=time.monotonic() - begun)

    if home.read_only:
        return Round(0, ())
    told = _looked(home, at)
    zone = calendar_of(current_settings(home)).zone
    alertround.due_digests(home, at, lambda text, since: Schedule.parse(text).next_after(since, zone))
    within, done = bounds or Bounds.from_environment(), []
    for _ in range(MOST):
        if stop is not None and stop.is_set():
            break
        send = outbox.claim(home, worker=worker_name(), now=clock())
        if send is None:
            break
        send_one(home, send, clock=clock, bounds=within)
        done.append(send.id)
    return Round(told, tuple(one for one in send_views(home) if one.id in done))


def _looked(home: Home, now: datetime) -> int:
    """Look at each plan that has alerts, where something changed; how many things were told."""
    told = 0
    by_plan: dict[str, list[tuple[str, Rule]]] = {}
    for rule_id, rule in rules_of(home):
        by_plan.setdefault(rule.plan, []).append((rule_id, rule))
    zone = calendar_of(current_settings(home)).zone
    today = today_of(home, now)
    for plan_id, rules in by_plan.items():
        silent = [
            RuleLook(name, rule, (quiet := Quiet.parse(rule.quiet)) is not None and quiet.holds(now, zone))
            for name, rule in rules
        ]
        stands = alertround.basis(home, plan_id, today)
        if stands.known and not alertround.waiting(home, silent, now):
            continue
        looks = _with_sight(home, plan_id, silent, today)
        if looks is None:
            continue
        told += alertround.settle(home, plan_id, looks, stood_on=stands.text, day=today, now=now) or 0
    return told


def _with_sight(home: Home, plan_id: str, rules: Sequence[RuleLook], at: date) -> list[RuleLook] | None:
    """What the rules see; None for a plan that cannot be worked out now: it is looked at again soon."""
    try:
        seen = looks_at(home, plan_id, at)
        return [RuleLook(one.id, one.rule, one.quiet, saws(seen.of(one.rule))) for one in rules]
    except KpiTreeError:
        LOG.warning("A plan could not be looked at for its alerts", exc_info=True)
        return None


def looks_at(home: Home, plan_id: str, at: date) -> Looks:
    """A plan's tree on a day, as alerts look at it."""
    plan = plan_cached(home, plan_id)
    return Looks(home, plan, catalogue_of(home), seen_through(home, plan_id, at, Lens()), at)


def saws(looked: Mapping[str, Looked]) -> dict[str, Saw]:
    """What was seen, with its words in every language made when they are wanted."""
    return {node: Saw(one.sight, one.status, _words(one)) for node, one in looked.items()}


def _words(looked: Looked) -> Callable[[str | None], dict[str, dict[str, str]]]:
    def make(told: str | None) -> dict[str, dict[str, str]]:
        title = looked.title_after(told)
        return {
            lang: {"title": translate(title, lang), "text": translate(looked.text, lang)}
            for lang in LANGUAGES
        }

    return make
