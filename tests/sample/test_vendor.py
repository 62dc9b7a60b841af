"""The shop's records as vendor exports: the layouts, the sums, and the cut that ships."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from kpi_tree import ingest
from kpi_tree.sample.__main__ import main
from kpi_tree.sample.cut import END, FILES, FIRST, write_cut
from kpi_tree.sample.vendor import WRITERS, Cut, export_vendor
from kpi_tree.sample.vendor.cut import header

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def folder(shop: Mapping[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("exports")
    assert {path.name for path in export_vendor(shop, made, first=FIRST, end=END)} == set(WRITERS)
    return made


@pytest.fixture(scope="module")
def cut(shop: Mapping[str, pa.Table]) -> Cut:
    return Cut(shop, FIRST, END)


def table(path: Path, encoding: str = "utf-8", skip: int = 0, delimiter: str = ",") -> list[dict[str, str]]:
    text = path.read_text(encoding=encoding).splitlines(keepends=True)[skip:]
    return list(csv.DictReader(io.StringIO("".join(text)), delimiter=delimiter))


def test_the_cut_in_the_repository_is_what_the_generator_makes(root: Path, tmp_path: Path) -> None:
    for path in write_cut(tmp_path):
        shipped = root / "data" / "sample" / path.name
        assert shipped.read_bytes() == path.read_bytes(), f"python -m kpi_tree.sample writes {path.name} anew"
    assert {path.name for path in (root / "data" / "sample").iterdir()} == {*FILES, "README.md"}


def test_the_cut_does_not_need_the_whole_history(root: Path, folder: Path) -> None:
    for name in FILES:
        if name != "shopify_inventory_export.csv":
            assert (folder / name).read_bytes() == (root / "data" / "sample" / name).read_bytes(), name


def test_headers_are_the_vendors(shared_data: Path) -> None:
    vendor = {
        "shopify_orders": "shopify_orders_export.csv", "shopify_customers": "shopify_customers_export.csv",
        "shopify_inventory": "shopify_inventory_export.csv", "zendesk_tickets": "zendesk_tickets_export.csv",
        "meta_ads": "meta_ads_en_nok.csv", "mailchimp_campaigns": "mailchimp_campaigns.csv",
    }  # fmt: skip
    for name, file in vendor.items():
        with (shared_data / "vendor" / file).open(encoding="utf-8", newline="") as source:
            assert next(csv.reader(source)) == header(name), name


def test_shopify_orders_read_back_give_the_shops_figures(folder: Path, cut: Cut) -> None:
    name = "shopify_orders_export.csv"
    read = ingest.read(folder / name, name, timezone="Europe/Oslo", today=TODAY)
    assert read.inspection.layout == "shopify_orders"
    assert read.quarantine.num_rows == 0
    placed = {row["order_id"]: row for row in cut.rows("orders") if row["status"] == "placed"}
    found = {row["order_id"]: row for row in read.tables["orders"].to_pylist() if row["status"] == "placed"}
    assert found.keys() == placed.keys()
    for order_id, row in found.items():
        for column in ("ordered_at", "customer_id", "total", "tax", "shipping", "country"):
            assert row[column] == placed[order_id][column], (order_id, column)

    def gross(rows: list[dict[str, object]]) -> Decimal:
        return sum(
            (row["quantity"] * row["unit_price"] for row in rows if row["order_id"] in placed), Decimal()
        )

    lines = list(cut.rows("order_lines"))
    assert gross(read.tables["order_lines"].to_pylist()) == gross(lines)
    off = sum((row["discount"] for row in placed.values()), Decimal())
    off += sum((row["discount"] for row in lines if row["order_id"] in placed), Decimal())
    assert sum((row["discount"] for row in found.values()), Decimal()) == off


def test_the_norwegian_table_reads_back_line_by_line(folder: Path, cut: Cut) -> None:
    read = ingest.read(folder / "ordrelinjer.csv", "ordrelinjer.csv", timezone="Europe/Oslo", today=TODAY)
    assert read.inspection.to_dict("en")["encoding"].lower().replace("-", "") in {"cp1252", "windows1252"}
    assert read.quarantine.num_rows == 0
    placed = {row["order_id"] for row in cut.rows("orders") if row["status"] == "placed"}
    columns = (
        "order_id",
        "ordered_at",
        "product_id",
        "product_name",
        "category",
        "quantity",
        "unit_price",
        "currency",
    )
    wanted = [tuple(row[c] for c in columns) for row in cut.rows("order_lines") if row["order_id"] in placed]
    assert [tuple(row[c] for c in columns) for row in read.tables["order_lines"].to_pylist()] == wanted


def test_ga4_has_its_preamble_and_all_visits(folder: Path, cut: Cut) -> None:
    path = folder / "ga4_traffic_acquisition.csv"
    head = path.read_text(encoding="utf-8").splitlines()[:9]
    assert head[7:] == ["# Start date: 20261102", "# End date: 20261115"]
    rows = table(path, skip=9)
    visits = list(cut.rows("sessions"))
    assert sum(int(row["Sessions"]) for row in rows) == len(visits)
    engaged = sum(visit["page_views"] > 1 for visit in visits)
    assert sum(int(row["Engaged sessions"]) for row in rows) == engaged


def test_google_ads_total_is_the_sum_of_its_rows(folder: Path, cut: Cut) -> None:
    path = folder / "google_ads_campaigns.csv"
    assert path.read_text(encoding="utf-8").startswith(
        'Campaign report\n"November 2, 2026 - November 15, 2026"\n'
    )
    rows = table(path, skip=2)
    cost = sum(Decimal(row["Cost"].replace(",", "")) for row in rows if not row["Day"].startswith("Total"))
    [total] = [row for row in rows if row["Day"] == "Total: Account"]
    assert Decimal(total["Cost"].replace(",", "")) == cost
    assert cost == sum(row["cost"] for row in cut.rows("ad_stats") if row["platform"] == "Google Ads")


def test_meta_ads_summary_row_is_the_sum_of_the_others(folder: Path) -> None:
    summary, *rows = table(folder / "meta_ads.csv")
    assert summary["Campaign name"] == ""
    assert Decimal(summary["Amount spent (NOK)"]) == sum(Decimal(row["Amount spent (NOK)"]) for row in rows)


def test_the_other_exports_hold_as_many_rows_as_the_shop_has(folder: Path, cut: Cut) -> None:
    assert len(table(folder / "zendesk_tickets_export.csv")) == len(list(cut.rows("tickets")))
    assert len(table(folder / "toggl_detailed.csv", "utf-8-sig")) == len(list(cut.rows("time_entries")))
    mails = [row for row in cut.rows("message_sends") if row["channel"] == "email"]
    assert len(table(folder / "mailchimp_campaigns.csv")) == len(mails)
    stock = {row["product_id"]: row["on_hand"] for row in cut.rows("stock_levels")}
    for row in table(folder / "shopify_inventory_export.csv"):
        assert Decimal(row["On hand (current)"]) == stock[row["SKU"]]
    clicks = sum(
        int(row["Clicks"].replace(",", "")) for row in table(folder / "gsc_queries.csv", "utf-8-sig")
    )
    assert clicks == sum(row["clicks"] for row in cut.rows("search_stats"))


def test_the_command_writes_the_cut_or_everything(tmp_path: Path) -> None:
    run = CliRunner()
    done = run.invoke(main, [str(tmp_path / "cut")])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "cut").iterdir()} == set(FILES)
    done = run.invoke(main, [str(tmp_path / "all"), "--until", "2026-03-01", "--days", "10"])
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "all").iterdir()} == set(WRITERS)
    done = run.invoke(main, [str(tmp_path / "no"), "--until", "1990-03-01"])
    assert done.exit_code == 1
    assert "sample shop" in done.output
