"""What every test may ask for."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "ours", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("ours")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's top folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real and look-alike input that stands beside a founder's checkout, where it does."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real input files does not stand beside this checkout")
    return folder


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample shop, as the app's own first start makes it. Copy it to change it.

    All workers of a run share one: the first to ask makes it while the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sample"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            _make_sample(folder / "home")
            (folder / "made").touch()
    return folder / "home"


def _make_sample(path: Path) -> None:
    from kpi_tree.ui.shell import start

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KPI_TREE_HOME", str(path))
        patch.delenv("KPI_TREE_EMPTY", raising=False)
        start.home()
