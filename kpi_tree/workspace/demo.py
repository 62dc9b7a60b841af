"""The sample shop, loaded the same way as any other files."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree import __version__, records
from kpi_tree.catalogue import catalogue
from kpi_tree.i18n import msg
from kpi_tree.store import Home
from kpi_tree.store import batches as kept
from kpi_tree.store import plans as kept_plans
from kpi_tree.store import settings as kept_settings
from kpi_tree.store.files import sha256_of
from kpi_tree.workspace.homes import current_settings, moment
from kpi_tree.workspace.inbox import SAMPLE, Progress
from kpi_tree.workspace.planning import free_id
from kpi_tree.workspace.rights import Asker, verb


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
                kept.add(home, _incoming(name, rows, today, zone), who=who.name, now=at)
        there = _there(home)
    return {"plan": _plan(home, who, today, at), "batches": there}


def _there(home: Home) -> list[str]:
    return [batch.id for batch in reversed(kept.all_batches(home)) if batch.receipt.get("layout") == SAMPLE]


def _plan(home: Home, who: Asker, today: date, at: datetime) -> str:
    """The sample plan's id; the plan is made when the home has none from the sample yet."""
    from kpi_tree import sample

    wanted = sample.sample_plan(today, catalogue())
    known = [plan_id for plan_id, _ in kept_plans.names(home)]
    if wanted.id not in known:
        kept_plans.create(home, wanted.with_(id=free_id(wanted.id, known)), who=who.name, now=at)
    return wanted.id


def _incoming(name: str, rows: pa.Table, today: date, zone: str) -> kept.Incoming:
    """A table of the sample as a batch; its source says how it is made, since it can be made anew."""
    source = {"made by": "kpi_tree.sample", "version": __version__, "table": name, "until": today.isoformat()}
    content = json.dumps(source).encode()
    first, last = _span(name, rows, zone)
    count = {"table": name, "accepted": rows.num_rows, "changed": 0, "unchanged": 0}
    return kept.Incoming(
        file=f"{name} (sample)",
        source=content,
        sha256=sha256_of(content),
        tables={name: rows},
        counts={"rows": rows.num_rows, "accepted": rows.num_rows},
        main_table=name,
        receipt={"tables": [count], "layout": SAMPLE, "data_from": first, "data_through": last},
    )


def _span(name: str, rows: pa.Table, zone: str) -> tuple[str | None, str | None]:
    """First and last business day of a table's rows, as ISO dates."""
    time = records.table(name).time
    if time is None or not rows.num_rows:
        return None, None
    ends = pc.min_max(rows.column(time)).as_py()
    days = [
        value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
        for value in (ends["min"], ends["max"])
    ]
    return days[0].isoformat(), days[1].isoformat()
