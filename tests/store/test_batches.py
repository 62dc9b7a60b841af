"""Batches: once, whole, withdrawn and restored exactly; leftovers found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kpi_tree.errors import NotFound, Refused
from kpi_tree.store import Home, batches, files, observations, plans
from kpi_tree.store import check as checking

Make = Callable[..., batches.Incoming]
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def _state(home: Home) -> object:
    return (
        {
            table: [(seq, batch) for seq, batch, _ in found]
            for table, found in batches.active_files(home).items()
        },
        observations.of(home, "sales"),
    )


def test_a_batch_is_kept_whole(home: Home, incoming: Make) -> None:
    batch, repeated = batches.add(home, incoming(), who="Kari", now=NOW)
    assert not repeated
    assert (batch.rows, batch.accepted, batch.rejected, batch.who, batch.at) == (4, 3, 1, "Kari", NOW)
    [(seq, name, path)] = batches.active_files(home)["market_size"]
    assert (seq, name) == (1, batch.id)
    assert pq.read_table(path).num_rows == 3
    quarantined = batches.quarantine_file(home, batch.id)
    assert quarantined is not None
    assert pq.read_table(quarantined).to_pylist() == [{"row": 9, "reason": "bad"}]
    assert batches.source_file(home, batch.id).read_bytes() == b"a"
    assert [found.value for found in observations.of(home, "sales")] == [3.5]
    assert checking.run(home).ok


def test_the_same_content_again_changes_nothing(home: Home, incoming: Make) -> None:
    first, _ = batches.add(home, incoming(), who="Kari", now=NOW)
    before = _state(home)
    again, repeated = batches.add(home, incoming(), who="Ola", now=NOW)
    assert repeated
    assert again == first
    assert _state(home) == before
    assert len(batches.all_batches(home)) == 1


def test_withdrawing_and_restoring_give_the_exact_former_state(home: Home, incoming: Make) -> None:
    names = [batches.add(home, incoming(bytes([n]), first=n), who="t", now=NOW)[0].id for n in range(1, 6)]
    before = _state(home)
    for name in (names[2], names[0], names[4]):
        batches.withdraw(home, name, who="t", now=NOW)
    assert [batch for _, batch, _ in batches.active_files(home)["market_size"]] == [names[1], names[3]]
    for name in (names[4], names[2], names[0]):
        batches.restore(home, name, who="t", now=NOW)
    assert _state(home) == before
    assert checking.run(home).ok


def test_twice_withdrawn_unknown_and_twin_are_refused(home: Home, incoming: Make) -> None:
    batch, _ = batches.add(home, incoming(), who="t", now=NOW)
    with pytest.raises(Refused, match="not withdrawn"):
        batches.restore(home, batch.id, who="t", now=NOW)
    batches.withdraw(home, batch.id, who="t", now=NOW)
    with pytest.raises(Refused, match="withdrawn already"):
        batches.withdraw(home, batch.id, who="t", now=NOW)
    with pytest.raises(NotFound, match="no batch"):
        batches.withdraw(home, "x" * 10_000, who="t", now=NOW)
    twin, repeated = batches.add(home, incoming(), who="t", now=NOW)
    assert not repeated
    assert twin.id != batch.id
    with pytest.raises(Refused, match=f"again as batch {twin.id}"):
        batches.restore(home, batch.id, who="t", now=NOW)


def test_a_failing_transaction_leaves_no_file(
    home: Home, monkeypatch: pytest.MonkeyPatch, incoming: Make
) -> None:
    def full(*_: object) -> object:
        raise RuntimeError("killed")

    monkeypatch.setattr(observations, "insert", full)
    with pytest.raises(RuntimeError):
        batches.add(home, incoming(), who="t", now=NOW)
    assert batches.all_batches(home) == []
    assert not list(home.records.rglob("*.parquet"))


def test_rows_that_do_not_fit_leave_nothing(home: Home, incoming: Make) -> None:
    bad = incoming()
    wrong = batches.Incoming(**{**vars(bad), "tables": {"market_size": pa.table({"nonsense": [1]})}})
    with pytest.raises(Refused):
        batches.add(home, wrong, who="t", now=NOW)
    assert batches.all_batches(home) == []
    assert checking.run(home).ok


def test_counts_against_data_that_moved_are_refused(home: Home, incoming: Make) -> None:
    batches.add(home, incoming(), who="t", now=NOW, based_on=0)
    with pytest.raises(batches.MovedError):
        batches.add(home, incoming(b"b"), who="t", now=NOW, based_on=0)
    assert not checking.run(home).leftovers


def test_leftovers_of_a_killed_import_are_taken_away_when_nobody_imports(home: Home, incoming: Make) -> None:
    batch, _ = batches.add(home, incoming(), who="t", now=NOW)
    orphan = home.records / "market_size" / "bdead.parquet"
    orphan.write_bytes(b"half")
    with files.importing(home):
        busy = checking.run(home)
    assert busy.leftovers == ("records/market_size/bdead.parquet",)
    assert orphan.exists()
    done = checking.run(home)
    assert (done.ok, done.cleaned) == (True, ("records/market_size/bdead.parquet",))
    assert not orphan.exists()
    assert [name for _, name, _ in batches.active_files(home)["market_size"]] == [batch.id]


@pytest.mark.parametrize("kind", ["records", "files", "quarantine"])
def test_a_changed_and_a_missing_file_are_named(home: Home, kind: str, incoming: Make) -> None:
    batches.add(home, incoming(), who="t", now=NOW)
    [path] = [found for found in (home.path / kind).rglob("*") if found.is_file()]
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert [issue.code for issue in checking.run(home).problems] == ["file_changed"]
    path.unlink()
    [issue] = checking.run(home).problems
    assert (issue.code, Path(issue.place).name) == ("file_missing", path.name)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("update observations set value = 4", "batch_differs"),
        ("update batches set accepted = 4", "batch_differs"),
        ("update batches set status = 'withdrawn'", "batch_differs"),
        ("delete from observations", "batch_differs"),
        ("insert into settings values ('currency', '\"SEK\"')", "setting_differs"),
    ],
)
def test_a_row_changed_by_hand_is_named(home: Home, sql: str, code: str, incoming: Make) -> None:
    batches.add(home, incoming(), who="t", now=NOW)
    with home.write() as db:
        db.execute(sql)
    assert [issue.code for issue in checking.run(home).problems] == [code]


def test_eight_threads_load_and_none_is_lost(home: Home, incoming: Make) -> None:
    def one(n: int) -> tuple[str, bool]:
        batch, repeated = batches.add(home, incoming(bytes([n % 20])), who=f"t{n}", now=NOW)
        return batch.id, repeated

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(one, range(40)))
    assert Counter(repeated for _, repeated in made) == {False: 20, True: 20}
    found = batches.all_batches(home)
    assert sorted(batch.seq for batch in found) == list(range(1, 21))
    assert len(list(home.records.rglob("*.parquet"))) == 20
    assert checking.run(home).ok


def test_plan_names_are_empty_in_a_new_home(home: Home) -> None:
    assert plans.names(home) == []
