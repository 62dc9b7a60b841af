"""Sales that two exports tell under different numbers are asked about, and never added up unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

SHOP = (
    "Name,Created at,Financial Status,Currency,Subtotal,Total,Refunded Amount,"
    "Lineitem quantity,Lineitem name,Lineitem price\n"
    "#1,2026-01-10 10:00:00 +0100,refunded,NOK,100.00,100.00,40.00,1,Mug,100.00\n"
)
PAYMENTS = (
    "id,Created (UTC),Amount,Amount Refunded,Currency,Fee,Status\n"
    "ch_1,2026-01-10 09:00:00,100.00,40.00,nok,2.90,Paid\n"
)
BALANCE = (
    "id,Type,Source,Amount,Fee,Net,Currency,Created (UTC)\n"
    "txn_1,charge,ch_1,100.00,2.90,97.10,nok,2026-01-10 09:00:00\n"
    "txn_2,refund,re_1,-40.00,0.00,-40.00,nok,2026-01-20 09:00:00\n"
)
ETSY = (
    "Sale Date,Item Name,Quantity,Price,Transaction ID,Order ID,Currency\n01/10/26,Mug,1,40.00,771,991,NOK\n"
)
AMAZON = (
    "date/time,settlement id,type,order id,sku,quantity,product sales,selling fees,total\n"
    '"Jan 10, 2026 1:05:07 AM PST",1,Order,111-1,M,2,100.00,-3.50,96.50\n'
)
SETTLED = (
    "settlement-id\tcurrency\ttransaction-type\torder-id\tamount-type\tamount-description\tamount\tposted-date-time\tsku\n"
    "1\tUSD\tOrder\t111-1\tItemPrice\tPrincipal\t100.00\t2026-01-10 09:05:07 UTC\tM\n"
)
LIST = (
    "Title,Send Date,Total Recipients,Successful Deliveries,Unique Opens,Unique Id\n"
    'Spring,"Jan 09, 2026 09:30 pm",100,99,20,abc\n'
)
REPORT = (
    'Title:,Spring\n"Delivery Date/Time:","Fri, Jan 9, 2026 9:30 pm"\n"Total Recipients:",100\n'
    '"Successful Deliveries:",99\n"Recipients Who Opened:","20 (20.2%)"\n'
)
FILES = {
    "amazon": AMAZON,
    "settled": SETTLED,
    "list": LIST,
    "report": REPORT,
    "shop": SHOP,
    "payments": PAYMENTS,
    "balance": BALANCE,
    "etsy": ETSY,
}


@pytest.mark.parametrize(
    ("first", "then", "choices"),
    [
        ("shop", "payments", ["sales", "count"]),
        ("shop", "balance", ["sales", "count"]),
        ("payments", "shop", ["count"]),
        ("balance", "shop", ["count"]),
        ("payments", "balance", ["refunds", "count"]),
        ("balance", "payments", ["refunds", "count"]),
        ("amazon", "settled", ["count"]),
        ("settled", "amazon", ["count"]),
        ("list", "report", ["count"]),
        ("report", "list", ["count"]),
        ("shop", "etsy", []),
        ("etsy", "payments", []),
        ("payments", "payments", []),
    ],
)
def test_sales_that_are_told_twice(
    home: Home, owner: Asker, now: datetime, first: str, then: str, choices: list[str]
) -> None:
    def load(which: str, mark: str = "", **options: Any) -> workspace.Receipt:
        content = (FILES[which] + mark).encode()
        said = {"options": options} if options else None
        return workspace.load_file(home, owner, content, f"{which}.csv", mapping=said, now=now)

    load(first)
    again = PAYMENTS.splitlines()[1].replace("ch_1", "ch_2") if first == then else ""
    if not choices:
        assert load(then, again).accepted
        return
    with pytest.raises(AskError) as asked:
        load(then)
    assert (asked.value.option, [*asked.value.choices]) == ("again", choices)
    if first in ("amazon", "settled", "list", "report"):
        assert "is another report of the same" in str(asked.value)
    left = {"sales": {"orders", "order_lines", "refunds"}, "refunds": {"refunds"}, "count": set()}[choices[0]]
    done = load(then, again=choices[0])
    filled = {one.table for one in done.tables if one.accepted + one.changed + one.unchanged}
    assert filled
    assert not filled & left
    assert ("told_elsewhere" in [issue.code for issue in done.issues]) == bool(left)


SALES = "Day,Orders,Gross sales,Net sales,Total sales\n2026-01-10,1,100.00,100.00,100.00\n"
PERIOD = "# Start date: 20260101\n# End date: 20260131\n"
CHANNELS = f"{PERIOD}Session primary channel group,Sessions,Engaged sessions\nDirect,100,70\n"
COUNTRIES = f"{PERIOD}Country,Sessions,Engaged sessions\nNorway,90,60\n"
GOOGLE = "Day,Campaign,Currency code,Cost,Impr.,Clicks\n2026-01-10,A,NOK,10.00,100,3\n"
META = "Day,Campaign name,Amount spent (NOK),Impressions,Link clicks\n2026-01-10,A,10.00,100,3\n"


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        (SALES, SHOP, "sales_by_orders"),
        (SHOP, SALES, "sales_by_orders"),
        (SALES, ETSY, ""),
        (CHANNELS, COUNTRIES, "same_days"),
        (CHANNELS, CHANNELS.replace("100,70", "101,70"), ""),
        (CHANNELS, COUNTRIES.replace("0101", "0201").replace("0131", "0228"), ""),
        (GOOGLE, META, ""),
        (GOOGLE, GOOGLE.replace("Campaign,", "Campaign,Ad group,").replace("A,NOK", "A,B,NOK"), "same_days"),
    ],
)
def test_days_told_twice_are_told(
    home: Home, owner: Asker, now: datetime, first: str, then: str, code: str
) -> None:
    workspace.load_file(home, owner, first.encode(), "a.csv", now=now)
    done = workspace.load_file(home, owner, then.encode(), "b.csv", now=now)
    assert {issue.code for issue in done.issues} & {"sales_by_orders", "same_days"} == (
        {code} if code else set()
    )
