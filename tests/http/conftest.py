"""The app as a server would run it, on a home of its own."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from streamlit.runtime import Runtime


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[TestClient]:
    """A client of the whole app: routes, middleware, Streamlit's own answers."""
    patch = pytest.MonkeyPatch()
    patch.setenv("KPI_TREE_HOME", str(tmp_path_factory.mktemp("home")))
    patch.setenv("KPI_TREE_EMPTY", "1")
    patch.chdir(root)
    patch.setattr(Runtime, "_instance", None)  # one that an earlier app of this process has left behind
    spec = importlib.util.spec_from_file_location("kpi_tree_app_for_tests", root / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with TestClient(module.app, base_url="http://localhost") as made:
        yield made
    patch.undo()
