"""What if: a node's value with others at other values, what one would have to be, and asking for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, number
from kpi_tree.errors import Refused
from kpi_tree.i18n import Quantity, apart, format_number, format_percent, msg, nmsg, translate


@click.command()
@click.argument("node", metavar="NODE")
@click.option("--set", "sets", multiple=True, metavar="ID=VALUE", help="Or ID=+10% for a change.")
@click.option("--scenario", metavar="NAME", help="What a kept scenario supposes; --set changes it further.")
@click.option("--seek", metavar="ID", help="What ID alone would have to be.")
@click.option("--goal", metavar="VALUE", help="With --seek: for NODE to be this (default: its target).")
@click.option("--save", metavar="NAME", help="Keep it as a scenario of this name.")
@click.option("--propose", is_flag=True, help="Ask the owners for these values, as promises.")
@click.option("--samples", type=click.IntRange(0, 100_000), default=0, help="Draws from the past around it.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same.")
@click.option("--period", metavar="PERIOD", help="The days: 2026-Q3, 2026-10 (default: the node's own).")
@click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
@click.option("--plan", "plan_id", metavar="ID", help="Another plan than the first.")
@common
@click.pass_obj
def whatif(
    face: Face,
    /,
    node: str,
    sets: tuple[str, ...],
    scenario: str | None,
    seek: str | None,
    goal: str | None,
    save: str | None,
    propose: bool,
    samples: int,
    seed: int,
    **seen: Any,
) -> None:
    """What NODE would be if what stands below it had other values over the same days."""
    if goal is not None and seek is None:
        raise click.UsageError("--goal goes with --seek.")
    if seek is not None and (save or propose):
        raise click.UsageError("--seek finds a value; give it with --set to save or propose it.")
    if not sets and scenario is None and seek is None:
        raise click.UsageError("Give --set, --scenario or --seek.")
    from kpi_tree import workspace

    home = face.open()
    changes = _supposed(face, scenario, sets, seen["plan_id"])
    asked = _asked(face, **seen)
    if seek is not None:
        wanted = None if goal is None else number(goal, "--goal")
        sought = workspace.seek_value(home, face.who, node, seek, goal=wanted, changes=changes, **asked)
        return face.answer(sought.to_dict(face.lang), lambda: _show_sought(face, sought, node))
    found = workspace.whatif(home, face.who, node, changes, samples=samples, seed=seed, **asked)
    more: dict[str, Any] = {}
    if save:
        kept = workspace.save_scenario(
            home, face.who, save, node, changes, period=seen["period"], plan_id=seen["plan_id"]
        )
        more["scenario"] = kept.to_dict()
    if propose:
        made = workspace.propose_scenario(home, face.who, node, changes, **asked)
        more["asked"] = [one.to_dict(face.lang) for one in made]
    return face.answer({**found.to_dict(face.lang), **more}, lambda: _show_all(face, found, more))


def _asked(face: Face, *, period: str | None, at: date | None, plan_id: str | None) -> dict[str, Any]:
    from kpi_tree import workspace
    from kpi_tree.periods import parse_period
    from kpi_tree.workspace.base.homes import calendar_of

    calendar = calendar_of(workspace.settings(face.open(), face.who))
    return {
        "at": at or workspace.today_of(face.open()),
        "period": parse_period(period, calendar) if period else None,
        "plan_id": plan_id,
    }


def _supposed(face: Face, scenario: str | None, sets: Sequence[str], plan_id: str | None) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if scenario is not None:
        from kpi_tree.workspace.causes.suppositions import scenario_of

        changes.update(scenario_of(face.open(), face.who, scenario, plan_id).changes)
    return changes | dict(change(one) for one in sets)


def change(text: str) -> tuple[str, Any]:
    """``orders=+10%`` or ``orders=1200``; a percentage without a sign could be either.

    >>> change("orders=+10%")[1]
    Change(value=0.1, relative=True)
    """
    from kpi_tree.workspace.causes.supposed import Change

    name, sign, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not sign or not name or not value:
        raise click.UsageError(f"--set: {text[:80]!r} is not of the form ID=VALUE.")
    if not value.endswith("%"):
        return name, Change(number(value, f"--set {name}"))
    if value[0] not in "+-−":
        raise Refused(
            msg("{value} may be the value itself, or a change by as much.", value=value[:40]),
            place=f"--set {name[:60]}",
            remedy=msg("Write +10% or -10% for a change, and a value of ten percent as 0.1."),
        )
    amount = number(value[:-1].replace("−", "-"), f"--set {name}")
    return name, Change(amount / 100, relative=True)


def _show_all(face: Face, found: Any, more: dict[str, Any]) -> None:
    show(face, found)
    if "scenario" in more:
        kept = more["scenario"]
        face.say(translate(msg("Kept as {name} ({id}).", name=kept["name"], id=kept["id"]), face.lang))
    if "asked" in more:
        n = len(more["asked"])
        face.say(translate(nmsg("{n} target was asked for.", "{n} targets were asked for.", n), face.lang))


def show(face: Face, found: Any) -> None:
    """A scenario as tables and sentences."""
    lang = face.lang

    def said(value: float | None, *, signed: bool = False) -> Quantity:
        return Quantity(value, apart(found.unit) if signed else found.unit, found.currency, signed=signed)

    face.table(
        [msg("Indicator"), msg("Now"), msg("Then"), msg("Change")],
        [[_name(found, lang), said(found.base), said(found.result), said(found.change, signed=True)]],
    )
    face.table(
        [msg("What moves it"), msg("10% less"), msg("10% more"), msg("Percent for a percent")],
        [
            [_name(one, lang), said(one.down, signed=True), said(one.up, signed=True),
             format_number(one.elasticity, lang, decimals=2)]
            for one in found.levers
        ],
    )  # fmt: skip
    for sentence in _sentences(found, lang):
        face.say(translate(sentence, lang))


def _sentences(found: Any, lang: str) -> list[Any]:
    said = []
    if found.samples:
        said.append(
            msg(
                "By chance alone it would lie between {low} and {high} in eight cases of ten.",
                low=Quantity(found.p10, found.unit, found.currency),
                high=Quantity(found.p90, found.unit, found.currency),
            )
        )
    if found.aimed is not None and found.aimed.chance is not None:
        share = format_percent(found.aimed.chance, lang, decimals=0)
        value = Quantity(found.aimed.value, found.unit, found.currency)
        said.append(
            msg("Chance of reaching the target of {value}: {share}.", value=value, share=share)
            if found.aimed.kind == "target"
            else msg("Chance of being where the target expects it ({value}): {share}.", value=value,
                     share=share)
        )  # fmt: skip
    return [*said, *(flag.message for flag in found.flags), *([found.withheld] if found.withheld else [])]


def _show_sought(face: Face, found: Any, node: str) -> None:
    lang = face.lang
    name = _name(found, lang)
    if found.value is None:
        words = msg("{name} alone cannot bring {node} there.", name=name, node=node)
    else:
        words = msg(
            "{name} would have to be {value} instead of {base}.",
            name=name,
            value=Quantity(found.value, found.unit, beside=found.base),
            base=Quantity(found.base, found.unit, beside=found.value),
        )
    click.echo(translate(words, lang))
    for flag in found.flags:
        face.say(translate(flag.message, lang))


def _name(found: Any, lang: str) -> str:
    return found.name if isinstance(found.name, str) else str(found.name.in_language(lang))


COMMANDS = (whatif,)
