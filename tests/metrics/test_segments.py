"""Of reports that tell the same days, no measure ever adds up two, and each finds one that counts it."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from kpi_tree.catalogue import definitions
from kpi_tree.catalogue.model import Fact
from kpi_tree.metrics.segments import differing, needed_by, one_of_each, with_alternatives
from kpi_tree.records.tables import tables

TABLE = tables()["traffic_daily"]
COUNTS = ("sessions", "visitors", "page_views", "bounced_sessions")
DIMS = ("channel", "country", "device")
FIRST = date(2026, 3, 1)
FACT = Fact("traffic_daily", ("traffic_daily",), dims=DIMS, segmented=True)


def spans(draw: random.Random) -> list[tuple[date, date]]:
    """The rows' days of a report: days, weeks, months or rolling days, some of them not exported."""
    step, size = draw.choice([(1, 1), (7, 7), (30, 30), (7, 28), (10, 17), (60, 60)])
    starts = [FIRST + timedelta(n) for n in range(draw.randrange(3), 60, step)]
    keep = draw.choice([1, 0.8])
    return [(day, day + timedelta(size - 1)) for day in starts if draw.random() < keep]


def reports(draw: random.Random) -> list[tuple[Any, ...]]:
    """Rows of some reports: day, through, by, seq, the dimensions, and what they count."""
    rows: list[tuple[Any, ...]] = [(FIRST, FIRST, "", 0, "", "", "", 1, 1, 1, 1)]
    for seq in range(1, draw.randint(2, 5)):
        by = draw.sample(DIMS, draw.randint(0, 2))
        counted = draw.sample(COUNTS, draw.randint(1, 3))
        for day, through in spans(draw):
            parts = (["a", "b"] if dim in by else [""] for dim in DIMS)
            amounts = [1 if one in counted and draw.random() < 0.95 else None for one in COUNTS]
            rows += [(day, through, ",".join(by), seq, *dims, *amounts) for dims in _every(*parts)]
    return rows


def _every(*parts: list[str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for part in parts:
        found = [(*before, one) for before in found for one in part]
    return found


def told(draw: random.Random) -> duckdb.DuckDBPyConnection:
    """The relation ``r`` of some reports: of two rows with one key the newer, as the raw view gives them."""
    con = duckdb.connect()
    days = ["day DATE", "_through DATE", "_by TEXT", "_seq INT"]
    columns = ", ".join([*days, *(f"{d} TEXT" for d in DIMS), *(f"{c} BIGINT" for c in COUNTS)])
    con.execute(f"CREATE TABLE t ({columns})")
    newest = {(row[0], *row[4 : 4 + len(DIMS)]): row for row in reports(draw)}
    con.executemany(
        f"INSERT INTO t VALUES ({', '.join('?' * (4 + len(DIMS) + len(COUNTS)))})", [*newest.values()]
    )
    rest = [c for c in TABLE.columns if c not in {"day", *DIMS, *COUNTS}]
    more = ", ".join([*(f"NULL AS {c}" for c in (*rest, "_origin")), "_through AS upto", "_by AS kind"])
    con.execute(f"CREATE TABLE r AS {with_alternatives(con, TABLE, f'SELECT *, {more} FROM t')}")
    return con


@pytest.mark.parametrize("seed", range(40))
def test_no_two_reports_of_a_day_are_added_up(seed: int) -> None:
    con = told(random.Random(seed))
    rows = con.execute("SELECT DISTINCT _alts FROM r WHERE _alts IS NOT NULL").fetchall()
    patchy = differing(entries for (entries,) in rows)
    for measure in COUNTS:
        for asked in ([], ["channel"], ["country", "device"]):
            test = one_of_each(FACT, asked, counts=needed_by(FACT, measure, patchy))
            kept = f"(SELECT DISTINCT day, upto, kind FROM r WHERE {measure} IS NOT NULL AND {test})"
            both = con.execute(
                f"SELECT * FROM {kept} AS a JOIN {kept} AS b "
                "ON a.day <= b.upto AND b.day <= a.upto WHERE a <> b"
            ).fetchall()
            assert not both, (measure, asked)
            known = con.execute(
                f"SELECT count({measure}) > 0, bool_or({measure} IS NOT NULL AND {test}) FROM r"
            )
            (there, found) = known.fetchall()[0]
            assert bool(found) == there, (measure, asked)


def test_facts_say_what_their_columns_are_in_the_table() -> None:
    """A column of a by-day table that a fact calls otherwise stands in its ``counts``."""
    counted = {c for t in tables().values() if t.aggregate for c in t.columns}
    for fact in (one for one in definitions().facts.values() if one.segmented):
        assert counted.issuperset(name for names in fact.counts.values() for name in names), fact.name
        for alias, called in re.findall(r"(\w+)(?:, 0\))? AS (\w\w+)", fact.sql):
            known = {*fact.counts, *counted, *fact.dims}
            assert alias not in counted or alias in fact.dims or called in known, (fact.name, called)
