"""What a newer export, which tells its orders whole, tells no more of them counts no more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kpi_tree import ingest, workspace
from kpi_tree.errors import NotFound
from kpi_tree.ingest.answers.limits import Limits
from kpi_tree.records.parquet import held
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.store import check as checking
from kpi_tree.workspace import Asker, Receipt
from kpi_tree.workspace.figuring.figures import engine_of

OWNER = Asker("Kari", "owner")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEAD = "Name,Created at,Currency,Subtotal,Refunded Amount,Lineitem quantity,Lineitem name,Lineitem price\n"
MUG, CUP = "#1,2026-01-02 10:00:00 +0100,NOK,150,0,1,Mug,50\n", "#1,,,,,1,Cup,100\n"
REFUNDED = "#2,2026-01-03 10:00:00 +0100,NOK,50,20,1,Mug,50\n"
KEPT = REFUNDED.replace(",20,", ",0,")
LATER = "#3,2026-01-09 10:00:00 +0100,NOK,50,0,1,Mug,50\n"
ONLY_CUP = "#1,2026-01-02 10:00:00 +0100,NOK,100,0,1,Cup,100\n"
LINES = [("#1", 1, "Mug"), ("#1", 2, "Cup"), ("#2", 1, "Mug")]


def load(home: Home, rows: str, name: str = "a.csv", **said: Any) -> Receipt:
    return workspace.load_file(home, OWNER, (HEAD + rows).encode(), name, now=NOW, **said)


def counted(home: Home) -> tuple[list[tuple[str, int, str]], list[str]]:
    """Order lines and refunds that count."""
    engine, found = engine_of(home), []
    for sql in (
        "SELECT order_id, line_no, product_name FROM raw.order_lines ORDER BY ALL",
        "SELECT refund_id FROM raw.refunds ORDER BY ALL",
    ):
        engine.need(sql)
        found.append(engine.run(sql).fetchall())
    return found[0], [name for (name,) in found[1]]


def test_a_line_and_a_refund_that_were_taken_out(home: Home) -> None:
    load(home, MUG + CUP + REFUNDED)
    assert counted(home) == (LINES, ["#2-refund"])
    looked = load(home, ONLY_CUP + KEPT + LATER, "b.csv", dry_run=True)
    words = [str(issue.message) for issue in looked.issues if issue.code == "taken_out"]
    assert ["#1 (a.csv, row 3)" in words[0], "#2 (a.csv, row 4)" in words[1]] == [True, True]
    sales = next(effect for effect in looked.effects if effect.kpi == "gross_sales")
    assert (sales.before, sales.after) == (200.0, 200.0)  # 50 + 100 + 50, then 100 + 50 + 50
    done = load(home, ONLY_CUP + KEPT + LATER, "b.csv")
    after = ([("#1", 1, "Cup"), ("#2", 1, "Mug"), ("#3", 1, "Mug")], [])
    assert counted(home) == after
    kept.withdraw(home, str(done.batch), who="t", now=NOW)
    assert counted(home) == (LINES, ["#2-refund"])
    kept.restore(home, str(done.batch), who="t", now=NOW)
    assert counted(home) == after
    assert checking.run(home).ok


def test_what_each_file_says_of_a_row(home: Home) -> None:
    first = load(home, MUG + CUP + REFUNDED)
    load(home, ONLY_CUP + KEPT + LATER, "b.csv")

    def told(row: int) -> list[tuple[str, list[tuple[int, bool, Any]]]]:
        return [
            (one.table, [(v.batch.number, v.counts, v.values.get("product_name")) for v in one.versions])
            for one in workspace.record_history(home, OWNER, str(first.batch), row)
        ]

    assert told(2) == [("order_lines", [(2, True, "Cup"), (1, False, "Mug")])]
    assert told(3) == [("order_lines", [(1, False, "Cup")])]  # taken out of its order
    assert told(4) == [("refunds", [(1, False, None)])]
    kept.withdraw(home, "2", who="t", now=NOW)
    assert told(2) == [("order_lines", [(2, False, "Cup"), (1, True, "Mug")])]
    assert told(3) == []
    nobody = Asker("Ola", "uploader")
    with pytest.raises(NotFound):
        workspace.record_history(home, nobody, str(first.batch), 2)


def test_an_older_file_brings_back_nothing_that_was_taken_out(home: Home) -> None:
    load(home, ONLY_CUP + KEPT + LATER, "b.csv")
    old = load(home, MUG + CUP + REFUNDED)
    # Line 1 is the cup by now, line 2 and the refund are gone: none of the three is new.
    assert (old.accepted, old.changed, old.behind, old.behind_batch) == (0, 0, 3, 1)
    assert counted(home)[1] == []


@pytest.mark.parametrize(
    ("newer", "said"),
    [
        pytest.param(ONLY_CUP + "#1,,,,,x,Mug,50\n" + LATER, {}, id="a line of it cannot be read"),
        pytest.param(
            ONLY_CUP + "#9,2026-01-05 10:00:00 +0100,NOK,1,0,1,A, or B,1\n" + LATER, {}, id="too wide"
        ),
        pytest.param(ONLY_CUP + LATER, {"mapping": {"options": {"whole": False}}}, id="said not to be"),
    ],
)
def test_what_is_not_told_whole_takes_nothing_out(home: Home, newer: str, said: dict[str, Any]) -> None:
    load(home, MUG + CUP)
    done = load(home, newer, "b.csv", **said)
    assert "taken_out" not in {issue.code for issue in done.issues}
    assert ("#1", 2, "Cup") in counted(home)[0]


def test_a_corrected_line_takes_nothing_out_of_its_order(home: Home) -> None:
    done = load(home, MUG + "#1,,,,,x,Cup,100\n")
    [row] = workspace.set_aside(home, OWNER, str(done.batch)).rows
    right = ["1" if cell == "x" else cell for cell in row.cells]
    workspace.mend(home, OWNER, str(done.batch), {row.line: right}, now=NOW)
    assert counted(home)[0] == LINES[:2]


def test_a_large_file_tells_the_same() -> None:
    content = (HEAD + MUG + "#1,,,,,x,Cup,100\n" + REFUNDED + LATER).encode()
    marks = []
    for limits in (Limits(), Limits(whole_bytes=0, part_bytes=64, drawer_bytes=3000)):
        with ingest.read(content, "a.csv", limits=limits) as reading:
            rows = held(reading.tables["orders"]).sort_by("order_id")
            marks.append(rows.column("_whole").to_pylist())
    assert marks == [[None, "order_lines,refunds", "order_lines,refunds"]] * 2


def test_of_a_product_each_file_counts_that_has_a_last_word(home: Home) -> None:
    told = b"Product ID,Name,Category,Unit cost,Currency\np,Lamp,Home,40,NOK\n"
    first = workspace.load_file(home, OWNER, told, "products.csv", as_table="products", now=NOW)
    later = told.replace(b"Lamp,Home,40", b"Lampe,,")
    workspace.load_file(home, OWNER, later, "names.csv", as_table="products", now=NOW)
    (history,) = workspace.record_history(home, OWNER, str(first.batch), 2)
    assert [(one.batch.number, one.counts) for one in history.versions] == [(2, True), (1, True)]
    assert history.differing == ("name",)  # what the later file leaves out is no other word
    last = told.replace(b"Lamp,Home,40", b"Lampada,Casa,50")
    workspace.load_file(home, OWNER, last, "all.csv", as_table="products", now=NOW)
    (history,) = workspace.record_history(home, OWNER, str(first.batch), 2)
    assert [(one.batch.number, one.counts) for one in history.versions] == [(3, True), (2, False), (1, False)]
