"""Clumsy and hostile fragments: each gets one message that says what is wrong, where, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kpi_tree import workspace
from kpi_tree.store import Home
from kpi_tree.workspace import Asker

OWNER = Asker("Kari", "owner")
NOW = datetime(2026, 4, 1, 8, tzinfo=UTC)
ORDERS = """order_id,ordered_at,customer_id,status,total,channel,currency
o1,2026-03-01T10:00:00+01:00,c1,placed,100,mail,NOK
o2,2026-03-02T10:00:00+01:00,c2,placed,250,ads,NOK
"""
SAID: tuple[tuple[str, str, str, str], ...] = (
    ("value", "sum(total) / status", "status is text", "try_cast"),
    ("value", "sum(total / status)", "dividing needs a number", "try_cast"),
    ("value", "sum(sum(total))", "sum() puts rows together", "around the whole"),
    ("value", "sum(total) over ()", "window function", "cumulative"),
    ("value", "(select count(*) from customers)", "A query may not stand here", "formula"),
    ("value", "select * from orders", "A query may not stand here", "formula"),
    ("value", "read_csv('/etc/passwd')", "read_csv() is not one", "There are"),
    ("value", "sum(getenv('HOME'))", "getenv() is not one", "There are"),
    ("value", "COPY orders TO 'x.csv'", "Only an expression", "files"),
    ("value", "count(*) -- all", "Only an expression", "comments"),
    ("value", "count(*);", "Only an expression", ";"),
    ("value", "sum(total", "near “total”", "bracket"),
    ("value", "count", "no column count", "count(…)"),
    ("value", "sum(totl)", "no column totl", "Did you mean total?"),
    ("value", "total", "how are the rows put together", "sum(…)"),
    ("value", "sum(total) / 0", "divided by 0", ""),
    ("value", "", "value is missing", "sum(total)"),
    ("value", "sum(strftime(ordered_at, '%Y'))", "strftime() is not one", ""),
    ("filter", "ordered_at > 5", "5 is a number", "'2026-01-31'"),
    ("filter", "5 < ordered_at", "5 is a number", "'2026-01-31'"),
    ("filter", "ordered_at > 'yesterday'", "'yesterday' is text", "'2026-01-31'"),
    ("filter", "status = 5", "5 is a number", "'5'"),
    ("filter", "total = 'x'", "'x' is text", "without quotes"),
    ("filter", "status = placed", "no column placed", "single quotes: 'placed'"),
    ("filter", "status = 'Placed'", "never holds Placed", "placed"),
    ("filter", "status in ()", "Only an expression", ""),
    ("filter", "customer_id = null", "equal to NULL", "IS NULL"),
    ("filter", "total", "a filter needs yes or no", "condition"),
    ("filter", "count(*) > 1", "count() puts rows together", ""),
    ("filter", "total > 1,000", "near “,”", "1000.5"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    opened = workspace.open_home(tmp_path_factory.mktemp("messages") / "home")
    workspace.load_file(opened, OWNER, ORDERS.encode(), "orders.csv", as_table="orders", now=NOW)
    return opened


@pytest.mark.parametrize(
    ("field", "text", "message", "remedy"), SAID, ids=[said[1] or "nothing" for said in SAID]
)
def test_one_message_with_place_and_remedy(
    home: Home, field: str, text: str, message: str, remedy: str
) -> None:
    spec = {"id": "mine", "name": "Mine", "table": "orders", "value": "count(*)", field: text}
    [issue] = workspace.define(home, OWNER, [spec], dry_run=True, now=NOW).issues
    assert (issue.level, issue.place) == ("error", f"mine.{field}")
    assert message in str(issue.message)
    assert remedy in str(issue.remedy or "")
    assert workspace.own_kpis(home, OWNER) == []


def test_many_values_of_people_are_not_listed(home: Home) -> None:
    lines = "".join(f"x{n},2026-03-03T10:00:00+01:00,c{n}@example.com,placed,1,ads,NOK\n" for n in range(20))
    text = ORDERS.splitlines()[0] + "\n" + lines
    workspace.load_file(home, OWNER, text.encode(), "more.csv", as_table="orders", now=NOW)
    spec = {
        "id": "mine",
        "name": "Mine",
        "table": "orders",
        "value": "count(*)",
        "filter": "customer_id = 'nobody'",
    }
    [issue] = workspace.define(home, OWNER, [spec], dry_run=True, now=NOW).issues
    assert issue.level == "warning"
    assert "example.com" not in f"{issue.message} {issue.remedy}"
