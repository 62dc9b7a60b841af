"""Commands on one plan: plan new, show, import, export, history, undo, redo, lint, diff."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from kpi_tree.cli.face import Day, Face, common
from kpi_tree.cli.files import write_file
from kpi_tree.errors import Refused
from kpi_tree.i18n import Quantity, format_datetime, msg, translate
from kpi_tree.issues import Issue

MAX_FILE = 50 * 1024 * 1024
ENDINGS = {"yml": "yaml", "markdown": "md", "mermaid": "mmd", "gv": "dot", "outline": "txt"}
plan_option = click.option("--plan", "plan_id", metavar="ID", help="The plan (default: the first).")


@click.group()
@common
def plan() -> None:
    """The plan: what is wanted, who owns it, and every change to it."""


@plan.command("new")
@click.option("--template", metavar="T", help="The template to start from; see plan templates.")
@click.option("--name", metavar="NAME", help="The plan's name.")
@common
@click.pass_obj
def new(face: Face, template: str | None, name: str | None) -> None:
    """A new plan from a template; with a name alone, a plan of one box."""
    from kpi_tree import workspace

    if template is None and not name:
        names = ", ".join(one.id for one in workspace.templates(face.open(), face.who, lang=face.lang))
        said = msg("Say which template, or a name for an empty plan: {names}.", names=names)
        raise click.UsageError(translate(said, face.lang))
    made = workspace.new_plan(face.open(), face.who, template=template, name=name, lang=face.lang)
    words = msg("Made the plan {name} ({id}).", name=made.name, id=made.id)
    face.answer(made.to_dict(), lambda: click.echo(translate(words, face.lang)))


@plan.command("show")
@click.option("--as-of", type=Day(end=True), help="As it stood at the end of this day.")
@click.option("--revision", type=int, help="As it stood at this revision.")
@plan_option
@common
@click.pass_obj
def show(face: Face, as_of: date | None, revision: int | None, plan_id: str | None) -> None:
    """A plan: nodes, edges, targets, actions."""
    from kpi_tree import workspace

    home = face.open()
    found = workspace.plan(home, face.who, plan_id, as_of=as_of, revision=revision)
    face.answer(found.to_dict(), lambda: _show(face, home, found))


def _show(face: Face, home: Any, found: Any) -> None:
    from kpi_tree.workspace.base.homes import current_settings
    from kpi_tree.workspace.base.nodes import unit_of
    from kpi_tree.workspace.base.own import catalogue_of
    from kpi_tree.workspace.drafting.aims import in_order

    words = msg("{name} ({id}), revision {n}", name=found.name or found.id, id=found.id, n=found.revision)
    click.echo(translate(words, face.lang))
    rows = [
        ["  " * depth + found.nodes[node].name, node, found.nodes[node].kind, found.nodes[node].formula or ""]
        for node, depth in in_order(found)
    ]
    face.table([msg("Name"), msg("Id"), msg("Kind"), msg("Formula")], rows)
    if found.targets:
        click.echo()
        known, currency = catalogue_of(home), current_settings(home).currency or None
        rows = []
        for one in found.targets.values():
            if one.in_force:
                unit = unit_of(found.nodes[one.node], known) if one.node in found.nodes else None
                amounts = (Quantity(amount, unit, currency) for amount in (one.baseline, one.value))
                rows.append([one.id, one.node, one.period.start, one.period.last, *amounts])
        head = [msg("Target"), msg("Node"), msg("From"), msg("Through"), msg("Baseline"), msg("Value")]
        face.table(head, rows)


@plan.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--under", metavar="NODE", help="Hang its tree below this node of the plan.")
@click.option("--dry-run", is_flag=True, help="Say what was read; keep nothing.")
@plan_option
@common
@click.pass_obj
def import_(face: Face, /, file: Path, under: str | None, dry_run: bool, plan_id: str | None) -> None:
    """Take a plan FILE in: JSON, YAML, Mermaid, Markdown, an outline, or a table (CSV, Excel).

    Where its plan is here already, or --plan or --under says which, as one change that undo takes back;
    --dry-run then says what that change would be.
    """
    from kpi_tree import workspace
    from kpi_tree.workspace.drafting.incoming import would_change
    from kpi_tree.workspace.drafting.planning import plan_id_of

    home = face.open()
    read = workspace.read_plan(home, face.who, _bytes(file), file.name, onto=None if under else plan_id)
    for issue in read.issues:
        face.say(issue_line(issue, face.lang))
    issues = [issue.to_dict(face.lang) for issue in read.issues]
    here = workspace.plan_names(home)
    into = plan_id or (plan_id_of(home, None) if under else read.plan.id if read.plan.id in here else None)
    if dry_run:
        would = [translate(word, face.lang) for word in would_change(home, read.plan, into, under)]
        document = {**read.plan.to_dict(), "issues": issues, "shape": read.shape or None, "changes": would}
        face.answer(document, lambda: click.echo("\n".join(would)) if into else _show(face, home, read.plan))
        return
    made = workspace.take_plan(home, face.who, read.plan, into=into, under=under)
    words = msg(
        "The plan {name} is at revision {revision}.", name=made.name or made.id, revision=made.revision
    )
    face.answer({**made.to_dict(), "issues": issues}, lambda: click.echo(translate(words, face.lang)))


def issue_line(issue: Issue, lang: str) -> str:
    """An issue in one line: place, what, remedy."""
    place = f"{issue.place}:" if issue.place else ""
    parts = [place, translate(issue.message, lang), translate(issue.remedy, lang)]
    return " ".join(part for part in parts if part)


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_FILE:
            raise Refused(
                msg("The file is larger than {n} bytes.", n=MAX_FILE),
                place=str(file),
                remedy=msg("Choose a plan file."),
            )
        return file.read_bytes()
    except OSError as error:
        raise Refused(
            msg("The file cannot be opened: {reason}.", reason=error.strerror or str(error)),
            place=str(file),
            remedy=msg("Look at its name and its rights."),
        ) from error


@plan.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@plan_option
@common
@click.pass_obj
def export(face: Face, file: Path, plan_id: str | None) -> None:
    """Write a plan to FILE: .json .yaml .md .txt (outline) .mmd .dot .csv .xlsx .svg .png .html"""
    from kpi_tree import workspace
    from kpi_tree.exchange.forms import FORMS, unsaid

    home = face.open()
    form = file.suffix.lower().removeprefix(".") or "json"
    form = ENDINGS.get(form, form)
    day = workspace.today_of(home)
    content = workspace.export_tree(home, face.who, plan_id, form=form, at=day, lang=face.lang)
    write_file(file, content)
    words = msg("The plan is in {path}.", path=str(file))
    for less in unsaid(workspace.plan(home, face.who, plan_id), form) if form in FORMS else ():
        face.say(less)
    face.answer({"file": str(file), "bytes": len(content)}, lambda: click.echo(translate(words, face.lang)))


@plan.command("history")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The latest N changes only.")
@plan_option
@common
@click.pass_obj
def history(face: Face, limit: int | None, plan_id: str | None) -> None:
    """Every change, newest first: who, when, what; and the names of states."""
    from kpi_tree import workspace

    home = face.open()
    lines = workspace.history(home, face.who, plan_id)[:limit]
    names: dict[int, list[str]] = {}
    for one in workspace.snapshots(home, face.who, plan_id):
        names.setdefault(one.revision, []).append(one.name)
    zone = ZoneInfo(workspace.settings(home, face.who).timezone)
    head = [msg("Revision"), msg("When"), msg("Who"), msg("What"), msg("Name")]
    rows = [
        [
            line.revision,
            format_datetime(line.at.astimezone(zone), face.lang),
            line.who,
            _told(line, face.lang),
            ", ".join(names.get(line.revision, ())),
        ]
        for line in lines
    ]
    documents = [{**line.to_dict(face.lang), "names": names.get(line.revision, [])} for line in lines]
    face.answer(documents, lambda: face.table(head, rows))


def _told(line: Any, lang: str) -> str:
    """A change in words: what it was beside an edit, its first three parts, and how many more there are."""
    said = [translate(word, lang) for word in line.words[:3]]
    if len(line.words) > len(said):
        said.append(translate(msg("and {n} more", n=len(line.words) - len(said)), lang))
    from kpi_tree.workspace.drafting.past import DID

    did = DID.get(line.action)
    return " ".join([*([translate(did, lang)] if did else []), "; ".join(said)])


@plan.command("undo")
@plan_option
@common
@click.pass_obj
def undo(face: Face, plan_id: str | None) -> None:
    """Take the latest change back."""
    from kpi_tree import workspace

    _after(face, workspace.undo(face.open(), face.who, plan_id))


@plan.command("redo")
@plan_option
@common
@click.pass_obj
def redo(face: Face, plan_id: str | None) -> None:
    """Make the change again that was taken back last."""
    from kpi_tree import workspace

    _after(face, workspace.redo(face.open(), face.who, plan_id))


def _after(face: Face, made: Any) -> None:
    words = msg(
        "The plan {name} is at revision {revision}.", name=made.name or made.id, revision=made.revision
    )
    face.answer(made.to_dict(), lambda: click.echo(translate(words, face.lang)))


@plan.command("lint")
@plan_option
@common
@click.pass_obj
def lint(face: Face, plan_id: str | None) -> None:
    """What a careful colleague would say about a plan."""
    from kpi_tree import workspace

    remarks = workspace.lint_plan(face.open(), face.who, plan_id, lang=face.lang)
    found = [remark.to_dict(face.lang) for remark in remarks]
    head = [msg("Level"), msg("Where"), msg("What"), msg("Remedy")]
    rows = [[issue[name] for name in ("level", "place", "message", "remedy")] for issue in found]
    face.answer({"issues": found}, lambda: face.table(head, rows))


@plan.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@common
@click.pass_obj
def diff(face: Face, before: str, after: str) -> None:
    """What differs between two plans or states of one.

    A and B are a plan's id, a revision (id@3 or @3), a snapshot's name, or a day (2026-05-31).
    """
    from kpi_tree import workspace

    home = face.open()
    found = [translate(word, face.lang) for word in workspace.diff_plans(home, face.who, before, after)]
    seen = workspace.compare_plans(home, face.who, before, after)
    sides = {
        "added": list(seen.added),
        "removed": list(seen.removed),
        "changed": list(seen.changed),
        "moved": list(seen.moved),
    }
    face.answer({"changes": found, **sides}, lambda: click.echo("\n".join(found)))


COMMANDS = (plan,)
