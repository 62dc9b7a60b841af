"""Alerts as people set them: what to wait for, how often to tell, and by which way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kpi_tree.alerts import Rule, rule_from
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.plan.model import Plan
from kpi_tree.store import Home
from kpi_tree.store import alerts as kept
from kpi_tree.store.alerts import Kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import current_settings, moment
from kpi_tree.workspace.base.naming import name_of
from kpi_tree.workspace.base.nodes import find_node, unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planlist import plan_names
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.news.alertviews import AlertView

FIELDS = ("name", "kind", "node", "settings", "channels", "every_hours", "quiet", "paused")


@verb
def alerts(home: Home, who: Asker, plan_id: str | None = None) -> list[AlertView]:  # noqa: ARG001
    """The alerts, of one plan if asked, by name."""
    states = kept.states(home)
    names = {one.id: one.name for one in kept.every(home, "alert_channels")}
    found = [one for one in kept.every(home, "alert_rules") if plan_id in (None, one.spec["plan"])]
    return [_view(home, one, names, states.get(one.id, ())) for one in found]


@verb
def add_alert(
    home: Home,
    who: Asker,
    /,
    name: str,
    *,
    kind: str,
    plan_id: str | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> AlertView:
    """A new alert. What is so already is told with the next look, except of an alert on changes.

    Args:
        kind: ``status change threshold anomaly stale due``.
        fields: ``node`` (none: every indicator of the plan), ``settings`` as the kind needs them,
            ``channels`` (names or ids), ``every_hours``, ``quiet`` (``22:00-07:00``), ``paused``.

    Raises:
        NotFound: no such plan, node or channel.
        Refused: a value that cannot be, or a name that another one has.
    """
    said = {**fields, "name": name, "kind": kind, "plan": plan_id_of(home, plan_id)}
    rule = _checked(home, said)
    made = kept.add(home, "alert_rules", rule.to_dict(), who=who.name, now=moment(now))
    return _one(home, made)


@verb
def change_alert(
    home: Home, who: Asker, /, alert: str, *, now: datetime | None = None, **fields: Any
) -> AlertView:
    """Other values for some fields of an alert, as :func:`add_alert` takes them.

    Raises:
        NotFound: no such alert, node or channel. Refused: a value that cannot be.
    """
    before = kept.get(home, "alert_rules", alert)
    there = {one.id for one in kept.every(home, "alert_channels")}
    ways = [one for one in before.spec["channels"] if one in there]
    rule = _checked(home, {**before.spec, "channels": ways, **fields})
    done = kept.change(home, "alert_rules", before.id, rule.to_dict(), who=who.name, now=moment(now))
    return _one(home, done)


@verb
def remove_alert(home: Home, who: Asker, alert: str, *, now: datetime | None = None) -> None:
    """Take an alert away; what it told stays readable, and :func:`bring_alert_back` undoes it.

    Raises:
        NotFound: no such alert.
    """
    found = kept.get(home, "alert_rules", alert)
    kept.remove(home, "alert_rules", found.id, who=who.name, now=moment(now))


@verb
def bring_alert_back(home: Home, who: Asker, alert: str, *, now: datetime | None = None) -> AlertView:
    """An alert that was taken away, by its id or its name, again as it was.

    Raises:
        NotFound: none was taken away. Refused: another one has its name by now.
    """
    return _one(home, kept.bring_back(home, "alert_rules", alert, who=who.name, now=moment(now)))


def _checked(home: Home, said: Mapping[str, Any]) -> Rule:
    unknown = [name for name in said if name not in (*FIELDS, "plan")]
    if unknown:
        raise Refused(
            msg("An alert has no field {name}.", name=unknown[0][:40]),
            place=unknown[0][:40],
            remedy=msg("It has: {names}.", names=", ".join(FIELDS)),
        )
    ways = tuple(kept.get(home, "alert_channels", str(one)).id for one in said.get("channels") or ())
    rule = rule_from({**said, "channels": ways})
    plan = plan_cached(home, rule.plan)
    if rule.node is None and rule.kind == "threshold":
        raise Refused(
            msg("A value is of one indicator."), place="node", remedy=msg("Say which indicator it is.")
        )
    return rule_from({**rule.to_dict(), "node": find_node(plan, rule.node).id}) if rule.node else rule


def rules_of(home: Home) -> list[tuple[str, Rule]]:
    """Id and rule of every alert that is in force, of plans that are there."""
    there = plan_names(home)
    found = [(one.id, rule_from(one.spec)) for one in kept.every(home, "alert_rules")]
    return [(name, rule) for name, rule in found if rule.plan in there and not rule.paused]


def _one(home: Home, found: Kept) -> AlertView:
    names = {one.id: one.name for one in kept.every(home, "alert_channels")}
    return _view(home, found, names, kept.states(home).get(found.id, ()))


def _view(
    home: Home, found: Kept, names: Mapping[str, str], states: Sequence[Mapping[str, Any]]
) -> AlertView:
    rule = rule_from(found.spec)
    plan = plan_cached(home, rule.plan) if rule.plan in plan_names(home) else Plan(rule.plan)
    node = plan.nodes.get(rule.node or "")
    kpis = catalogue_of(home)
    told = [str(one["told_at"]) for one in states if one["told_at"]]
    return AlertView(
        id=found.id,
        rule=rule,
        node_name=name_of(node, kpis) if node else None,
        unit=unit_of(node, kpis) if node else None,
        currency=current_settings(home).currency or None,
        missing=bool(rule.node) and node is None,
        channels=tuple(names[one] for one in rule.channels if one in names),
        on=sum(one["state"] == "on" for one in states) if rule.kind != "change" else 0,
        unseen=sum(one["state"] == "no_data" for one in states),
        told_at=datetime.fromisoformat(max(told)) if told else None,
    )
