"""Commands on what tells people by itself: alert add, list, test ..."""

from __future__ import annotations

from typing import Any

import click

from kpi_tree.alerts import KINDS
from kpi_tree.cli.face import Face, common, none_yet
from kpi_tree.i18n import Msg, msg, nmsg, pmsg, translate


@click.group()
@common
def alert() -> None:
    """Tell somebody when a number asks for it."""


@alert.command("add")
@click.argument("name")
@click.option("--when", "kind", type=click.Choice(list(KINDS)), required=True, help="What to wait for.")
@click.option("--node", metavar="ID", help="The indicator; without it every one of the plan.")
@click.option(
    "--status", "statuses", multiple=True, metavar="STATUS", help="For status: which (again for more)."
)
@click.option("--above", metavar="VALUE", help="For threshold: above 120000, or above 3%.")
@click.option("--below", metavar="VALUE", help="For threshold: below 120000, or below 3%.")
@click.option("--level", type=float, help="For anomaly: how many of 100 days lie inside, such as 0.95.")
@click.option("--days", type=int, help="For stale: older than; for due: before the end.")
@click.option(
    "--to", "channels", multiple=True, metavar="CHANNEL", help="Also by this channel (again for more)."
)
@click.option(
    "--every-hours", type=float, default=24.0, show_default=True, help="At most one in so many hours."
)
@click.option("--quiet", default="", metavar="HH:MM-HH:MM", help="Tell nobody then, on the shop's clock.")
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_obj
def add(face: Face, /, name: str, kind: str, plan_id: str | None, **given: Any) -> None:
    """Set up the alert NAME."""
    from kpi_tree import workspace

    settings: dict[str, Any] = {key: given[key] for key in ("level", "days") if given[key] is not None}
    settings |= {key: _value(given[key], key) for key in ("above", "below") if given[key] is not None}
    settings |= {"statuses": list(given["statuses"])} if given["statuses"] else {}
    made = workspace.add_alert(
        face.open(), face.who, name, kind=kind, plan_id=plan_id, node=given["node"], settings=settings,
        channels=list(given["channels"]), every_hours=given["every_hours"], quiet=given["quiet"],
    )  # fmt: skip
    said(face, made.to_dict(face.lang), msg("The alert {name} is set up.", name=name))


def _value(text: str, place: str) -> float:
    """A number; with a percent sign a hundredth of it."""
    typed = text.strip().replace("\u00a0", "").replace(" ", "")
    try:
        return float(typed.removesuffix("%")) / (100 if typed.endswith("%") else 1)
    except ValueError:
        raise click.BadParameter("Give a number such as 120000 or 3%.", param_hint=f"--{place}") from None


@alert.command("list")
@common
@click.pass_obj
def show_all(face: Face) -> None:
    """All alerts, and how they stand."""
    from kpi_tree import workspace

    found = workspace.alerts(face.open(), face.who)
    head = [
        msg("Alert"),
        msg("Indicator"),
        pmsg("condition", "When"),
        msg("Also by"),
        msg("So now"),
        msg("Told last"),
    ]
    rows = [
        (one.rule.name, one.node_name.in_language(face.lang) if one.node_name else msg("every one"),
         translate(one.words(), face.lang), ", ".join(one.channels), one.on, one.told_at)
        for one in found
    ]  # fmt: skip
    face.answer(
        [one.to_dict(face.lang) for one in found], lambda: face.table(head, rows, none=none_yet("alert add"))
    )


@alert.command("remove")
@click.argument("name")
@common
@click.pass_obj
def remove(face: Face, name: str) -> None:
    """Take the alert NAME away; bring-back has it again."""
    from kpi_tree import workspace

    workspace.remove_alert(face.open(), face.who, name)
    said(face, {"removed": name}, msg("The alert {name} is gone.", name=name))


@alert.command("bring-back")
@click.argument("name")
@common
@click.pass_obj
def bring_back(face: Face, name: str) -> None:
    """Bring the alert NAME back that was taken away."""
    from kpi_tree import workspace

    done = workspace.bring_alert_back(face.open(), face.who, name)
    said(face, done.to_dict(face.lang), msg("{name} is back.", name=done.rule.name))


def _rest(paused: bool) -> Any:
    @click.argument("name")
    @common
    @click.pass_obj
    def command(face: Face, name: str) -> None:
        from kpi_tree import workspace

        done = workspace.change_alert(face.open(), face.who, name, paused=paused)
        words = msg("The alert {name} rests.", name=name) if paused else msg("{name} goes on.", name=name)
        said(face, done.to_dict(face.lang), words)

    return command


alert.command("pause", help="Let the alert NAME rest.")(_rest(True))
alert.command("resume", help="Let the alert NAME go on.")(_rest(False))


@alert.command("test")
@click.argument("name")
@common
@click.pass_obj
def test(face: Face, name: str) -> int:
    """Look now, and send a test by every channel of the alert NAME."""
    from kpi_tree import workspace

    return show_tried(face, workspace.try_alert(face.open(), face.who, name))


def show_tried(face: Face, done: Any) -> int:
    """What became of a test; the exit status."""

    def shown() -> None:
        if done.looked:
            words = msg("It is so of {on} of {n} indicators now.", on=done.on, n=done.looked)
            click.echo(translate(words, face.lang))
        for name, problem in done.ways:
            click.echo(f"{name}: {problem.text(face.lang) if problem else translate(msg('Sent'), face.lang)}")
        if not done.ways:
            click.echo(translate(msg("It tells in the app only."), face.lang))

    face.answer(done.to_dict(face.lang), shown)
    return 0 if done.ok else 1


@alert.command("news")
@click.option("--read", is_flag=True, help="Mark all as read.")
@common
@click.pass_obj
def news(face: Face, read: bool) -> None:
    """What the alerts told, newest first."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.alert_news(home, face.who)
    if read and found:
        workspace.read_news(home, face.who, found[0].id)
    head: list[Msg | str] = ["", msg("When"), msg("What"), msg("Why"), msg("Alert")]
    rows = [
        ("*" if one.unread else "", one.at, one.title(face.lang), one.text(face.lang), one.alert)
        for one in found
    ]
    face.answer([one.to_dict(face.lang) for one in found], lambda: face.table(head, rows))


@alert.command("messages")
@common
@click.pass_obj
def messages(face: Face) -> None:
    """What went out by the channels and how, newest first."""
    from kpi_tree import workspace
    from kpi_tree.workspace.news.alertviews import SEND_STATES

    found = workspace.alert_messages(face.open(), face.who)
    head = [msg("Number"), msg("When"), msg("Alert"), msg("Channel"), msg("State"), msg("Problem")]
    rows = [
        (one.id, one.at, one.title, one.channel, SEND_STATES[one.state],
         one.problem.text(face.lang) if one.problem else "")
        for one in found
    ]  # fmt: skip
    face.answer([one.to_dict(face.lang) for one in found], lambda: face.table(head, rows))


@alert.command("again")
@click.argument("number", type=int)
@common
@click.pass_obj
def again(face: Face, number: int) -> None:
    """Send the message NUMBER once more; it goes with the next tick."""
    from kpi_tree import workspace

    workspace.send_again(face.open(), face.who, number)
    said(face, {"message": number}, msg("It goes out with the next tick."))


def show_round(face: Face, told: Any) -> None:
    """What one round of the alerts did."""
    from kpi_tree.workspace.news.alertviews import SEND_STATES

    if told.told:
        click.echo(
            translate(nmsg("{n} thing told in the app.", "{n} things told in the app.", told.told), face.lang)
        )
    for one in told.sends:
        click.echo(f"{one.title}, {one.channel}: {translate(SEND_STATES[one.state], face.lang)}")
        if one.problem:
            face.say(one.problem.text(face.lang))


def said(face: Face, document: Any, words: Msg) -> None:
    """What was done: a document, or a sentence."""
    face.answer(document, lambda: click.echo(translate(words, face.lang)))


COMMANDS = (alert,)
