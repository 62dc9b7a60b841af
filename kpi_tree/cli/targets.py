"""Commands on targets: target list, set, copy, versions, restore, remove, status, weights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import click

from kpi_tree.cli.face import Day, Face, common, none_yet
from kpi_tree.cli.targetfields import WORDS, amounts_of, baseline_of, points_of, weights_of
from kpi_tree.i18n import Quantity, format_date, format_datetime, msg, pmsg, translate

PATHS = ("linear", "step", "last_year", "weights", "custom")
KINDS = ("goal", "floor", "stretch", "guardrail")
STATUSES = ("ahead", "on_track", "at_risk", "off_track", "achieved", "missed")
plan_option = click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
why_option = click.option("--why", default="", metavar="TEXT", help="The reason, kept with who and when.")


@click.group()
@common
def target() -> None:
    """Targets of the plan: floors, goals, stretch goals, ranges, guardrails; their paths and their past."""


@target.command("list")
@click.argument("node", metavar="NODE", required=False)
@click.option("--at", type=Day(end=True), help="The day looked at (default: today).")
@plan_option
@common
@click.pass_obj
def list_(face: Face, node: str | None, at: date | None, plan_id: str | None) -> None:
    """Every target, or those of NODE, and how those that count on the day stand."""
    from kpi_tree import workspace

    home = face.open()
    day = at or workspace.today_of(home)
    plan = workspace.plan(home, face.who, plan_id)
    views = {one.id: one for one in workspace.tree(home, face.who, plan.id, at=day)}
    found = [
        _standing(face, one, views[one.node])
        for one in sorted(plan.targets.values(), key=lambda one: (one.period, one.node, one.kind))
        if one.in_force and node in (None, one.node, views[one.node].kpi)
    ]
    face.answer(found, lambda: _show(face, found, views))


def _standing(face: Face, one: Any, view: Any) -> dict[str, Any]:
    made: dict[str, Any] = {**one.to_dict(), "kind": one.kind, "status": None, "reason": None, "met": None}
    if view.target_id == one.id:
        made |= {"status": view.status, "reason": translate(view.reason, face.lang)}
    for line in view.lines:
        if line.id == one.id:
            made |= {"met": line.met, "reason": translate(line.words, face.lang)}
    return made


def _show(face: Face, found: list[dict[str, Any]], views: Mapping[str, Any]) -> None:
    head = [msg("Target"), msg("Node"), msg("Kind"), msg("From"), msg("Through"), msg("Baseline"),
            msg("Value"), msg("Path"), pmsg("of a target", "How it stands")]  # fmt: skip
    rows = []
    for one in found:
        last = date.fromisoformat(one["period"]["end"]).toordinal() - 1
        view = views[one["node"]]
        before, value = (Quantity(one.get(name), view.unit, view.currency) for name in ("baseline", "value"))
        rows.append([
            one["id"], one["node"], one["kind"], one["period"]["start"], date.fromordinal(last).isoformat(),
            before, value, one.get("trajectory", "linear"), one["reason"] or "–",
        ])  # fmt: skip
    face.table(head, rows, none=none_yet("target set"))


@target.command("set")
@click.argument("node", metavar="NODE")
@click.option("--id", "target_id", metavar="TARGET", help="Change this target; without it a new one is made.")
@click.option("--period", metavar="P", help="Such as 2026-Q4, 2026-11, 2026-11-15..2027-01-15.")
@click.option("--value", metavar="VALUE", help="What to reach; 3.5% is 0.035.")
@click.option(
    "--change", metavar="CHANGE", help="Instead of a value: 10%, 0.5pp, or an amount with its sign."
)
@click.option("--keep-between", "between", metavar="LOW:HIGH", help="A range to keep within.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    help="A goal rules the verdict, without one a floor or guardrail (default: goal).",
)
@click.option("--baseline", metavar="BASELINE", help=f"{', '.join(WORDS)}, or a number.")
@click.option("--path", "trajectory", type=click.Choice(PATHS), help="The way from baseline to target.")
@click.option("--weekdays", metavar="W,...", help="Seven weights from Monday, or: usual.")
@click.option("--months", metavar="W,...", help="Twelve weights from January, or: usual.")
@click.option("--events/--no-events", default=None, help="Whether the plan's known events bend the path.")
@click.option(
    "--points", metavar="FILE", help="Milestones: a day and a value on each line; - reads them here."
)
@why_option
@plan_option
@common
@click.pass_obj
def set_(face: Face, /, node: str, target_id: str | None, **said: Any) -> None:
    """A target of NODE, a new one or other values for one that is there."""
    from kpi_tree import workspace

    home = face.open()
    plan_id = said["plan_id"]
    today = workspace.today_of(home)
    fields: dict[str, Any] = {name: said[name] for name in ("kind", "trajectory", "events")}
    fields |= amounts_of(said)
    fields |= weights_of(face, home, node, said, today)
    if fields["trajectory"] == "custom" and not (said["points"] or target_id):
        raise click.UsageError("--path custom needs its milestones: --points FILE.")
    if said["points"]:
        fields |= points_of(face, home, node, target_id, said)
    made = workspace.set_target(
        home, face.who, node, target=target_id, plan_id=plan_id, period=said["period"],
        baseline=baseline_of(said["baseline"]), why=said["why"], today=today,
        **{name: value for name, value in fields.items() if value is not None},
    )  # fmt: skip
    _after(face, made)


@target.command("copy")
@click.argument("target_id", metavar="TARGET")
@click.option("--keep", type=click.Choice(("change", "value")), default="change", show_default=True,
              help="The same change from the new baseline, or the same value.")  # fmt: skip
@why_option
@plan_option
@common
@click.pass_obj
def copy(face: Face, target_id: str, keep: str, why: str, plan_id: str | None) -> None:
    """The same target for the period after its own, its baseline taken anew."""
    from kpi_tree import workspace

    home = face.open()
    today = workspace.today_of(home)
    _after(
        face,
        workspace.copy_target(home, face.who, target_id, keep=keep, plan_id=plan_id, why=why, today=today),
    )


@target.command("versions")
@click.argument("target_id", metavar="TARGET")
@plan_option
@common
@click.pass_obj
def versions(face: Face, target_id: str, plan_id: str | None) -> None:
    """Every version of TARGET, newest first: who, when, what, why."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.target_versions(home, face.who, target_id, plan_id=plan_id)
    zone = ZoneInfo(workspace.settings(home, face.who).timezone)
    head = [msg("Revision"), msg("When"), msg("Who"), msg("What"), msg("Reason")]
    rows = [
        [one.revision, format_datetime(one.at.astimezone(zone), face.lang), one.who, one.words, one.why]
        for one in found
    ]
    face.answer([one.to_dict(face.lang) for one in found], lambda: face.table(head, rows))


@target.command("restore")
@click.argument("target_id", metavar="TARGET")
@click.argument("revision", type=int)
@why_option
@plan_option
@common
@click.pass_obj
def restore(face: Face, target_id: str, revision: int, why: str, plan_id: str | None) -> None:
    """TARGET again as it was from REVISION on."""
    from kpi_tree import workspace

    _after(
        face, workspace.restore_target(face.open(), face.who, target_id, revision, plan_id=plan_id, why=why)
    )


@target.command("remove")
@click.argument("target_id", metavar="TARGET")
@why_option
@plan_option
@common
@click.pass_obj
def remove(face: Face, target_id: str, why: str, plan_id: str | None) -> None:
    """Take TARGET out of the plan; undo or restore brings it back."""
    from kpi_tree import workspace

    _after(face, workspace.drop_target(face.open(), face.who, target_id, plan_id=plan_id, why=why))


@target.command("status")
@click.argument("target_id", metavar="TARGET")
@click.argument("status", type=click.Choice(STATUSES), required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why it stands otherwise than computed.")
@click.option("--until", type=Day(end=True), help="The last day on which your word is shown.")
@click.option("--clear", is_flag=True, help="Take the word back.")
@plan_option
@common
@click.pass_obj
def status(
    face: Face, /, target_id: str, status: str | None, reason: str, until: date | None, clear: bool,
    plan_id: str | None,
) -> None:  # fmt: skip
    """Your word on how TARGET stands, shown beside the computed STATUS and never in its place."""
    from kpi_tree import workspace

    if (status is None) != clear:
        raise click.UsageError("Give a status, or --clear.")
    home = face.open()
    made = workspace.say_status(
        home, face.who, target_id, status, reason=reason, until=until, plan_id=plan_id,
        today=workspace.today_of(home),
    )  # fmt: skip
    _after(face, made)


@target.command("weights")
@click.argument("node", metavar="NODE")
@click.option("--at", type=Day(end=True), help="The day looked at (default: today).")
@plan_option
@common
@click.pass_obj
def weights(face: Face, node: str, at: date | None, plan_id: str | None) -> None:
    """How much each weekday and month of NODE usually brings beside an average one."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.usual_weights(home, face.who, node, plan_id=plan_id, at=at or workspace.today_of(home))

    def show() -> None:
        face.table(
            [msg("Weekday"), msg("Weight")],
            [[_weekday(n, face.lang), w] for n, w in enumerate(found.weekdays)],
        )
        face.table(
            [msg("Month"), msg("Weight")], [[_month(n, face.lang), w] for n, w in enumerate(found.months)]
        )

    face.answer(found.to_dict(), show)


def _weekday(place: int, lang: str) -> str:
    return format_date(date(2024, 1, 1 + place), lang, width="EEEE")


def _month(place: int, lang: str) -> str:
    return format_date(date(2024, 1 + place, 1), lang, width="LLLL")


def _after(face: Face, made: Any) -> None:
    words = msg(
        "The plan {name} is at revision {revision}.", name=made.name or made.id, revision=made.revision
    )
    face.answer(made.to_dict(), lambda: click.echo(translate(words, face.lang)))


COMMANDS = (target,)
