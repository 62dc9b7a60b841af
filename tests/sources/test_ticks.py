"""A run happens once, whoever ticks; one that died is made again; every KPI says what its sources do."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import NotFound, Refused
from kpi_tree.plan.model import Node, Plan
from kpi_tree.sources import Bounds
from kpi_tree.store import Home, plans, runs
from kpi_tree.workspace import Asker
from kpi_tree.workspace.feeds.sourcing import next_run_of
from kpi_tree.workspace.judged.cards import cards

HOUR = timedelta(hours=1)
ORDERS = "order_id,ordered_at,customer_id,currency\n1,2026-02-27T10:00:00Z,c1,NOK\n"
TICKER = """
import sys
from datetime import datetime
from kpi_tree import workspace
from kpi_tree.sources import Bounds
home, now = workspace.open_home(sys.argv[1], create=False), datetime.fromisoformat(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for run in workspace.tick(home, workspace.Asker("cron", "owner"), now=now, bounds=Bounds(settle_seconds=0)):
    print(run.source, run.outcome)
"""


def watched(home: Home, owner: Asker, now: datetime, name: str = "Till", **more: Any) -> Path:
    """A source on a folder of its own that fills orders."""
    folder = home.path.parent / name
    folder.mkdir()
    given = {"schedule": "1h", "reading": {"as_table": "orders"}, **more}
    workspace.add_source(
        home, owner, name, kind="folder", place={"folder": str(folder)}, anywhere=True, now=now, **given
    )
    return folder


def test_two_processes_that_tick_at_once_make_each_run_once(
    home: Home, owner: Asker, now: datetime, root: Path
) -> None:
    for n in range(4):
        (watched(home, owner, now, f"Till {n}") / "a.csv").write_text(ORDERS.replace("\n1,", f"\n{n},"))
    line = [sys.executable, "-c", TICKER, str(home.path), now.isoformat()]
    both = [
        subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=300)[0].splitlines() for process in both]
    assert sorted([*said[0], *said[1]]) == [f"Till {n} loaded" for n in range(4)]
    for n in range(4):
        assert len(workspace.source_runs(home, owner, f"Till {n}")) == 1
    assert len(workspace.batches(home, owner)) == 4


def test_a_run_whose_process_died_is_made_again_after_its_lease(
    home: Home, owner: Asker, now: datetime, bounds: Bounds
) -> None:
    (watched(home, owner, now, schedule="daily 06:00") / "a.csv").write_text(ORDERS)
    dead = runs.claim_due(home, worker="dead", now=now, next_run=next_run_of(home, now))
    assert dead is not None
    assert workspace.sources(home, owner, now=now)[0].running
    assert workspace.tick(home, owner, now=now + timedelta(minutes=9), bounds=bounds) == []
    with pytest.raises(Refused, match="running already"):
        workspace.run_source(home, owner, "Till", now=now + timedelta(minutes=9), bounds=bounds)
    (run,) = workspace.tick(home, owner, now=now + timedelta(minutes=10), bounds=bounds)
    assert run.outcome == "loaded"
    assert [one.outcome for one in workspace.source_runs(home, owner, "Till")] == ["loaded", "lost"]
    assert not runs.renew(home, dead, now=now), "the dead one could not go on if it woke up"


def test_missed_runs_are_made_up_for_once(home: Home, owner: Asker, now: datetime, bounds: Bounds) -> None:
    watched(home, owner, now)
    assert len(workspace.tick(home, owner, now=now + 100 * HOUR, bounds=bounds)) == 1
    assert workspace.tick(home, owner, now=now + 100 * HOUR, bounds=bounds) == []
    assert workspace.sources(home, owner)[0].next_run == now + 101 * HOUR


def test_a_run_that_is_stopped_says_nothing_of_its_source(
    home: Home, owner: Asker, now: datetime, bounds: Bounds, web: Any
) -> None:
    web.status = 500
    place = {"url": web.url()}
    workspace.add_source(home, owner, "Sheet", kind="url", place=place, bounds=bounds, now=now)
    workspace.tick(home, owner, now=now, bounds=bounds)
    (before,) = workspace.sources(home, owner, now=now)
    web.status, web.body, web.drip = 200, b"x" * 1000, 5.0
    done = workspace.run_source(home, owner, "Sheet", now=now + HOUR, bounds=bounds, cancelled=lambda: True)
    assert (done.outcome, done.problem) == ("stopped", None)
    (after,) = workspace.sources(home, owner, now=now + HOUR)
    assert (after.state, after.failing_since) == ("failing", before.failing_since)
    assert str(after.problem) == str(before.problem)


def test_a_source_that_rests_runs_only_by_hand(
    home: Home, owner: Asker, now: datetime, bounds: Bounds
) -> None:
    watched(home, owner, now)
    assert workspace.pause_source(home, owner, "Till", now=now).state == "paused"
    assert workspace.tick(home, owner, now=now + HOUR, bounds=bounds) == []
    assert workspace.run_source(home, owner, "Till", now=now + HOUR, bounds=bounds).asked_by == "Kari"
    assert workspace.tick(home, owner, now=now + 5 * HOUR, bounds=bounds) == []
    workspace.pause_source(home, owner, "Till", paused=False, now=now)
    assert len(workspace.tick(home, owner, now=now + 5 * HOUR, bounds=bounds)) == 1


def test_a_source_is_changed_renamed_and_taken_away(
    home: Home, owner: Asker, now: datetime, bounds: Bounds
) -> None:
    folder = watched(home, owner, now)
    (folder / "a.csv").write_text(ORDERS)
    (run,) = workspace.tick(home, owner, now=now, bounds=bounds)
    changed = workspace.change_source(home, owner, "Till", rename="Till Oslo", schedule="2h", now=now)
    assert (changed.name, changed.schedule, changed.where) == ("Till Oslo", "2h", str(folder))
    other = watched(home, owner, now, "Other")
    with pytest.raises(Refused, match="Another source has this name"):
        workspace.change_source(home, owner, "Other", rename="Till Oslo", now=now)
    workspace.remove_source(home, owner, "Till Oslo", now=now)
    assert [one.name for one in workspace.sources(home, owner)] == ["Other"]
    with pytest.raises(NotFound, match="Other"):
        workspace.run_source(home, owner, "Till Oslo", now=now)
    from kpi_tree.store import sources as kept

    assert kept.source_of(home)[run.receipts[0]["batch"]] == "Till Oslo", "its batches know it still"
    assert workspace.check(home, owner)["ok"]
    assert other.exists()


def seen(home: Home, owner: Asker) -> tuple[str, list[str]]:
    """What the card and the figures of orders say."""
    (node,) = workspace.tree(home, owner, at=date(2026, 3, 2))
    notes = workspace.kpi_values(home, owner, "orders", start=date(2026, 2, 1), end=date(2026, 3, 1)).notes
    return str(node.reason), [str(note) for note in notes]


def test_a_source_in_trouble_says_so_on_every_kpi_it_feeds(
    home: Home, owner: Asker, now: datetime, bounds: Bounds
) -> None:
    plans.create(
        home, Plan("p", "P", nodes={"o": Node("o", "kgi", "Orders", kpi="orders")}), who="t", now=now
    )
    folder = watched(home, owner, now, fresh_hours=30)
    (folder / "a.csv").write_text(ORDERS)
    values = watched(home, owner, now, "Poll", reading={})
    (values / "nps.csv").write_text("KPI,Date,Value\nNPS,2026-02-01,41\n")
    workspace.tick(home, owner, now=now, bounds=bounds)
    reason, notes = seen(home, owner)
    assert "Till" not in reason + "".join(notes)
    fed = {one.name: (one.tables, one.kpis) for one in workspace.sources(home, owner)}
    assert fed == {"Till": (("orders",), ()), "Poll": ((), ("nps",))}

    (folder / "bad.csv").write_text("what,ever\n1,2\n")
    (values / "bad.csv").write_text("what,ever\n1,2\n")
    workspace.tick(home, owner, now=now + HOUR, bounds=bounds)
    reason, notes = seen(home, owner)
    assert "The source Till fails since" in reason
    (card,) = cards(Plan("p", "P"), workspace.tree(home, owner, at=now.date()), now.date())
    assert card["source_text"].startswith("The source Till fails since")
    assert any("The source Till fails since" in note for note in notes)
    assert [one.state for one in workspace.kpi_troubles(home, owner, "orders")] == ["failing"]
    assert [one.state for one in workspace.kpi_troubles(home, owner, "nps")] == ["failing"]
    assert workspace.kpi_troubles(home, owner, "market_size") == []

    (folder / "bad.csv").unlink()
    workspace.tick(home, owner, now=now + 3 * HOUR, bounds=bounds)
    assert "Till" not in seen(home, owner)[0]

    workspace.tick(home, owner, now=now + 40 * HOUR, bounds=bounds)
    assert "brought nothing new since" in seen(home, owner)[0]
    (folder / "b.csv").write_text(ORDERS.replace("\n1,", "\n2,"))
    workspace.tick(home, owner, now=now + 42 * HOUR, bounds=bounds)
    assert "Till" not in seen(home, owner)[0]


def test_a_fault_of_our_own_is_told_and_stops_no_other_source(
    home: Home, owner: Asker, now: datetime, bounds: Bounds, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = watched(home, owner, now, "A broken"), watched(home, owner, now, "B whole")
    for folder in (broken, whole):
        (folder / "a.csv").write_text(ORDERS.replace("\n1,", f"\n{folder.name[0]},"))
    with home.write() as db:
        db.execute("update sources set reading = '[]' where name = 'A broken'")
    done = workspace.tick(home, owner, now=now, bounds=bounds)
    assert [run.outcome for run in done] == ["failed", "loaded"]
    assert "inside the program" in str(done[0].problem)
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""}, {"name": "x" * 81}, {"kind": "ftp"}, {"schedule": "soon"}, {"fresh_hours": 0},
        {"reading": {"as_table": "nowhere"}}, {"reading": {"kpi": "salse"}}, {"reading": {"mapping": "none"}},
        {"reading": {"as_table": "orders", "kpi": "orders"}}, {"reading": {"timezone": "Mars/Base"}},
        {"place": {"pattern": "../*"}}, {"reading": {"mapping": {"table": "nowhere"}}},
    ],
)  # fmt: skip
def test_what_does_not_suit_is_refused_before_anything_is_kept(
    home: Home, owner: Asker, now: datetime, given: dict[str, Any]
) -> None:
    whole: dict[str, Any] = {"name": "Till", "kind": "folder", "place": {}, **given}
    with pytest.raises((Refused, NotFound)) as caught:
        workspace.add_source(home, owner, whole.pop("name"), now=now, **whole)
    assert caught.value.remedy is not None
    assert workspace.sources(home, owner) == []
