"""Alerts on a small shop: told once, held back, armed again; sent once, whoever ticks; no secret shown."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kpi_tree import workspace
from kpi_tree.errors import Denied, NotFound, Refused
from kpi_tree.plan.model import Plan
from kpi_tree.sources import Bounds
from kpi_tree.store import Home, outbox
from kpi_tree.workspace import Asker

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
AT = datetime(2026, 2, 10, 12, tzinfo=UTC)
SECRET = "canary-T0-B0-x7"
TICKER = """
import sys
from datetime import datetime
from kpi_tree import workspace
from kpi_tree.sources import Bounds
home, now = workspace.open_home(sys.argv[1], create=False), datetime.fromisoformat(sys.argv[2])
within = Bounds(private_hosts=frozenset({"127.0.0.1"}))
print("ready", flush=True)
sys.stdin.readline()
print(workspace.send_alerts(home, workspace.Asker("cron", "owner"), now=now, bounds=within).told)
"""


class Hook:
    """A webhook's server; ``bodies`` is what it took. ``hold`` lets it wait before it answers."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        self.status = 200
        self.hold = threading.Event()
        self.hold.set()
        self.asked = threading.Event()
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                hook.asked.set()
                hook.hold.wait(10)
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/services/{SECRET}"


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.hold.set()
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def bounds() -> Bounds:
    return Bounds(private_hosts=frozenset({"127.0.0.1"}))


@pytest.fixture
def shop(
    home: Home, put: Callable[..., Any], trade: Callable[..., Any], small_plan: Plan, owner: Asker
) -> Home:
    """Two orders of 100 a day since October; the goal of February is 6,000, on a straight path."""
    put(trade(date(2025, 10, 1), 132))
    period = {"start": "2026-02-01", "end": "2026-03-01"}
    after = {"id": "t", "node": "sales", "period": period, "value": 6000.0, "trajectory": "linear"}
    workspace.edit_plan(
        home,
        owner,
        None,
        [{"op": "set_target", "target": "t", "after": after}],
        base_revision=small_plan.revision,
    )
    workspace.change_settings(home, owner, timezone="Europe/Oslo", currency="NOK")
    return home


@pytest.fixture
def tick(shop: Home, owner: Asker, bounds: Bounds) -> Callable[..., Any]:
    """One round at a moment."""

    def go(now: datetime) -> Any:
        return workspace.send_alerts(shop, owner, now=now, bounds=bounds)

    return go


def titles(home: Home, owner: Asker) -> list[str]:
    return [one.title("en").replace("\xa0", " ") for one in reversed(workspace.alert_news(home, owner))]


def low(shop: Home, owner: Asker, **more: Any) -> Any:
    """An alert on sales of the month so far below 2,100; they are 1,800 by 9 February."""
    given = {"kind": "threshold", "node": "sales", "settings": {"below": 2100}, "now": AT, **more}
    return workspace.add_alert(shop, owner, "Low", **given)


def test_what_is_so_is_told_once_and_again_only_after_it_was_not_so(
    shop: Home, owner: Asker, tick: Callable[..., Any], put: Callable[..., Any], trade: Callable[..., Any]
) -> None:
    low(shop, owner, every_hours=1)
    assert [tick(AT + n * HOUR).told for n in range(3)] == [1, 0, 0]
    assert titles(shop, owner) == ["Sales: NOK 1,800, below NOK 2,100"]
    late = put(trade(date(2026, 2, 2), 1, orders=9), "late.csv")
    assert tick(AT + 3 * HOUR).told == 0, "with late data it is not so any more"
    workspace.withdraw(shop, owner, late.id)  # and without them it is
    assert tick(AT + 4 * HOUR).told == 1
    workspace.restore_batch(shop, owner, late.id)
    assert tick(AT + 5 * HOUR).told == 0
    assert len(titles(shop, owner)) == 2


def test_a_pause_holds_back_and_tells_later_if_it_is_still_so(
    shop: Home, owner: Asker, tick: Callable[..., Any], put: Callable[..., Any], trade: Callable[..., Any]
) -> None:
    low(shop, owner, every_hours=6)
    assert tick(AT).told == 1
    late = put(trade(date(2026, 2, 2), 1, orders=9), "late.csv")
    tick(AT + HOUR)
    workspace.withdraw(shop, owner, late.id)
    assert [tick(AT + n * HOUR).told for n in (2, 5, 6, 7)] == [0, 0, 1, 0]


def test_quiet_hours_of_the_shops_clock_hold_back_across_midnight(
    shop: Home, owner: Asker, tick: Callable[..., Any]
) -> None:
    low(shop, owner, quiet="22:00-07:00")
    night = datetime(2026, 2, 10, 21, 30, tzinfo=UTC)  # 22:30 in Oslo
    told = [tick(night + n * HOUR).told for n in (0, 2, 8)]  # 22:30, 00:30 (the next day), 06:30
    assert told == [0, 0, 0]
    assert tick(datetime(2026, 2, 11, 6, 0, tzinfo=UTC)).told == 1  # 07:00


def test_nothing_is_looked_at_where_nothing_changed(
    shop: Home, owner: Asker, tick: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    low(shop, owner)
    tick(AT)
    looked = []
    from kpi_tree.workspace.news import alertsweep

    plainly = alertsweep.looks_at
    monkeypatch.setattr(alertsweep, "looks_at", lambda *said: looked.append(said) or plainly(*said))
    tick(AT + HOUR)
    assert looked == []
    tick(AT + DAY)
    assert len(looked) == 1, "a new day is a new look"


def test_each_kind_sees_what_it_waits_for(
    shop: Home, owner: Asker, tick: Callable[..., Any], put: Callable[..., Any], trade: Callable[..., Any]
) -> None:
    for kind, settings in (
        ("status", {"statuses": ["off_track", "at_risk"]}), ("change", {}), ("stale", {"days": 2}),
        ("due", {"days": 7}), ("anomaly", {"level": 0.95}),
    ):  # fmt: skip
        node = None if kind in ("status", "due") else "sales"
        workspace.add_alert(shop, owner, kind, kind=kind, settings=settings, node=node, every_hours=0, now=AT)
    assert tick(AT).told == 1
    assert titles(shop, owner) == ["Sales: At risk"]  # 1,800 where 1,929 are expected: 93 %
    put(trade(date(2026, 2, 10), 1, orders=30))
    put(trade(date(2026, 2, 11), 1))
    tick(AT + DAY)
    put(trade(date(2026, 2, 12), 4), "more.csv")
    tick(datetime(2026, 2, 22, 12, tzinfo=UTC))
    by: dict[str, list[str]] = {}
    for one in workspace.alert_news(shop, owner):
        by.setdefault(one.alert, []).append(one.title("en").replace("\xa0", " "))
    assert by["change"] == ["Sales: Stale (was ahead)", "Sales: Ahead (was at risk)"]
    assert by["anomaly"] == ["Sales: NOK 3,000 on 10 Feb 2026"]
    assert by["stale"] == ["Sales: the last numbers are of 15 Feb 2026"]
    assert by["due"] == ["Sales: 6 days left to NOK 6,000"]


@pytest.mark.usefixtures("small_plan")
def test_an_indicator_without_numbers_is_neither_so_nor_not_so(
    home: Home, owner: Asker, bounds: Bounds
) -> None:
    made = low(home, owner)
    assert workspace.send_alerts(home, owner, now=AT, bounds=bounds).told == 0
    (view,) = workspace.alerts(home, owner)
    assert (view.id, view.on, view.unseen) == (made.id, 0, 1)


def to_hook(shop: Home, owner: Asker, hook: Hook) -> None:
    workspace.add_channel(
        shop, owner, "Team", kind="webhook", url=hook.url, link="https://kpi.example.com", now=AT
    )
    low(shop, owner, channels=["Team"])


def test_several_processes_that_tick_at_once_send_one_message(
    shop: Home, owner: Asker, hook: Hook, root: Path
) -> None:
    to_hook(shop, owner, hook)
    line = [sys.executable, "-c", TICKER, str(shop.path), AT.isoformat()]
    every = [
        subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)
        for _ in range(2)
    ]
    for process in every:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in every:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [int(process.communicate(timeout=300)[0]) for process in every]
    assert sorted(told) == [0, 1]
    (body,) = hook.bodies
    assert body["lines"][0]["link"] == "https://kpi.example.com/kpi?id=sales&plan=shop"
    assert [one.state for one in workspace.alert_messages(shop, owner)] == ["sent"]


def test_a_process_killed_while_it_sends_leaves_a_message_that_nobody_sends_again(
    shop: Home, owner: Asker, hook: Hook, root: Path, tick: Callable[..., Any]
) -> None:
    to_hook(shop, owner, hook)
    hook.hold.clear()  # the server takes it, and does not answer
    line = [sys.executable, "-c", TICKER, str(shop.path), AT.isoformat()]
    with subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        assert hook.asked.wait(120)
        os.kill(process.pid, signal.SIGKILL)
    hook.hold.set()
    assert tick(AT + timedelta(minutes=2)).sends == ()
    tick(AT + timedelta(minutes=10))
    (message,) = workspace.alert_messages(shop, owner)
    assert (message.state, len(hook.bodies)) == ("unknown", 1)
    workspace.send_again(shop, owner, message.id, now=AT + HOUR)
    assert [one.state for one in tick(AT + HOUR).sends] == ["sent"]
    assert len(hook.bodies) == 2


def test_a_process_that_died_before_it_sent_is_taken_over(
    shop: Home, owner: Asker, hook: Hook, tick: Callable[..., Any]
) -> None:
    workspace.add_channel(shop, owner, "Team", kind="webhook", url=hook.url, now=AT)
    low(shop, owner, channels=["Team"])
    from kpi_tree.workspace.news import alertsweep

    assert alertsweep._looked(shop, AT) == 1
    dead = outbox.claim(shop, worker="dead", now=AT)
    assert dead is not None
    assert tick(AT + timedelta(minutes=1)).sends == ()
    assert [one.state for one in tick(AT + timedelta(minutes=4)).sends] == ["sent"]
    assert not outbox.leaves(shop, dead, worker="dead", now=AT), "if it woke up it could not send any more"
    assert len(hook.bodies) == 1


def test_what_failed_is_tried_again_later_and_later_and_then_given_up(
    shop: Home, owner: Asker, hook: Hook, tick: Callable[..., Any]
) -> None:
    to_hook(shop, owner, hook)
    hook.status = 503
    tick(AT)
    minutes = (0, 2, 3, 8, 20, 39, 60, 160, 400, 641, 2000)
    tried = [minute for minute in minutes if tick(AT + timedelta(minutes=minute)).sends]
    assert tried == [2, 8, 39, 160, 641], "after 1, 5, 30, 120 and 480 minutes"
    (message,) = workspace.alert_messages(shop, owner)
    assert (message.state, message.attempts) == ("failed", 6)
    assert message.problem is not None
    assert "503" in message.problem.text("en")


def test_nothing_secret_is_shown_kept_in_the_journal_or_taken_along(
    shop: Home, owner: Asker, hook: Hook, tick: Callable[..., Any], tmp_path: Path
) -> None:
    to_hook(shop, owner, hook)
    workspace.add_channel(
        shop, owner, "Mail", kind="email", host="smtp.example.com", user="kari@example.com", password=SECRET,
        to="ola@example.com",
    )  # fmt: skip
    hook.status = 404
    tick(AT)
    workspace.backup(shop, owner, tmp_path / "all.zip")
    said = json.dumps([one.to_dict() for one in workspace.channels(shop, owner)])
    said += json.dumps([one.to_dict() for one in workspace.alert_messages(shop, owner)])
    assert SECRET not in said
    assert SECRET.encode() not in (tmp_path / "all.zip").read_bytes()
    assert all(
        SECRET.encode() not in path.read_bytes()
        for path in shop.path.rglob("*")
        if path.is_file() and path.name != "keys.json"
    )
    assert (shop.path / "keys.json").stat().st_mode & 0o777 == 0o600
    viewer = workspace.channels(shop, Asker("Ola", "viewer"))
    assert [(one.where, dict(one.settings)) for one in viewer] == [("", {}), ("", {})]
    workspace.change_channel(shop, owner, "Mail", host="smtp.other.example")
    assert not next(one for one in workspace.channels(shop, owner) if one.name == "Mail").ready, (
        "a password goes to no other server"
    )
    workspace.remove_channel(shop, owner, "Team")
    back = workspace.bring_channel_back(shop, owner, "Team")
    assert (back.kind, back.ready) == ("webhook", False), "its address is forgotten"
    workspace.remove_channel(shop, owner, "Team")
    assert SECRET not in (shop.path / "keys.json").read_text()


def test_a_test_goes_out_at_once_and_leaves_no_trace(
    shop: Home, owner: Asker, hook: Hook, bounds: Bounds, tick: Callable[..., Any]
) -> None:
    to_hook(shop, owner, hook)
    workspace.change_alert(shop, owner, "Low", quiet="00:00-23:59")
    tried = workspace.try_alert(shop, owner, "Low", now=AT, bounds=bounds)
    assert (tried.ok, tried.on, tried.looked) == (True, 1, 1)
    assert "test" in hook.bodies[0]["note"]
    hook.status = 500
    assert not workspace.try_channel(shop, owner, "Team", now=AT, bounds=bounds).ok
    assert workspace.alert_news(shop, owner) == []
    assert workspace.alert_messages(shop, owner) == []
    assert tick(AT).told == 0


def test_news_are_read_by_each_person_alone(shop: Home, owner: Asker, tick: Callable[..., Any]) -> None:
    low(shop, owner)
    tick(AT)
    other = Asker("Ola", "viewer")
    (news,) = workspace.alert_news(shop, owner)
    assert workspace.read_news(shop, owner, news.id) == 0
    assert (workspace.unread_news(shop, owner), workspace.unread_news(shop, other)) == (0, 1)
    assert news.title("nb").startswith("Sales")


def test_what_people_set_is_proven_by_the_journal(shop: Home, owner: Asker, hook: Hook) -> None:
    to_hook(shop, owner, hook)
    workspace.add_digest(shop, owner, "Week", channel="Team", now=AT)
    workspace.change_alert(shop, owner, "Low", paused=True)
    assert workspace.check(shop, owner)["ok"]
    with shop.write() as db:
        db.execute("update alert_rules set spec = replace(spec, '2100', '2900')")
    (problem,) = workspace.check(shop, owner)["problems"]
    assert problem["place"] == workspace.alerts(shop, owner)[0].id


def test_an_alert_that_was_removed_comes_back_as_it_was(shop: Home, owner: Asker) -> None:
    low(shop, owner)
    (before,) = workspace.alerts(shop, owner)
    workspace.remove_alert(shop, owner, "Low", now=AT)
    assert workspace.alerts(shop, owner) == []
    assert workspace.bring_alert_back(shop, owner, "Low", now=AT + HOUR) == before
    assert workspace.alerts(shop, owner) == [before]
    assert workspace.check(shop, owner)["ok"]
    with pytest.raises(NotFound):
        workspace.bring_alert_back(shop, owner, "Low", now=AT + HOUR)
    workspace.remove_alert(shop, owner, "Low", now=AT + HOUR)
    low(shop, owner)
    with pytest.raises(Refused):
        workspace.bring_alert_back(shop, owner, before.id, now=AT + DAY)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"kind": "never"}, Refused),
        ({"node": "nobody"}, NotFound),
        ({"node": None}, Refused),
        ({"settings": {}}, Refused),
        ({"settings": {"above": 1, "below": 2}}, Refused),
        ({"settings": {"below": "x"}}, Refused),
        ({"settings": {"below": float("nan")}}, Refused),
        ({"settings": {"below": 5, "days": 3}}, Refused),
        ({"channels": ["Nowhere"]}, NotFound),
        ({"every_hours": -1}, Refused),
        ({"quiet": "at night"}, Refused),
        ({"colour": "red"}, Refused),
        ({"plan_id": "other"}, NotFound),
    ],
)
def test_an_alert_that_cannot_be_is_refused_and_nothing_is_kept(
    shop: Home, owner: Asker, given: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        low(shop, owner, **given)
    assert workspace.alerts(shop, owner) == []
    with pytest.raises(Denied):
        low(shop, Asker("Ola", "viewer"))


def test_a_digest_goes_out_once_a_week_also_after_weeks_without_a_tick(
    shop: Home, owner: Asker, hook: Hook, tick: Callable[..., Any]
) -> None:
    workspace.add_channel(shop, owner, "Team", kind="slack", url=hook.url, now=AT)
    made = workspace.add_digest(shop, owner, "Week", channel="Team", now=AT)
    assert made.next_run == datetime(2026, 2, 16, 6, tzinfo=UTC)  # Monday 07:00 in Oslo
    assert tick(datetime(2026, 2, 16, 5, 59, tzinfo=UTC)).sends == ()
    assert [one.state for one in tick(datetime(2026, 2, 16, 6, tzinfo=UTC)).sends] == ["sent"]
    assert tick(datetime(2026, 2, 17, 6, tzinfo=UTC)).sends == ()
    assert len(tick(datetime(2026, 3, 25, 6, tzinfo=UTC)).sends) == 1
    (later,) = workspace.digests(shop, owner)
    assert later.next_run == datetime(2026, 3, 30, 5, tzinfo=UTC), (
        "07:00 also where the clock was set meanwhile"
    )
    assert "Sales" in json.dumps(hook.bodies[0])
    with pytest.raises(Refused, match="digest goes by this channel"):
        workspace.remove_channel(shop, owner, "Team")
