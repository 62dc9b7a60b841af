"""The same traffic, sales or spending, exported by channel, by country, by day and by month, counts once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpi_tree.ingest import read
from kpi_tree.metrics import Engine, query
from kpi_tree.metrics.drill import records
from kpi_tree.records import write

MAY = (date(2026, 5, 1), date(2026, 6, 1))
GA4 = "# ----\n# Start date: {start}\n# End date: {end}\n{body}"


class Shop:
    """Files loaded one after the other, asked with an engine over all of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.active: dict[str, list[tuple[int, str, Path]]] = {}

    def load(self, text: str, **options: object) -> None:
        done = read(text.encode(), "a.csv", mapping={"options": options}, timezone="UTC")
        batch = sum(len(found) for found in self.active.values()) + 1
        for name, rows in done.tables.items():
            if rows.num_rows:
                path = write(name, rows, self.home / name / f"{batch}.parquet")
                self.active.setdefault(name, []).append((batch, str(batch), path))

    def ask(self, kpi: str, *by: str, **where: list[str]) -> dict[str, float | None]:
        engine = Engine(self.home, self.active)
        try:
            found = query(engine, [kpi], by=by, where=where, start=MAY[0], end=MAY[1], grain="month")[kpi]
            if not by:
                return {"": found.total["value"]}
            rows = found.frame[found.frame["value"].notna()]
            return {"/".join(row[dim] for dim in by): row["value"] for row in rows.to_dict("records")}
        finally:
            engine.close()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def ga4(body: str, start: str = "20260501", end: str = "20260531") -> str:
    return GA4.format(start=start, end=end, body=body)


CHANNELS = "Session primary channel group,Sessions,Engaged sessions\nDirect,100,70\nOrganic,200,130\n"
COUNTRIES = "Country,Sessions,Engaged sessions\nNorway,180,120\nSweden,110,75\n(not set),10,5\n"


def test_visits_by_channel_and_by_country(shop: Shop) -> None:
    shop.load(ga4(CHANNELS))
    assert shop.ask("sessions") == {"": 300}
    shop.load(ga4(COUNTRIES))
    assert shop.ask("sessions") == {"": 300}
    assert shop.ask("sessions", "channel") == {"Direct": 100, "Organic": 200}
    assert shop.ask("sessions", "country") == {"Norway": 180, "Sweden": 110, "(not set)": 10}
    assert shop.ask("sessions", country=["Norway"]) == {"": 180}
    assert shop.ask("sessions", channel=["Direct"]) == {"": 100}


PAGES = "Page path and screen class,Views,Users\n/a,400,50\n/b,200,40\n"


def test_reports_that_count_different_things_stand_beside_each_other(shop: Shop) -> None:
    shop.load(ga4(CHANNELS))
    assert shop.ask("pages_per_visit") == {"": None}  # nobody counted pages: a gap, not 0
    shop.load(ga4(PAGES))
    assert shop.ask("sessions") == {"": 300}
    assert shop.ask("sessions", "channel") == {"Direct": 100, "Organic": 200}
    assert shop.ask("pages_per_visit") == {"": 2}
    shop.load(ga4(COUNTRIES))
    assert (shop.ask("sessions"), shop.ask("pages_per_visit")) == ({"": 300}, {"": 2})


def test_a_total_beside_its_parts(shop: Shop) -> None:
    shop.load(ga4(CHANNELS))
    shop.load("Day,Sessions,Online store visitors,Sessions with cart additions\n2026-05-01,290,200,20\n")
    # One row of a day beside a report of the whole month: the month tells more of it.
    assert shop.ask("sessions") == {"": 300}


def test_days_beside_a_month(shop: Shop) -> None:
    days = "".join(f"202605{day:02},10,6\n" for day in range(1, 32))
    shop.load(ga4("Date,Sessions,Engaged sessions\n" + days))
    shop.load(ga4(CHANNELS))
    assert shop.ask("sessions") == {"": 310}
    assert shop.ask("sessions", "channel") == {"Direct": 100, "Organic": 200}
    shop.load(ga4("Country,Sessions,Engaged sessions\nNorway,99,60\n", "20260601", "20260630"))
    assert shop.ask("sessions") == {"": 310}


def test_a_report_with_blank_cells_is_one_report(shop: Shop) -> None:
    shop.load(
        ga4(
            "Session primary channel group,Country,Sessions,Engaged sessions\n"
            "Direct,Norway,5,1\nDirect,,3,1\n"
        )
    )
    assert shop.ask("sessions") == {"": 8}
    assert shop.ask("sessions", "country") == {"Norway": 5, "(not set)": 3}


ADS_BY_DAY = (
    "Reporting starts,Reporting ends,Day,Campaign name,Amount spent (NOK),Impressions,Link clicks\n"
    + "".join(f"2026-05-{day:02},2026-05-{day:02},2026-05-{day:02},A,10.00,100,3\n" for day in range(1, 32))
)
ADS_BY_SET = (
    "Reporting starts,Reporting ends,Campaign name,Ad set name,Amount spent (NOK),Impressions,Link clicks\n"
    "2026-05-01,2026-05-31,A,Bred,200.00,2000,60\n2026-05-01,2026-05-31,A,Smal,110.00,1100,33\n"
)


def test_ads_by_day_and_by_ad_set(shop: Shop) -> None:
    shop.load(ADS_BY_DAY)
    shop.load(ADS_BY_SET)
    assert shop.ask("clicks") == {"": 93}
    assert shop.ask("clicks", "campaign") == {"A": 93}
    assert shop.ask("cost_per_click") == {"": pytest.approx(310 / 93)}


def test_marketplaces_are_sources_of_their_own(shop: Shop) -> None:
    shop.load("Day,Orders,Gross sales,Net sales,Total sales\n2026-05-01,3,300.00,300.00,300.00\n")
    shop.load(
        "Date,Ordered Product Sales,Units Ordered,Total Order Items,Page Views - Total,Sessions - Total\n"
        "2026-05-01,50.00,1,1,10,8\n"
    )
    assert shop.ask("orders") == {"": 4}


def test_the_records_behind_a_number_are_those_that_count(shop: Shop) -> None:
    shop.load(ga4(CHANNELS))
    shop.load(ga4(COUNTRIES))
    engine = Engine(shop.home, shop.active)
    try:
        whole = records(engine, "sessions", start=MAY[0], end=MAY[1])
        norway = records(engine, "sessions", start=MAY[0], end=MAY[1], where={"country": ["Norway"]})
    finally:
        engine.close()
    assert sorted(whole["n"]) == [100, 200]
    assert norway["n"].tolist() == [180]


def test_the_newest_file_of_a_breakdown_replaces_the_older(shop: Shop) -> None:
    shop.load(ga4(CHANNELS))
    shop.load(ga4(COUNTRIES))
    shop.load(ga4(CHANNELS.replace("Direct,100,70", "Direct,101,70")))
    assert shop.ask("sessions", "channel") == {"Direct": 101, "Organic": 200}


def test_each_measure_is_taken_from_a_report_that_counts_it(shop: Shop) -> None:
    """Both reports count users, so they are alternatives; only one counts visits and only one pages."""
    shop.load(ga4("Session primary channel group,Sessions,Users\nDirect,100,70\nOrganic,200,130\n"))
    shop.load(ga4(PAGES))
    assert (shop.ask("sessions"), shop.ask("pages_per_visit")) == ({"": 300}, {"": 2})
    assert shop.ask("sessions", "channel") == {"Direct": 100, "Organic": 200}


def test_the_last_28_days_exported_every_week(shop: Shop) -> None:
    for start, end in [("0401", "0428"), ("0408", "0505"), ("0415", "0512"), ("0429", "0526")]:
        shop.load(ga4(CHANNELS, f"2026{start}", f"2026{end}"))
    shop.load(ga4(CHANNELS, "20260527", "20260531"))  # those that overlap the first are left out
    assert shop.ask("sessions") == {"": 300}


def test_weeks_beside_months_that_they_do_not_fill(shop: Shop) -> None:
    head = "Week,Orders,Gross sales,Net sales,Discounts,Total sales\n"
    weeks = ["2026-04-27", "2026-05-04", "2026-05-11", "2026-05-18", "2026-05-25"]
    shop.load(
        head.replace("Week", "Month")
        + "2026-05-01,31,310.00,310.00,0,310.00\n2026-06-01,30,300.00,300.00,0,300.00\n"
    )
    shop.load(head + "".join(f"{week},7,70.00,70.00,0,70.00\n" for week in weeks))
    assert shop.ask("orders") == {"": 31}


REPORT = "{},Orders,Gross sales,Net sales,Total sales\n{},{},{}.00,{}.00,{}.00\n"
ORDERS = "Name,Created at,Currency,Subtotal,Total,Lineitem quantity,Lineitem name,Lineitem price\n" + "".join(
    f"#{n},2026-05-1{n} 10:00:00 +0200,NOK,100.00,100.00,1,Mug,100.00\n" for n in range(3)
)
ETSY = (
    "Sale Date,Item Name,Quantity,Price,Transaction ID,Order ID,Currency\n05/10/26,Mug,1,40.00,771,991,NOK\n"
)
AMAZON = (
    "Date,Ordered Product Sales,Units Ordered,Total Order Items,Page Views - Total,Sessions - Total\n"
    "2026-05-10,50.00,1,1,10,8\n"
)


def report(unit: str, day: str, orders: int, amount: int) -> str:
    return REPORT.format(unit, day, orders, amount, amount, amount)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("files", "orders"),
    [
        ([report("Day", "2026-05-10", 1, 100), ORDERS], 3),
        ([report("Day", "2026-05-20", 4, 400), ORDERS], 7),
        ([report("Month", "2026-05-01", 31, 3100), ORDERS], 3),  # no order on the first of the month
        ([report("Week", "2026-05-04", 9, 900), ORDERS], 3),
        ([report("Week", "2026-05-18", 9, 900), ORDERS], 12),
        ([AMAZON, ORDERS], 4),
        ([report("Day", "2026-05-10", 1, 100), ETSY], 2),
        ([AMAZON, ETSY, report("Month", "2026-05-01", 31, 3100)], 33),
        ([AMAZON, ETSY, ORDERS, report("Month", "2026-05-01", 31, 3100)], 5),
    ],
)
def test_a_report_of_sales_beside_orders(shop: Shop, files: list[str], orders: int, turned: bool) -> None:
    """A report counts for days of which its shop's orders are not known; each marketplace is a shop."""
    for text in reversed(files) if turned else files:
        shop.load(text, currency="NOK")
    assert shop.ask("orders") == {"": orders}


def test_the_refund_of_a_cancelled_order_is_not_taken_off_again(shop: Shop) -> None:
    shop.load(
        "Name,Created at,Cancelled at,Currency,Subtotal,Total,Refunded Amount,"
        "Lineitem quantity,Lineitem name,Lineitem price\n"
        "#1,2026-05-10 10:00,,NOK,100.00,100.00,40.00,1,Mug,100.00\n"
        "#2,2026-05-11 10:00,2026-05-12 10:00,NOK,70.00,70.00,70.00,1,Bowl,70.00\n"
    )
    assert (shop.ask("sales"), shop.ask("returns")) == ({"": 60}, {"": 40})
