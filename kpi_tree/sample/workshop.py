"""The shop's own workshop: runs make exactly what the deliveries of its products bring in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from kpi_tree.sample import arrow
from kpi_tree.sample.draws import Ints, Keys, keys
from kpi_tree.sample.shop import facts, goods
from kpi_tree.sample.stock import make_stock
from kpi_tree.sample.story import date_of
from kpi_tree.sample.world import World

RUN_UNITS = 9
IDEAL_SECONDS = {"Treverk": 780, "Stearin": 260}
KINDS = ("Feil merking", "Skade på vare", "Temperaturavvik", "Nestenulykke", "Manglende kontroll")


@dataclass(frozen=True)
class Runs:
    """One row a run."""

    day: Ints
    product: Ints
    made: Ints
    at: Keys
    number: Ints


def workshop_tables(world: World) -> dict[str, pa.Table]:
    """``production_runs``, ``shifts``, ``incidents``."""
    runs = _runs(world)
    draws, ware = world.draws, goods()
    at, made = runs.at, runs.made
    scrapped = draws.poisson("scrapped", at, 0.02 * made)
    good = np.maximum(made - draws.poisson("reworked", at, 0.05 * made), 0)
    expected = np.maximum(np.rint(made * (1.04 + 0.10 * draws.normal("expected", at))), 1).astype(np.int64)
    ideal = np.array([IDEAL_SECONDS.get(line, 1) for line in ware.made])[runs.product]
    run = (made + scrapped) * ideal / 60 / (0.78 + 0.17 * draws.uniform("performance", at))
    planned = run / (0.80 + 0.16 * draws.uniform("availability", at)) + 5
    second = 8 * 3600 + draws.below("run at", at, 4) * 5400
    started = world.clock.instant(runs.day, second)
    line = arrow.text(runs.product, ware.made)
    turn = np.lexsort((runs.number, started))
    production = arrow.build("production_runs", {
        "run_id": arrow.numbered("P", runs.number),
        "started_at": arrow.instants(started),
        "line": line,
        "product_id": arrow.text(runs.product, ware.ids),
        "planned_minutes": arrow.real(planned, 1),
        "run_minutes": arrow.real(run, 1),
        "ideal_cycle_seconds": arrow.real(ideal.astype(np.float64), 0),
        "units_started": arrow.quantity(made + scrapped),
        "units_made": arrow.quantity(made),
        "units_good": arrow.quantity(good),
        "units_expected": arrow.quantity(expected),
    }, keep=turn)  # fmt: skip
    scheduled = np.ceil(planned / 15) / 4 + 0.25
    worked = scheduled * (0.90 + 0.10 * draws.uniform("worked", at))
    names = [name for group in facts()["workers"].values() for name in group]
    first = np.array([0 if line == "Treverk" else 2 for line in ware.made])[runs.product]
    shifts = arrow.build("shifts", {
        "shift_id": arrow.numbered("H", runs.number),
        "started_at": arrow.instants(started),
        "worker": arrow.text(first + draws.below("worker", at, 2), names),
        "line": line,
        "scheduled_hours": arrow.real(scheduled, 2),
        "worked_hours": arrow.real(worked, 2),
        "expected_output": arrow.quantity(expected),
        "output": arrow.quantity(made),
        "good_output": arrow.quantity(good),
    }, keep=turn)  # fmt: skip
    return {"production_runs": production, "shifts": shifts, "incidents": _incidents(world)}


def _runs(world: World) -> Runs:
    """Each delivery of an own product is made on the workdays of the fortnight before it, in small runs."""
    ware = goods()
    rows: list[tuple[int, int, int, int]] = []
    for receipt in make_stock(world).receipts:
        if not ware.made[receipt.product] or receipt.quantity <= 0:
            continue
        days = [day for day in range(receipt.day - 14, receipt.day) if (day + 3) % 7 < 5]
        count = min(len(days), -(-receipt.quantity // RUN_UNITS))
        base, more = divmod(receipt.quantity, count)
        step = len(days) / count
        rows += [(days[int(n * step)], receipt.product, base + (n < more), receipt.day) for n in range(count)]
    rows = [row for row in rows if world.start <= row[0] < world.end]
    day, product, made, _ = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Runs(day, product, made, keys(day, product, 51), (day - 12_784) * 64 + product)


def _incidents(world: World) -> pa.Table:
    cal, draws = world.cal, world.draws
    count = draws.poisson("incidents", keys(cal.number, 0, 52), np.where(cal.weekday < 5, 0.08, 0.01))
    day = np.repeat(cal.number, count)
    part = np.arange(len(day)) - np.repeat(np.cumsum(count) - count, count)
    at = keys(day, part, 53)
    when = world.clock.instant(day, 8 * 3600 + draws.below("incident at", at, 8 * 3600))
    severity = draws.pick("severity", at, [0.66, 0.27, 0.07])
    ids = [f"A{date_of(d):%y%m%d}-{n + 1}" for d, n in zip(day.tolist(), part.tolist(), strict=True)]
    return arrow.build("incidents", {
        "incident_id": pa.array(ids, pa.string()),
        "occurred_at": arrow.instants(when),
        "kind": arrow.text(draws.below("kind", at, len(KINDS)), KINDS),
        "severity": arrow.text(severity, ("low", "medium", "high")),
    }, keep=np.argsort(when, kind="stable"))  # fmt: skip
