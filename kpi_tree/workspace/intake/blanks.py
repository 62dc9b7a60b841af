"""Templates to fill in: empty record tables, and a person's own values with the next dates filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kpi_tree.errors import NotFound, Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.values.dimensions import dimension_named
from kpi_tree.ingest.values.kpinames import with_id
from kpi_tree.ingest.values.templates import table_csv, table_xlsx, values_csv, values_xlsx
from kpi_tree.periods import Grain, period_of
from kpi_tree.store import Home, observations, plans
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import calendar_of, current_settings
from kpi_tree.workspace.base.own import catalogue_of, dimension_words, tables_of
from kpi_tree.workspace.base.rights import Asker, verb

Form = Literal["csv", "xlsx"]
GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER)
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class BlankChoices:
    """What a person can have a template for.

    Attributes:
        owners: owner -> the KPIs of the plan's boxes that they answer for, and those below them.
        members: dimension of values that were loaded before -> its members (the shop's stores, say).
        through: KPI -> the last day that loaded values speak of.
    """

    owners: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, ...]]
    through: Mapping[str, date]


@verb
def blank_choices(home: Home, who: Asker) -> BlankChoices:  # noqa: ARG001
    """Owners with their KPIs, dimensions with their members, and up to when values are known."""
    known = catalogue_of(home)
    owners: dict[str, list[str]] = {}
    for plan_id, _ in plans.names(home):
        for node in plan_cached(home, plan_id).nodes.values():
            if node.owner and node.kpi in known and node.kpi not in owners.setdefault(node.owner, []):
                owners[node.owner].append(str(node.kpi))
    members: dict[str, dict[str, None]] = {}
    spans = observations.known(home)
    for kpi in spans:
        for one in observations.of(home, kpi):
            for name, member in one.dimensions.items():
                members.setdefault(name, {})[member] = None
    return BlankChoices(
        {owner: tuple(kpis) for owner, kpis in sorted(owners.items())},
        {name: tuple(sorted(found)) for name, found in sorted(members.items())},
        {kpi: last for kpi, (_, last) in spans.items()},
    )


@verb
def blank_table(home: Home, who: Asker, table: str, *, form: Form = "xlsx", lang: str = "en") -> bytes:  # noqa: ARG001
    """An empty file for a record table, built in or of the shop's own; filled in, it reads back by itself.

    Raises:
        NotFound: there is no such table.
    """
    found = tables_of(home).get(table)
    if found is None:
        raise NotFound(
            msg("There is no record table {name}.", name=table[:80]),
            place="table",
            remedy=msg("The tables are: {names}.", names=", ".join(tables_of(home))),
        )
    return table_xlsx(found, lang) if form == "xlsx" else table_csv(found, lang)


@verb
def blank_values(
    home: Home,
    who: Asker,  # noqa: ARG001
    kpis: Sequence[str],
    *,
    today: date,
    grain: Grain | str = Grain.WEEK,
    periods: int = 4,
    dimension: str = "",
    members: Sequence[str] = (),
    form: Form = "xlsx",
    lang: str = "en",
) -> bytes:
    """A file for values of some KPIs: a row for each of the next periods, and each member if any.

    The periods follow the last value that is known of these KPIs; without one they begin with that of
    ``today``.

    Args:
        members: of ``dimension``, such as the stores ``Oslo`` and ``Bergen`` of the dimension ``store``.

    Raises:
        NotFound: there is no such KPI.
        Refused: no KPI, a length of period that values do not come in, or far too many rows.
    """
    known = catalogue_of(home)
    unknown = next((kpi for kpi in kpis if kpi not in known), None)
    if unknown is not None:
        raise NotFound(msg("There is no KPI of this name."), place=unknown[:80])
    step = Grain(grain) if str(grain) in GRAINS else None
    rows = len(kpis) * periods * max(len(members), 1)
    if not kpis or step is None or not 0 < rows <= MOST_ROWS:
        raise Refused(
            msg("Such a template cannot be made."),
            place=str(grain)[:40],
            remedy=msg("Choose at least one KPI, days to quarters, and at most {n} rows.", n=MOST_ROWS),
        )
    if step is Grain.QUARTER and calendar_of(current_settings(home)).fiscal_start_month % 3 != 1:
        raise Refused(
            msg("The quarters of this shop's year are not those of the calendar, which a file can name."),
            place=str(grain),
            remedy=msg("Choose months; quarters are added up from them."),
        )
    spans = observations.known(home)
    after = max((spans[kpi][1] for kpi in kpis if kpi in spans), default=None)
    names = {kpi: with_id(known[kpi].text("name", lang), kpi) for kpi in kpis}
    made = values_xlsx if form == "xlsx" else values_csv
    return made(
        kpis,
        _next(home, step, periods, after, today),
        lang,
        _heading(home, dimension, lang) if members else "",
        tuple(members) or ("",),
        names,
        {kpi: (known[kpi].unit, current_settings(home).currency) for kpi in kpis},
    )


def _heading(home: Home, dimension: str, lang: str) -> str:
    """A dimension as the reader calls it, where that reads back as the same one."""
    said = dimension_words(home, dimension, lang)
    return said if (dimension_named(said) or normal(said).replace(" ", "_")) == dimension else dimension


def _next(home: Home, grain: Grain, count: int, after: date | None, today: date) -> list[date | str]:
    """The next periods, as the reader of files knows them."""
    calendar = calendar_of(current_settings(home))
    period = period_of(after or today, grain, calendar)
    if after is not None:
        period = period_of(period.end, grain, calendar)
    found: list[date | str] = []
    for _ in range(count):
        found.append(_written(period.start, grain))
        period = period_of(period.end, grain, calendar)
    return found


def _written(first: date, grain: Grain) -> date | str:
    if grain is Grain.WEEK:
        year, week, _ = (first + timedelta(days=3)).isocalendar()
        return f"{year}-W{week:02d}"
    if grain is Grain.MONTH:
        return f"{first:%Y-%m}"
    if grain is Grain.QUARTER:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    return first
