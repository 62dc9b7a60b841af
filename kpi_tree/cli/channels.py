"""Commands on where messages go: channel add, list, test ..., digest."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from kpi_tree.alerts import CHANNEL_KINDS
from kpi_tree.cli.alerts import said, show_tried
from kpi_tree.cli.face import Face, common, none_yet
from kpi_tree.i18n import Msg, msg


@click.group()
@common
def channel() -> None:
    """Where alerts and digests go: e-mail, Slack, Teams, webhooks."""


@channel.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(list(CHANNEL_KINDS)), required=True)
@click.option(
    "--url-file", type=click.File("r"), help="For webhooks: a file with the address; - asks standard input."
)
@click.option("--host", help="For e-mail: the mail server.")
@click.option("--port", type=click.IntRange(1, 65535), help="Its port (587 with starttls, 465 with tls).")
@click.option(
    "--security", type=click.Choice(["starttls", "tls", "none"]), default="starttls", show_default=True
)
@click.option("--user", help="The name to sign in with.")
@click.option(
    "--password-file", type=click.File("r"), help="A file with the password; - asks standard input."
)
@click.option("--sender", metavar="ADDRESS", help="Who it comes from.")
@click.option("--to", "to", multiple=True, metavar="ADDRESS", help="Who gets it (again for more).")
@click.option("--language", default="", help="en, nb or ja (default: the shop's).")
@click.option("--link", default="", metavar="ADDRESS", help="The app's own address, for links.")
@common
@click.pass_obj
def add_channel(face: Face, /, name: str, kind: str, **given: Any) -> None:
    """Set up the channel NAME. What is secret comes from a file, so that no list of processes shows it."""
    from kpi_tree import workspace

    fields = {key: value for key, value in given.items() if not key.endswith("_file")}
    for key in ("url", "password"):
        if given[f"{key}_file"] is not None:
            fields[key] = given[f"{key}_file"].readline().strip()
    made = workspace.add_channel(face.open(), face.who, name, kind=kind, **fields)
    words = msg("The channel {name} is set up; try it with: channel test {name}", name=name)
    said(face, made.to_dict(), words)


@channel.command("list")
@common
@click.pass_obj
def show_channels(face: Face) -> None:
    """All channels, without what is secret."""
    from kpi_tree import workspace

    found = workspace.channels(face.open(), face.who)
    head = [msg("Channel"), msg("Kind"), msg("To"), msg("Ready")]
    rows = [(one.name, CHANNEL_KINDS[one.kind], one.where, _yes(one.ready)) for one in found]
    face.answer(
        [one.to_dict() for one in found], lambda: face.table(head, rows, none=none_yet("channel add"))
    )


def _yes(so: bool) -> Msg:
    return msg("yes") if so else msg("no: set its password or address again")


@channel.command("test")
@click.argument("name")
@common
@click.pass_obj
def test_channel(face: Face, name: str) -> int:
    """Send a test by the channel NAME."""
    from kpi_tree import workspace

    return show_tried(face, workspace.try_channel(face.open(), face.who, name))


@channel.command("remove")
@click.argument("name")
@common
@click.pass_obj
def remove_channel(face: Face, name: str) -> None:
    """Take the channel NAME away, and forget what is secret of it."""
    from kpi_tree import workspace

    workspace.remove_channel(face.open(), face.who, name)
    said(face, {"removed": name}, msg("The channel {name} is gone.", name=name))


@channel.command("bring-back")
@click.argument("name")
@common
@click.pass_obj
def bring_back(face: Face, name: str) -> None:
    """Bring the channel NAME back; its password or address has to be set again."""
    from kpi_tree import workspace

    done = workspace.bring_channel_back(face.open(), face.who, name)
    said(face, done.to_dict(), msg("{name} is back.", name=done.name))


@click.group(invoke_without_command=True)
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the page here.")
@click.option(
    "--at", metavar="D", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the week (default: today)."
)
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_context
def digest(context: click.Context, target: Path | None, at: datetime | None, plan_id: str | None) -> None:
    """The week on one page: write it to a file with --to FILE, or let it go out by itself (digest add)."""
    if context.invoked_subcommand is not None:
        return
    if target is None:
        raise click.UsageError("Say where to write the page: --to FILE.")
    from kpi_tree import workspace
    from kpi_tree.store import files

    face: Face = context.obj
    day = at.date() if at else None
    page = workspace.digest(face.open(), face.who, at=day, plan_id=plan_id, lang=face.lang)
    try:
        target.write_bytes(page)
    except OSError as error:
        raise files.refusal(error, target) from error
    said(face, {"file": str(target), "bytes": len(page)}, msg("Written to {file}.", file=str(target)))


@digest.command("add")
@click.argument("name")
@click.option("--channel", required=True, metavar="NAME", help="The channel that it goes by.")
@click.option("--every", "schedule", default="mon 07:00", show_default=True, help="mon 07:00, daily 07:00.")
@click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")
@common
@click.pass_obj
def add_digest(face: Face, name: str, channel: str, schedule: str, plan_id: str | None) -> None:
    """Let a digest go out by itself, under the name NAME."""
    from kpi_tree import workspace

    made = workspace.add_digest(
        face.open(), face.who, name, channel=channel, schedule=schedule, plan_id=plan_id
    )
    said(face, made.to_dict(), msg("The digest {name} is set up.", name=name))


@digest.command("list")
@common
@click.pass_obj
def show_digests(face: Face) -> None:
    """The digests that go out by themselves."""
    from kpi_tree import workspace

    found = workspace.digests(face.open(), face.who)
    head = [msg("Digest"), msg("Channel"), msg("Schedule"), msg("Next")]
    rows = [(one.name, one.channel, one.schedule, one.next_run) for one in found]
    face.answer([one.to_dict() for one in found], lambda: face.table(head, rows, none=none_yet("digest add")))


@digest.command("remove")
@click.argument("name")
@common
@click.pass_obj
def remove_digest(face: Face, name: str) -> None:
    """Let the digest NAME go out no more."""
    from kpi_tree import workspace

    workspace.remove_digest(face.open(), face.who, name)
    said(face, {"removed": name}, msg("The digest {name} is gone.", name=name))


COMMANDS = (channel, digest)
