"""Kept scenarios: scenario list, show, save, rename, delete, restore, compare, propose."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, none_yet
from kpi_tree.cli.plans import plan_option
from kpi_tree.cli.scenarios import change, show
from kpi_tree.i18n import Quantity, apart, format_percent, msg, nmsg, translate

day_option = click.option("--at", type=Day(end=True), help="As seen on this day (default: today).")
samples_option = click.option(
    "--samples", type=click.IntRange(0, 100_000), default=0, help="Draws from the past around it."
)


@click.group()
@common
def scenario() -> None:
    """What somebody supposed about the tree, kept under a name."""


@scenario.command("list")
@plan_option
@common
@click.pass_obj
def list_(face: Face, plan_id: str | None) -> None:
    """The scenarios of the plan."""
    from kpi_tree import workspace

    found = workspace.scenario_list(face.open(), face.who, plan_id)
    rows = [[one.id, one.name, one.node, len(one.changes), one.period or "", one.who] for one in found]
    head = [
        msg("Id"), msg("Name"), msg("Indicator"), msg("Changes"), msg("Period"), msg("Kept by"),
    ]  # fmt: skip
    face.answer(
        [one.to_dict() for one in found], lambda: face.table(head, rows, none=none_yet("whatif --save"))
    )


@scenario.command("show")
@click.argument("name", metavar="NAME")
@samples_option
@day_option
@plan_option
@common
@click.pass_obj
def show_(face: Face, name: str, samples: int, at: date | None, plan_id: str | None) -> None:
    """What the scenario NAME comes to as things stand."""
    (one,) = _compared(face, (name,), samples, at, plan_id)
    said = one.to_dict(face.lang)
    face.answer(said, lambda: show(face, one.found) if one.found else click.echo(said["problem"]))


@scenario.command("save")
@click.argument("name", metavar="NAME")
@click.argument("node", metavar="NODE")
@click.option("--set", "sets", multiple=True, required=True, metavar="ID=VALUE", help="Or ID=+10%.")
@click.option("--period", metavar="PERIOD", help="The days (default: the node's own).")
@plan_option
@common
@click.pass_obj
def save(
    face: Face, name: str, node: str, sets: tuple[str, ...], period: str | None, plan_id: str | None
) -> None:
    """Keep what is supposed about NODE under NAME; again with the same name replaces it."""
    from kpi_tree import workspace

    changes = dict(change(one) for one in sets)
    made = workspace.save_scenario(face.open(), face.who, name, node, changes, period=period, plan_id=plan_id)
    _said(face, made, msg("Kept as {name} ({id}).", name=made.name, id=made.id))


@scenario.command("rename")
@click.argument("name", metavar="NAME")
@click.argument("new", metavar="NEW_NAME")
@plan_option
@common
@click.pass_obj
def rename(face: Face, name: str, new: str, plan_id: str | None) -> None:
    """Give the scenario NAME another name."""
    from kpi_tree import workspace

    made = workspace.rename_scenario(face.open(), face.who, name, new, plan_id=plan_id)
    _said(face, made, msg("It is called {name} now.", name=made.name))


@scenario.command("delete")
@click.argument("name", metavar="NAME")
@plan_option
@common
@click.pass_obj
def delete(face: Face, name: str, plan_id: str | None) -> None:
    """Delete the scenario NAME; restore brings it back."""
    from kpi_tree import workspace

    gone = workspace.delete_scenario(face.open(), face.who, name, plan_id=plan_id)
    _said(
        face, gone, msg("Deleted {name}. scenario restore {id} brings it back.", name=gone.name, id=gone.id)
    )


@scenario.command("restore")
@click.argument("scenario_id", metavar="ID")
@common
@click.pass_obj
def restore(face: Face, scenario_id: str) -> None:
    """Bring the deleted scenario ID back."""
    from kpi_tree import workspace

    made = workspace.bring_scenario_back(face.open(), face.who, scenario_id)
    _said(face, made, msg("{name} is back.", name=made.name))


@scenario.command("compare")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@samples_option
@day_option
@plan_option
@common
@click.pass_obj
def compare(face: Face, names: tuple[str, ...], samples: int, at: date | None, plan_id: str | None) -> None:
    """The scenarios side by side."""
    found = _compared(face, names, samples, at, plan_id)
    face.answer([one.to_dict(face.lang) for one in found], lambda: _show_beside(face, found))


@scenario.command("propose")
@click.argument("name", metavar="NAME")
@day_option
@plan_option
@common
@click.pass_obj
def propose(face: Face, name: str, at: date | None, plan_id: str | None) -> None:
    """Ask the owners of the drivers for what the scenario NAME supposes."""
    from kpi_tree import workspace
    from kpi_tree.workspace.causes.suppositions import scenario_of

    home = face.open()
    one = scenario_of(home, face.who, name, plan_id)
    made = workspace.propose_scenario(
        home, face.who, one.node, one.changes, at=at or workspace.today_of(home), plan_id=one.plan
    )
    words = nmsg("{n} target was asked for.", "{n} targets were asked for.", len(made))
    face.answer([asked.to_dict(face.lang) for asked in made], lambda: click.echo(translate(words, face.lang)))


def _compared(
    face: Face, names: tuple[str, ...], samples: int, at: date | None, plan_id: str | None
) -> list[Any]:
    from kpi_tree import workspace

    home = face.open()
    return workspace.compare_scenarios(
        home, face.who, names, at=at or workspace.today_of(home), samples=samples, plan_id=plan_id
    )


def _show_beside(face: Face, found: list[Any]) -> None:
    lang = face.lang

    def row(one: Any) -> list[Any]:
        made = one.found
        if made is None:
            return [one.scenario.name, one.scenario.node, translate(one.problem, lang), "", "", ""]
        unit = apart(made.unit)
        chance = made.aimed.chance if made.aimed else None
        return [
            one.scenario.name,
            made.name if isinstance(made.name, str) else made.name.in_language(lang),
            Quantity(made.result, made.unit, made.currency).in_language(lang),
            Quantity(made.change, unit, made.currency, signed=True).in_language(lang),
            "" if chance is None else format_percent(chance, lang, decimals=0),
            len(made.flags),
        ]

    head = [
        msg("Scenario"), msg("Indicator"), msg("Then"), msg("Change"), msg("Chance of the target"),
        msg("Warnings"),
    ]  # fmt: skip
    face.table(head, [row(one) for one in found])


def _said(face: Face, one: Any, words: Any) -> None:
    face.answer(one.to_dict(), lambda: click.echo(translate(words, face.lang)))


COMMANDS = (scenario,)
