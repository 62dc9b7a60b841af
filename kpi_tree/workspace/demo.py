"""The sample shop, loaded the same way as any other files."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from kpi_tree import records
from kpi_tree.catalogue import catalogue
from kpi_tree.i18n import msg
from kpi_tree.records.compare import NEW, compare
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.store import plans as kept_plans
from kpi_tree.store import settings as kept_settings
from kpi_tree.store.files import sha256_of
from kpi_tree.workspace.homes import current_settings, moment
from kpi_tree.workspace.inbox import Progress
from kpi_tree.workspace.planning import free_id
from kpi_tree.workspace.rights import Asker, verb

FOLDER = "sample shop"


@verb
def load_demo(
    home: Home,
    who: Asker,
    *,
    today: date,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Load the sample shop up to a day, and its plan. Where it was loaded before, nothing changes.

    Returns:
        ``{"plan": id, "batches": [names]}``.
    """
    tell = progress or (lambda _: None)
    at, there = moment(now), _there(home)
    if not there:
        from kpi_tree import sample

        tell(msg("Making the sample shop"))
        made = sample.generate(today)
        if not kept_settings.get(home):
            kept_settings.change(home, {"currency": "NOK"}, who=who.name, now=at)
        zone = current_settings(home).timezone
        for name, rows in made.items():
            if rows.num_rows:
                tell(msg("Loading {table}", table=name))
                kept.add(home, _incoming(name, rows, zone), who=who.name, now=at)
        there = _there(home)
    return {"plan": _plan(home, who, today, at), "batches": there}


def _there(home: Home) -> list[str]:
    return [batch.id for batch in reversed(kept.all_batches(home)) if batch.receipt.get("layout") == FOLDER]


def _plan(home: Home, who: Asker, today: date, at: datetime) -> str:
    """The sample plan's id; the plan is made when the home has none from the sample yet."""
    from kpi_tree import sample

    wanted = sample.sample_plan(today, catalogue())
    known = [plan_id for plan_id, _ in kept_plans.names(home)]
    if wanted.id not in known:
        kept_plans.create(home, wanted.with_(id=free_id(wanted.id, known)), who=who.name, now=at)
    return wanted.id


def _incoming(name: str, rows: pa.Table, zone: str) -> kept.Incoming:
    """A record table as the CSV file it could have been: what is kept can be looked into, row by row."""
    stored = records.conform(name, rows)
    plain = stored.drop_columns([records.ROW])
    out = io.BytesIO()
    pa_csv.write_csv(plain, out)
    content = out.getvalue()
    part = compare(name, stored, [], timezone=zone)
    first = part.first.isoformat() if part.first else None
    last = part.last.isoformat() if part.last else None
    count = {"table": name, "accepted": part.count(NEW), "changed": 0, "unchanged": 0}
    return kept.Incoming(
        file=f"{name}.csv",
        source=content,
        sha256=sha256_of(content),
        tables={name: stored},
        counts={"rows": rows.num_rows, "accepted": rows.num_rows},
        main_table=name,
        receipt={"tables": [count], "layout": FOLDER, "data_from": first, "data_through": last},
    )
