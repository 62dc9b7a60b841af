"""What `target set` was told, as the fields of a target."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from kpi_tree.cli.allocation import amount
from kpi_tree.cli.face import Face
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.periods import parse_period

WORDS = ("same_period_last_year", "previous_period", "none")


def amounts_of(said: dict[str, Any]) -> dict[str, Any]:
    """Value, range or change, with the kind of change."""
    made: dict[str, Any] = {}
    if said["value"] is not None:
        made["value"] = amount(said["value"], "--value")
    if said["between"]:
        low, colon, high = said["between"].partition(":")
        if not colon:
            raise click.UsageError(f"--keep-between: {said['between'][:80]!r} is not of the form LOW:HIGH.")
        made |= {"low": amount(low, "--keep-between"), "high": amount(high, "--keep-between")}
    if said["change"] is not None:
        text = said["change"].strip()
        if text.endswith("pp"):
            made |= {"change": amount(text[:-2] + "%", "--change"), "change_kind": "points"}
        else:
            kind = "percent" if text.endswith("%") else "absolute"
            made |= {"change": amount(text, "--change"), "change_kind": kind}
    return made


def baseline_of(text: str | None) -> str | float | None:
    """A word that names a baseline, or a number."""
    if text is None or text in WORDS:
        return text
    return amount(text, "--baseline")


def weights_of(face: Face, home: Any, node: str, said: dict[str, Any], today: date) -> dict[str, Any]:
    """Weights as typed, or the usual ones from the data."""
    from kpi_tree import workspace

    made: dict[str, Any] = {}
    for name in ("weekdays", "months"):
        if said[name] == "usual":
            usual = workspace.usual_weights(home, face.who, node, plan_id=said["plan_id"], at=today)
            made[name] = list(getattr(usual, name))
        elif said[name]:
            made[name] = [amount(part, f"--{name}") for part in said[name].split(",")]
    return {**made, "trajectory": said["trajectory"] or "weights"} if made else {}


def points_of(
    face: Face, home: Any, node: str, target_id: str | None, said: dict[str, Any]
) -> dict[str, Any]:
    """The milestones of a file, or of standard input."""
    from kpi_tree import workspace
    from kpi_tree.plan.pasted import read_points
    from kpi_tree.workspace.base.homes import calendar_of
    from kpi_tree.workspace.base.nodes import find_node, unit_of

    plan = workspace.plan(home, face.who, said["plan_id"])
    before = plan.targets.get(target_id or "")
    if said["period"]:
        period = parse_period(said["period"], calendar_of(workspace.settings(home, face.who)))
    elif before is not None:
        period = before.period
    else:
        raise click.UsageError("--points needs --period, or --id of a target.")
    unit = unit_of(find_node(plan, node), workspace.catalogue_of(home))
    points = read_points(_text(said["points"]), period, lang=face.lang, in_percent=unit == "percent")
    return {"custom": [[day.isoformat(), value] for day, value in points], "trajectory": "custom"}


def _text(place: str) -> str:
    if place == "-":
        return sys.stdin.read(2_000_000)
    try:
        return Path(place).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            msg("The file cannot be read: {reason}.", reason=str(getattr(error, "strerror", "") or "UTF-8")),
            place=place[:200],
            remedy=msg("Look at its name and its rights; it must be text in UTF-8."),
        ) from error
