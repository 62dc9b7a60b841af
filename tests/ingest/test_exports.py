"""Exports as shops bring them, small: what each gives was worked out before the program was asked."""

# ruff: noqa: E501 - tables of cases read better unbroken
from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from kpi_tree.ingest import Reading, read
from kpi_tree.ingest.mapping.layout import layouts
from kpi_tree.records.tables import MARKETS


def load(text: str, name: str = "a.csv", zone: str = "UTC", **options: Any) -> Reading:
    mapping = {"options": options} if options else None
    return read(text.encode(), name, mapping=mapping, today=date(2026, 11, 1), timezone=zone)


def ask(done: Reading, sql: str) -> Any:
    with duckdb.connect() as engine:
        for name, table in done.tables.items():
            engine.register(name, table)
        found = engine.sql(sql).fetchall()
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found


def test_marketplaces_are_known_as_such() -> None:
    """What a marketplace sells has a channel that the sums know (records/tables.py)."""
    for layout in (one for one in layouts().values() if one.sales == "market"):
        assert any(f"'{market}' AS channel" in layout.tables[str(layout.main_table)] for market in MARKETS)


@pytest.mark.parametrize("cell", ["83", "83.0", "1:23", "01:23", "0:01:23", "00:01:23", "1m 23s"])
def test_how_long_visits_take(cell: str) -> None:
    head = '"Day","Sessions","Sessions with cart additions","Average session duration"\n'
    done = load(f'{head}"2026-05-01","10","2","{cell}"\n"2026-05-02","5","1","0:00:40"\n')
    assert ask(done, "SELECT sum(duration_seconds) FROM traffic_daily") == 1030


WOO = "Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution\n"
CASES: list[tuple[str, str, str, Any]] = [
    (
        "ga4_report",
        "# Konto: A\n# Property: Demo, B\n# Alle Nutzer\n# Startdatum: 20260501\n# Enddatum: 20260531\n"
        "Sitzung – primäre Channelgruppe (Standard-Channelgruppe);Landingpage + Abfragestring;Sitzungen;Sitzungen mit Interaktionen;Engagement-Rate\n"
        "Paid Search;/de/a?x=1;1.000;600;0,6\nDirect;/de/b;500;250;0,5\n",
        "SELECT sum(sessions), sum(bounced_sessions), max(landing_page), min(day)::VARCHAR FROM traffic_daily",
        (1500, 650, "/de/b", "2026-05-01"),
    ),
    (
        "woocommerce_orders",  # 101: fees alone; 102: all of it by coupon; 99: postage of an earlier order given back
        f"{WOO}2026-05-13 10:00:00,101,25,completed,K,new,,0,,25.00,D\n2026-05-14 10:00:00,102,0,completed,K,new,Mug,2,FREE,0.00,D\n"
        "2026-06-13 10:00:00,99,0,completed,K,new,,0,,0.00,D\n",
        "SELECT (SELECT string_agg(order_id, ',' ORDER BY order_id) FROM orders), (SELECT sum(quantity * unit_price) FROM order_lines), (SELECT sum(quantity) FROM order_lines WHERE line_type = 'product')",
        ("101,102", 25, 2),
    ),
    (
        "square_items",
        "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Gross Sales,Discounts,Net Sales,Tax,Transaction ID,Payment ID,Event Type,Itemization Type\n"
        "2026-05-30,23:59:30,Eastern Time (US & Canada),Ceramics,Mug,2.0,Regular,M1,$36.00,-$3.00,$33.00,$2.64,T1,P1,Payment,Physical Good\n"
        '2026-05-30,23:59:30,Eastern Time (US & Canada),Prints,Fern,1.0,Regular,,"$1,012.00",$0.00,"$1,012.00",$0.96,T1,P1,Payment,Physical Good\n'
        '2026-05-31,09:00:00,Eastern Time (US & Canada),Prints,Fern,-1.0,Regular,,"-$1,012.00",$12.00,"-$1,000.00",-$0.96,T3,P3,Refund,Physical Good\n'
        "2026-05-31,10:00:00,Eastern Time (US & Canada),,eGift,1.0,,,$50.00,$0.00,$50.00,$0.00,T2,P2,Payment,Gift Card\n",
        "SELECT (SELECT count(*) FROM orders), (SELECT sum(quantity * unit_price) FROM order_lines), (SELECT sum(discount) FROM order_lines), (SELECT sum(amount) FROM refunds), (SELECT strftime(timezone('UTC', min(ordered_at)), '%d %H:%M') FROM orders)",
        (1, 1048, 3, 1000, "30 23:59"),
    ),
    (
        "vipps_settlement",
        "Salgsdato;Salgssted;Vippsnummer;Transaksjons-ID;Ordre-ID;Brutto;Gebyr;Netto;Transaksjonstype\n"
        "30.05.2026;Butikk;513428;5554795401;a-1;1250,00;-34,38;1215,62;Salg\n"
        "31.05.2026;Butikk;513428;5554795402;a-1;-200,00;0,00;-200,00;Refundering\n",
        "SELECT (SELECT sum(total) FROM orders), (SELECT sum(amount) FROM refunds), (SELECT sum(amount) FROM costs), (SELECT order_id FROM refunds)",
        (1250, 200, 34.38, "a-1"),
    ),
    (
        "paypal_activity",
        '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address","Transaction ID","Reference Txn ID"\n'
        '"05/30/2026","23:30:00","PDT","Ana","Express Checkout Payment","Completed","EUR","1,500.00","-58.80","1,441.20","A@b.no","1AB",""\n'
        '"05/31/2026","09:00:00","PDT","","Bank Deposit to PP Account","Completed","EUR","70.00","0.00","70.00","","3EG",""\n'
        '"05/31/2026","10:00:00","PDT","Ana","Payment Refund","Completed","EUR","-500.00","0.00","-500.00","","3CD","1AB"\n'
        '"05/31/2026","11:00:00","PDT","Bo","Express Checkout Payment","Pending","EUR","5.00","-0.40","4.60","","4GH",""\n',
        "SELECT (SELECT sum(total) FROM orders), (SELECT sum(amount) FROM refunds), (SELECT sum(amount) FROM costs), (SELECT strftime(timezone('UTC', min(ordered_at)), '%d %H:%M') FROM orders)",
        (1500, 500, 58.8, "31 06:30"),
    ),
    (
        "paypal_activity",
        '"Datum","Uhrzeit","Zeitzone","Name","Typ","Status","Währung","Brutto","Gebühr","Netto","Transaktionscode","Zugehöriger Transaktionscode"\n'
        '"30.05.2026","23:30:00","CEST","Ana","PayPal Express-Zahlung","Abgeschlossen","EUR","1.500,00","-58,80","1.441,20","1AB",""\n'
        '"31.05.2026","10:00:00","CEST","Ana","Rückzahlung","Abgeschlossen","EUR","-500,00","0,00","-500,00","3CD","1AB"\n'
        '"31.05.2026","11:00:00","CEST","Bo","Zahlung","Ausstehend","EUR","5,00","-0,40","4,60","4GH",""\n',
        "SELECT (SELECT sum(total) FROM orders), (SELECT sum(amount) FROM refunds), (SELECT strftime(timezone('UTC', min(ordered_at)), '%d %H:%M') FROM orders)",
        (1500, 500, "30 21:30"),
    ),
    (
        "squarespace_orders",
        "Order ID,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Amount Refunded,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
        "00001,a@b.no,PAID,USD,30.00,10.00,0.00,5.00,40.00,0.00,2026-05-30 21:06,2,Tea,10.00,T1\n00001,,,,,,,,,,,1,Cup,10.00,C1\n",
        "SELECT (SELECT sum(quantity * unit_price) FROM order_lines), (SELECT sum(amount) FROM refunds), (SELECT order_id FROM orders)",
        (30, 5, "00001"),
    ),
    (
        "tiktok_ads",
        "Campaign name,Date,Cost,Impressions,Clicks (destination),CTR (destination),CPC (destination),Conversions\n"
        "A,2026-05-30,12.50,1000,40,4.00%,0.31,2\nA,2026-05-31,7.50,100,4,4.00%,1.88,0\nTotal,,20.00,1100,44,,,2\n",
        "SELECT sum(cost), sum(clicks), any_value(platform), any_value(medium) FROM ad_stats",
        (20, 44, "TikTok", "social"),
    ),
    (
        "base_orders",
        "注文ID,注文日時,メールアドレス(請求先),商品名,バリエーション,価格,税率,数量,合計金額,送料,支払い方法,発送状況,商品ID,種類ID\n"
        "A1,2026-05-30 23:50:10,a@b.jp,湯のみ,青,1200,10%,2,3500,500,クレジットカード決済,対応済,11,21\n"
        "A1,2026-05-30 23:50:10,a@b.jp,皿,,600,10%,1,3500,500,クレジットカード決済,対応済,12,\n"
        "A2,2026-05-31 10:00:00,c@b.jp,皿,,600,10%,1,600,0,クレジットカード決済,キャンセル,12,\n",
        "SELECT (SELECT count(*) FROM orders WHERE status = 'placed'), (SELECT sum(quantity * unit_price) FROM order_lines), (SELECT sum(total) FROM orders), (SELECT any_value(currency) FROM orders)",
        (1, 3600, 4100, "JPY"),
    ),
    (
        "adyen_settlement",
        "Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number\n"
        "Shop,PSP1,ORDER-1,visa,2026-05-30 10:22:31,UTC,Settled,MOD1,EUR,,45.99,1,EUR,,45.10,0.20,0.30,0.09,0.30,118\n"
        "Shop,PSP1,ORDER-1,visa,2026-05-31 10:22:31,UTC,Refunded,MOD2,EUR,15.99,,1,EUR,16.09,,0.10,,,,118\n"
        "Shop,,,,2026-05-31 23:00:00,UTC,MerchantPayout,,EUR,,,,EUR,29.01,,,,,,118\n",
        "SELECT (SELECT sum(total) FROM orders), (SELECT sum(amount) FROM refunds), (SELECT sum(amount) FROM costs)",
        (45.99, 15.99, 0.99),
    ),
    (
        "amazon_transactions",
        "date/time,settlement id,type,order id,sku,description,quantity,marketplace,product sales,shipping credits,promotional rebates,selling fees,fba fees,other transaction fees,other,total\n"
        '"May 30, 2026 1:05:07 AM PDT",1,Order,111-1,M,Mug,2,amazon.com,100.00,5.99,-5.99,-3.50,0,0,0,96.50\n'
        '"May 30, 2026 2:05:07 AM PDT",1,Order,111-2,M,Mug,1,amazon.com,50.00,0,-5.00,-1.50,0,0,0,43.50\n'
        '"May 31, 2026 1:05:07 AM PDT",1,Refund,111-2,M,Mug,1,amazon.com,-50.00,0,5.00,1.00,0,0,0,-44.00\n',
        "SELECT (SELECT sum(discount) FROM order_lines), (SELECT sum(amount) FROM refunds), (SELECT sum(amount) FROM costs)",
        (5, 45, 4),
    ),
]


@pytest.mark.parametrize(("layout", "text", "sql", "expected"), CASES, ids=[case[0] for case in CASES])
def test_an_export(layout: str, text: str, sql: str, expected: Any) -> None:
    done = load(text)
    assert done.inspection.layout == layout
    assert not [issue for issue in done.issues if issue.level == "error"]
    for one, wanted in zip(ask(done, sql)[0], expected, strict=True):
        assert one == wanted if isinstance(wanted, str) else float(one) == pytest.approx(wanted), sql
