"""Parts of a large file worked on side by side: their order, what goes wrong in one, and stopping."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from kpi_tree.errors import Cancelled
from kpi_tree.ingest import Limits, read
from kpi_tree.ingest.stream.drawers import RANGES, _shared
from kpi_tree.ingest.stream.workers import ahead, side_by_side
from kpi_tree.steps import Step, Watch
from tests.ingest.test_stream import same

ORDERS = "Order number;Order date;SKU;Quantity;Price\n" + "".join(
    f"{1000 + i // 3};2024-05-{1 + i // 15 % 28:02d};A{i % 7};{1 + i % 4};{i % 90},50\n" for i in range(150)
)


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


class Items:
    """Numbers one after the other, that remember how many were asked for, and whether they were closed."""

    def __init__(self, count: int) -> None:
        self.count, self.asked, self.closed = count, 0, False

    def each(self) -> Iterator[int]:
        try:
            for number in range(self.count):
                self.asked += 1
                yield number
        finally:
            self.closed = True


def slowly(number: int) -> int:
    """The first of each pair takes longest."""
    time.sleep(0.004 if number % 2 == 0 else 0.0)
    return number * 10


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_order_is_kept_and_few_are_held(workers: int) -> None:
    items, taken = Items(12), 0
    with side_by_side([slowly] * workers, items.each()) as found:
        for result in found:
            assert result == taken * 10
            taken += 1
            assert items.asked - taken < workers
    assert (taken, items.closed) == (12, True)


def test_an_error_comes_where_its_item_would_have_come() -> None:
    def broken(number: int) -> int:
        if number == 3:
            raise ValueError("the fourth")
        return slowly(number)

    items, seen = Items(12), list[int]()

    def take() -> None:
        with side_by_side([broken] * 2, items.each()) as found:
            seen.extend(found)

    with pytest.raises(ValueError, match="the fourth"):
        take()
    assert seen == [0, 10, 20]
    assert items.closed
    assert items.asked <= 5


def test_an_error_in_what_is_given_comes_too() -> None:
    def given() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    for way in (lambda: ahead(given()), lambda: side_by_side([slowly] * 2, given())):
        with pytest.raises(OSError, match="gone"), way() as found:
            list(found)


def test_stopping_begins_nothing_more() -> None:
    items = Items(50)

    def take() -> None:
        with side_by_side([slowly] * 2, items.each()) as found:
            for result in found:
                if result == 40:
                    raise Cancelled

    with pytest.raises(Cancelled):
        take()
    asked = items.asked
    time.sleep(0.02)
    assert items.closed
    assert asked == items.asked <= 7


def test_a_reading_stopped_at_any_step_leaves_no_thread_and_tells_its_way_upwards() -> None:
    limits = Limits(whole_bytes=0, part_bytes=900, drawer_bytes=6000)
    told: list[float] = []

    def hear(step: Step) -> None:
        if step.share is not None:
            told.append(step.share)

    read(ORDERS.encode(), "orders.csv", limits=limits, watch=Watch(hear)).close()
    assert told == sorted(told)
    for steps in range(0, len(told), max(len(told) // 6, 1)):
        left = iter(range(steps))
        stopped = Watch(hear, lambda left=left: next(left, None) is None)
        with pytest.raises(Cancelled):
            read(ORDERS.encode(), "orders.csv", limits=limits, watch=stopped)


@pytest.mark.parametrize("line", [2, 90])
@pytest.mark.parametrize(
    "odd",
    [
        '7;2024-05-01;"A1;1;9,50',
        "# by hand;;;;",
        "Order number;Order date;SKU;Quantity;Price",
        "7;2024-05-01",
    ],
)
def test_an_odd_line_among_pieces_that_are_cut_ahead(line: int, odd: str) -> None:
    lines = ORDERS.splitlines()
    lines.insert(line, odd)
    same("\n".join(lines).encode(), Limits(whole_bytes=0, part_bytes=900, drawer_bytes=6000))


def test_marks_of_several_drawers_are_found_wherever_they_lie() -> None:
    rng = np.random.default_rng(7)
    some = [np.unique(rng.integers(0, 1 << 64, 4000, np.uint64)) for _ in range(3)]
    size = np.uint64((1 << 64) // RANGES)
    both = np.array([0, 5, size - 1, size, size + 1, (1 << 64) - 1], np.uint64)
    drawers = [
        np.unique(np.concatenate([some[0], both])),
        some[1],
        np.unique(np.concatenate([some[2], both])),
    ]
    assert _shared(drawers).tolist() == both.tolist()
