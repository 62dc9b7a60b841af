"""What changed since a moment: statuses that turned, batches, edits of the plan, actions that were closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi_tree.store import Home, visits
from kpi_tree.workspace.acting.ledger import ActionView, actions
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import BatchView, JournalLine
from kpi_tree.workspace.drafting.past import history
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.intake.inbox_batches import batches
from kpi_tree.workspace.judged.lens import Lens
from kpi_tree.workspace.judged.nodeview import NodeView
from kpi_tree.workspace.judged.trees import seen_through

CLOSED = ("done", "dropped")


@dataclass(frozen=True, slots=True)
class Turned:
    """An indicator whose status is another one than it was."""

    node: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed since a moment.

    Attributes:
        turned: those that are there then and now, in the order of the tree.
        loaded: batches that came since and count, the newest first; edits: of the plan, the newest first.
        closed: actions that were done or dropped since; alerts are in the list of news.
    """

    since: datetime
    turned: tuple[Turned, ...] = ()
    loaded: tuple[BatchView, ...] = ()
    edits: tuple[JournalLine, ...] = ()
    closed: tuple[ActionView, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether all is as it was."""
        return not (self.turned or self.loaded or self.edits or self.closed)

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "since": self.since.isoformat(),
            "turned": [{"node": one.node, "before": one.before, "after": one.after} for one in self.turned],
            "batches": [one.to_dict() for one in self.loaded],
            "edits": [one.to_dict(lang) for one in self.edits],
            "closed": [one.to_dict(lang) for one in self.closed],
        }


@verb
def since_last_visit(
    home: Home, who: Asker, browser: str, *, at: date, now: datetime, plan_id: str | None = None
) -> Changed | None:
    """What changed since a browser's last visit, and remember this one; None on the first.

    A visit lasts while its looks are less than half an hour apart, so that a reload loses nothing of it.

    Args:
        browser: what tells this browser from others; without one nothing is remembered.
        at: the shop's day today.
    """
    if not browser:
        return None
    name = plan_id_of(home, plan_id)
    views = seen_through(home, name, at, Lens())
    seen = snapshot(views, actions(home, who, name, at=at))
    before = visits.note(home, browser[:80], name, seen, now=now)
    return None if before is None else changed(home, who, name, at, before.at, before.seen)


def snapshot(views: tuple[NodeView, ...], found: list[ActionView]) -> dict[str, Any]:
    """What a later visit is held against."""
    return {
        "status": {view.id: view.status for view in views if view.kind != "action"},
        "actions": {one.id: one.state for one in found},
    }


def changed(
    home: Home, who: Asker, plan_id: str, at: date, since: datetime, was: Mapping[str, Any]
) -> Changed:
    """What is not as it was at a moment.

    Args:
        was: as :func:`snapshot` made it then.
    """
    views = seen_through(home, plan_id, at, Lens())
    before, states = was.get("status", {}), was.get("actions", {})
    turned = [
        Turned(view.id, before[view.id], view.status)
        for view in views
        if view.id in before and before[view.id] != view.status
    ]
    closed = [
        one
        for one in actions(home, who, plan_id, at=at)
        if one.state in CLOSED and states.get(one.id, one.state) not in CLOSED
    ]
    lines = [line for line in history(home, who, plan_id) if line.at > since and not line.undone]
    return Changed(
        since,
        tuple(turned),
        tuple(one for one in batches(home, who) if one.at > since and one.active),
        tuple(line for line in lines if line.words),
        tuple(closed),
    )
