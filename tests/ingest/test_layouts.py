"""Vendor exports in the variants that their users meet: each written here, line by line."""

# ruff: noqa: E501 - tables of cases read better unbroken
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from kpi_tree.ingest import Reading, read


def ask(done: Reading, sql: str) -> Any:
    with duckdb.connect() as engine:
        for name, table in done.tables.items():
            engine.register(name, table)
        found = engine.sql(sql).fetchall()
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found


def load(text: str, **options: Any) -> Reading:
    done = read(
        text.encode(), "export.csv", mapping={"options": options}, timezone="UTC", today=date(2026, 11, 1)
    )
    assert not [issue for issue in done.issues if issue.level == "error"], [
        str(i.message) for i in done.issues
    ]
    return done


REPORT = """"Email Campaign Report"
"Title:","Vårnytt"
"Subject Line:","Endelig vår, sier vi"
"Delivery Date/Time:","Tue, Jun 09, 2026 9:30 am"

"Overall Stats"
"Total Recipients:","1,234"
"Successful Deliveries:","1,226"
"Bounces:","8 (0.6%)"
"Times Forwarded:","0"
"Recipients Who Opened:","345 (28.1%)"
"Total Opens:","500"
"Last Open Date:","6/30/26 9:12AM"
"Recipients Who Clicked:","45 (3.7%)"
"Total Clicks:","60"
"Total Unsubs:","3"
"Total Abuse Complaints:","0"
"Total Sales:","$1,020.50"

"Clicks by URL"
"URL","Total Clicks","Unique Clicks"
"https://vik.example/kopp","40","31"
"https://vik.example/vase","20","14"
"""

AB_REPORT = """Campaign Report
"Title:","Sommer"
"Delivery Date/Time:","Sat, May 2, 2026 10:15"

"Combination 1 Stats"
"Subject Line:","A"
"Total Recipients:","1,751"
"Successful Deliveries:","1,742"
"Bounces:","9 (0.5%)"
"Recipients Who Opened:","141 (8.1%)"
"Recipients Who Clicked:","20 (1.1%)"
"Total Unsubs:","1"

"Combination 2 Stats"
"Subject Line:","B"
"Total Recipients:","1,750"
"Successful Deliveries:","1,742"
"Bounces:","8 (0.5%)"
"Recipients Who Opened:","125 (7.2%)"
"Recipients Who Clicked:","27 (1.5%)"
"Total Unsubs:","2"
"""


def test_mailchimp_one_campaign() -> None:
    done = load(REPORT)
    assert ask(
        done,
        "SELECT campaign, strftime(sent_at, '%Y-%m-%d %H:%M'), recipients, delivered, bounces, unique_opens, unique_clicks, total_clicks, unsubscribes, revenue FROM message_sends",
    ) == [("Vårnytt", "2026-06-09 09:30", 1234, 1226, 8, 345, 45, 60, 3, Decimal("1020.5"))]
    assert done.inspection.layout == "mailchimp_report"


def test_mailchimp_two_variants() -> None:
    done = load(AB_REPORT)
    assert ask(
        done,
        "SELECT count(DISTINCT send_id), sum(recipients), sum(bounces), any_value(campaign), min(sent_at)::DATE FROM message_sends",
    ) == [(2, 3501, 17, "Sommer", date(2026, 5, 2))]


CASES: list[tuple[str, str, dict[str, Any], str, str, Any]] = [
    (
        "klaviyo flows",
        "Day,Flow ID,Flow Name,Flow Message ID,Flow Message Name,Flow Message Channel,Status,Delivered,Unique Opens,Open Rate,Unique Clicks,Click Rate,Placed Order,Placed Order Rate,Revenue,Revenue per Recipient,Unsub Rate,Complaint Rate,Bounce Rate,Tags\n"
        "2026-05-01,XrnrPi,Velkommen,Ryjfdv,Hei 1,Email,live,200,80,0.4,10,0.05,2,0.01,900.50,4.5,0.005,0,0.01,\n"
        "2026-05-02,XrnrPi,Velkommen,Ryjfdv,Hei 1,Email,live,100,40,0.4,5,0.05,0,0,0,0,0.01,0,0,\n"
        "2026-05-02,XrnrPi,Velkommen,Zzjfdv,Hei SMS,SMS,live,50,,,5,0.1,0,0,0,0,0,0,0,\n",
        {},
        "klaviyo_flows",
        "SELECT count(*), sum(delivered), sum(unique_opens), sum(unsubscribes), sum(revenue), count(*) FILTER (WHERE channel = 'sms') FROM message_sends",
        [(3, 350, 120, 2, Decimal("900.5"), 1)],
    ),
    (
        "shopify: discounts on lines, on shipping and on the order; an order told twice",
        "Name,Created at,Financial Status,Currency,Subtotal,Shipping,Total,Discount Amount,Lineitem quantity,Lineitem name,Lineitem price,Lineitem discount\n"
        "#1,2026-05-01 10:00:00 +0200,paid,SEK,350,0,350,0,2,Mug,200,25\n"
        "#2,2026-05-01 10:00:00 +0200,paid,SEK,400,49,400,49,2,Mug,200,0\n"
        "#3,2026-05-01 10:00:00 +0200,paid,SEK,360,0,360,40,1,Mug,200,0\n#3,2026-05-01 10:00:00 +0200,,,,,,,1,Plate,200,0\n"
        "#3,2026-05-01 10:00:00 +0200,paid,SEK,380,0,380,20,1,Mug,200,0\n#3,2026-05-01 10:00:00 +0200,,,,,,,1,Plate,200,0\n",
        {},
        "shopify_orders",
        "SELECT string_agg(discount::INT::VARCHAR, ' ' ORDER BY order_id), (SELECT sum(quantity * unit_price) FROM order_lines) FROM orders",
        [("50 0 20", Decimal(1200))],
    ),
    (
        "shopify sales by month and channel, in German",
        "Monat,Vertriebskanal,Bestellungen,Bruttoumsatz,Rabatte,Rückgaben,Nettoumsatz,Versandkosten,Steuern,Gesamtumsatz\n"
        "2026-05-01,Onlineshop,3,100.00,-10,0,90,0,0,90\n2026-06-01,POS,2,50.00,0,-5,45,0,0,45\n",
        {},
        "shopify_total_sales",
        "SELECT day, channel, orders, gross_sales - discounts - returns, _through FROM sales_daily ORDER BY day",
        [
            (date(2026, 5, 1), "Onlineshop", 3, Decimal(90), date(2026, 5, 31)),
            (date(2026, 6, 1), "POS", 2, Decimal(45), date(2026, 6, 30)),
        ],
    ),
    (
        "woo in Spanish, one order cancelled, one row twice",
        "Fecha,Pedido #,N. Revenue (formatted),Estado,Cliente,Producto(s),Artículos vendidos,Cupón(es),Ventas netas,Atribución\n"
        '2026-05-01 10:00:00,101,"60,00 €",completado,Ana,x,3,,60,Directo\n2026-05-02 10:00:00,102,"10,00 €",cancelado,Ana,x,1,,10,Directo\n'
        '2026-05-01 10:00:00,101,"60,00 €",completado,Ana,x,3,,60,Directo\n',
        {},
        "woocommerce_orders",
        "SELECT count(*) FILTER (WHERE status = 'placed'), count(*), (SELECT sum(quantity * unit_price) FROM order_lines), any_value(currency) FROM orders",
        [(1, 2, Decimal(70), "EUR")],
    ),
    (
        "google ads by week, micros, display",
        "segments.week,campaign.name,campaign.advertising_channel_type,metrics.cost_micros,metrics.impressions,metrics.clicks,customer.currency_code\n"
        "2026-05-04,A,DISPLAY,1020500000,10500,88,NOK\n2026-05-11,A,SEARCH,500000,5,1,NOK\n",
        {},
        "google_ads",
        "SELECT day, _through, medium, cost FROM ad_stats ORDER BY day",
        [
            (date(2026, 5, 4), date(2026, 5, 10), "display", Decimal("1020.5")),
            (date(2026, 5, 11), date(2026, 5, 17), "search", Decimal("0.5")),
        ],
    ),
    (
        "google ads sv",
        'Kampanjrapport\n"1 maj 2026 - 3 maj 2026"\nDag,Kampanj,Valutakod,Kostnad,Visn.,Klick,Konverteringar,Konv.värde\n'
        '2026-05-01,M,SEK,"1\xa0020,50","10\xa0500",88,"2,50","2\xa0041,00"\nTotalt: konto,--,SEK,"1\xa0020,50","10\xa0500",88,"2,50","2\xa0041,00"\n',
        {},
        "google_ads",
        "SELECT cost, impressions, clicks, revenue FROM ad_stats",
        [(Decimal("1020.5"), 10500, 88, Decimal(2041))],
    ),
    (
        "ga4 nl, a group of the property's own, rates alone",
        "# Startdatum: 20260501\n# Einddatum: 20260531\nOnze groep,Sessies,Betrokken sessies\nA,100,60\nB,50,40\n",
        {},
        "ga4_report",
        "SELECT sum(sessions), sum(bounced_sessions), min(day), max(_through) FROM traffic_daily",
        [(150, 50, date(2026, 5, 1), date(2026, 5, 31))],
    ),
    (
        "ga4 with the rate and no count of engaged sessions",
        "# Start date: 20260501\n# End date: 20260531\nSession source / medium,Sessions,Engagement rate\ngoogle / organic,300,0.6\nx / cpc,100,0.2\n",
        {},
        "ga4_report",
        "SELECT sum(sessions), sum(bounced_sessions) FROM traffic_daily",
        [(400, 200)],
    ),
    (
        "meta by ad set, two currencies in a column",
        "Reporting starts,Reporting ends,Ad set name,Currency,Amount spent,Impressions,Link clicks\n2026-05-01,2026-05-01,A,NOK,10.00,100,3\n2026-05-01,2026-05-01,B,EUR,5.00,50,2\n",
        {},
        "meta_ads",
        "SELECT campaign, currency, cost FROM ad_stats ORDER BY campaign",
        [("A", "NOK", Decimal(10)), ("B", "EUR", Decimal(5))],
    ),
    (
        "amazon transactions in German, the currency above, a fee of no order",
        '"Alle Beträge in EUR, sofern nicht anders angegeben"\n"Definitionen:"\n'
        '"Datum/Uhrzeit","Abrechnungsnummer","Typ","Bestellnummer","SKU","Beschreibung","Menge","Marketplace","Umsätze","Rabatte aus Werbeaktionen","Verkaufsgebühren","Gesamt"\n'
        '"01.07.2026 04:24:44 UTC","1","Bestellung","302-1","A","Tasse","2","amazon.de","1.040,00","-4,00","-6,00","1.030,00"\n'
        '"13.07.2026 04:24:44 UTC","1","Servicegebühr","","","Abo","","","0","0","0","-39,00"\n'
        '"14.07.2026 04:24:44 UTC","1","Übertrag","","","An Konto","","","0","0","0","-991,00"\n',
        {},
        "amazon_transactions",
        "SELECT sum(quantity * unit_price), sum(discount), any_value(currency), (SELECT sum(amount) FROM costs) FROM order_lines",
        [(Decimal(1040), Decimal(4), "EUR", Decimal(45))],
    ),
    (
        "numbers that a spreadsheet rounded name nothing: two campaigns stay two",
        "Campaign Name,List,Send Time,Total Recipients,Unique Placed Order,Successful Deliveries,Campaign ID\nA,L,2026-05-01 10:00,110,1,108,1.76716E+15\nB,L,2026-05-02 10:00,110,1,108,1.76716E+15\n",
        {},
        "klaviyo_campaigns",
        "SELECT count(*), sum(delivered) FROM message_sends",
        [(2, 216)],
    ),
    (
        "gsc pages fr",
        'Pages les plus populaires,Clics,Impressions,CTR,Position\nhttps://vik.example/a,3,100,3 %,"4,5"\n',
        {"period_start": "2026-04-01", "period_end": "2026-04-30"},
        "search_console",
        "SELECT page, clicks, position, keyword FROM search_stats",
        [("https://vik.example/a", 3, 4.5, "")],
    ),
    (
        "gsc dates ja",
        "日付,クリック数,表示回数,CTR,掲載順位\n2026-04-02,3,100,3%,4.5\n2026-04-01,1,50,2%,5\n",
        {},
        "search_console",
        "SELECT day, clicks FROM search_stats ORDER BY day",
        [(date(2026, 4, 1), 1), (date(2026, 4, 2), 3)],
    ),
    (
        "gsc countries en",
        "Country,Clicks,Impressions,CTR,Position\nNorway,3,100,3%,4.5\n",
        {"period_start": "2026-04-01", "period_end": "2026-04-30"},
        "search_console",
        "SELECT country, clicks FROM search_stats",
        [("Norway", 3)],
    ),
    (
        "gsc comparison",
        "Top queries,Last 28 days Clicks,Previous period Clicks,Last 28 days Impressions,Previous period Impressions,Last 28 days CTR,Previous period CTR,Last 28 days Position,Previous period Position\nkopp,9,7,90,70,10%,10%,2.5,3\n",
        {"period_start": "2026-04-01", "period_end": "2026-04-28"},
        "search_console",
        "SELECT clicks, impressions, position FROM search_stats",
        [(9, 90, 2.5)],
    ),
    (
        "ga4 grand total and a row without a name",
        "# ----\n# Traffic acquisition\n# ----\n#\n# All Users\n# Start date: 20260501\n# End date: 20260531\n"
        "Session primary channel group (Default Channel Group),Sessions,Engaged sessions,Engagement rate,Total revenue\n"
        ",300,200,0.6667,12.50\nDirect,200,140,0.7,10.00\nOrganic Search,100,60,0.6,2.50\nGrand total,300,200,0.6667,12.50\n",
        {},
        "ga4_report",
        "SELECT sum(sessions), sum(bounced_sessions), sum(revenue), count(*) FROM traffic_daily",
        [(300, 100, Decimal("12.5"), 2)],
    ),
    (
        "ga4 days counted from the first",
        "# ----\n# Start date: 20260501\n# End date: 20260503\nNth day,Sessions,Active users\n0000,10,9\n0001,20,15\n0002,30,22\n",
        {},
        "ga4_report",
        "SELECT day, sessions FROM traffic_daily ORDER BY day",
        [(date(2026, 5, 1), 10), (date(2026, 5, 2), 20), (date(2026, 5, 3), 30)],
    ),
    (
        "ga4 ja channels",
        "# ----\n# 開始日: 20260501\n# 終了日: 20260501\nセッションのメインのチャネル グループ（デフォルト チャネル グループ）,セッション,エンゲージのあったセッション数\nOrganic Search,12,8\n",
        {},
        "ga4_report",
        "SELECT channel, sessions FROM traffic_daily",
        [("Organic Search", 12)],
    ),
    (
        "google ads totals in english",
        'Campaign report\n"May 1, 2026 - May 2, 2026"\nDay,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks,Conversions\n'
        '2026-05-01,Brand,111,NOK,"1,020.50","10,000",50,1.33\n2026-05-02,Brand,111,NOK,10.00,100,--,0.00\n'
        'Total: Account, --, --,NOK,"1,030.50","10,100",50,1.33\nTotal: Search, --, --,NOK,"1,030.50","10,100",50,1.33\n',
        {},
        "google_ads",
        "SELECT sum(cost), sum(impressions), sum(clicks), sum(conversions), any_value(currency) FROM ad_stats",
        [(Decimal("1030.5"), 10100, 50, 1.33, "NOK")],
    ),
    (
        "meta es",
        'Inicio del informe,Fin del informe,Nombre de la campaña,Impresiones,Importe gastado (EUR),Clics en el enlace\n2026-05-01,2026-05-01,Verano,100,"12,50",3\n2026-05-02,2026-05-02,Verano,200,"7,25",4\n',
        {},
        "meta_ads",
        "SELECT sum(cost), sum(clicks), any_value(currency) FROM ad_stats",
        [(Decimal("19.75"), 7, "EUR")],
    ),
    (
        "meta it",
        "Inizio dei resoconti;Fine dei resoconti;Nome della campagna;Impression;Importo speso (EUR);Clic sul link\n01/05/2026;01/05/2026;Estate;1.000;12,50;3\n13/05/2026;13/05/2026;Estate;2.000;7,25;4\n",
        {},
        "meta_ads",
        "SELECT sum(cost), sum(impressions), max(day) FROM ad_stats",
        [(Decimal("19.75"), 3000, date(2026, 5, 13))],
    ),
    (
        "meta summary row and a total",
        'Reporting starts,Reporting ends,Campaign name,Campaign delivery,Amount spent (NOK),Impressions,Reach,Frequency,Link clicks,"CPM (cost per 1,000 impressions) (NOK)"\n'
        "2026-05-01,2026-05-01,,,30.00,300,250,1.2,,100\n2026-05-01,2026-05-01,A,active,10.00,100,90,1.1,,100\n2026-05-01,2026-05-01,B,active,20.00,200,180,1.1,3,100\n",
        {},
        "meta_ads",
        "SELECT sum(cost), sum(impressions), sum(clicks), count(*) FROM ad_stats",
        [(Decimal(30), 300, 3, 2)],
    ),
    (
        "stripe balance, newer headers",
        "id,Type,Source,Amount,Fee,Taxes On Fee,Net,Currency,Created date (UTC),Available On (UTC),Description\n"
        "txn_1,charge,ch_1,100.00,3.20,0.00,96.80,nok,2026-05-01 10:00,2026-05-03 00:00,Order 1\ntxn_2,refund,re_1,-40.00,0.00,0.00,-40.00,nok,2026-05-02 10:00,2026-05-03 00:00,Order 1\n",
        {},
        "stripe_balance",
        "SELECT (SELECT sum(total) FROM orders), (SELECT sum(amount) FROM refunds)",
        [(Decimal(100), Decimal(40))],
    ),
    (
        "woo with the older header",
        "Date,Order #,N. Revenue,Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution\n"
        "2026-05-01 10:00:00,101,kr500,completed,Kari,new,2× Kopp,2,,500,Organic\n2026-05-03 10:00:00,101,kr-100,refunded,Kari,new,,-1,,-100,Organic\n",
        {},
        "woocommerce_orders",
        "SELECT (SELECT sum(quantity * unit_price) FROM order_lines), (SELECT sum(amount) FROM refunds)",
        [(Decimal(500), Decimal(100))],
    ),
    (
        "amazon business with en dashes",
        'Date,Ordered Product Sales,Units Ordered,Total Order Items,Page Views – Total,Sessions – Total\n01/05/2026,"₹1,44,957.78",12,10,"1,200",800\n13/05/2026,"₹1,000.00",2,2,100,80\n',
        {},
        "amazon_business",
        "SELECT sum(gross_sales), sum(orders), (SELECT sum(sessions) FROM traffic_daily) FROM sales_daily",
        [(Decimal("145957.78"), 12, 880)],
    ),
    (
        "amazon transactions, five definition lines",
        '"Includes Amazon Marketplace transactions"\n"All amounts in AED, unless specified"\n"Definitions:"\n"Sales tax collected: Includes sales tax"\n"Selling fees: Includes fees"\n'
        '"date/time","settlement id","type","order id","sku","description","quantity","marketplace","product sales","selling fees","fba fees","other","total"\n'
        '"1 Jul 2026 4:24:44 am UTC","111","Order","403-1","KOPP","Kopp","2","amazon.ae","200.00","-20.00","-10.00","0","170.00"\n'
        '"2 Jul 2026 4:24:44 am UTC","111","Transfer","","","To account","","","0","0","0","-170.00","-170.00"\n',
        {},
        "amazon_transactions",
        "SELECT (SELECT sum(quantity * unit_price) FROM order_lines), (SELECT sum(amount) FROM costs)",
        [(Decimal(200), Decimal(30))],
    ),
    (
        "toggl with a blank after Amount",
        "\ufeffUser,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount \nKari,k@x.example,Vik,Nettbutikk,,Feilretting,Yes,2026-05-01,09:00:00,2026-05-01,10:30:00,01:30:00,,0\n",
        {},
        "toggl_detailed",
        "SELECT sum(hours), bool_and(billable) FROM time_entries",
        [(1.5, True)],
    ),
    (
        "harvest in a comma language",
        "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,Last Name,Roles,Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency,External Reference URL\n"
        '26.01.2026,Vik,Butikk,B1,Koodi,,"7,5",Yes,No,No,Kari,Vik,,Yes,"100,0","750,0","50,0","375,0",Euro - EUR,\n',
        {},
        "harvest_time",
        "SELECT sum(hours), min(worked_on) FROM time_entries",
        [(7.5, date(2026, 1, 26))],
    ),
    (
        "jira with short day and rows wider than the header",
        "Summary,Issue key,Issue id,Issue Type,Status,Created,Labels,Labels,Original estimate,Time Spent,Σ Time Spent\nFeil,VIK-1,10001,Bug,Done,12/Mar/26 9:41 AM,a,b,7200,5400,5400,extra\n",
        {},
        "jira_issues",
        "SELECT sum(hours), sum(estimated_hours), min(worked_on) FROM time_entries",
        [(1.5, 2.0, date(2026, 3, 12))],
    ),
    (
        "shopify inventory, older header",
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,HS Code,COO,Location,Incoming,Unavailable,Committed,Available,On hand\n"
        "kopp,Kopp,Farge,Rød,,,,,-,,,Oslo,0,0,1,4,5\nkopp,Kopp,Farge,Blå,,,,,-,,,Oslo,not stocked,not stocked,not stocked,not stocked,not stocked\n",
        {},
        "shopify_inventory",
        "SELECT count(*), sum(on_hand), sum(available) FROM stock_levels",
        [(1, Decimal(5), Decimal(4))],
    ),
    (
        "zendesk minutes and dashes",
        "Summation column,Id,Requester,Status,Created at,Solved at,Satisfaction Score,First reply time in minutes,Full resolution time in minutes\n"
        "1,17,Kari,Solved,2026-05-01 10:00,2026-05-01 12:00,Good,30,120\n1,18,Ola,Open,2026-05-02 10:00,,Not Offered,-,-\n",
        {},
        "zendesk_tickets",
        "SELECT count(*), max(epoch(first_response_at - opened_at)), count(resolved_at) FROM tickets",
        [(2, 1800.0, 1)],
    ),
]


@pytest.mark.parametrize(
    ("text", "options", "layout", "sql", "wanted"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_an_export(text: str, options: dict[str, Any], layout: str, sql: str, wanted: Any) -> None:
    done = load(text, **options)
    assert done.inspection.layout == layout
    assert ask(done, sql) == wanted
