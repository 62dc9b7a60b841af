"""The sample shop on days where a calendar has its corners, and in zones where it is another day."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi_tree import workspace
from kpi_tree.ui.shell import start
from kpi_tree.workspace import Asker

OWNER = Asker("test", "owner")
DEEP = bool(  # ``make deep``: all days and all pages
    os.environ.get("KPI_TREE_DEEP")
)
LOOKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("overview", {"compare": "last_year"}),
    ("kpi", {"id": "sales"}),
    ("goals", {}),
)
MORE: tuple[tuple[str, dict[str, str]], ...] = (
    ("overview", {}),
    ("tree", {"as": "table", "compare": "previous"}),
    ("tree", {"node": "sales"}),
    ("tree", {"as": "history"}),
    ("kpi", {}),
    ("kpi", {"id": "conversion_rate", "period": "month"}),
    ("goals", {"as": "progress"}),
    ("goals", {"as": "allocate"}),
    ("actions", {"as": "budget"}),
    ("actions", {"as": "timeline"}),
    ("actions", {"as": "score"}),
    ("checkins", {}),
    ("alerts", {}),
    ("experiments", {}),
    ("reports", {"id": "purchase_funnel"}),
    ("reports", {"view": "explore"}),
    ("data", {}),
    ("settings", {}),
)
CORNERS = (
    ("2028-02-29T10:00+01:00", "Europe/Oslo"),
    ("2027-01-01T00:30+01:00", "Europe/Oslo"),
    ("2027-01-02T12:00+01:00", "Europe/Oslo"),
    ("2027-03-28T02:30+00:00", "Europe/Oslo"),
    ("2026-10-25T01:30+01:00", "Europe/Oslo"),
    ("2027-03-31T23:30+02:00", "Europe/Oslo"),
    ("2027-04-01T00:10+02:00", "Europe/Oslo"),
    ("2026-10-01T12:00+00:00", "Asia/Tokyo"),
    ("2026-12-31T20:00+00:00", "Asia/Tokyo"),
    ("2027-01-01T03:00+00:00", "America/Los_Angeles"),
    ("2029-03-01T12:00+00:00", "UTC"),
)


@pytest.fixture
def shop_of_then(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample shop as it is made at that moment, in that zone."""
    then, zone = request.param
    ahead = datetime.fromisoformat(then) - datetime.now(UTC)
    monkeypatch.setenv("KPI_TREE_CLOCK_SECONDS", f"{ahead.total_seconds():.0f}")
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    home = workspace.open_home()
    workspace.change_settings(home, OWNER, timezone=zone)
    start.load_sample(home)


@pytest.mark.days
@pytest.mark.parametrize("shop_of_then", CORNERS if DEEP else CORNERS[:1], indirect=True, ids=" ".join)
@pytest.mark.usefixtures("shop_of_then")
def test_every_page_opens(opened: Callable[..., AppTest]) -> None:
    """The last days of a month that others have not, the turn of a year, a quarter and summer time."""
    app = opened("goals")
    for page, asked in (*LOOKS, *MORE) if DEEP else LOOKS:
        app.query_params.clear()
        for name, value in asked.items():
            app.query_params[name] = value
        app.switch_page(f"../../pages/{page}.py").run()
        assert not app.exception, (page, asked)
        assert not app.error, (page, asked, app.error[0].value)
