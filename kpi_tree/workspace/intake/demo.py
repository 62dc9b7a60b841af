"""The sample shop, loaded the same way as any other files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree import __version__, records
from kpi_tree.catalogue import catalogue
from kpi_tree.i18n import msg
from kpi_tree.steps import Progress, Watch
from kpi_tree.store import Home, shelf
from kpi_tree.store import batches as kept
from kpi_tree.store import plans as kept_plans
from kpi_tree.store import settings as kept_settings
from kpi_tree.store.files import sha256_of
from kpi_tree.workspace.base.homes import current_settings, moment
from kpi_tree.workspace.base.rights import Asker, verb
from kpi_tree.workspace.intake.inbox_batches import SAMPLE


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
    there = _there(home)
    if there and len(there) == there[0].receipt["of"]:
        return {"plan": there[0].receipt["plan"], "batches": [batch.id for batch in there]}
    from kpi_tree import sample

    watch, at = Watch(progress), moment(now)
    watch.tell(msg("Making the sample shop"))
    # A load that was cut short goes on where it stopped, up to the day it was begun with.
    until = date.fromisoformat(there[0].receipt["until"]) if there else today
    made = {name: rows for name, rows in sample.generate(until).items() if rows.num_rows}
    if not kept_settings.get(home):
        kept_settings.change(home, {"currency": "NOK"}, who=who.name, now=at)
    plan = _plan(home, who, until, at)
    done = {batch.main_table for batch in there}
    for number, (name, rows) in enumerate(made.items()):
        if name not in done:
            watch.tell(msg("Loading {table}", table=name), number / len(made))
            mark = {"plan": plan, "until": until.isoformat(), "of": len(made)}
            kept.add(home, _incoming(name, rows, mark, current_settings(home).timezone), who=who.name, now=at)
    return {"plan": plan, "batches": [batch.id for batch in _there(home)]}


def _there(home: Home) -> list[kept.Batch]:
    return [batch for batch in reversed(kept.all_batches(home)) if batch.receipt.get("layout") == SAMPLE]


def _plan(home: Home, who: Asker, today: date, at: datetime) -> str:
    """The sample plan's id; the plan is made when the home doesn't have it."""
    from kpi_tree import sample

    wanted = sample.sample_plan(today, catalogue())
    if wanted.id not in kept_plans.ids(home):
        kept_plans.create(home, wanted, who=who.name, now=at)
    else:
        shelf.move_plan(home, wanted.id, away=False, who=who.name, now=at)
    return wanted.id


def _incoming(name: str, rows: pa.Table, mark: Mapping[str, Any], zone: str) -> kept.Incoming:
    """A table of the sample as a batch; its source says how it is made, since it can be made anew."""
    source = {"made by": "kpi_tree.sample", "version": __version__, "table": name, "until": mark["until"]}
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
        receipt={**mark, "tables": [count], "layout": SAMPLE, "data_from": first, "data_through": last},
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
