"""A person's own template: their KPIs, their stores, the next dates; filled in, it loads by itself."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.plan.model import Node, Plan
from kpi_tree.store import Home, observations, plans
from kpi_tree.workspace import Asker, NothingUsableError, Receipt
from kpi_tree.workspace.base.own import catalogue_of

TODAY = date(2026, 3, 1)


def _filled(content: bytes, values: dict[int, float]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for line, value in values.items():
        book.worksheets[0].cell(line, book.worksheets[0].max_column - 2, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("lang", ["en", "nb", "ja"])
@pytest.mark.parametrize(
    ("grain", "first", "second"),
    [("day", "2026-03-01", "2026-03-02"), ("week", "2026-02-23", "2026-03-02"),
     ("month", "2026-03-01", "2026-04-01"), ("quarter", "2026-01-01", "2026-04-01")],
)  # fmt: skip
def test_filled_in_and_loaded_and_the_next_one_goes_on_from_there(
    home: Home, owner: Asker, now: datetime, lang: str, grain: str, first: str, second: str
) -> None:
    made = workspace.blank_values(home, owner, ["sales"], today=TODAY, grain=grain, periods=2, lang=lang)
    done = workspace.load_file(home, owner, _filled(made, {2: 12.5, 3: 7.5}), "mine.xlsx", now=now)
    assert (done.accepted, done.rejected) == (2, 0)
    rows = workspace.kpi_records(home, owner, "sales", start=date(2026, 1, 1), end=date(2027, 1, 1))
    assert [str(day) for day in rows["period"]] == [first, second]
    later = workspace.blank_values(
        home, owner, ["sales"], today=TODAY, grain=grain, periods=1, form="csv", lang=lang
    )
    assert later.decode("utf-8-sig").splitlines()[1].replace(";", ",").split(",")[1] > second[:7]


def test_stores_and_people(home: Home, owner: Asker, now: datetime) -> None:
    nodes = [
        Node("a", "kgi", "Sales", kpi="sales", owner="Kari"),
        Node("b", "kpi", "x", kpi="orders", owner="Ola"),
    ]
    plans.create(home, Plan("shop", "Shop", nodes={node.id: node for node in nodes}), who="Kari", now=now)
    made = workspace.blank_values(
        home, owner, ["sales", "orders"], today=TODAY, grain="day", periods=1, dimension="store",
        members=["Oslo", "=Bergen"],
    )  # fmt: skip
    workspace.load_file(home, owner, _filled(made, {2: 1, 3: 2, 4: 3, 5: 4}), "stores.xlsx", now=now)
    found = workspace.blank_choices(home, owner)
    assert found.owners == {"Kari": ("sales",), "Ola": ("orders",)}
    assert found.members == {"store": ("=Bergen", "Oslo")}
    assert found.through["sales"] == TODAY


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_reads_back_after_its_kpi_was_renamed(
    home: Home, owner: Asker, now: datetime, form: str
) -> None:
    def named(name: str, kpi: str = "coffee_sold") -> None:
        workspace.define(home, owner, f"{{id: {kpi}, name: {name}, formula: sales / orders}}", now=now)

    def sent(value: float) -> Receipt:
        if form == "xlsx":
            return workspace.load_file(home, owner, _filled(made, {2: value}), "mine.xlsx", now=now)
        text = made.decode().replace("2026-03-01,,", f"2026-03-01,{value},")
        return workspace.load_file(home, owner, text.encode(), "mine.csv", now=now)

    named("Coffee")
    made = workspace.blank_values(
        home,
        owner,
        ["coffee_sold"],
        today=TODAY,
        grain="day",
        periods=1,
        form=form,  # type: ignore[arg-type]
    )
    named("Cups sold")
    assert (sent(12).accepted, observations.known(home).keys()) == (1, {"coffee_sold"})
    named("Coffee", "beans_sold")
    for words in ("name is that of another KPI than coffee_sold", "KPI coffee_sold of the template is not"):
        with pytest.raises(NothingUsableError) as refused:
            sent(13)
        assert words in str(refused.value.receipt.issues[0].remedy)
        if "beans_sold" in catalogue_of(home):
            workspace.remove_kpi(home, owner, "beans_sold", now=now)
            workspace.remove_kpi(home, owner, "coffee_sold", now=now)


def test_what_cannot_be_made_is_said(home: Home, owner: Asker) -> None:
    with pytest.raises(NotFound):
        workspace.blank_values(home, owner, ["nothing"], today=TODAY)
    with pytest.raises(NotFound):
        workspace.blank_table(home, owner, "nothing")
    for bad in ({"kpis": []}, {"kpis": ["sales"], "grain": "hour"}, {"kpis": ["sales"], "periods": 10**6}):
        with pytest.raises(Refused):
            workspace.blank_values(home, owner, **bad, today=TODAY)  # type: ignore[arg-type]
    workspace.change_settings(home, owner, fiscal_start_month=4)
    quarter = workspace.blank_values(home, owner, ["sales"], today=TODAY, grain="quarter", form="csv")
    assert b"2026-Q1" in quarter, "the calendar's, as files name them"
    workspace.change_settings(home, owner, fiscal_start_month=2)
    with pytest.raises(Refused, match="not those of the calendar"):
        workspace.blank_values(home, owner, ["sales"], today=TODAY, grain="quarter")
    assert workspace.blank_table(home, owner, "costs", form="csv").startswith(b"\xef\xbb\xbf")
