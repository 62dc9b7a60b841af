"""Of two exports that know the same record the newer one counts, whenever it was loaded."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree import workspace
from kpi_tree.ingest.files.newness import exported_in, saved_at
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.store import check as checking
from kpi_tree.workspace import Asker
from kpi_tree.workspace.figuring.figures import engine_of
from kpi_tree.workspace.intake.newness import Newness

HEAD = "Name,Created at,Cancelled at,Currency,Subtotal,Lineitem quantity,Lineitem name,Lineitem price\n"
OWNER = Asker("Kari", "owner")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def export(last: int, gone: set[int], mark: int = 0) -> bytes:
    """Orders 1..last, one a day of January; those cancelled. ``mark`` makes equal ones files of their own."""
    cells = (f"#{n},2026-01-{n:02} 10:00:00 +0100,{_gone(n in gone)},NOK,50,1,Mug {mark},50\n"
             for n in range(1, last + 1))  # fmt: skip
    return (HEAD + "".join(cells)).encode()


def _gone(cancelled: bool) -> str:
    return "2026-02-01 10:00:00 +0100" if cancelled else ""


def statuses(home: Home) -> dict[str, tuple[str, str]]:
    """Every order that counts: whether it is cancelled, and what its line says."""
    engine = engine_of(home)
    sql = "SELECT order_id, status, product_name FROM raw.orders JOIN raw.order_lines USING (order_id)"
    engine.need(sql)
    return {name: (status, item) for name, status, item in engine.run(sql).fetchall()}


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Loads of exports by how far they reach, and batches turned off and on again."""
    loads = [("load", n) for n in draw(st.lists(st.integers(1, 4), min_size=3, max_size=4))]
    turns = [("turn", n) for n in draw(st.lists(st.integers(0, 3), min_size=2, max_size=4))]
    return loads[:1] + draw(st.permutations([*loads[1:], *turns]))


@settings(max_examples=8, deadline=None)
@given(acts=lives())
def test_what_counts_is_what_loading_the_live_batches_in_order_of_newness_gives(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    home = Home.open(tmp_path_factory.mktemp("home"))
    files: list[tuple[int, set[int], str]] = []
    live: set[int] = set()
    for act, n in acts:
        if act == "load":
            at, gone = len(files), {n} if len(files) % 2 else set()
            done = workspace.load_file(home, OWNER, export(n, gone, at), f"{at}.csv", now=NOW)
            files.append((n, gone, str(done.batch)))
            live.add(at)
        else:
            n %= len(files)
            turn = kept.withdraw if n in live else kept.restore
            turn(home, files[n][2], who="t", now=NOW)
            live ^= {n}
        wanted = {
            f"#{order}": ("cancelled" if order in files[at][1] else "placed", f"Mug {at}")
            for at in sorted(live, key=lambda at: (files[at][0], at))
            for order in range(1, files[at][0] + 1)
        }
        assert (statuses(home) if live else {}) == wanted
    assert checking.run(home).ok


def test_an_older_file_stands_behind_and_a_word_turns_that_round(home: Home) -> None:
    workspace.load_file(home, OWNER, export(4, {1}), "march.csv", now=NOW)
    looked = workspace.load_file(home, OWNER, export(3, {2}, 1), "january.csv", now=NOW, dry_run=True)
    # Three orders and their lines are told otherwise; order 3 differs in its line only.
    assert (looked.accepted, looked.changed, looked.unchanged) == (0, 0, 3)
    assert (looked.behind, looked.behind_batch) == (5, 1)
    [told] = [issue for issue in looked.issues if issue.code == "older_export"]
    assert (told.count, told.row) == (5, 2)
    assert "march.csv (batch #1)" in str(told.message)
    turned = workspace.load_file(home, OWNER, export(3, {2}, 1), "january.csv", now=NOW, newest=True)
    assert (turned.changed, turned.behind, turned.behind_batch) == (3, 0, None)
    assert statuses(home)["#2"] == ("cancelled", "Mug 1")
    # What a person called the newest is not overruled by a file of the same age as the first.
    workspace.load_file(home, OWNER, export(4, {3}, 2), "again.csv", now=NOW)
    assert statuses(home)["#3"] == ("cancelled", "Mug 2")


def test_corrections_stand_with_their_file(home: Home) -> None:
    broken = export(3, set()).replace(
        b"#2,2026-01-02 10:00:00 +0100,,NOK,50,1", b"#2,2026-01-02 10:00:00 +0100,,NOK,50,x"
    )
    done = workspace.load_file(home, OWNER, broken, "january.csv", now=NOW)
    newer = workspace.load_file(home, OWNER, export(4, {2}, 7), "march.csv", now=NOW)
    found = workspace.set_aside(home, OWNER, str(done.batch))
    [row] = found.rows
    repaired = ["1" if cell == "x" else cell for cell in row.cells]
    kept.withdraw(home, str(newer.batch), who="t", now=NOW)
    workspace.mend(home, OWNER, str(done.batch), {row.line: repaired}, now=NOW)
    kept.restore(home, str(newer.batch), who="t", now=NOW)
    assert statuses(home)["#2"] == ("cancelled", "Mug 7")
    kept.withdraw(home, str(newer.batch), who="t", now=NOW)
    assert statuses(home)["#2"] == ("placed", "Mug 0")
    assert checking.run(home).ok


def test_values_of_kpis_go_by_what_the_file_states(home: Home) -> None:
    def load(stated: str, value: int) -> workspace.Receipt:
        content = f"Exported on:,{stated}\n\nKPI,Date,Value\nMarket share,2026-01-01,{value}%\n".encode()
        return workspace.load_file(home, OWNER, content, f"{value}.csv", now=NOW)

    load("2026-02-20 10:00", 20)
    old = load("2026-02-10 10:00", 10)
    assert (old.accepted, old.changed, old.unchanged, old.behind) == (0, 0, 1, 1)
    new = load("2026-02-21", 30)
    assert (new.changed, new.behind) == (1, 0)


@pytest.mark.parametrize(
    ("mine", "theirs", "by"),
    [
        (Newness(), Newness(stated="2026-02-01"), None),
        (Newness(stated="2026-01-31T23:00:00"), Newness(stated="2026-02-01"), "stated"),
        (Newness(stated="2026-02-01T23:00:00"), Newness(stated="2026-02-01"), None),
        (Newness(None, "2026-01-31", "2026-03-05"), Newness(None, "2026-02-15", "2026-02-15"), "latest"),
        (Newness(None, "2026-01-31", "2026-02-01"), Newness(None, "2026-01-31", "2026-02-15"), "saved"),
        (Newness("2026-03-05", "2026-01-31"), Newness("2026-02-15", "2026-02-15"), None),
        (Newness("2026-03-05", "2026-01-31"), Newness(None, "2026-02-15"), "latest"),
    ],
)
def test_what_tells_that_a_file_is_older(mine: Newness, theirs: Newness, by: str | None) -> None:
    assert mine.older_than(theirs) == by


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("Exported on: 2026-03-31 10:00", datetime(2026, 3, 31, 10)),
        ("Report generated: Apr 1, 2026 10:23 AM", datetime(2026, 4, 1, 10, 23)),
        ("Report generated 2026-04-01T10:23:00+02:00", datetime(2026, 4, 1, 8, 23, tzinfo=UTC)),
        ("Eksportert 31.03.2026 kl. 10:15", datetime(2026, 3, 31, 10, 15)),
        ("Erstellt am: 31.03.2026", datetime(2026, 3, 31)),
        ("Exporté le 31 mars 2026", datetime(2026, 3, 31)),
        ("エクスポート日時: 2026年3月31日 10:15", datetime(2026, 3, 31, 10, 15)),
        ("Exported on: 03/04/2026", None),
        ("January 1, 2026 - January 31, 2026", None),
        ("Generated revenue 2026-03-31", None),
        ("Orders", None),
    ],
)
def test_the_moment_of_export_above_a_table(line: str, at: datetime | None) -> None:
    assert exported_in([(1, [line])]) == at


def test_the_moment_a_file_was_saved(tmp_path: Path) -> None:
    def packed(names: dict[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in names.items():
                archive.writestr(zipfile.ZipInfo(name, (2026, 2, 3, 4, 5, 6)), content)
        return out.getvalue()

    core = b"<x><dcterms:modified xsi:type='x'>2026-02-01T10:00:00Z</dcterms:modified></x>"
    assert saved_at(packed({"[Content_Types].xml": b"", "docProps/core.xml": core}), "UTC") == datetime(
        2026, 2, 1, 10, tzinfo=UTC
    )
    assert saved_at(packed({"[Content_Types].xml": b""}), "UTC") is None
    assert saved_at(packed({"a.csv": b"a"}), "Europe/Oslo") == datetime(2026, 2, 3, 3, 5, 6, tzinfo=UTC)
    assert saved_at(b"PK\x03\x04broken", "UTC") is None
    path = tmp_path / "a.csv.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")
    assert saved_at(path, "UTC") is None
