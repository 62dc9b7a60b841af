"""The fields of an action on the command line, the same for a new one and a changed one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from kpi_tree.cli.face import Day

STATES = ("planned", "doing", "done", "dropped")
COURSES = ("lasting", "fading", "even")
CLEARED = (
    "owner", "start", "due", "expected_effect", "cost", "effort", "effect_delay", "effect_days",
    "effect_course", "confidence", "links", "action_kind", "needs", "excludes", "control", "experiment",
    "notes",
)  # fmt: skip


def action_fields(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that makes or changes an action."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option("--owner", metavar="NAME", help="Who sees to it."),
    click.option("--start", type=Day(), help="The day on which it begins."),
    click.option("--due", type=Day(end=True), help="The day by which it is done."),
    click.option("--state", type=click.Choice(STATES)),
    click.option(
        "--expected", "expected_effect", type=float,
        help="Expected effect in the KPI's unit: the total over the window, or a rate's average change.",
    ),
    click.option("--delay", "effect_delay", type=int, help="Days from its start until it shows."),
    click.option("--window", "effect_days", type=int, help="Days over which the effect is expected."),
    click.option(
        "--course", "effect_course", type=click.Choice(COURSES),
        help="lasting goes on after the window, fading falls to nothing by its end.",
    ),
    click.option("--confidence", type=click.FloatRange(0, 100), help="How sure, in percent."),
    click.option("--cost", type=float, help="Money, all in all."),
    click.option("--effort", type=float, help="Hours of work."),
    click.option("--kind", "action_kind", metavar="TEXT", help="Kind of action, for its score."),
    click.option("--link", "links", multiple=True, metavar="URL", help="Again for more."),
    click.option("--needs", multiple=True, metavar="ACTION", help="An action that has to come first."),
    click.option("--excludes", multiple=True, metavar="ACTION", help="An action that rules it out."),
    click.option("--control", metavar="DIM=VALUE", help="A segment where it does not work."),
    click.option("--experiment", metavar="NAME", help="The experiment that tests it."),
    click.option("--notes", metavar="TEXT"),
)  # fmt: skip


def said(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that were given, as the workspace takes them."""
    found = {name: value for name, value in fields.items() if value is not None and value != ()}
    if "confidence" in found:
        found["confidence"] = found["confidence"] / 100
    for name in ("links", "needs", "excludes"):
        if name in found:
            found[name] = list(found[name])
    return found


def emptied(fields: dict[str, Any]) -> list[str]:
    """Fields that a course of ``even`` empties."""
    if fields.get("effect_course") != "even":
        return []
    fields["effect_course"] = None
    return ["effect_course"]
