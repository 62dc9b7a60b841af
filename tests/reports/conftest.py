"""A home with a scaled-down sample shop, made once for all tests of reports."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from kpi_tree import sample
from kpi_tree.catalogue import catalogue
from kpi_tree.store import Home, batches, plans, settings
from kpi_tree.store.files import sha256_of

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def rows() -> dict[str, pa.Table]:
    """Fourteen months of a tenth of the sample shop: table to rows."""
    return {name: each for name, each in sample.generate(TODAY, days=420, scale=0.1).items() if each.num_rows}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, pa.Table]) -> Home:
    """A home with these rows and the sample plan."""
    home = Home.open(tmp_path_factory.mktemp("reports") / "home")
    settings.change(home, {"currency": "NOK"}, who="test", now=NOW)
    content = b"sample"
    incoming = batches.Incoming("sample", content, sha256_of(content), rows, counts={"rows": 1})
    batches.add(home, incoming, who="test", now=NOW)
    plans.create(home, sample.sample_plan(TODAY, catalogue()), who="test", now=NOW)
    return home
