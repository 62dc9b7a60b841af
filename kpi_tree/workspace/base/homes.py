"""Homes and their settings: open, look, change, check."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from kpi_tree import clock
from kpi_tree.errors import Refused
from kpi_tree.i18n import LANGUAGES, msg
from kpi_tree.periods import Calendar
from kpi_tree.store import Home, journal
from kpi_tree.store import settings as kept_settings
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.base.types import Settings

DEFAULT_HOME = Path("data") / "home"


def open_home(path: Path | str | None = None, *, create: bool = True) -> Home:
    """Open a home; ``None`` is ``$KPI_TREE_HOME``, else ``data/home`` below the working folder.

    Raises:
        Refused: the folder cannot be made, or its database is damaged or newer than this release.
    """
    chosen = path if path not in (None, "") else os.environ.get("KPI_TREE_HOME") or DEFAULT_HOME
    return Home.open(Path(str(chosen)), create=create)


def data_revision(home: Home) -> int:
    """A number that grows whenever a figure may have changed: batches and settings. Cheap."""
    with home.read() as db:
        return journal.revision(db, "data")


def plan_revision(home: Home, plan_id: str | None = None) -> int:
    """A number that grows with every change to a plan; without an id, to any plan. Cheap."""
    with home.read() as db:
        if plan_id is not None:
            return journal.revision(db, f"plan:{plan_id}")
        row = db.execute(
            "select coalesce(sum(revision), 0) from revisions where name like 'plan:%'"
        ).fetchone()
        return int(row[0])


def moment(now: datetime | None) -> datetime:
    """The moment given, else the clock's: the only place of the workspace that asks for it."""
    return now if now is not None else clock.now()


@verb
def settings(home: Home, who: Asker) -> Settings:  # noqa: ARG001
    """The shop's settings, defaults where nothing was set."""
    return current_settings(home)


def current_settings(home: Home) -> Settings:
    """The settings for the workspace's own use."""
    known = {name: value for name, value in kept_settings.get(home).items() if name in Settings.__slots__}
    return Settings(**known)


def calendar_of(chosen: Settings) -> Calendar:
    """The shop's rules of time."""
    return Calendar(
        timezone=chosen.timezone, week_start=chosen.week_start, fiscal_start_month=chosen.fiscal_start_month
    )


def today_of(home: Home, now: datetime | None = None) -> date:
    """The shop's business day at a moment."""
    return moment(now).astimezone(calendar_of(current_settings(home)).zone).date()


def end_of(home: Home, as_of: date | datetime | None) -> datetime | None:
    """The last instant of a business day of the shop; a moment as it is."""
    if as_of is None or isinstance(as_of, datetime):
        return as_of
    zone = calendar_of(current_settings(home)).zone
    return datetime.combine(as_of + timedelta(days=1), time(), zone).astimezone(UTC) - timedelta(
        microseconds=1
    )


@verb
def change_settings(home: Home, who: Asker, /, *, now: datetime | None = None, **values: Any) -> Settings:
    """Change settings by name.

    Raises:
        Refused: there is no such setting, or the value doesn't suit it.
    """
    for name, value in values.items():
        if name not in Settings.__slots__:
            raise Refused(
                msg("There is no such setting."),
                place=name[:80],
                remedy=msg("The settings are: {names}.", names=", ".join(Settings.__slots__)),
            )
        _refuse_unsuitable(name, value)
    chosen = current_settings(home).changed(**values)
    calendar_of(chosen)  # refuses a zone, weekday or month that doesn't exist
    kept_settings.change(home, values, who=who.name, now=moment(now))
    return current_settings(home)


def _refuse_unsuitable(name: str, value: Any) -> None:
    default = getattr(Settings(), name)
    if type(value) is not type(default):
        raise Refused(
            msg("{value} does not suit this setting.", value=str(value)[:80]),
            place=name,
            remedy=msg("Give a value such as {example}.", example=str(default) or "EUR"),
        )
    if name == "language" and value and value not in LANGUAGES:
        raise Refused(
            msg("{value} is not a language of this program.", value=value[:80]),
            place=name,
            remedy=msg("Choose one of {names}.", names=", ".join(LANGUAGES)),
        )
    if name == "currency" and value and not (len(value) == 3 and value.isascii() and value.isupper()):
        raise Refused(
            msg("{value} is not a currency code.", value=value[:80]),
            place=name,
            remedy=msg("Give three capital letters, such as NOK, EUR or JPY."),
        )
    if name == "country":
        from kpi_tree.workspace.base.holiday import refuse_unknown_countries

        refuse_unknown_countries(value)
    if name == "rates":
        _refuse_unsuitable_rates(value)
    if name == "stale_after_days" and not 0 <= value <= 3650:
        raise Refused(
            msg("{value} does not suit this setting.", value=value),
            place=name,
            remedy=msg("Give a number of days from 0 to 3650."),
        )


def _refuse_unsuitable_rates(value: dict[str, Any]) -> None:
    for code, rate in value.items():
        _refuse_unsuitable("currency", code)
        fits = isinstance(rate, int | float) and not isinstance(rate, bool)
        if not fits or not 0 < rate < 1e12:
            raise Refused(
                msg("{value} is not an exchange rate.", value=str(rate)[:40]),
                place=f"rates, {code}",
                remedy=msg("Give what one unit is worth in the shop's own currency, such as 11.5."),
            )


@verb
def check(home: Home, who: Asker, *, clean: bool = True, lang: str = "en") -> dict[str, Any]:
    """Whether the home is whole: journal, tables and files held against each other.

    Leftovers of killed imports are taken away when ``clean`` and the person may load data.
    """
    from kpi_tree.store import check as checking  # with all of the plan: other commands need not wait for it

    found = checking.run(home, clean=clean and who.may("load_file"))
    return {
        "ok": found.ok,
        "problems": [issue.to_dict(lang) for issue in found.problems],
        "cleaned": list(found.cleaned),
        "leftovers": list(found.leftovers),
        "counts": found.counts,
    }


@verb
def backup(home: Home, who: Asker, target: Path | str, *, now: datetime | None = None) -> dict[str, Any]:  # noqa: ARG001
    """Write the whole home to one file, consistent while people write.

    Raises:
        Refused: the place cannot be written to, or a file of the home was changed.
    """
    from kpi_tree.store import backup as backups

    done = backups.write(home, Path(target), now=moment(now))
    return {
        "file": str(done.path),
        "at": done.at,
        "files": done.files,
        "bytes": done.bytes,
        "counts": done.counts,
    }


def restore(
    source: Path | str, path: Path | str | None = None, *, force: bool = False, now: datetime | None = None
) -> dict[str, Any]:
    """Bring a home back from a backup, all of it and proven, or nothing.

    Raises:
        Refused: not a whole backup, made by a newer release, or there is a home already (without ``force``).
    """
    from kpi_tree.store import backup as backups
    from kpi_tree.store import check as checking

    chosen = path if path not in (None, "") else os.environ.get("KPI_TREE_HOME") or DEFAULT_HOME
    home = backups.read(Path(source), Path(str(chosen)), force=force, now=moment(now))
    found = checking.run(home, clean=False)
    named = sum(1 for path in home.path.rglob("*") if path.is_file())
    return {"home": str(home.path), "ok": found.ok, "files": named, "counts": found.counts}
