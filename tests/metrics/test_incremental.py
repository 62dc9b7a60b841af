"""New batches compute again only what they touch, and the figures are those of a full computation."""

from __future__ import annotations

import os
import random
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.catalogue import catalogue
from kpi_tree.metrics import Engine, Kept, Settings, query, renewed
from kpi_tree.metrics import kept as keeping
from kpi_tree.metrics.series import Series
from kpi_tree.periods import Calendar
from kpi_tree.records import table, write

from .hand_shop import MARKETING, PRODUCTION, SALES, SERVICE, TRAFFIC
from .shop import Rows, arrow

START, END = date(2026, 1, 1), date(2026, 3, 1)
SHOP_SETTINGS = Settings(good_customer_line=285.0, repeat_within_days=20)
ASKS: tuple[dict[str, Any], ...] = (
    {"grain": "day"},
    {"grain": "week"},
    {"grain": "month", "by": ["country"]},
    {"grain": "month", "by": ["channel", "device"]},
    {"grain": "month", "where": {"channel": ["mail"]}},
    {"grain": "day", "by": ["product"]},
    {"grain": "hour", "start": date(2026, 2, 1), "end": date(2026, 2, 12)},
)


ONE_OF_A_KIND = (
    "retention_rate", "inventory_units", "sell_through_rate", "inventory_age", "visitors", "traffic_source",
    "one_time_purchase_rate", "good_customers", "ltv", "sales", "project_roi",
)  # fmt: skip
"""A query that looks back, levels at the end and the start, layers, people, the largest, cohorts, windows."""


def whole_shop() -> dict[str, Rows]:
    """Every table of the hand-made shop, its batches put together."""
    found: dict[str, Rows] = {}
    for part in (SALES, TRAFFIC, MARKETING, SERVICE, PRODUCTION):
        for name, rows in part.items():
            flat = [row for batch in rows for row in (batch if isinstance(batch, list) else [batch])]
            found[name] = list({tuple(row.get(k) for k in table(name).key): row for row in flat}.values())
    return found


SHOP = whole_shop()


class History:
    """Batches as they come and go, each a file; the engine of now, made from the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.batches: list[tuple[str, int, str, Path]] = []
        self.active: set[str] = set()
        self.engine: Engine | None = None

    def load(self, name: str, rows: Rows) -> None:
        seq = len(self.batches) + 1
        path = write(name, arrow(name, rows), self.folder / "records" / name / f"b{seq}.parquet")
        self.batches.append((name, seq, f"b{seq}", path))
        self.active.add(f"b{seq}")

    def files(self) -> dict[str, list[tuple[int, str, Path]]]:
        found: dict[str, list[tuple[int, str, Path]]] = {}
        for name, seq, batch, path in self.batches:
            if batch in self.active:
                found.setdefault(name, []).append((seq, batch, path))
        return found

    def fresh(self) -> Engine:
        return Engine(self.folder / "records", self.files(), Calendar(), SHOP_SETTINGS)

    def next(self) -> Engine:
        before = self.engine
        self.engine = Engine(
            self.folder / "records",
            self.files(),
            Calendar(),
            SHOP_SETTINGS,
            kept=Kept(self.folder / "cache"),
            before=before,
        )
        if before is not None:
            before.close()
        return self.engine


def changed(name: str, row: dict[str, Any], pick: random.Random) -> dict[str, Any]:
    """A row as it may come later: moved in time, another number in it, its key the same or a new one."""
    found, row = table(name), dict(row)
    days = pick.choice([-40, -7, -1, 0, 1, 20, 45])
    if pick.random() < 0.5:
        last = found.key[-1]
        if found.columns[last].type == "text":
            row[last] = f"{row.get(last)}-{pick.randrange(3)}"
        elif found.columns[last].type == "integer":
            row[last] = 100 + pick.randrange(3)
    for column in found.columns.values():
        value = row.get(column.name)
        if value is None:
            continue
        if column.name == found.time and column.type == "instant":
            row[column.name] = (datetime.fromisoformat(value) + timedelta(days=days)).isoformat()
        elif column.name == found.time and name != "market_size":
            row[column.name] = (date.fromisoformat(value) + timedelta(days=days)).isoformat()
        elif column.type in ("money", "quantity") and column.name not in found.key and pick.random() < 0.3:
            row[column.name] = str(pick.randrange(1, 60))
        elif column.name == "customer_id" and pick.random() < 0.2:
            row[column.name] = pick.choice(["c1", "c2", "c9"])
    return row


def step(history: History, pick: random.Random) -> None:
    """One thing that happens to a shop's data."""
    gone = [batch for _, _, batch, _ in history.batches if batch not in history.active]
    what = pick.choice(["load"] * 4 + ["withdraw"] + ["restore"] * bool(gone))
    if what == "withdraw" and history.active:
        history.active.discard(pick.choice(sorted(history.active)))
    elif what == "restore" and gone:
        history.active.add(pick.choice(gone))
    else:
        name = pick.choice(["orders", "order_lines", "refunds", "sessions", *SHOP])
        rows = [changed(name, pick.choice(SHOP[name]), pick) for _ in range(pick.randrange(1, 4))]
        history.load(name, rows)


def asked(engine: Engine, kpis: list[str], ask: dict[str, Any]) -> dict[str, Series]:
    dims, known = {*ask.get("by", ()), *ask.get("where", {})}, catalogue()
    wanted = [kpi for kpi in kpis if dims <= set(known[kpi].dimensions)]
    return query(engine, wanted, **{"start": START, "end": END, "keep_refusals": True, **ask})


def assert_same(found: dict[str, Series], wanted: dict[str, Series]) -> None:
    for kpi, series in wanted.items():
        mine = found[kpi]
        assert (mine.refusal is None) == (series.refusal is None), (kpi, mine.refusal, series.refusal)
        assert (mine.data_from, mine.data_through) == (series.data_from, series.data_through), kpi
        assert [str(note) for note in mine.notes] == [str(note) for note in series.notes], kpi
        for frame, other in ((mine.frame, series.frame), (mine.totals, series.totals)):
            if other is not None:
                assert frame is not None
                pd.testing.assert_frame_equal(frame, other, rtol=1e-9, atol=1e-9, obj=kpi)
        assert mine.total.keys() == series.total.keys()
        for part, value in series.total.items():
            assert mine.total[part] == (None if value is None else pytest.approx(value, rel=1e-9)), (
                kpi,
                part,
            )


@pytest.fixture(autouse=True)
def everything_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts of a few rows too, which are usually quicker made than opened."""
    monkeypatch.setattr(keeping, "WORTHWHILE", 0)
    monkeypatch.setattr(renewed, "MOST_TOUCHED", 1000)


@settings(max_examples=2)
@given(seed=st.integers(0, 100_000))
def test_figures_after_any_batches_are_those_computed_in_full(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Whatever came before is in the cells: they are filled after each batch, and compared at the end."""
    pick = random.Random(seed)
    with tempfile.TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as folder:
        history = History(Path(folder))
        for name, rows in SHOP.items():
            if pick.random() < 0.9:
                history.load(name, rows)
        kpis, asks = [*ONE_OF_A_KIND, *pick.sample(sorted(catalogue()), 8)], pick.sample(ASKS, 3)
        for _ in range(3):
            engine = history.next()
            found = [asked(engine, kpis, ask) for ask in asks]
            step(history, pick)
        found = [asked(history.next(), kpis, ask) for ask in asks]
        fresh = history.fresh()
        for ask, mine in zip(asks, found, strict=True):
            assert_same(mine, asked(fresh, kpis, ask))
        fresh.close()
        engine.close()


DAILY = {"start": START, "end": END, "grain": "day"}


def order(number: int, day: date, customer: str) -> dict[str, Any]:
    return {"order_id": f"n{number:03}", "ordered_at": f"{day}T11:00:00+00:00", "customer_id": customer}


def fifty_days(folder: Path) -> History:
    """An order on each of fifty days, by ten customers in turn, and a visit on each."""
    history = History(folder)
    days = [START + timedelta(days=i) for i in range(50)]
    history.load("orders", [order(i, day, f"c{i % 10}") for i, day in enumerate(days)])
    history.load(
        "sessions",
        [{"session_id": f"s{i}", "started_at": f"{day}T10:00:00+00:00"} for i, day in enumerate(days)],
    )
    return history


def scanned(engine: Engine, kpis: list[str]) -> tuple[int, int]:
    """Periods scanned and periods taken over, for some KPIs by day."""
    before = engine.cells.scanned, engine.cells.reused
    query(engine, kpis, **DAILY)
    return engine.cells.scanned - before[0], engine.cells.reused - before[1]


def test_a_day_that_is_added_is_the_only_one_scanned(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    days = (END - START).days
    assert scanned(history.next(), ["orders", "discounts"])[0] > days
    history.load("orders", [order(90, START + timedelta(days=50), "c90")])
    assert scanned(history.next(), ["orders"])[0] == days, "another set of measures is another scan"
    engine = history.next()
    assert scanned(engine, ["orders", "discounts"])[0] == 1
    assert query(engine, ["orders"], **DAILY)["orders"].total["value"] == 51


def test_rows_sent_again_unchanged_touch_nothing(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    query(history.next(), ["orders"], **DAILY)
    history.load("orders", [order(i, START + timedelta(days=i), f"c{i % 10}") for i in range(20)])
    assert scanned(history.next(), ["orders"])[0] == 0


LOOKING_BACK = {
    "retention_rate": ("orders", order(90, date(2026, 1, 30), "c90")),  # who did not come back
    "customer_lifetime_value": ("orders", {**order(90, date(2025, 12, 30), "c90"), "discount": "5"}),
    "good_customers": (
        "order_lines",
        {"order_id": "n007", "line_no": 1, "ordered_at": "2025-12-30T11:00:00+00:00", "quantity": "1",
         "unit_price": "2000"},
    ),
    "inventory_units": (
        "stock_levels",
        {"product_id": "p", "location": "Oslo", "counted_at": "2025-12-30T11:00:00+00:00", "on_hand": "5"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kpi", LOOKING_BACK)
def test_a_record_of_an_earlier_time_reaches_as_far_as_its_kpi_looks_back(kpi: str, tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    count = {"product_id": "q", "location": "Oslo", "counted_at": "2026-02-10T11:00:00+00:00", "on_hand": "1"}
    history.load("stock_levels", [count])
    line = {"order_id": "n001", "line_no": 1, "ordered_at": "2026-01-02T11:00:00+00:00", "quantity": "1"}
    history.load("order_lines", [{**line, "unit_price": "10", "unit_cost": "4"}])
    ask = {"start": date(2026, 2, 1), "end": END, "grain": "month"}
    before = query(history.next(), [kpi], **ask)
    name, row = LOOKING_BACK[kpi]
    history.load(name, [row])
    found, wanted = query(history.next(), [kpi], **ask), query(history.fresh(), [kpi], **ask)
    assert_same(found, wanted)
    assert found[kpi].total["value"] != before[kpi].total["value"]


def test_an_order_more_leaves_the_day_of_the_one_before_alone(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    wanted = ["new_customer_orders", "second_purchase_rate"]
    query(history.next(), wanted, **DAILY)
    history.load("orders", [order(90, START + timedelta(days=50), "c3")])
    engine = history.next()
    assert scanned(engine, ["new_customer_orders", "second_purchase_rate"])[0] == 1
    assert query(engine, wanted, **DAILY)["second_purchase_rate"].total["value"] == 1


def test_a_late_first_order_touches_the_days_of_all_orders_of_its_customer(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    wanted = ["new_customer_orders", "returning_customer_orders"]
    query(history.next(), wanted, **DAILY)
    history.load("orders", [order(99, START - timedelta(days=1), "c3")])
    engine = history.next()
    assert scanned(engine, wanted)[0] == 5
    found = query(engine, wanted, **DAILY)
    assert found["new_customer_orders"].frame["value"][3] == 0
    assert found["returning_customer_orders"].frame["value"][3] == 1


def test_a_batch_withdrawn_and_restored_leaves_the_figures_as_they_were(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    first = query(history.next(), ["orders"], **DAILY)
    history.load("orders", [order(7, START + timedelta(days=9), "c7")])
    moved = query(history.next(), ["orders"], **DAILY)["orders"].frame["value"]
    assert (moved[7], moved[9]) == (0, 2)
    history.active.remove("b3")
    assert_same(query(history.next(), ["orders"], **DAILY), first)
    history.active.add("b3")
    assert query(history.next(), ["orders"], **DAILY)["orders"].frame["value"].equals(moved)


def test_a_new_process_opens_the_facts_that_are_kept(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    first = query(history.next(), ["orders", "sessions"], **DAILY)
    made = {path: path.read_bytes() for path in (tmp_path / "cache").glob("*.parquet")}
    assert {"placed_orders", "visits"} <= {path.name.partition("-")[0] for path in made}
    history.engine = None
    engine = history.next()
    assert_same(query(engine, ["orders", "sessions"], **DAILY), first)
    assert {path: path.read_bytes() for path in (tmp_path / "cache").glob("*.parquet")} == made
    assert not [path for path in (tmp_path / "cache").iterdir() if path.suffix in (".part", ".wal")]


def test_a_batch_of_orders_leaves_the_facts_of_other_tables_alone(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    history.load("reviews", [{"review_id": "1", "reviewed_at": "2026-01-04T10:00:00+00:00", "rating": 4}])
    query(history.next(), ["orders", "review_rating"], **DAILY)
    history.load("orders", [order(90, START, "c90")])
    query(history.next(), ["orders", "review_rating"], **DAILY)
    facts = [path.name.partition("-")[0] for path in (tmp_path / "cache").glob("*.parquet")]
    assert (facts.count("placed_orders"), facts.count("reviews")) == (2, 1)


@pytest.mark.parametrize("damage", [b"", b"not a database", None])
def test_a_kept_fact_that_cannot_be_read_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    history = fifty_days(tmp_path)
    first = query(history.next(), ["orders"], **DAILY)
    path = next((tmp_path / "cache").glob("placed_orders-*.parquet"))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 3] if damage is None else damage)
    next((tmp_path / "cache").glob("orders-*.json")).write_text('{"": [1')
    history.engine = None
    assert_same(query(history.next(), ["orders"], **DAILY), first)


def test_the_folder_of_kept_facts_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = fifty_days(tmp_path)
    cache = tmp_path / "cache"
    cache.mkdir()
    left = cache / ".placed_orders-0.parquet.ab.part"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    for number in range(keeping.MOST_VERSIONS + 2):
        history.load("orders", [order(100 + number, START, "c1")])
        query(history.next(), ["orders"], **DAILY)
    assert len(list(cache.glob("placed_orders-*.parquet"))) == keeping.MOST_VERSIONS
    assert not left.exists()
    monkeypatch.setattr(keeping, "MOST_BYTES", 1)
    history.load("orders", [order(300, START, "c1")])
    found = query(history.next(), ["orders"], **DAILY)
    assert found["orders"].total["value"] == 50 + keeping.MOST_VERSIONS + 3
    assert not list(cache.glob("*.parquet"))
    assert query(history.next(), ["orders"], **DAILY)["orders"].total == found["orders"].total


def test_the_folder_may_be_deleted_while_it_is_in_use(tmp_path: Path) -> None:
    engine = fifty_days(tmp_path).next()
    by_day = query(engine, ["orders", "sessions"], **DAILY)
    for path in (tmp_path / "cache").iterdir():
        path.unlink()
    by_week = query(engine, ["orders", "sessions"], **{**DAILY, "grain": "week"})
    assert by_week["orders"].total == by_day["orders"].total
    assert by_week["sessions"].total == by_day["sessions"].total


def test_a_fact_that_another_program_finished_first_is_left_as_it_is(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    first, second = (
        history.next(),
        Engine(
            tmp_path / "records", history.files(), Calendar(), SHOP_SETTINGS, kept=Kept(tmp_path / "cache")
        ),
    )
    made = query(first, ["orders"], **DAILY)
    path = next((tmp_path / "cache").glob("placed_orders-*.parquet"))
    inode = path.stat().st_ino
    kept = Kept(tmp_path / "cache")
    second.need("raw.orders")
    assert kept.make(second._con, "placed_orders", path.stem.partition("-")[2], "SELECT 1 AS other", 1)
    assert path.stat().st_ino == inode
    assert_same(query(first, ["orders"], **DAILY), made)


@pytest.mark.parametrize("why", ["full", "dry run"])
def test_nothing_is_kept_where_there_is_no_room_or_no_wish(
    tmp_path: Path, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = fifty_days(tmp_path)
    if why == "full":
        monkeypatch.setattr(keeping, "SPARE_BYTES", 1 << 62)
    kept = Kept(tmp_path / "cache", writes=why == "full")
    engine = Engine(tmp_path / "records", history.files(), Calendar(), kept=kept)
    assert query(engine, ["orders"], **DAILY)["orders"].total["value"] == 50
    assert not (tmp_path / "cache").exists()


def test_other_settings_take_over_nothing_that_follows_from_them(tmp_path: Path) -> None:
    history = fifty_days(tmp_path)
    records, files = tmp_path / "records", history.files()
    kept = Kept(tmp_path / "cache")
    first = Engine(records, files, Calendar(), Settings(repeat_within_days=5), kept=kept)
    assert query(first, ["second_purchase_rate"], **DAILY)["second_purchase_rate"].total["value"] == 0
    second = Engine(records, files, Calendar(), Settings(repeat_within_days=10), kept=kept, before=first)
    assert query(second, ["second_purchase_rate"], **DAILY)["second_purchase_rate"].total["value"] == 1
    abroad = Engine(records, files, Calendar("Asia/Tokyo"), kept=kept, before=second)
    assert scanned(abroad, ["orders"])[1] == 0
