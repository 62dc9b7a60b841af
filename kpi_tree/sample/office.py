"""The office: projects with their hours, costs, the market, competitors' prices, experiments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow, story
from kpi_tree.sample.counts import CART, ORDER
from kpi_tree.sample.draws import Ints, keys
from kpi_tree.sample.shop import facts, goods
from kpi_tree.sample.story import day_number
from kpi_tree.sample.world import World

RUNS_DAYS, PAYS_DAYS = 84, 182
HOUR_PRICE = 75_000
TASKS = ("Planlegging", "Utvikling", "Test", "Innhold")
WATCHED = (
    "BEL-101",
    "BEL-105",
    "KJO-201",
    "KJO-203",
    "KJO-205",
    "TEK-301",
    "TEK-303",
    "FRI-401",
    "FRI-402",
    "KLE-601",
    "KLE-602",
    "HAG-503",
)
EXPERIMENT_DAYS = 28


def office_tables(world: World) -> dict[str, pa.Table]:
    """``projects``, ``project_status``, ``time_entries``, ``costs``, ``market_size``, ``competitor_prices``,
    ``exposures``."""
    return {
        **_project_tables(world),
        "costs": _costs(world),
        "market_size": _market(world),
        "competitor_prices": _competitors(world),
        "exposures": _exposures(world),
    }


@dataclass(frozen=True)
class Project:
    """One project: its entries' days and hours (in hundredths), what each was thought to take, its budget
    in øre."""

    id: str
    name: str
    first: int
    days: Ints
    hours: Ints
    each: int
    benefit: float
    pace: float

    @property
    def budget(self) -> int:
        """Estimated hours at the hour's price, with a twentieth on top."""
        return self.each * len(self.days) * HOUR_PRICE // 100 * 105 // 100


def _projects(world: World) -> list[Project]:
    """One a quarter, twelve weeks long."""
    found = []
    first, last = story.date_of(world.start).year - 1, story.date_of(world.end).year
    for quarter in range(first * 4, last * 4 + 4):
        begin = day_number(date(quarter // 4, quarter % 4 * 3 + 1, 8))
        if begin >= world.end or begin + RUNS_DAYS + PAYS_DAYS < world.start:
            continue
        fact = facts()["projects"][quarter % len(facts()["projects"])]
        days = np.arange(begin, begin + RUNS_DAYS)
        days = days[(days + 3) % 7 < 5]
        days = days[world.draws.chance("works on project", keys(days, 0, 61), 0.7)]
        each = round(fact["hours"] * 100 / max(len(days), 1) / 25) * 25
        over = np.exp(0.05 + 0.35 * world.draws.normal("hours", keys(days, 0, 62)))
        hours = np.maximum(np.rint(each * over / 25).astype(np.int64), 1) * 25
        pace = 0.86 + 0.2 * float(world.draws.uniform("project pace", keys(quarter, 0, 63))[0])
        number = f"{quarter // 4}-{quarter % 4 + 1}"
        found.append(Project(f"PRO-{number}", fact["name"], begin, days, hours, each, fact["benefit"], pace))
    return found


def _project_tables(world: World) -> dict[str, pa.Table]:
    found = _projects(world)
    over = [one.first + RUNS_DAYS for one in found]
    days = np.concatenate([one.days for one in found])
    which = np.repeat(np.arange(len(found)), [len(one.days) for one in found])
    hours = np.concatenate([one.hours for one in found])
    shown = np.flatnonzero((days >= world.start) & (days < world.end))
    at = keys(days, 0, 64)
    ids = [one.id for one in found]
    projects = arrow.build("projects", {
        "project_id": pa.array(ids, pa.string()),
        "name": pa.array([one.name for one in found], pa.string()),
        "started_on": arrow.days(np.array([one.first for one in found])),
        "ended_on": arrow.days(np.array(over), np.array(over) >= world.end),
        "budget": arrow.money(np.array([one.budget for one in found])),
        "estimated_hours": arrow.real(np.array([one.each * len(one.days) / 100 for one in found]), 2),
    })  # fmt: skip
    entries = arrow.build("time_entries", {
        "entry_id": arrow.numbered("N", days * 16 + which % 16),
        "project_id": arrow.text(which, ids),
        "task": arrow.text(world.draws.pick("task", at, [0.15, 0.5, 0.2, 0.15]), TASKS),
        "person": arrow.text(world.draws.below("person", at, len(facts()["office"])), facts()["office"]),
        "worked_on": arrow.days(days),
        "hours": arrow.real(hours / 100, 2),
        "estimated_hours": arrow.real(np.array([one.each / 100 for one in found])[which], 2),
        "billable": arrow.yes_no(np.zeros(len(days), dtype=bool)),
    }, keep=shown)  # fmt: skip
    return {"projects": projects, "project_status": _status(world, found), "time_entries": entries}


def _status(world: World, found: list[Project]) -> pa.Table:
    """Every Friday of a project and of the half year after it: planned, earned, spent and gained so far."""
    rows: list[tuple[int, int, int, int, int, int]] = []
    for n, one in enumerate(found):
        for friday in range(one.first, one.first + RUNS_DAYS + PAYS_DAYS):
            if (friday + 3) % 7 != 4 or not world.start <= friday < world.end:
                continue
            done = int(np.searchsorted(one.days, friday, side="right"))
            share = done / max(len(one.days), 1)
            gained = round(one.budget * one.benefit * max(0, friday - one.first - RUNS_DAYS) / PAYS_DAYS)
            planned = round(one.budget * min(1.0, (friday - one.first) / RUNS_DAYS))
            earned = one.budget if share == 1 else round(one.budget * min(1.0, share * one.pace))
            rows.append((n, friday, planned, earned, int(one.hours[:done].sum()) * HOUR_PRICE // 100, gained))
    which, day, plan, earn, spent, gain = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return arrow.build("project_status", {
        "project_id": arrow.text(which, [one.id for one in found]),
        "day": arrow.days(day),
        "planned_value": arrow.money(plan),
        "earned_value": arrow.money(earn),
        "actual_cost": arrow.money(spent),
        "benefit": arrow.money(gain),
    })  # fmt: skip


def _costs(world: World) -> pa.Table:
    """Wages and rent each Friday, work on finding new customers once a month."""
    cal = world.cal
    friday = np.flatnonzero(cal.weekday == 4)
    fifth = np.flatnonzero(np.array([story.date_of(day).day == 5 for day in cal.number.tolist()]))
    row = np.concatenate([friday, friday, fifth])
    kind = np.repeat([0, 1, 2], [len(friday), len(friday), len(fifth)])
    amount = (
        np.rint(np.array([11_800.0, 4_300.0, 5_200.0])[kind] * 1.03 ** cal.years[row]).astype(np.int64) * 100
    )
    names = ("wages", "fixed", "acquisition")
    ids = [
        f"{names[k]}-{story.date_of(d)}" for k, d in zip(kind.tolist(), cal.number[row].tolist(), strict=True)
    ]
    return arrow.build("costs", {
        "cost_id": pa.array(ids, pa.string()),
        "incurred_on": arrow.days(cal.number[row]),
        "kind": arrow.text(kind, names),
        "amount": arrow.money(amount),
        "note": arrow.text(kind, ("Verksted og lager", "Leie og strøm", "Byrå og samarbeid")),
    }, keep=np.lexsort((kind, row)))  # fmt: skip


def _market(world: World) -> pa.Table:
    """What the whole market sells in a month; known once the month is over."""
    months = np.arange(
        np.datetime64(world.start, "D").astype("datetime64[M]"),
        np.datetime64(world.end, "D").astype("datetime64[M]"),
    )
    first = months.astype("datetime64[D]").astype(np.int64)
    first = first[first >= world.start]
    cal_years = (first - story.ANCHOR) / 365.25
    noise = np.exp(0.02 * world.draws.normal("market", keys(first, 0, 71)))
    level = (
        27e6
        * 1.035 ** np.clip(cal_years, -8, 8)
        * story.MONTH[first.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12]
        * noise
    )
    return arrow.build("market_size", {
        "market": arrow.same("Hjem og friluft på nett", len(first)),
        "month": arrow.days(first),
        "value": arrow.money(np.rint(level / 1000).astype(np.int64) * 100_000),
    })  # fmt: skip


def _competitors(world: World) -> pa.Table:
    """Two competitors' prices of twelve products, every Monday."""
    cal, ware, rivals = world.cal, goods(), facts()["competitors"]
    watched = np.array([ware.ids.index(sku) for sku in WATCHED])
    monday = np.flatnonzero(cal.weekday == 0)
    row = np.repeat(monday, len(watched) * len(rivals))
    product = np.tile(np.repeat(watched, len(rivals)), len(monday))
    rival = np.tile(np.arange(len(rivals)), len(monday) * len(watched))
    own = story.prices(ware.price, story.price_level(cal))[row, product]
    at = keys(cal.number[row] // 28, product * 2 + rival, 72)
    level = (
        np.array([1.03, 0.97])[rival] * 1.025 ** cal.years[row] * (1 + 0.04 * world.draws.normal("rival", at))
    )
    price = np.rint(ware.price[product] * level / 1000) * 1000 - 100
    return arrow.build("competitor_prices", {
        "product_id": arrow.text(product, ware.ids),
        "competitor": arrow.text(rival, rivals),
        "seen_on": arrow.days(cal.number[row]),
        "price": arrow.money(price.astype(np.int64)),
        "own_price": arrow.money(own),
    })  # fmt: skip


def _exposures(world: World) -> pa.Table:
    """Two experiments a year on the checkout: everybody who fills a cart within four weeks sees one of
    two arms."""
    visits, orders, draws = world.visits, world.orders, world.draws
    bought = np.zeros(len(visits), dtype=np.int64)
    bought[orders.visit] = np.where(orders.placed, orders.net - orders.discount, 0)
    names: list[str] = []
    parts: list[tuple[Ints, Ints, Ints]] = []
    for year in range(story.date_of(world.start).year - 1, story.date_of(world.end).year + 1):
        for name, month in (("Kasse i ett steg", 2), ("Frakt vist tidlig", 10)):
            first = day_number(date(year, month, 5))
            rows = np.flatnonzero((visits.day >= first) & (visits.day < first + EXPERIMENT_DAYS))
            rows = rows[visits.kind[rows] <= CART]
            rows = rows[np.argsort(visits.start[rows], kind="stable")]
            _, seen, person = np.unique(visits.visitor[rows], return_index=True, return_inverse=True)
            value = np.zeros(len(seen), dtype=np.int64)
            np.add.at(value, person, bought[rows])
            kept = visits.day[rows[seen]] >= max(world.start, first)
            parts.append((np.full(int(kept.sum()), len(names)), rows[seen][kept], value[kept]))
            names.append(f"{name} {year}")
    which, row, value = (np.concatenate([part[n] for part in parts]) for n in range(3))
    # The new arm works: who orders at the first sight of it has seen it a little more often.
    arm = draws.chance("arm", visits.at[row], np.where(visits.kind[row] == ORDER, 0.54, 0.48)).astype(
        np.int64
    )
    return arrow.build("exposures", {
        "experiment": arrow.text(which, names),
        "unit_id": arrow.numbered("v", visits.visitor[row]),
        "arm": arrow.text(arm, ("A", "B")),
        "exposed_at": arrow.instants(visits.start[row]),
        "converted": arrow.yes_no(value > 0),
        "value": arrow.money(value),
    }, keep=np.lexsort((row, visits.start[row])))  # fmt: skip
