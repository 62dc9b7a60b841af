"""Plans on their way in: read from any file and looked at, then taken as new, or into a plan."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePosixPath

from kpi_tree.errors import KpiTreeError, Refused
from kpi_tree.exchange.edge_rows import COLUMNS
from kpi_tree.exchange.forms import from_any
from kpi_tree.exchange.tables import TableReading, from_rows
from kpi_tree.exchange.target_rows import with_targets
from kpi_tree.i18n import Msg, msg
from kpi_tree.ingest.files.source import open_source
from kpi_tree.ingest.sheets.workbook import Book, open_book
from kpi_tree.ingest.text.dialect import find_dialect, split
from kpi_tree.ingest.text.encoding import detect
from kpi_tree.ingest.text.lines import open_text
from kpi_tree.issues import Issue
from kpi_tree.periods import Grain, Period, period_of
from kpi_tree.plan.diff import diff
from kpi_tree.plan.edits import Edit, apply_all, describe
from kpi_tree.plan.model import Plan
from kpi_tree.plan.planfile import from_json
from kpi_tree.plan.rules import check
from kpi_tree.plan.templates.graft import graft, instead
from kpi_tree.store import Home
from kpi_tree.store import plans as kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import calendar_of, current_settings, moment, today_of
from kpi_tree.workspace.base.own import catalogue_of
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.drafting.aims import chosen_target
from kpi_tree.workspace.drafting.planning import free_id, plan_id_of
from kpi_tree.workspace.drafting.returning import READERS, Reader, Sheets
from kpi_tree.workspace.drafting.returning import onto as onto_plan
from kpi_tree.workspace.drafting.telling import words_of
from kpi_tree.workspace.drafting.templating import template_plan

MAX_BYTES = 50 * 1024 * 1024
MOST_SHEETS = 20
PLAN_ENDINGS = frozenset((".json", ".yaml", ".yml"))
TABLE_ENDINGS = frozenset((".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods"))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A plan as read from a file, and what a person should look at before taking it.

    Attributes:
        shape: how a table was understood (``level parent indented spaces``); empty for other files.
    """

    plan: Plan
    shape: str
    issues: tuple[Issue, ...]


@verb
def read_plan(
    home: Home,
    who: Asker,  # noqa: ARG001
    source: bytes,
    name: str,
    *,
    today: date | None = None,
    onto: str | None = None,
) -> Incoming:
    """Read a plan from a file without keeping anything.

    Args:
        source: a plan file (JSON, YAML), outline, Markdown list, Mermaid diagram, table (CSV, Excel).
        name: the file's name; its ending tells a table from a text.
        today: a target without a period is for the quarter that holds this day.
        onto: the plan it is to change: what the file has no place for stays as it is there.

    Raises:
        Refused: it cannot be read, with the line, row or field.
    """
    stem = PurePosixPath(name.replace("\\", "/"))
    fresh = free_id(stem.stem or "plan", kept.ids(home))
    kpis, calendar = catalogue_of(home), calendar_of(current_settings(home))
    base = kept.get(home, plan_id_of(home, onto)) if onto else None
    try:
        if stem.suffix.lower() in TABLE_ENDINGS or source[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            period = _period(home, today)
            sheets = _table(
                source,
                stem.name,
                lambda rows: _noted(
                    from_rows(rows, kpis=kpis, plan_id=fresh, period=period, calendar=calendar), period
                ),
            )
            read = sheets.reading
            made = onto_plan(sheets, base, kpis) if base else _named(read.plan, stem.stem)
            return Incoming(made, read.shape, read.issues)
        period = _period(home, today)
        text = _text(source, stem.name)
        if stem.suffix.lower() in PLAN_ENDINGS:
            made = from_json(text)
        else:
            made = from_any(text, kpis=kpis, plan_id=fresh, period=period, base=base, calendar=calendar)
    except KpiTreeError as error:
        error.place = error.place or stem.name
        raise
    named = made if base else _named(made, stem.stem)
    return Incoming(named, "", tuple(one for one in check(made, kpis) if one.level != "error"))


def _named(plan: Plan, name: str) -> Plan:
    return plan if plan.name else plan.with_(name=name[:200])


def _period(home: Home, today: date | None) -> Period:
    names = kept.names(home)
    if names:
        plan = kept.get(home, names[0][0])
        root = plan.root()
        aim = chosen_target(plan, root, today or today_of(home)) if root else None
        if aim is not None:
            return aim.period
    return period_of(today or today_of(home), Grain.QUARTER, calendar_of(current_settings(home)))


def _noted(read: TableReading, period: Period) -> TableReading:
    """The same, and that targets without a period of their own were given this one."""
    if not any(target.period == period for target in read.plan.targets.values()):
        return read
    message = msg("Targets without a period are for {period}.", period=period)
    issue = Issue("info", "target_period", message, remedy=msg("Add a column Period to say another."))
    return replace(read, issues=(issue, *read.issues))


def _text(source: bytes, name: str) -> str:
    if len(source) > MAX_BYTES:
        raise Refused(
            msg("The file is larger than {n} bytes.", n=MAX_BYTES),
            place=name,
            remedy=msg("Choose a plan file."),
        )
    if source.strip():
        open_source(source, name)  # refuses pictures and the like in words
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = detect(source, name)
        text = source[encoding.bom :].decode(encoding.name, errors="replace")
    if "\0" in text:
        raise Refused(
            msg("This is not a text."), place=name, remedy=msg("Choose a plan file, an outline or a table.")
        )
    return text


Rows = list[list[str]]


def _table(source: bytes, name: str, read: Callable[[Rows], TableReading]) -> Sheets:
    opened = open_source(source, name)
    if opened.kind == "text":
        encoding = detect(opened.data, name)
        text = open_text(opened.data, encoding).read()
        if text.startswith(",".join(COLUMNS)):  # our own list: quotes are doubled, a backslash is a letter
            return _alone(read(list(csv.reader(io.StringIO(text, newline="")))))
        rows = split(io.StringIO(text, newline=""), find_dialect(text[:200_000]))
        return _alone(read([list(row) for row in rows]))
    if opened.kind == "zip":
        raise Refused(
            msg("This is an archive."), place=name, remedy=msg("Unpack it and choose the file in it.")
        )
    book = open_book(opened.data, name)
    first: KpiTreeError | None = None
    sheets = list(book.names[:MOST_SHEETS])
    for place, sheet in enumerate(sheets):
        try:
            made = read([cells for _, cells in book.rows(sheet)])
            return _with_further_sheets(made, book, sheets[place + 1 :])
        except Refused as error:  # a cover sheet, an empty one: the tree may stand on the next
            error.place = ", ".join(part for part in (sheet, error.place) if part)
            first = first or error
    raise first or Refused(
        msg("The workbook holds no table."), place=name, remedy=msg("Choose another file.")
    )


def _alone(made: TableReading) -> Sheets:
    return Sheets(made, aims=tuple(made.plan.targets.values()))


def _with_further_sheets(made: TableReading, book: Book, sheets: Sequence[str]) -> Sheets:
    """The tree with what the sheets after it say of its boxes, lines, targets and actions."""
    used: set[Reader] = set()
    aims = tuple(made.plan.targets.values())
    for sheet in sheets:
        rows = [cells for _, cells in book.rows(sheet)]
        for reader in READERS:
            if found := reader(made.plan, rows):
                dated = reader is with_targets  # a sheet of targets says their periods itself
                told = (one for one in made.issues if not dated or one.code != "target_period")
                made = replace(made, plan=found[0], issues=(*told, *found[1]))
                used.add(reader)
                break
    return Sheets(made, frozenset(used), aims)


@verb
def take_plan(
    home: Home,
    who: Asker,
    wanted: Plan,
    *,
    into: str | None = None,
    under: str | None = None,
    base_revision: int | None = None,
    now: datetime | None = None,
) -> Plan:
    """Keep a plan that was read: as a new one, in place of a plan, or below one of its nodes.

    Args:
        into: the plan it changes, as one step that undo takes back; without it a plan of its own.
        under: the node of ``into`` below which it hangs; without it the tree takes the old one's place.
        base_revision: what ``into`` was at when the person decided.

    Raises:
        Refused: it breaks a rule of the tree; a plan of this id is here already.
        Conflict: what it replaces was changed meanwhile.
    """
    if into is None:
        away = wanted.id in kept.ids(home) and wanted.id not in dict(kept.names(home))
        fresh = wanted.with_(id=free_id(wanted.id, kept.ids(home))) if away else wanted
        return kept.create(home, fresh, who=who.name, now=moment(now))

    return kept.change(
        home,
        plan_id_of(home, into),
        lambda current: _edits(current, wanted, under),
        action="import",
        who=who.name,
        now=moment(now),
        base_revision=base_revision,
    )


def would_change(home: Home, wanted: Plan, into: str | None, under: str | None = None) -> list[Msg]:
    """What :func:`take_plan` would change, in words; nothing for a plan that would be a new one.

    Raises:
        Refused: what it would be refused with.
    """
    if into is None:
        return []
    current = plan_cached(home, into)
    edits = _edits(current, wanted, under)
    made = apply_all(current, edits)
    words = words_of(home, (*current.nodes.values(), *made.nodes.values()))
    return [describe(edit, words) for edit in edits]


def _edits(current: Plan, wanted: Plan, under: str | None) -> list[Edit]:
    made = instead(current, wanted) if under is None else graft(current, wanted, under)
    return diff(current, made)


@verb
def use_template(
    home: Home,
    who: Asker,
    template: str,
    *,
    into: str,
    under: str | None = None,
    lang: str = "en",
    now: datetime | None = None,
) -> Plan:
    """Put a template's tree in place of a plan's, or below one of its nodes: one step that undo takes back.

    Raises:
        NotFound: there is no such template or plan.
        Refused: the node cannot have it below.
    """
    made = template_plan(home, template, lang)
    return take_plan(home, who, made, into=into, under=under, now=now)
