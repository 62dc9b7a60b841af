"""Commands on the home as a whole: demo, serve, check, backup, restore."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from kpi_tree.cli.face import Day, Face, common, number, pairs
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg, translate


@click.command()
@click.option("--today", type=Day(), help="The last day of the sample shop (default: today).")
@common
@click.pass_obj
def demo(face: Face, today: date | None) -> None:
    """Load the sample shop and its plan; again: no change."""
    from kpi_tree import workspace

    home = face.open()
    done = workspace.load_demo(
        home, face.who, today=today or workspace.today_of(home), progress=lambda step: face.say(step.message)
    )
    face.answer(
        done,
        lambda: click.echo(
            translate(
                msg(
                    "The sample shop is here: {n} batches, plan {plan}.",
                    n=len(done["batches"]),
                    plan=done["plan"],
                ),
                face.lang,
            )
        ),
    )


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True, help="Where to listen.")
@common
@click.pass_obj
def serve(face: Face, port: int, address: str) -> int:
    """Run the app."""
    app = Path(__file__).resolve().parents[2] / "app.py"
    if not app.exists():
        raise Refused(
            msg("The app's start file is not there."),
            place=str(app),
            remedy=msg("Run this from the project's folder."),
        )
    environment = dict(os.environ)
    if face.home:
        environment["KPI_TREE_HOME"] = str(Path(face.home).absolute())
    line = [sys.executable, "-m", "streamlit", "run", str(app), f"--server.port={port}"]
    line += [f"--server.address={address}", "--server.headless=true"]
    face.say(msg("Serving on http://{address}:{port}", address=address, port=str(port)))
    if os.name == "posix":
        sys.stdout.flush()
        os.chdir(app.parent)
        os.execve(sys.executable, line, environment)
    return subprocess.call(line, env=environment, cwd=app.parent)  # pragma: no cover - not on POSIX


@click.command()
@click.option("--keep-leftovers", is_flag=True, help="Only report files that killed imports left behind.")
@common
@click.pass_obj
def check(face: Face, keep_leftovers: bool) -> int:
    """Prove that journal, tables and files agree."""
    from kpi_tree import workspace

    found = workspace.check(face.open(), face.who, clean=not keep_leftovers, lang=face.lang)

    def shown() -> None:
        for problem in found["problems"]:
            click.echo(f"{problem['place']}: {problem['message']} {problem['remedy']}")
        for path in found["cleaned"]:
            face.say(msg("Taken away, left by a killed import: {path}", path=path))
        if found["ok"]:
            click.echo(translate(msg("The home is whole."), face.lang))

    face.answer(found, shown)
    return 0 if found["ok"] else 1


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@common
@click.pass_obj
def backup(face: Face, file: Path) -> None:
    """Write the whole home, consistent while people write, into one FILE."""
    from kpi_tree import workspace

    done = workspace.backup(face.open(), face.who, file)
    words = msg(
        "{files} files, {bytes} bytes in {path}.", files=done["files"], bytes=done["bytes"], path=str(file)
    )
    face.answer(done, lambda: click.echo(translate(words, face.lang)))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a home that is there; it is kept beside the new one.")
@common
@click.pass_obj
def restore(face: Face, file: Path, force: bool) -> None:
    """Bring a home back from a backup FILE, and prove that it is the same."""
    from kpi_tree import workspace

    done = workspace.restore(file, face.home, force=force)
    words = msg(
        "{files} files are back in {path}, and agree with their journal.",
        files=done["files"],
        path=done["home"],
    )
    face.answer(done, lambda: click.echo(translate(words, face.lang)))


@click.command()
@click.argument("values", metavar="[NAME=VALUE]...", nargs=-1)
@common
@click.pass_obj
def settings(face: Face, values: tuple[str, ...]) -> None:
    """Show the shop's settings, or change some: timezone, country, currency, rates=EUR:11.5,USD:10.2 ..."""
    from kpi_tree import workspace

    home = face.open()
    given = {name: _setting(name, text) for name, text in pairs(values, "settings").items()}
    found = (
        workspace.change_settings(home, face.who, **given) if given else workspace.settings(home, face.who)
    )
    rows = {name: getattr(found, name) for name in type(found).__slots__}
    face.answer(
        rows,
        lambda: face.table([msg("Setting"), msg("Value")], [[n, _setting_words(v)] for n, v in rows.items()]),
    )


def _setting_words(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{code}:{rate:g}" for code, rate in value.items())
    return "–" if value == "" else str(value)


def _setting(name: str, text: str) -> Any:
    """A typed setting: a number for the settings that are numbers, codes with rates, else the text."""
    if name == "rates":
        parts = [part.partition(":") for part in text.split(",") if part.strip()]
        return {code.strip(): number(rate, f"rates, {code[:10]}") for code, _, rate in parts}
    if name in ("week_start", "fiscal_start_month", "stale_after_days"):
        return int(number(text, name))
    return text


COMMANDS = (demo, serve, check, backup, restore, settings)
