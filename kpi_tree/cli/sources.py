"""Commands on what comes by itself: source add, list, run, pause ..., tick; and token make, list, revoke."""

from __future__ import annotations

import shlex
from typing import Any

import click

from kpi_tree.cli.alerts import show_round
from kpi_tree.cli.data import mapping_of
from kpi_tree.cli.face import Face, common, none_yet
from kpi_tree.i18n import msg, translate


@click.group()
@common
def source() -> None:
    """Where data come from by themselves: a folder, an address, a query."""


@source.command("add")
@click.argument("name")
@click.option("--folder", metavar="DIR", help="A folder that is watched.")
@click.option("--pattern", metavar="GLOB", help="Which of its files, such as *.csv.")
@click.option("--url", metavar="ADDRESS", help="The address of a published sheet.")
@click.option("--connection", metavar="NAME", help="A database connection of the app's secrets.")
@click.option("--query", metavar="SQL", help="One SELECT; may ask :since, the moment of the last run.")
@click.option("--as", "as_table", metavar="TABLE", help="The record table that it fills.")
@click.option("--kpi", metavar="ID", help="The KPI whose values it holds.")
@click.option("--mapping", metavar="NAME-or-JSON", help="Which column is which field.")
@click.option("--timezone", metavar="TZ", help="Zone of times without one (default: the shop's).")
@click.option(
    "--every",
    "schedule",
    metavar="WHEN",
    default="1h",
    show_default=True,
    help="15m, 2h, daily 06:00, mon 06:00, or manual.",
)
@click.option("--fresh-hours", type=click.IntRange(1), help="After so long without news it is overdue.")
@common
@click.pass_obj
def add(face: Face, /, name: str, schedule: str, fresh_hours: int | None, **given: str | None) -> None:
    """Set up the source NAME: one of --folder, --url, --connection with --query."""
    from kpi_tree import workspace

    kinds = {"folder": "folder", "url": "url", "connection": "sql"}
    chosen = [kind for option, kind in kinds.items() if given[option]]
    if len(chosen) != 1:
        raise click.UsageError("Give one of --folder, --url, or --connection with --query.")
    place = {key: text for key in ("folder", "pattern", "url", "connection", "query") if (text := given[key])}
    reading: dict[str, Any] = {key: given[key] for key in ("as_table", "kpi", "timezone") if given[key]}
    if given["mapping"]:
        reading["mapping"] = mapping_of(given["mapping"])
    made = workspace.add_source(
        face.open(), face.who, name, kind=chosen[0], place=place, reading=reading, schedule=schedule,
        fresh_hours=fresh_hours, anywhere=True,
    ).to_dict(face.lang)  # fmt: skip
    words = msg(
        "The source {name} is set up; run it with: {command}",
        name=made["name"],
        command=f"source run {shlex.quote(made['name'])}",
    )
    face.answer(made, lambda: click.echo(translate(words, face.lang)))


@source.command("list")
@common
@click.pass_obj
def show_all(face: Face) -> None:
    """All sources, and how they stand."""
    from kpi_tree import workspace
    from kpi_tree.workspace.feeds.sourceviews import state_words

    found = workspace.sources(face.open(), face.who)
    head = [
        msg("Source"), msg("Kind"), msg("From"), msg("State"), msg("Schedule"), msg("Last run"),
        msg("Next run"), msg("Problem"),
    ]  # fmt: skip
    rows = [
        (one.name, one.kind, one.where, state_words(one.state, face.lang), one.words(), one.last_run,
         one.next_run, one.problem.text(face.lang) if one.problem else "")
        for one in found
    ]  # fmt: skip
    face.answer(
        [one.to_dict(face.lang) for one in found], lambda: face.table(head, rows, none=none_yet("source add"))
    )


@source.command("run")
@click.argument("name")
@common
@click.pass_obj
def run_now(face: Face, name: str) -> int:
    """Run the source NAME now."""
    from kpi_tree import workspace

    done = workspace.run_source(face.open(), face.who, name)
    face.answer(done.to_dict(face.lang), lambda: _show_runs(face, [done]))
    return 1 if done.outcome == "failed" else 0


@source.command("stop")
@click.argument("name")
@common
@click.pass_obj
def stop(face: Face, name: str) -> None:
    """Stop the run of the source NAME that is under way."""
    from kpi_tree import workspace

    workspace.stop_source(face.open(), face.who, name)
    words = msg("The run of {name} stops within seconds; the file at which it is changes nothing.", name=name)
    face.answer({"stopping": name}, lambda: click.echo(translate(words, face.lang)))


@source.command("runs")
@click.argument("name")
@common
@click.pass_obj
def runs_of(face: Face, name: str) -> None:
    """The last runs of the source NAME, newest first."""
    from kpi_tree import workspace

    found = workspace.source_runs(face.open(), face.who, name)
    face.answer([run.to_dict(face.lang) for run in found], lambda: _show_runs(face, found))


def _rest(paused: bool) -> Any:
    @click.argument("name")
    @common
    @click.pass_obj
    def command(face: Face, name: str) -> None:
        from kpi_tree import workspace

        done = workspace.pause_source(face.open(), face.who, name, paused=paused)
        words = msg("The source {name} rests.", name=name) if paused else msg("{name} goes on.", name=name)
        face.answer(done.to_dict(face.lang), lambda: click.echo(translate(words, face.lang)))

    return command


source.command("pause", help="Let the source NAME rest.")(_rest(True))
source.command("resume", help="Let the source NAME go on.")(_rest(False))


@source.command("remove")
@click.argument("name")
@common
@click.pass_obj
def remove(face: Face, name: str) -> None:
    """Take the source NAME away; what it brought stays."""
    from kpi_tree import workspace

    workspace.remove_source(face.open(), face.who, name)
    words = msg("The source {name} is gone; what it brought stays.", name=name)
    face.answer({"removed": name}, lambda: click.echo(translate(words, face.lang)))


@source.command("connections")
@common
@click.pass_obj
def connections(face: Face) -> None:
    """The names of the database connections in the app's secrets."""
    from kpi_tree import workspace

    found = workspace.connections(face.open(), face.who)
    face.answer(found, lambda: click.echo("\n".join(found)))


@click.command()
@common
@click.pass_obj
def tick(face: Face) -> int:
    """Run the sources that are due, then the alerts (for cron); several at once do not get in their way."""
    from kpi_tree import workspace

    home = face.open()
    done, told = workspace.tick(home, face.who), workspace.send_alerts(home, face.who)

    def shown() -> None:
        if done or not (told.told or told.sends):
            _show_runs(face, done)
        show_round(face, told)

    face.answer(
        [*(run.to_dict(face.lang) for run in done), *(one.to_dict(face.lang) for one in told.sends)], shown
    )
    failed = any(run.outcome == "failed" for run in done) or any(one.state == "failed" for one in told.sends)
    return 1 if failed else 0


def _show_runs(face: Face, done: list[Any]) -> None:
    from kpi_tree.workspace.feeds.sourceviews import OUTCOMES

    if not done:
        click.echo(translate(msg("Nothing is due."), face.lang))
    for run in done:
        click.echo(f"{run.source}: {translate(OUTCOMES[run.outcome], face.lang)}")
        if run.problem:
            face.say(run.problem.text(face.lang))
    rows = [
        [one[name] for name in ("file", "batch", "table", "accepted", "changed", "unchanged", "rejected")]
        for run in done
        for one in run.receipts
    ]
    if rows:
        head = [msg("File"), msg("Batch"), msg("Table"), msg("New rows"), msg("Changed"), msg("Unchanged"),
                msg("Rejected")]  # fmt: skip
        face.table(head, rows)


@click.group()
@common
def token() -> None:
    """Tokens for programs that send files over HTTP."""


@token.command("make")
@click.argument("name")
@click.option(
    "--table",
    "tables",
    metavar="TABLE",
    multiple=True,
    help="A record table that it may fill (again for more); without any, all.",
)
@click.option("--days", type=int, default=365, show_default=True, help="How long it is in force.")
@click.option("--no-end", is_flag=True, help="It is in force until it is revoked.")
@common
@click.pass_obj
def make(face: Face, name: str, tables: tuple[str, ...], days: int, no_end: bool) -> None:
    """Make the token NAME, and show its text: this once only."""
    from kpi_tree import workspace

    until = None if no_end else days
    made, text = workspace.make_token(face.open(), face.who, name, tables=tables, days=until)
    face.answer({**made.to_dict(), "token": text}, lambda: click.echo(text))
    face.say(msg("Keep it now: it cannot be shown again."))
    if made.expires_at is not None:
        face.say(msg("It is in force until {when}.", when=f"{made.expires_at:%Y-%m-%d %H:%M} UTC"))


@token.command("list")
@common
@click.pass_obj
def tokens(face: Face) -> None:
    """All tokens, and when they were used last."""
    from kpi_tree import workspace

    found = workspace.tokens(face.open(), face.who)
    head = [msg("Token"), msg("May fill"), msg("Made"), msg("By"), msg("Last used"), msg("Ends"),
            msg("Revoked")]  # fmt: skip
    rows = [
        (one.name, ", ".join(one.tables) or msg("everything"), one.made_at, one.made_by, one.last_used,
         one.expires_at or msg("never"), one.revoked_at)
        for one in found
    ]  # fmt: skip
    face.answer([one.to_dict() for one in found], lambda: face.table(head, rows, none=none_yet("token make")))


@token.command("revoke")
@click.argument("name")
@common
@click.pass_obj
def revoke(face: Face, name: str) -> None:
    """End the token NAME, at once and for good."""
    from kpi_tree import workspace

    done = workspace.revoke_token(face.open(), face.who, name)
    words = msg("The token {name} is in force no more.", name=done.name)
    face.answer(done.to_dict(), lambda: click.echo(translate(words, face.lang)))


COMMANDS = (source, tick, token)
