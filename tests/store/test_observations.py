"""Observations in the store: the last row of a key counts, and the hash is that of their plain spelling."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from kpi_tree.store import Home, batches, check, observations
from kpi_tree.store.observations import table_of

NOW = datetime(2026, 5, 4, tzinfo=UTC)
NAMES = ["a", "a b", 'a"', "a\\", "a\n", "a\x01", "aå", "a\U0001f600", "A", "", "a!", "a#"]
ROWS = [
    {
        "kpi": kpi,
        "start": date(2026, 1, day),
        "grain": grain,
        "dimensions": {"store": name} if name else {},
        "value": None if day == 3 else day / 3,
        "numerator": 1e22 if day == 2 else None,
        "row_number": number,
        "note": name or None,
    }
    for number, (kpi, day, grain, name) in enumerate(
        (kpi, day, grain, name)
        for day in (3, 1, 2)
        for name in NAMES
        for kpi in ("sales_b", "sales", "sales!")
        for grain in ("day", "week")
    )
]


def _plain_hash(home: Home) -> str:
    """As it was from the beginning: every row as JSON, sorted, one a line."""
    with home.read() as db:
        rows = [
            [row[name] for name in observations.COLUMNS] for row in db.query("select * from observations")
        ]
    said = [
        json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        for row in rows
    ]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


@pytest.mark.parametrize("chunk", [7, 20_000])
def test_the_hash_is_that_of_the_rows_spelled_out(
    home: Home, incoming: Callable[..., batches.Incoming], monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(observations, "CHUNK", chunk)
    made, _ = batches.add(home, dataclasses.replace(incoming(), measured=table_of(ROWS)), who="t", now=NOW)
    with home.read() as db:
        found = observations.fingerprint(db, made.id)
        change = json.loads(db.execute("select change from journal order by seq desc").fetchone()[0])
    assert found == _plain_hash(home) == change["observations"]["sha256"]
    assert change["observations"]["count"] == len(ROWS)
    assert check.run(home).ok


def test_the_later_row_of_a_key_counts(home: Home, incoming: Callable[..., batches.Incoming]) -> None:
    later = [{**row, "value": 7.0, "row_number": 1000 + n} for n, row in enumerate(ROWS)]
    batches.add(home, dataclasses.replace(incoming(), measured=table_of([*ROWS, *later])), who="t", now=NOW)
    found = observations.of(home, "sales")
    assert {one.value for one in found} == {7.0}
    assert len(found) == len(ROWS) // 3


def test_a_changed_value_shows(home: Home, incoming: Callable[..., batches.Incoming]) -> None:
    batches.add(home, dataclasses.replace(incoming(), measured=table_of(ROWS)), who="t", now=NOW)
    with home.write() as db:
        db.execute("update observations set value = 8 where row_number = 5")
    assert [one.code for one in check.run(home).problems] == ["batch_differs"]
