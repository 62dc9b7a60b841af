"""A full disk: a clear message, nothing partial, reading goes on, and it recovers by itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from kpi_tree.errors import Refused
from kpi_tree.store import Home, batches, settings
from kpi_tree.store import check as checking
from kpi_tree.store.files import sha256_of

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB; only the superuser of Linux can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    try:
        made = subprocess.run(line, capture_output=True, check=False).returncode == 0
    except OSError:
        made = False
    if not made:
        pytest.skip("a small disk cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _incoming(number: int) -> batches.Incoming:
    content, rows = os.urandom(200_000), 5000
    months = {"market": [os.urandom(8).hex() for _ in range(rows)], "month": [date(2020, 1, 1)] * rows}
    tables = {"market_size": pa.table({**months, "value": ["1"] * rows})}
    return batches.Incoming(f"{number}.csv", content, sha256_of(content), tables, counts={"rows": rows})


def _load_until_full(home: Home, kept: list[str]) -> None:
    for number in range(100):
        kept.append(batches.add(home, _incoming(number), who="t", now=NOW)[0].id)


def test_a_full_disk_refuses_and_loses_nothing(small_disk: Path) -> None:
    home, kept = Home.open(small_disk / "home"), []
    ballast = small_disk / "ballast"  # what somebody will clear away to make room
    ballast.write_bytes(b"x" * 300_000)
    with pytest.raises(Refused, match="disk is full"):
        _load_until_full(home, kept)
    with pytest.raises(OSError, match="No space"):
        (small_disk / "filler").write_bytes(b"x" * 8_000_000)
    with pytest.raises(Refused, match="disk is full"):
        settings.change(home, {"note": "x" * 50_000}, who="t", now=NOW)
    # Reading goes on, and what was said to be kept is there.
    assert [batch.id for batch in reversed(batches.all_batches(home))] == kept
    (small_disk / "filler").unlink()
    ballast.unlink()
    settings.change(home, {"currency": "NOK"}, who="t", now=NOW)
    assert settings.get(home) == {"currency": "NOK"}
    assert checking.run(home).ok
    home.close()  # or the disk could not be taken away
