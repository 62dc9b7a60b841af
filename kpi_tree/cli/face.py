"""What every command shares: the common options, the home, and how an answer is printed."""

from __future__ import annotations

import getpass
import json
import math
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import click

from kpi_tree.errors import Refused
from kpi_tree.i18n import LANGUAGES, InLanguage, Msg, Quantity, msg, translate
from kpi_tree.steps import Step

F = TypeVar("F", bound=Callable[..., Any])


@dataclass
class Face:
    """The common options of one call, wherever they stood on the line."""

    home: str | None = None
    json: bool = False
    lang: str = "en"

    def calendar(self) -> Any:
        """The rules of time of the home's shop: what 2027-Q1 is depends on the month its year begins in."""
        from kpi_tree import workspace
        from kpi_tree.workspace.base.homes import calendar_of

        return calendar_of(workspace.settings(self.open(), self.who))

    def open(self) -> Any:
        """The home, made if it isn't there."""
        from kpi_tree import workspace

        return workspace.open_home(self.home)

    @property
    def who(self) -> Any:
        """The person at the keyboard: whoever may touch the home's files owns it."""
        from kpi_tree.workspace import Asker

        try:
            name = getpass.getuser()
        except (KeyError, OSError, ImportError):
            name = "command line"
        return Asker(name, "owner")

    def say(self, message: Msg | str) -> None:
        """A message or progress, on standard error."""
        click.echo(translate(message, self.lang), err=True)

    def meter(self) -> Callable[[Step], None]:
        """Says on standard error how far a job is: each thing done, and every tenth of it."""
        said: tuple[str, int] = ("", -1)

        def tell(step: Step) -> None:
            nonlocal said
            words = translate(step.message, self.lang)
            tenth = -1 if step.share is None else int(step.share * 10)
            if (words, tenth) != said:
                said = (words, tenth)
                click.echo(words if tenth < 0 else f"{words}: {step.share:.0%}", err=True)

        return tell

    @contextmanager
    def stopping(self) -> Iterator[Callable[[], bool]]:
        """Ctrl-C asks a long job to stop where nothing is half-done; pressed again it ends the program."""
        asked = threading.Event()

        def stop(_number: int, _frame: object) -> None:
            asked.set()
            signal.signal(signal.SIGINT, before)

        if threading.current_thread() is not threading.main_thread():
            yield asked.is_set
            return
        before = signal.signal(signal.SIGINT, stop)
        try:
            yield asked.is_set
        finally:
            signal.signal(signal.SIGINT, before)

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Ctrl-C ends what is read here, also where Python cannot raise it at once and would forget it.

        A signal that comes while a destructor or a callback of a library runs is only printed; here it is
        raised when that part is over.
        """
        asked = False

        def stop(_number: int, _frame: object) -> None:
            nonlocal asked
            asked = True
            raise KeyboardInterrupt

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
        if asked:
            raise KeyboardInterrupt

    def answer(self, document: Any, shown: Callable[[], None]) -> None:
        """The answer: the JSON document if that was asked, else what ``shown`` prints."""
        if self.json:
            write_json(document)
        else:
            shown()

    def table(
        self, head: Sequence[Msg | str], rows: Iterable[Sequence[Any]], *, none: Msg | None = None
    ) -> None:
        """Rows as aligned columns, numbers to the right; what is said where there are no rows."""
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        body = [[self.cell(value) for value in row] for row in rows]
        if none and not body:
            click.echo(translate(none, self.lang))
            return
        numeric = [{row[n][1] for row in body} - {None} == {True} for n in range(len(head))]
        made = Table(box=None, pad_edge=False, header_style="bold")
        for n, name in enumerate(head):
            made.add_column(Text(translate(name, self.lang)), justify="right" if numeric[n] else "left")
        for row in body:
            made.add_row(*(Text(text) for text, _ in row))
        wide = None if sys.stdout.isatty() else 200
        Console(width=wide, highlight=False, soft_wrap=not sys.stdout.isatty()).print(made)

    def cell(self, value: Any) -> tuple[str, bool | None]:
        """A value as text, and whether it is a number; no value may stand among either."""
        from kpi_tree.i18n import format_number

        if value is None:
            return "–", None
        if isinstance(value, InLanguage):
            return value.in_language(self.lang), isinstance(value, Quantity)
        if isinstance(value, Msg):
            return translate(value, self.lang), False
        if isinstance(value, list | tuple | set | dict):
            return ", ".join(self.cell(part)[0] for part in value) or "–", False
        if isinstance(value, datetime):
            return value.astimezone().isoformat(" ", "minutes")[:16], False
        if isinstance(value, bool) or not isinstance(value, int | float):
            return " ".join(str(value).split()), False
        return format_number(value, self.lang), True


def none_yet(command: str) -> Msg:
    """What an empty list says: the command that makes the first of them."""
    return msg("There are none yet. Make one with: {command}", command=command)


def write_json(document: Any) -> None:
    """One JSON document on standard output, full precision, *no value* as null."""
    text = json.dumps(clean(document), ensure_ascii=False, allow_nan=False, indent=1)
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    sys.stdout.buffer.flush()


def clean(value: Any) -> Any:
    """Data that JSON can carry.

    >>> clean({"a": float("nan"), "b": (date(2026, 1, 2), 1.5)})
    {'a': None, 'b': ['2026-01-02', 1.5]}
    """
    if isinstance(value, dict):
        return {str(key): clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [clean(part) for part in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | datetime):
        return None if value != value else value.isoformat()
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if isinstance(value, Msg):
        return str(value)
    if hasattr(value, "item"):
        return clean(value.item())
    return None if type(value).__name__ in ("NAType", "NaTType") else str(value)


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value not in (None, False):
            setattr(ctx.ensure_object(Face), name, value)

    return keep


def common(command: F) -> F:
    """Add ``--home``, ``--json`` and ``--lang``; they may stand before or after the command."""
    languages = click.Choice(list(LANGUAGES))
    options = (
        click.option("--home", metavar="DIR", expose_value=False, callback=_remember("home"), is_eager=True,
                     help="The home folder (default: $KPI_TREE_HOME, else data/home)."),
        click.option("--json", is_flag=True, expose_value=False, callback=_remember("json"), is_eager=True,
                     help="One JSON document on standard output."),
        click.option("--lang", type=languages, expose_value=False, callback=_remember("lang"), is_eager=True,
                     help="Language of names and messages."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def pairs(given: Sequence[str], option: str, *, many: bool = False) -> dict[str, Any]:
    """``NAME=VALUE`` arguments as a dictionary; with ``many`` a list of values a name.

    >>> pairs(["country=NO", "country=SE"], "--where", many=True)
    {'country': ['NO', 'SE']}
    """
    found: dict[str, Any] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"{option}: {text[:80]!r} is not of the form NAME=VALUE.")
        if many:
            found.setdefault(name.strip(), []).append(value)
        else:
            found[name.strip()] = value
    return found


def number(text: str, place: str) -> float:
    """A typed number.

    Raises:
        Refused: it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Refused(
            msg("{value} is not a number.", value=text[:40]), place=place, remedy=msg("Write it like 1234.5.")
        )
    return value


class Day(click.ParamType[date]):
    """A typed day (2026-05-31), or a period (2026-05, 2026-Q2, 2026-W05, 2026): its first or last day."""

    name = "D"

    def __init__(self, end: bool = False) -> None:
        self.end = end

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; for the end of a span its last day, which belongs to it."""
        if isinstance(value, date):
            return value
        from kpi_tree.errors import KpiTreeError
        from kpi_tree.periods import Grain, parse_period

        try:
            period = parse_period(value)
            if ctx is not None and period.grain is not Grain.DAY:
                period = parse_period(value, ctx.ensure_object(Face).calendar())
        except KpiTreeError as error:
            self.fail(str(error), param, ctx)
        return period.last if self.end else period.start
