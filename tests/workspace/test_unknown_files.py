"""Files of kinds that nobody described: what is proposed, with the answers of a person, gives the KPI that
was worked out by hand before."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Refused
from kpi_tree.ingest.answers.asking import AskError
from kpi_tree.ingest.mapping.mapping import mapping_from
from kpi_tree.store import Home
from kpi_tree.workspace import Asker
from kpi_tree.workspace.intake.preview import look_into

STOCK = (
    "商品コード,商品名,カテゴリ,倉庫,在庫数,発注点,原価,販売価格\n"
    '00101,茶碗,食器,東京,"1,200",50,￥500,￥900\n'
    "00101,茶碗,食器,大阪,30,50,￥500,￥900\n00102,皿,食器,東京,7,10,￥300,￥650\n"
).encode("cp932")
LAGER = (
    "Lagerbestandsliste\nStichtag: 31.03.2026\n\nArtikelnummer;Bezeichnung;Lagerort;Bestand;Verfügbar\n"
    "A-1;Tasse;Nord;1.250,00;1.200,00\nA-2;Teller;Nord;50,00;50,00\nSumme;;;1.300,00;\n"
).encode("cp1252")
MAILS = (
    b"Campaign name,Send date,Sent to,Delivered,Opened (unique),Clicked (unique)\n"
    b"Spring,03 Mar 2026 08:00,1000,990,330,60\nSale,17 Mar 2026 08:00,1020,1010,170,40\n"
)
ADS = (
    b"Period,Campaign title,Shown,Taps,Spent (NOK),Purchase value (NOK)\n"
    b"14-Mar-2026,A,900,10,40.00,100.00\n15-Mar-2026,B,500,30,120.00,300.00\n"
)
CALLS = (
    b"Call ID,Queue,Call start,Answered,Call end,Reason\n"
    b"C1,Orders,2026-03-02 09:00:00,2026-03-02 09:01:00,2026-03-02 09:06:00,Delivery\n"
    b"C2,Orders,2026-03-03 10:00:00,2026-03-03 10:04:00,2026-03-03 10:09:00,Return\n"
)
FORM = (
    b'"Timestamp","How satisfied were you with your purchase?","What could we do better?"\n'
    b'"2026/03/02 3:15:00 PM GMT+1","5",""\n"2026/03/05 9:00:00 AM GMT+1","4","-"\n'
    b'"2026/03/06 9:00:00 AM GMT+1","1","Slow"\n'
)

FILES: dict[str, tuple[bytes, dict[str, Any], str, float]] = {
    "在庫一覧_20260331.csv": (STOCK, {"day_of": "name"}, "inventory_units", 1237),
    "Lagerbestand.csv": (LAGER, {}, "inventory_units", 1300),
    "newsletter export.csv": (MAILS, {}, "email_open_rate", 500 / 2000),
    "adnet_report.csv": (ADS, {"values": {"platform": "AdNet"}}, "roas", 400 / 160),
    "calls.csv": (CALLS, {}, "phone_tickets", 2),
    "Customer survey - Form Responses 1.csv": (FORM, {}, "csat", 2 / 3),
}


def _proposed(home: Home, owner: Asker, content: bytes, name: str, now: datetime) -> dict[str, Any]:
    look = look_into(home, owner, content, name, how={}, now=now)
    assert look.error is not None, "a file of a new kind is asked about"
    assert look.inspection is not None
    assert look.inspection.mapping is not None
    return look.inspection.mapping.to_dict()


@pytest.mark.parametrize("name", FILES)
def test_from_the_proposal_to_the_kpi(home: Home, owner: Asker, now: datetime, name: str) -> None:
    content, answers, kpi, wanted = FILES[name]
    proposal = _proposed(home, owner, content, name, now)
    said = {**proposal, "options": {**proposal["options"], **answers}}
    assert kpi in workspace.preview_file(home, owner, content, name, mapping=said, now=now).kpis
    receipt = workspace.load_file(home, owner, content, name, mapping=said, now=now)
    assert receipt.rejected == 0
    first, after = date(2026, 3, 1), date(2026, 4, 1)
    found = workspace.kpi_values(home, owner, kpi, start=first, end=after, grain="month")
    assert found.total["value"] == pytest.approx(wanted)


def test_the_day_of_a_list_is_asked_unless_the_file_says_it(home: Home, owner: Asker, now: datetime) -> None:
    said = _proposed(home, owner, STOCK, "在庫.csv", now)
    with pytest.raises(AskError) as asked:
        workspace.load_file(home, owner, STOCK, "在庫.csv", mapping=said, now=now)
    assert (asked.value.option, set(asked.value.choices)) == ("day_of", {"load"})
    with pytest.raises(AskError) as asked:
        workspace.load_file(home, owner, STOCK, "在庫_20260331.csv", mapping=said, now=now)
    assert asked.value.choices["name"] == "2026-03-31"
    # The way is kept, the day itself never: April's list is of April.
    for options in ({"day_of": "name"}, {"period_end": "2026-03-31"}):
        workspace.save_mapping(
            home, owner, "在庫", {**said, "options": options}, source=STOCK, file="x.csv", now=now
        )
        kept = workspace.saved_mappings(home, owner)[0].mapping["options"]
        assert kept == {name: value for name, value in options.items() if name == "day_of"}
    with pytest.raises(AskError):
        workspace.load_file(home, owner, STOCK, "在庫_20260430.csv", now=now)
    answer = {"options": {"day_of": "name"}}  # an answer stands beside the saved mapping, not in its place
    receipt = workspace.load_file(home, owner, STOCK, "在庫_20260430.csv", mapping=answer, now=now)
    assert str(receipt.data_through) == "2026-04-30"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"values": {"channel": "pigeon"}}, "pigeon does not suit"),
        ({"values": {"recipients": "many"}}, "many is no number"),
        ({"values": {"sent_at": "2026-03-01"}}, "cannot be the same in every row"),
        ({"day_of": "tomorrow"}, "does not suit"),
    ],
)
def test_what_cannot_hold_for_every_row_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        mapping_from({"table": "message_sends", "columns": {"A": "campaign"}, "options": options})


def test_a_sum_of_lines_is_no_sum_of_the_order(home: Home, owner: Asker) -> None:
    rows = ("1;02.03.2026 10:00;2;50,00;100,00", "1;02.03.2026 10:00;1;30,00;30,00", "")
    lines = "\n".join(("Bongnr;Tidspunkt;Ant;Pris pr stk;Sum", *rows))
    found = workspace.inspect_file(home, owner, lines.encode(), "kasse.csv").mapping
    assert found is not None
    assert found.columns["Sum"] == "line_total"


def test_a_mapping_goes_to_another_home_as_a_file(
    home: Home, owner: Asker, now: datetime, tmp_path: Any
) -> None:
    name = "adnet_report.csv"
    content, answers, _, _ = FILES[name]
    said = {**_proposed(home, owner, content, name, now), "options": answers}
    workspace.save_mapping(home, owner, "AdNet", said, source=content, file=name, now=now)
    file = workspace.export_mapping(home, owner, "AdNet")
    other = workspace.open_home(tmp_path / "other")
    assert workspace.import_mapping(other, owner, file, "AdNet.mapping.json", now=now).name == "AdNet"
    assert workspace.load_file(other, owner, content, name, now=now).accepted == 2
    assert workspace.export_mapping(other, owner, "AdNet") == file
    workspace.load_file(
        home, owner, content, name, mapping=json.loads(file), now=now
    )  # as --mapping takes it
    broken = (b"{", b"[]", b'{"kind": "kpi-tree mapping"}', file.replace(b'"cost"', b'"weight"'))
    for wrong in broken:
        with pytest.raises(Refused):
            workspace.import_mapping(other, owner, wrong, "x.json", now=now)


def test_versions_of_a_mapping(home: Home, owner: Asker, now: datetime) -> None:
    old, new = b"Dag;Sum;Type\n2026-03-01;5;fixed\n", b"Dag;Total;Type\n2026-03-02;7;fixed\n"
    for content, amount in ((old, "Sum"), (new, "Total")):
        columns = {"Dag": "incurred_on", amount: "amount", "Type": "kind"}
        mapping = {"table": "costs", "columns": columns}
        workspace.save_mapping(home, owner, "Kasse", mapping, source=content, file="a.csv", now=now)
    workspace.rename_mapping(home, owner, "Kasse", "Till", now=now)
    found = workspace.mapping_versions(home, owner, "Till")
    assert [("Sum" in one.mapping["columns"], one.name) for one in found] == [
        (False, "Till"),
        (True, "Kasse"),
    ]
    # A till that was not renewed still writes the old headers, and is read as before.
    for content in (old, new):
        assert workspace.load_file(home, owner, content, "b.csv", now=now).accepted == 1
    assert workspace.return_mapping(home, owner, "Till", 1, now=now).headers == ("Dag", "Sum", "Type")
    assert len(workspace.mapping_uses(home, owner)["Till"]) == 2
    assert workspace.check(home, owner)["ok"]
