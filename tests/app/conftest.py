"""The app's script without a browser, on homes of its own."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

SECONDS = 240  # that one run of a page may take on a machine with much else to do
MAIN = Path(__file__).resolve().parent.parent.parent / "kpi_tree" / "ui" / "main.py"


@pytest.fixture(scope="session", autouse=True)
def known_components() -> Iterator[None]:
    """Streamlit reads every installed package's metadata for components, as a server does once: here each
    opened page is a server of its own, and a third of its time went there.
    """
    once = functools.cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing in it."""
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KPI_TREE_EMPTY", "1")
    return tmp_path / "home"


@pytest.fixture
def shop(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample shop's home, asked for by this test."""
    monkeypatch.setenv("KPI_TREE_HOME", str(sample_home))
    return sample_home


@pytest.fixture
def own_shop(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample shop's home, for a test that changes it."""
    shutil.copytree(sample_home, tmp_path / "home")
    monkeypatch.setenv("KPI_TREE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def opened() -> Callable[..., AppTest]:
    """Open a page of the app with parameters in its address."""

    def make(page: str = "", **params: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=SECONDS)
        if page:  # at once, as a deep link does: the overview would take as long again
            app.switch_page(f"../../pages/{page}.py")
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return make


@pytest.fixture
def alone() -> Callable[..., AppTest]:
    """Run a function as a script of its own, without the app's frame."""

    def make(script: Callable[..., None], *args: object) -> AppTest:
        app = AppTest.from_function(script, args=args, default_timeout=SECONDS).run()
        assert not app.exception
        return app

    return make


@pytest.fixture
def unfold() -> Callable[[AppTest, str], None]:
    """Open a folded part of a page, as a click on it does: what is in it is made then."""

    def opening(app: AppTest, key: str) -> None:
        app.session_state[key] = True
        app.run()
        assert not app.exception

    return opening
