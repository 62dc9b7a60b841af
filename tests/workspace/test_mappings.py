"""A mapping that was saved once reads the next file by itself, and asks when the file changed."""

from __future__ import annotations

from datetime import datetime

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.store import Home
from kpi_tree.workspace import Asker, DriftedError
from kpi_tree.workspace.intake.mappings import Found, likely

FILE = "Bilag;Kjøpsdag;Kundenr;Sum kr\nA1;03.04.2026;K7;1 250,50\nA2;25.04.2026;K8;99,00\n"
MAPPING = {
    "table": "costs",
    "columns": {"Bilag": "cost_id", "Kjøpsdag": "incurred_on", "Kundenr": "kind", "Sum kr": "amount"},
    "options": {"currency": "NOK"},
}


def _saved(home: Home, owner: Asker, now: datetime) -> None:
    workspace.save_mapping(
        home, owner, "  POS  Oslo ", MAPPING, source=FILE.encode(), file="april.csv", now=now
    )


def test_next_time_it_is_one_drop(home: Home, owner: Asker, now: datetime) -> None:
    with pytest.raises(Refused):
        workspace.load_file(home, owner, FILE.encode(), "april.csv", now=now)
    _saved(home, owner, now)
    later = FILE.replace("2026", "2025").upper().encode()  # headers in another case are the same headers
    receipt = workspace.load_file(home, owner, later, "april-25.csv", now=now)
    assert (receipt.table, receipt.accepted, receipt.rejected) == ("costs", 2, 0)
    assert "POS Oslo" in receipt.to_dict()["issues"][-1]["message"]
    assert workspace.inspect_file(home, owner, later, "april-25.csv").table == "costs"
    found = workspace.mapping_for(home, owner, later, "x.csv")
    assert found is not None
    assert (found.name, dict(found.missing), found.added) == ("POS Oslo", {}, ())


def test_by_name(home: Home, owner: Asker, now: datetime) -> None:
    _saved(home, owner, now)
    receipt = workspace.load_file(home, owner, FILE.encode(), "april.csv", mapping="POS Oslo", now=now)
    assert receipt.accepted == 2
    with pytest.raises(NotFound, match="POS Oslo"):
        workspace.load_file(home, owner, b"a,b\n1,2\n", "x.csv", mapping="other", now=now)
    with pytest.raises(DriftedError, match="no column Bilag"):
        workspace.load_file(home, owner, b"a,b\n1,2\n", "x.csv", mapping="POS Oslo", now=now)


def test_a_column_that_is_gone_is_asked_about_and_one_that_is_new_is_told(
    home: Home, owner: Asker, now: datetime
) -> None:
    _saved(home, owner, now)
    renamed = FILE.replace("Sum kr", "Totalt").encode()
    before = workspace.data_revision(home)
    with pytest.raises(DriftedError) as caught:
        workspace.load_file(home, owner, renamed, "mai.csv", now=now)
    assert (dict(caught.value.found.missing), caught.value.found.added) == ({"Sum kr": "amount"}, ("Totalt",))
    assert likely(caught.value.found)["Totalt"][0] == "amount"
    assert "Totalt" in str(caught.value.to_dict())
    assert workspace.data_revision(home) == before
    wider = FILE.replace("\n", ";x\n").replace("kr;x", "kr;Merknad").encode()
    receipt = workspace.load_file(home, owner, wider, "juni.csv", now=now)
    assert receipt.accepted == 2
    assert any(issue.code == "new_columns" for issue in receipt.issues)


def test_a_file_of_another_kind_is_not_taken_for_it(home: Home, owner: Asker, now: datetime) -> None:
    _saved(home, owner, now)
    other = b"Bilag;Navn;Sted;Telefon;Land\n1;a;b;c;d\n"
    assert workspace.mapping_for(home, owner, other, "x.csv") is None


def test_saving_again_replaces_and_forgetting_forgets(home: Home, owner: Asker, now: datetime) -> None:
    _saved(home, owner, now)
    workspace.save_mapping(home, owner, "Kasse", MAPPING, source=FILE.encode(), file="a.csv", now=now)
    assert [one.name for one in workspace.saved_mappings(home, owner)] == ["Kasse"]
    workspace.forget_mapping(home, owner, "Kasse", now=now)
    assert workspace.saved_mappings(home, owner) == []
    with pytest.raises(NotFound):
        workspace.forget_mapping(home, owner, "Kasse", now=now)
    for name in ("", " ", "x" * 81):
        with pytest.raises(Refused, match="needs a name"):
            workspace.save_mapping(home, owner, name, MAPPING, source=FILE.encode(), file="a.csv", now=now)
    assert workspace.check(home, owner)["ok"]


def test_renamed_forgotten_and_brought_back_with_the_files_it_read(
    home: Home, owner: Asker, now: datetime
) -> None:
    _saved(home, owner, now)
    loaded = workspace.load_file(home, owner, FILE.encode(), "april.csv", now=now)
    assert workspace.rename_mapping(home, owner, "POS Oslo", " Kasse  Oslo", now=now).name == "Kasse Oslo"
    uses = workspace.mapping_uses(home, owner)
    assert [view.batch for view in uses["Kasse Oslo"]] == [loaded.batch]
    later = FILE.replace("2026", "2025").encode()
    workspace.load_file(home, owner, later, "april-25.csv", now=now)
    assert [view.number for view in workspace.mapping_uses(home, owner)["Kasse Oslo"]] == [2, 1]
    workspace.forget_mapping(home, owner, "Kasse Oslo", now=now)
    assert workspace.mapping_uses(home, owner) == {}
    back = workspace.bring_back_mapping(home, owner, "Kasse Oslo", now=now)
    assert dict(back.mapping)["columns"] == MAPPING["columns"]
    assert len(workspace.mapping_uses(home, owner)["Kasse Oslo"]) == 2
    with pytest.raises(Refused, match="reads such files"):
        workspace.bring_back_mapping(home, owner, "Kasse Oslo", now=now)
    with pytest.raises(NotFound):
        workspace.bring_back_mapping(home, owner, "other", now=now)
    small = b"Dato,Sted,Verdi\n2026-01-01,Oslo,5\n"
    other = {"table": "market_size", "columns": {"Dato": "month", "Sted": "market", "Verdi": "value"}}
    workspace.save_mapping(home, owner, "Marked", other, source=small, file="m.csv", now=now)
    with pytest.raises(Refused, match="Another mapping"):
        workspace.rename_mapping(home, owner, "Marked", "Kasse Oslo", now=now)
    assert workspace.check(home, owner)["ok"]


def test_a_column_that_was_renamed_is_recognised_by_its_name_or_by_being_the_only_one() -> None:
    found = Found(
        "x", {"table": "costs"}, {"Sum kr": "amount", "Dato": "incurred_on"}, ("Beløp", "Sted", "Bilagsdato")
    )
    assert {name: target for name, (target, _) in likely(found).items()}["Beløp"] == "amount"
    assert likely(Found("x", {"table": "costs"}, {"Sum": "amount"}, ("Q", "R"))) == {}
