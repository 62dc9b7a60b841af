"""Commands on targets down the tree: allocate, and what their owners say: promise."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, number
from kpi_tree.cli.plans import issue_line
from kpi_tree.i18n import Quantity, format_change, format_percent, msg, pmsg, translate

STRATEGIES = ("proportional", "headroom", "effort", "equal")


def amount(text: str, option: str) -> float:
    """A typed number, or a percentage such as ``3.5%``.

    >>> amount("3.5%", "--lock")
    0.035
    """
    text = text.strip()
    if text.endswith("%"):
        return number(text[:-1], option) / 100
    return number(text, option)


def _locks(given: tuple[str, ...]) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for text in given:
        name, sign, value = text.partition("=")
        found[name.strip()] = amount(value, f"--lock {name}") if sign else None
    return found


def _bounds(given: tuple[str, ...]) -> dict[str, tuple[float | None, float | None]]:
    found: dict[str, tuple[float | None, float | None]] = {}
    for text in given:
        name, sign, ends = text.partition("=")
        low, colon, high = ends.partition(":")
        if not sign or not colon or not name.strip():
            raise click.UsageError(f"--bound: {text[:80]!r} is not of the form ID=LOW:HIGH.")
        option = f"--bound {name}"
        found[name.strip()] = (
            amount(low, option) if low.strip() else None,
            amount(high, option) if high.strip() else None,
        )
    return found


def _amounts(given: tuple[str, ...], option: str) -> dict[str, float]:
    found = {}
    for text in given:
        name, sign, value = text.rpartition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"{option}: {text[:80]!r} is not of the form NAME=NUMBER.")
        found[name.strip()] = amount(value, f"{option} {name}")
    return found


@click.command()
@click.argument("node", metavar="NODE")
@click.option(
    "--by",
    type=click.Choice(STRATEGIES),
    default="proportional",
    show_default=True,
    help="How the change is shared out.",
)
@click.option(
    "--lock",
    "locks",
    multiple=True,
    metavar="ID[=VALUE]",
    help="Keep a node at a value; without one at its own target, else where it is.",
)
@click.option(
    "--bound", "bounds", multiple=True, metavar="ID=LOW:HIGH", help="Keep a node between two values."
)
@click.option("--effort", multiple=True, metavar="ID=NUMBER", help="How hard a driver is to move (1).")
@click.option("--capacity", multiple=True, metavar="OWNER=NUMBER", help="How much an owner can carry (1).")
@click.option("--target", metavar="VALUE-or-ID", help="A value, or one of the node's targets by its id.")
@click.option("--period", metavar="P", help="The period of the target, such as 2026-Q4.")
@click.option("--from", "start_from", metavar="P", help="The period whose values are the start.")
@click.option("--at", type=Day(end=True), help="The day looked at (default: today).")
@click.option("--propose", is_flag=True, help="Ask every driver's owner for what it came to.")
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_obj
def allocate(
    face: Face, /, node: str, by: str, locks: tuple[str, ...], bounds: tuple[str, ...],
    effort: tuple[str, ...], capacity: tuple[str, ...], target: str | None, period: str | None,
    start_from: str | None, at: date | None, propose: bool, plan_id: str | None,
) -> None:  # fmt: skip
    """What everything below NODE has to become for its target to be reached."""
    from kpi_tree import workspace

    home = face.open()
    day = at or workspace.today_of(home)
    found = workspace.allocate(
        home, face.who, node, plan_id=plan_id, at=day, by=by, locks=_locks(locks), bounds=_bounds(bounds),
        effort=_amounts(effort, "--effort"), capacity=_amounts(capacity, "--capacity"),
        target=_target(target), period=period, start_from=start_from,
    )  # fmt: skip
    document = found.to_dict(face.lang)
    if propose:
        asked = workspace.ask_owners(home, face.who, found)
        document["asked"] = [one.to_dict(face.lang) for one in asked]
    face.answer(document, lambda: _show(face, found))


def _target(text: str | None) -> str | float | None:
    if text is None or text[:1].isalpha():
        return text
    return amount(text, "--target")


def _show(face: Face, found: Any) -> None:
    from kpi_tree.periods import label

    def value(amount: float | None, one: Any) -> Quantity:
        return Quantity(amount, one.unit, found.currency)

    start = label(found.base, face.lang)
    head = [msg("Indicator"), msg("Owner"), msg("In {period}", period=start), msg("Required"),
            pmsg("noun", "Change"), msg("Percentile in its past"), msg("Last reached")]  # fmt: skip
    rows = []
    for one in found.nodes:
        last = label(one.last_reached, face.lang) if one.last_reached else _never(face, one)
        past = format_percent(one.percentile_in_history, face.lang, decimals=0)
        rows.append(["  " * one.depth + one.named(face.lang), one.owner, value(one.base, one),
                     value(one.required, one), format_change(one.change, face.lang), past, last])  # fmt: skip
    face.table(head, rows)
    for issue in found.issues:
        face.say(issue_line(issue, face.lang))


def _never(face: Face, one: Any) -> str:
    from kpi_tree.i18n import nmsg

    if not one.periods:
        return "–"
    return translate(nmsg("never in {n} period", "never in {n} periods", one.periods), face.lang)


@click.group()
@common
def promise() -> None:
    """What was asked of the owners of drivers, and what they said."""


@promise.command("list")
@click.argument("node", metavar="NODE", required=False)
@click.option("--at", type=Day(end=True), help="The day looked at (default: today).")
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_obj
def list_(face: Face, node: str | None, at: date | None, plan_id: str | None) -> None:
    """How far what is accepted carries the goal, or NODE, and what is not promised by anyone."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.promises(home, face.who, node, plan_id=plan_id, at=at or workspace.today_of(home))
    face.answer(found.to_dict(face.lang), lambda: _show_promises(face, found))


def _show_promises(face: Face, found: Any) -> None:
    head = [
        msg("Target"),
        msg("Indicator"),
        msg("Owner"),
        msg("Asked"),
        msg("State"),
        msg("Offered"),
        msg("Reason"),
    ]

    def value(amount: float | None, unit: str | None) -> Quantity:
        return Quantity(amount, unit, found.currency)

    rows = [
        [one.id, one.named(face.lang), one.owner, value(one.asked, one.unit), one.words,
         value(one.counter, one.unit), one.reason]
        for one in found.asked
    ]  # fmt: skip
    face.table(head, rows)
    click.echo(translate(found.words, face.lang))


@promise.command("accept")
@click.argument("target", metavar="TARGET")
@click.option(
    "--for", "for_owner", default="", metavar="NAME", help="The owner you answer for, if you are another."
)
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_obj
def accept(face: Face, target: str, for_owner: str, plan_id: str | None) -> None:
    """Say yes to what TARGET asks; a counter-offer is taken as it stands."""
    _answer(face, target, plan_id, "accept", for_owner=for_owner)


@promise.command("counter")
@click.argument("target", metavar="TARGET")
@click.option("--value", required=True, metavar="VALUE", help="What is offered instead; 3.5% is 0.035.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@click.option(
    "--for", "for_owner", default="", metavar="NAME", help="The owner you answer for, if you are another."
)
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_obj
def counter(face: Face, /, target: str, value: str, reason: str, for_owner: str, plan_id: str | None) -> None:
    """Offer another value than TARGET asks, with a reason."""
    _answer(face, target, plan_id, "counter", amount(value, "--value"), reason, for_owner)


@promise.command("drop")
@click.argument("target", metavar="TARGET")
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_obj
def drop(face: Face, target: str, plan_id: str | None) -> None:
    """Ask no longer."""
    _answer(face, target, plan_id, "drop")


def _answer(
    face: Face, target: str, plan_id: str | None, answer: str, value: float | None = None, reason: str = "",
    for_owner: str = "",
) -> None:  # fmt: skip
    from kpi_tree import workspace

    home = face.open()
    made = workspace.answer_asked(
        home, face.who, target, answer, plan_id=plan_id, value=value, reason=reason,
        for_owner=for_owner, today=workspace.today_of(home),
    )  # fmt: skip
    words = msg(
        "The plan {name} is at revision {revision}.", name=made.name or made.id, revision=made.revision
    )
    face.answer(made.to_dict(), lambda: click.echo(translate(words, face.lang)))


COMMANDS = (allocate, promise)
