"""What the target editor holds: every field as it stands, and the target that the fields make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kpi_tree.periods import Grain, Period, period_of
from kpi_tree.plan.model import Node, Plan, Target
from kpi_tree.plan.pasted import read_points
from kpi_tree.ui.shell.session import Session
from kpi_tree.ui.shell.text import current_language
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.base.nodes import unit_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.targeting.aiming import drawn_target

CUSTOM = "custom"


@dataclass(frozen=True)
class Subject:
    """What is edited: a node, and its target where there is one already."""

    node: Node
    target: Target | None
    unit: str | None
    currency: str | None

    @property
    def scale(self) -> float:
        """What a typed number is divided by: people type 3.5 for a share of 0.035."""
        return 100.0 if self.unit == "percent" else 1.0


def subject_of(session: Session, plan: Plan, node: str, target: Target | None) -> Subject:
    """A node with its unit, as the editor takes it."""
    one = plan.nodes[node]
    return Subject(one, target, unit_of(one, catalogue_of(session.home)), session.settings.currency or None)


def start_values(session: Session, about: Subject) -> dict[str, Any]:
    """Every field as it stands, or as a new target begins."""
    one = about.target
    period = (
        one.period if one else period_of(session.at, Grain.QUARTER, calendar_of(session.settings)).shift(1)
    )

    def typed(amount: float | None) -> float | None:
        return None if amount is None else float(f"{amount * about.scale:.12g}")

    change = one.change if one and one.change_kind == "percent" else None
    weekdays, months = (one.weekdays, one.months) if one else ((), ())
    return {
        "kind": one.kind if one else "goal",
        "mode": "range" if one and one.is_range else "percent" if change is not None else "value",
        "value": typed(one.value) if one and not one.is_range else None,
        "change": None if change is None else float(f"{change * 100:.12g}"),
        "low": typed(one.low) if one else None,
        "high": typed(one.high) if one else None,
        "period": period_key(period),
        "first": period.start,
        "last": period.last,
        "baseline": "asis" if one else "same_period_last_year",
        "number": typed(one.baseline) if one else None,
        "path": one.trajectory if one else "linear",
        "events": one.events if one else False,
        "points": points_text(one.custom, about.scale) if one else "",
        **{f"w{n}": weekdays[n] if weekdays else 1.0 for n in range(7)},
        **{f"m{n}": months[n] if months else 1.0 for n in range(12)},
        "why": "",
    }


def points_text(points: Sequence[tuple[date, float]], scale: float) -> str:
    """Milestones as the lines that can be typed and pasted: day, tab, number in the reader's form."""
    comma = current_language() == "nb"
    lines = [f"{day.isoformat()}\t{value * scale:.10g}" for day, value in points]
    return "\n".join(line.replace(".", ",") if comma else line for line in lines)


def period_key(period: Period) -> str:
    """A period as a choice carries it."""
    return f"{period.start.isoformat()}..{period.end.isoformat()}"


def period_from_key(key: str) -> Period:
    """The period of such a choice."""
    start, _, end = key.partition("..")
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def drawn_up(session: Session, plan: Plan, about: Subject, said: Mapping[str, Any], today: date) -> Target:
    """The target that the fields make. Raises KpiTreeError where they make none."""
    period = (
        Period(said["first"], said["last"] + timedelta(days=1))
        if said["period"] == CUSTOM
        else period_from_key(str(said["period"]))
    )
    fields: dict[str, Any] = {
        "kind": said["kind"],
        "trajectory": said["path"],
        "events": said.get("events", False),
    }
    change = None
    if said["mode"] == "range":
        fields |= {"low": _share(about, said["low"]), "high": _share(about, said["high"])}
    elif said["mode"] == "percent":
        change = None if said["change"] is None else said["change"] / 100
        fields |= {"change_kind": "percent"} | ({} if about.target is None else {"value": about.target.value})
    else:
        fields["value"] = _share(about, said["value"])
    if said["path"] == "weights":
        fields |= {
            "weekdays": [said[f"w{n}"] for n in range(7)],
            "months": [said[f"m{n}"] for n in range(12)],
        }
    if said["path"] == CUSTOM:
        points = read_points(
            str(said["points"]), period, lang=current_language(), in_percent=about.unit == "percent"
        )
        fields["custom"] = [[day.isoformat(), value] for day, value in points]
    word = said["baseline"]
    baseline = None if word == "asis" else _share(about, said["number"]) if word == "number" else word
    return drawn_target(
        session.home, plan, about.node, about.target, period=period, baseline=baseline, change=change,
        today=today, fields=fields,
    )  # fmt: skip


def _share(about: Subject, typed: float | None) -> float | None:
    return None if typed is None else typed / about.scale
