"""What every test may ask for."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "ours", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("ours")

DEEP = int(os.environ.get("KPI_TREE_DEEP") or 0)
"""How many times as often each property is asked, and then of other examples in each run (``make deep``)."""

DAY = datetime.fromisoformat(os.environ.get("KPI_TREE_TEST_AT") or "2026-11-18T10:00+01:00")
"""When a run begins, by the program's clock: what the sample shop shows is the same on any real day."""

MEMORY = Path("/dev/shm")
ROOM = 6 << 30  # bytes free in memory; a whole run leaves a good gigabyte in its temporary folders


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let the tests' homes lie in memory where there is room: each write to one waits for the disk, which
    left a sixth of the processors' time unused. And set the clock, for this process and all that it starts.
    """
    ahead = (DAY - datetime.now(UTC)).total_seconds()
    os.environ.setdefault("KPI_TREE_CLOCK_SECONDS", f"{ahead:.0f}")
    if not config.option.basetemp and "PYTEST_DEBUG_TEMPROOT" not in os.environ and _room() >= ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask the properties more often where depth is asked for; usually they see the same few examples."""
    for asked in (getattr(item, "obj", None) for item in items if DEEP):
        usual = getattr(asked, "_hypothesis_internal_use_settings", None)
        if usual is not None:
            many = settings(usual, max_examples=usual.max_examples * DEEP, derandomize=False)
            asked._hypothesis_internal_use_settings = many  # type: ignore[union-attr]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """What collecting makes lives to the end: it need not be walked whenever garbage is collected."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    """Or the interpreter ends with what it made still there, and DuckDB complains."""
    gc.unfreeze()


def _room() -> int:
    """Bytes that may be put into memory as files."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
        return min(free, shutil.disk_usage(MEMORY).free) if os.access(MEMORY, os.W_OK) else 0
    except (OSError, StopIteration):
        return 0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Give the memory back after a green run; the folders of a red one stay, as pytest keeps them."""
    config = session.config
    if exitstatus == pytest.ExitCode.OK and not config.option.basetemp and not hasattr(config, "workerinput"):
        shutil.rmtree(config._tmp_path_factory.getbasetemp(), ignore_errors=True)  # type: ignore[attr-defined]


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
