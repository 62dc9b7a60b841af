"""What became of a target: its versions with who, when and why; one brought back; a person's word on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import Msg, msg, translate
from kpi_tree.plan import edits as editing
from kpi_tree.plan.model import SAID_STATUSES, Plan, Target
from kpi_tree.plan.reading import target_from_dict
from kpi_tree.plan.target_reading import override_from
from kpi_tree.store import Home, journal
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.planning import plan_id_of
from kpi_tree.workspace.drafting.telling import nodes_over_time, words_of
from kpi_tree.workspace.targeting.aiming import target_in


@dataclass(frozen=True, slots=True)
class TargetVersion:
    """A target as it was from one revision of the plan on.

    Attributes:
        target: what it was; None where it was taken out.
        words: what was changed. why: the reason that was given.
    """

    revision: int
    at: datetime
    who: str
    action: str
    target: Target | None
    words: Msg
    why: str = ""
    current: bool = False

    def to_dict(self, lang: str = "en") -> dict[str, Any]:
        """For JSON."""
        return {
            "revision": self.revision,
            "at": self.at.isoformat(),
            "who": self.who,
            "action": self.action,
            "why": self.why,
            "changes": translate(self.words, lang),
            "current": self.current,
            "target": self.target.to_dict() if self.target else None,
        }


@verb
def target_versions(
    home: Home,
    who: Asker,  # noqa: ARG001
    target: str,
    *,
    plan_id: str | None = None,
) -> list[TargetVersion]:
    """Every version of a target, newest first, also of one that was taken out.

    Raises:
        NotFound: the plan never had such a target.
    """
    lines = kept.history(home, plan_id_of(home, plan_id))
    words = words_of(home, nodes_over_time(lines))
    found = [
        _version(line, edit, words)
        for line in lines
        for edit in _edits_of(line)
        if edit.get("target") == target
    ]
    if not found:
        raise NotFound(
            msg("There is no target {id}.", id=target[:80]), remedy=msg("Look at the plan's targets.")
        )
    return [replace(one, current=n == 0) for n, one in enumerate(reversed(found))]


def _edits_of(line: journal.Line) -> list[dict[str, Any]]:
    """The edits of targets in a line of the journal, those that a node came or went with too."""
    made = [
        {"op": "set_target", "target": one["id"], "before": None, "after": one}
        for one in line.change.get("plan", {}).get("targets", ())
    ]
    for edit in line.change.get("edits", ()):
        if edit["op"] in ("set_target", "remove_target"):
            made.append(edit)
        for one in edit.get("targets") or ():
            gone = edit["op"] == "remove_node"
            made.append({
                "op": "remove_target" if gone else "set_target", "target": one["id"],
                "before": one if gone else None, "after": None if gone else one,
            })  # fmt: skip
    return made


def _version(line: journal.Line, edit: dict[str, Any], words: Any) -> TargetVersion:
    why = str(edit.get("why") or "")
    bare = {name: value for name, value in edit.items() if name != "why"}
    after = edit.get("after")
    target = target_from_dict(after) if after else None
    return TargetVersion(
        line.revision, line.at, line.who, line.action, target, editing.describe(bare, words), why
    )


@verb
def restore_target(
    home: Home,
    who: Asker,
    target: str,
    revision: int,
    *,
    plan_id: str | None = None,
    why: str = "",
    now: datetime | None = None,
    base_revision: int | None = None,
) -> Plan:
    """A target again as it was from a revision of the plan on; one more change, which undo takes back.

    Raises:
        NotFound: no such target. Refused: it had no version then, or is like that already.
    """
    chosen = plan_id_of(home, plan_id)
    found = [one for one in target_versions(home, who, target, plan_id=chosen) if one.revision == revision]
    if not found or found[0].target is None:
        raise Refused(
            msg("The target has no version of revision {n}.", n=revision),
            place=target,
            remedy=msg("Look at its versions."),
        )
    if found[0].target == plan_cached(home, chosen).targets.get(target):
        raise Refused(
            msg("The target is like that already."), place=target, remedy=msg("Nothing needs doing.")
        )
    edit = {"op": "set_target", "target": target, "after": found[0].target.to_dict(), "why": why}
    return kept.edit(home, chosen, [edit], who=who.name, now=moment(now), base_revision=base_revision)


@verb
def say_status(
    home: Home,
    who: Asker,
    target: str,
    status: str | None,
    *,
    reason: str = "",
    until: date | None = None,
    plan_id: str | None = None,
    today: date,
    now: datetime | None = None,
    base_revision: int | None = None,
) -> Plan:
    """A person's word on how a target stands, shown beside the computed status and never in its place.

    Args:
        status: one of ``ahead on_track at_risk off_track achieved missed``; None takes the word back.
        reason: why; it is needed. until: the last day on which it is shown.

    Raises:
        NotFound: no such target. Refused: no such status, no reason, or a last day that is over.
    """
    plan = plan_cached(home, plan_id_of(home, plan_id))
    one = target_in(plan, target)
    said = None if status is None else _word(who, status, reason, until, today)
    if said is None and one.override is None:
        raise Refused(msg("Nobody has said anything of its status."), place=target)
    after = replace(one, override=said).to_dict()
    edit = {"op": "set_target", "target": target, "after": after}
    return kept.edit(home, plan.id, [edit], who=who.name, now=moment(now), base_revision=base_revision)


def _word(who: Asker, status: str, reason: str, until: date | None, today: date) -> Any:
    if status not in SAID_STATUSES:
        raise Refused(
            msg("{value} is not a status that a person can give.", value=status[:40]),
            place="status",
            remedy=msg("Choose one of {names}.", names=", ".join(SAID_STATUSES)),
        )
    if not reason.strip():
        raise Refused(
            msg("Why does it stand otherwise than computed?"),
            place="reason",
            remedy=msg("Give the reason in a few words."),
        )
    if until is None or until < today:
        raise Refused(
            msg("Until when does that hold?"),
            place="until",
            remedy=msg("Give a last day from {day} on.", day=today),
        )
    raw = {"status": status, "reason": reason.strip(), "who": who.name, "on": today, "until": until}
    return override_from(raw, "override")
