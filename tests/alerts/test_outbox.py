"""The box of messages: whoever dies whenever, no message leaves twice, and none is forgotten."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.store import Home, alerts, outbox

START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FATES = st.sampled_from(["dies", "refused", "dies while it leaves", "sent", "no answer", "sleeps"])


@settings(max_examples=15)
@given(course=st.lists(st.tuples(FATES, st.integers(0, 30)), max_size=12))
def test_each_message_leaves_at_most_once_and_ends_where_it_is_seen(
    tmp_path_factory: pytest.TempPathFactory, course: list[tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as folder:
        home = Home.open(Path(folder))
        spec = {"name": "Team", "kind": "webhook", "settings": {"host": "example.com"}}
        way = alerts.add(home, "alert_channels", spec, who="Kari", now=START)
        with home.write() as db:
            for _ in range(2):
                outbox.add_send(db, "k1", way.id, {"kind": "alert"}, rule=None, now=START)
        now, left, asleep = START, 0, []
        for fate, minutes in course:
            now += minutes * MINUTE
            for one in asleep:
                assert not outbox.leaves(home, one, worker=f"w{one.attempts}", now=now), "it was taken over"
            send = outbox.claim(home, worker="", now=now)
            if send is None:
                continue
            with home.write() as db:
                db.execute("update alert_sends set worker = ?", [f"w{send.attempts}"])
            worker = f"w{send.attempts}"
            if fate == "sleeps":
                now += outbox.LEASE
                later = outbox.claim(home, worker="other", now=now)
                assert later is not None
                asleep.append(send)
                continue
            if fate in ("dies while it leaves", "sent", "no answer"):
                assert outbox.leaves(home, send, worker=worker, now=now)
                left += 1
            if fate == "sent":
                outbox.finish(home, send, "sent", now=now)
            elif fate == "no answer":
                outbox.finish(home, send, "unknown", now=now)
            elif fate == "refused":
                outbox.finish(home, send, "failed", now=now, again=True)
        outbox.claim(home, worker="last", now=now + timedelta(days=1))
        (one,) = outbox.sends(home)
        assert left <= 1
        assert (one.state in ("sent", "unknown")) == (left == 1)
        assert one.state in ("sent", "unknown", "failed", "claimed", "waiting")
        home.close()
