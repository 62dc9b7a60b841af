"""What loading a file would do to the figures: each fed KPI before and after, gaps, unusual values."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from kpi_tree import metrics, records
from kpi_tree.catalogue import Kpi
from kpi_tree.errors import KpiTreeError
from kpi_tree.i18n import Msg, msg
from kpi_tree.i18n.quantity import Quantity
from kpi_tree.ingest import checks
from kpi_tree.issues import Issue
from kpi_tree.metrics import Engine, Series
from kpi_tree.periods import Grain
from kpi_tree.steps import SILENT, Watch
from kpi_tree.store import Home, files, plans
from kpi_tree.store import batches as kept
from kpi_tree.workspace.base.cache import plan_cached
from kpi_tree.workspace.base.homes import calendar_of
from kpi_tree.workspace.base.naming import NodeName
from kpi_tree.workspace.base.own import definitions_of, own_tables_of, tables_of
from kpi_tree.workspace.base.types import Effect, Settings, plain
from kpi_tree.workspace.figuring.figures import engine_of, kept_facts

MOST_KPIS = 8
MOST_ROWS = 5_000_000
"""Records above which a dry run leaves this out, and says so: it would take longer than loading them."""
HISTORY = timedelta(days=180)
Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The KPIs before and after, and what to look at."""

    effects: tuple[Effect, ...] = ()
    issues: tuple[Issue, ...] = ()


def outcome(
    home: Home,
    tables: Mapping[str, pa.Table],
    chosen: Settings,
    first: date | None,
    last: date | None,
    place: str,
    watch: Watch = SILENT,
    *,
    newer: Set[str] = frozenset(),
) -> Outcome:
    """Compare the figures of a file's days without and with its rows; nothing of it stays.

    Args:
        first, last: the days the file covers.
        place: the file's name, for the issues.
        newer: the batches that go on counting before it.

    Raises:
        Cancelled: it was stopped.
    """
    rows = sum(table.num_rows for table in tables.values())
    if home.read_only or first is None or last is None or not rows:
        return Outcome()
    if rows > MOST_ROWS:
        return Outcome(issues=(_left_out(rows, place),))
    watch.tell(msg("Working out what the KPIs become"), 0.3)
    before = engine_of(home)
    with _with_rows(home, tables, chosen, newer) as after:
        fed = _fed(home, set(tables), after)
        new = _values(after, fed, first, last)
        watch.check()
        known = _given(_values(before, fed, first, last))
    past = _given(_values(before, fed, first - HISTORY, first - timedelta(days=1)))
    effects: list[Effect] = []
    issues: list[Issue] = []
    without: dict[str, Issue] = {}
    for kpi in fed:
        if kpi.id in new and (why := new[kpi.id].refusal) is not None:
            without[str(why.message)] = _refused(why, place)
            continue
        if kpi.id not in new:
            continue
        was, value = (plain(of[kpi.id].total.get("value")) if kpi.id in of else None for of in (known, new))
        if was is None and value is None:
            continue
        effects.append(Effect(kpi.id, kpi.unit, was, value, new[kpi.id].currency))
        if not issues:
            issues += _gaps(new[kpi.id], place)
        if kpi.id in past:
            issues += _unusual(kpi, past[kpi.id], new[kpi.id], place)
    return Outcome(tuple(effects), (*without.values(), *issues))


def _left_out(rows: int, place: str) -> Issue:
    words = msg("What the KPIs become is not worked out before a file of {n} records is loaded.", n=rows)
    remedy = msg("Load it and look; it can be withdrawn again.")
    return Issue("info", "effects_left_out", words, place, remedy)


@contextmanager
def _with_rows(
    home: Home, tables: Mapping[str, pa.Table], chosen: Settings, newer: Set[str]
) -> Iterator[Engine]:
    """An engine over the active batches and a file's rows, which lie in the home only meanwhile."""
    # Those that go on counting before it move up by one.
    active = {
        table: [(place + (batch in newer), batch, path) for place, batch, path in found]
        for table, found in kept.active_files(home).items()
    }
    older = (place for found in active.values() for place, batch, _ in found if batch not in newer)
    place = 1 + max(older, default=0)
    name = f"dry{secrets.token_hex(6)}"
    written = []
    with files.importing(home):  # so that a check at the same time does not take them for leftovers
        try:
            for table, rows in tables.items():
                path = home.records / table / f"{name}.parquet"
                written.append(path)
                records.write(tables_of(home)[table], rows, path)
                active.setdefault(table, []).append((place, name, path))
            with _over(home, active, chosen) as engine:
                yield engine
        finally:
            for path in written:
                path.unlink(missing_ok=True)


@contextmanager
def _over(home: Home, active: Mapping[str, Any], chosen: Settings) -> Iterator[Engine]:
    """An engine over some batches: table -> (number, id, file) of each."""
    engine = Engine(
        home.records,
        active,
        calendar_of(chosen),
        metrics.Settings(currency=chosen.currency or None, rates=dict(chosen.rates)),
        extra_tables=own_tables_of(home),
        definitions_=definitions_of(home),
        kept=kept_facts(home, writes=False),
        before=engine_of(home),
    )
    try:
        yield engine
    finally:
        engine.close()


def among(home: Home, active: Set[str], tables: Set[str], chosen: Settings, days: Days) -> tuple[Effect, ...]:
    """What every KPI of some days becomes when other batches count than now; those that stay are left out.

    Args:
        active: ids of the batches that would count. tables: those that differ.
        days: the first and the last day to look at.
    """
    first, last = days
    files_then = {
        table: found
        for table, found in kept.active_files(home, among=active).items()
        if table in tables_of(home)
    }
    before = engine_of(home)
    with _over(home, files_then, chosen) as after:
        known = _given(_values(before, _all_fed(home, set(tables), before), first, last))
        new = _given(_values(after, _all_fed(home, set(tables), after), first, last))
        every = {kpi.id: kpi for engine in (before, after) for kpi in _all_fed(home, set(tables), engine)}
    moved = []
    for name, kpi in every.items():
        was, will = (plain(of[name].total.get("value")) if name in of else None for of in (known, new))
        if was != will:
            currency = (known.get(name) or new[name]).currency
            moved.append(Effect(name, kpi.unit, was, will, currency))
    return tuple(moved)


def _fed(home: Home, tables: set[str], engine: Engine) -> list[Kpi]:
    """The first KPIs that gain from the tables, each worked out from its days."""
    return _all_fed(home, tables, engine)[:MOST_KPIS]


def _all_fed(home: Home, tables: set[str], engine: Engine) -> list[Kpi]:
    """The KPIs that gain from the tables: those of the shop's plans first."""
    watched = watched_kpis(home)
    fed = [
        kpi
        for kpi in engine.definitions.kpis.values()
        if tables & set(kpi.tables) and all(engine.has(table) for table in kpi.tables)
    ]
    return sorted(fed, key=lambda kpi: kpi.id not in watched)


def watched_kpis(home: Home) -> set[str]:
    """The KPIs of all the shop's plans."""
    plans_of = [plan_cached(home, name) for name, _ in plans.names(home)]
    return {node.kpi for plan in plans_of for node in plan.nodes.values() if node.kpi}


def _values(engine: Engine, kpis: Sequence[Kpi], first: date, last: date) -> dict[str, Series]:
    """The KPIs' days; those that cannot be worked out (amounts in two currencies, say) say why."""
    if not kpis:
        return {}
    end = last + timedelta(days=1)
    names = [kpi.id for kpi in kpis]
    return metrics.query(engine, names, start=first, end=end, grain=Grain.DAY, keep_refusals=True)


def _given(found: Mapping[str, Series]) -> dict[str, Series]:
    return {name: series for name, series in found.items() if series.refusal is None}


def _refused(why: KpiTreeError, place: str) -> Issue:
    """Why KPIs have no value with the file's rows."""
    return Issue("warning", "not_worked_out", why.message, place, why.remedy)


def _gaps(values: Series, place: str) -> list[Issue]:
    frame = values.frame
    days = [when.date() for when in frame.loc[frame["records"].fillna(0) > 0, "period"]]
    found = checks.gaps(days)
    if not found or checks.step(days) > 1:
        return []  # what comes now and then has no gaps
    remedy = msg("See that the export is whole.")
    return [Issue("warning", "gap", _gap_words(found), place, remedy, count=len(found))]


def _gap_words(found: Sequence[tuple[date, date]]) -> Msg:
    """How many days lack, and the first of them."""
    missing = sum((last - first).days + 1 for first, last in found)
    first, last = found[0]
    if missing == 1:
        return msg("There is nothing for {day}, between the first day and the last.", day=first)
    if first == last:
        return msg(
            "There is nothing for {n} days between the first and the last; the first of them is {day}.",
            n=missing, day=first,
        )  # fmt: skip
    return msg(
        "There is nothing for {n} days between the first and the last; the first are {first} to {last}.",
        n=missing, first=first, last=last,
    )  # fmt: skip


def _unusual(kpi: Kpi, past: Series, new: Series, place: str) -> list[Issue]:
    now = new.frame[new.frame["records"].fillna(0) > 0]
    found = checks.outliers(past.frame["value"].tolist(), now["value"].tolist())
    if not found:
        return []
    worst = max(found, key=lambda one: abs(one.value - (one.low + one.high) / 2))
    when: Any = now["period"].iloc[worst.position]
    words = msg(
        "{kpi} is {value} on {day}; so far a day had {low} to {high}.",
        kpi=NodeName(kpi.text("name", "en"), kpi.name),
        value=Quantity(worst.value, kpi.unit, new.currency),
        day=when.date(),
        low=Quantity(worst.low, kpi.unit, new.currency),
        high=Quantity(worst.high, kpi.unit, new.currency),
    )
    remedy = msg("Look whether amounts are in another unit or currency than before.")
    return [Issue("warning", "unusual", words, place, remedy, count=len(found))]
