"""The sample shop's plan: whole, in three languages, its baselines the records' own figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from kpi_tree.catalogue import catalogue
from kpi_tree.metrics import Engine, query
from kpi_tree.periods import Period
from kpi_tree.plan.rules import check
from kpi_tree.records import write
from kpi_tree.sample import generate, sample_plan
from kpi_tree.sample.figures import figures, world_for

TODAY = date(2026, 11, 22)
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture(scope="module")
def engine(shop: Mapping[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("records")
    active = {}
    for name in ("orders", "order_lines", "refunds", "sessions", "cart_events", "products"):
        active[name] = [(1, "one", write(name, shop[name], folder / name / "one.parquet"))]
    made = Engine(folder, active)
    yield made
    made.close()


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
def test_the_plan_breaks_no_rule_and_speaks_the_language(lang: str) -> None:
    plan = sample_plan(TODAY, catalogue(), lang=lang)
    assert check(plan, set(catalogue())) == []
    assert plan.root() == "sales"
    assert plan.nodes["sales"].name == catalogue()["sales"].name[lang]
    assert all(node.name and node.owner for node in plan.nodes.values())
    assert type(plan).from_dict(plan.to_dict()).to_dict() == plan.to_dict()


def test_baselines_are_what_the_metrics_say(engine: Engine) -> None:
    plan = sample_plan(TODAY)
    for target in plan.targets.values():
        before = target.period.same_last_year()
        found = query(engine, [target.node], start=before.start, end=before.end, grain="quarter")
        assert target.baseline == pytest.approx(found[target.node].total["value"], rel=1e-12), target.id
        assert target.baseline_label == "same_period_last_year"
        change = target.value - target.baseline
        assert target.change == pytest.approx(
            change if target.change_kind == "points" else change / target.baseline
        )


def test_every_formula_holds_on_the_records(engine: Engine) -> None:
    """sales = sold - returns, sold = orders x order value, orders = visits x conversion, every day."""
    names = ["sales", "returns", "orders", "average_order_value", "sessions", "conversion_rate"]
    span = {"start": date(2026, 9, 1), "end": TODAY, "grain": "day"}
    found = {
        name: series.frame["value"].to_numpy(float) for name, series in query(engine, names, **span).items()
    }
    orders = found["sessions"] * found["conversion_rate"]
    assert orders == pytest.approx(found["orders"], abs=1e-9)
    some = found["orders"] > 0
    sold = (found["orders"] * found["average_order_value"])[some]
    assert (sold - found["returns"][some]) == pytest.approx(found["sales"][some], abs=0.005)


def test_targets_meet_on_the_way_up() -> None:
    """The targets of visits, conversion and order value give the orders' and, with it, a tenth more sales."""
    plan = sample_plan(TODAY)
    value = {target.node: target.value for target in plan.targets.values() if target.id.endswith("q4")}
    assert value["sessions"] * value["conversion_rate"] == pytest.approx(value["orders"], rel=0.001)
    baseline = plan.targets["orders_2026_q4"].baseline or 0
    order_value = plan.targets["average_order_value_2026_q4"].baseline or 0
    grows = value["orders"] * value["average_order_value"] / (baseline * order_value)
    assert grows == pytest.approx(1.10, abs=0.001)


def test_actions_stand_where_the_day_puts_them() -> None:
    early, late = sample_plan(date(2026, 10, 2)), sample_plan(date(2026, 12, 30))
    states = {node.id: node.state for node in early.nodes.values() if node.kind == "action"}
    assert states["act_campaign"] == "planned"
    assert states["act_sizes"] == "done"
    assert states["act_points"] == "dropped"
    assert early.nodes["act_black_week"].start == date(2025, 11, 24)
    assert late.nodes["act_campaign"].state == "done"
    assert {early.parents(action)[0] for action in states} >= {"conversion_rate", "sessions", "returns"}


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2024, 2, 29), date(2027, 3, 31)])
def test_a_plan_for_any_day(today: date) -> None:
    plan = sample_plan(today)
    assert check(plan) == []
    assert all(target.baseline and target.baseline > 0 for target in plan.targets.values())


def test_figures_do_not_need_the_whole_history(shop: Mapping[str, pa.Table]) -> None:
    quarter = Period(date(2026, 7, 1), date(2026, 10, 1))
    found = figures(world_for([quarter], seed=7, scale=1.0, until=TODAY), quarter)
    inside = [
        when
        for when, status in zip(
            *(shop["orders"][c].to_pylist() for c in ("ordered_at", "status")), strict=True
        )
        if status == "placed" and quarter.contains(when.astimezone(OSLO).date())
    ]
    assert found["orders"] == len(inside)


def test_another_seed_has_its_own_baselines() -> None:
    assert (
        sample_plan(TODAY, seed=9).targets["sales_2026_q4"].value
        != sample_plan(TODAY).targets["sales_2026_q4"].value
    )
    assert generate(TODAY, days=3, seed=9)["orders"].num_rows
