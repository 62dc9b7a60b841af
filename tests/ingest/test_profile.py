"""A column is judged from a few of its cells as from all of them, and in pieces as in one."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.ingest.cells import folding
from kpi_tree.ingest.cells.columns import Column, Context, look, look_at
from kpi_tree.ingest.cells.convert import convert
from kpi_tree.ingest.cells.profile import Profile, joined, profile_all, profile_of
from kpi_tree.ingest.cells.shapes import cells_of
from tests.ingest.test_styles import DAYS, INSTANTS, LENGTHS, NUMBERS

ODD = [
    *["", "-", "N/A", "ja", "nei", "0", "1", "x", "2 Lamps", "00123", "'007", "12345678", "202401", "202413"],
    *["1234567890123456789", "0000000000000000000012", "1e3", "1e99", "12 %", "1:30", "1:75", "90 min"],
    *["24.12.2023", "03/04/2024", "25/04/2024", "04/25/2024", "05/05/2024", "31/31/2024", "20240131"],
    *["1,234", "1.234", "0,5", "1.234,50", "kr 5", "€ 7", "$ 8", "1712345678", "45000", "1.23E+12", "(7)"],
    "2024-01-31T10:00:00Z",
]
TEXTS = sorted({text for cells, _ in [*NUMBERS, *DAYS, *INSTANTS, *LENGTHS] for text in cells} | set(ODD))
COLUMNS = st.lists(
    st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(ODD),
        st.builds("{:02}/{:02}/20{:02}".format, st.integers(1, 31), st.integers(1, 13), st.integers(0, 60)),
        st.builds("{},{:03}".format, st.integers(0, 99), st.integers(0, 999)),
    ),
    max_size=60,
)


def _facts(column: Column) -> object:
    numbers, dates = column.numbers, column.dates
    return (
        (column.kind, column.unit, column.date_format, column.decimal, column.nulls, column.sample()),
        numbers and (numbers.decimal, numbers.evidence, numbers.currencies),
        numbers and (numbers.example, numbers.readings),
        dates and (dates.order, dates.evidence, dates.styles, dates.grain, dates.example, dates.readings),
    )


@settings(max_examples=60)
@given(COLUMNS, st.integers(1, 20), st.sampled_from(["", ",", ";"]))
def test_the_profile_decides_as_the_whole_column(texts: list[str], size: int, delimiter: str) -> None:
    context = Context(delimiter)
    whole = look("x", pa.chunked_array([pa.array(texts, pa.string())]), context)
    pieces = [cells_of(pa.array(texts[at : at + size], pa.string())) for at in range(0, len(texts), size)]
    profile = profile_all(profile_of(piece) for piece in pieces)
    assert profile == profile_of(whole.cells)
    assert _facts(look_at("x", profile.cells(), context)) == _facts(whole)


@settings(max_examples=100, deadline=None)
@given(
    COLUMNS,
    st.lists(st.from_regex(r"\A-?[0-9a-e件 ]{1,14}( FY)?\Z"), max_size=30),
    st.sampled_from(["", ","]),
)
def test_shapes_that_are_no_value_may_be_folded(texts: list[str], more: list[str], delimiter: str) -> None:
    def found() -> tuple[object, Profile, int]:
        cells = cells_of(pa.array([*texts, *more], pa.string()))
        column = look_at("x", cells, Context(delimiter))
        return _facts(column), profile_of(cells), len(cells.shapes)

    with pytest.MonkeyPatch.context() as patch:
        facts = []
        for few in (0, 1_000_000):
            patch.setattr(folding, "FEW", few)
            facts.append(found())
    (folded, counted, fewer), (plain, whole, every) = facts
    assert (folded, counted) == (plain, whole)
    assert fewer <= every


@settings(max_examples=60)
@given(
    COLUMNS,
    st.integers(1, 20),
    st.sampled_from(["text", "integer", "number", "money", "instant", "day", "duration", "boolean", "time"]),
)
def test_pieces_are_converted_as_the_whole_column(texts: list[str], size: int, kind: str) -> None:
    context = Context(",")
    whole = look("x", pa.chunked_array([pa.array(texts, pa.string())]), context)
    wanted = convert(whole, kind, context, "Europe/Oslo")
    pieces = [cells_of(pa.array(texts[at : at + size], pa.string())) for at in range(0, len(texts), size)]
    profile = profile_all(profile_of(piece) for piece in pieces).cells()
    judged = look_at("x", profile, context)
    values, bad = [], []
    for piece in pieces:
        part = Column("x", joined(profile, piece), judged.kind, numbers=judged.numbers, dates=judged.dates)
        done = convert(part, kind, context, "Europe/Oslo")
        values += done.values.to_pylist()
        bad += done.bad.tolist()
        assert (done.readings, done.example) == (wanted.readings, wanted.example)
    assert values == wanted.values.to_pylist()
    assert bad == wanted.bad.tolist()


@given(COLUMNS, COLUMNS, COLUMNS)
@settings(max_examples=50, deadline=None)
def test_profiles_add_up_in_any_grouping(a: list[str], b: list[str], c: list[str]) -> None:
    one, two, three = (profile_of(cells_of(pa.array(texts, pa.string()))) for texts in (a, b, c))
    assert (one + two) + three == one + (two + three)
    assert one + Profile() == one == Profile() + one


@pytest.mark.parametrize("count", [1_000, 60_000])
def test_a_profile_stays_small_however_long_the_column(count: int) -> None:
    texts = [f"2024-{n % 12 + 1:02}-{n % 28 + 1:02} {n % 24:02}:{n % 60:02}:00" for n in range(count)]
    names = [f"customer {n} of {count * 7919 % (n + 1)}" for n in range(count)]
    assert len(profile_of(cells_of(pa.array(texts))).cells().texts) < 60
    assert len(profile_of(cells_of(pa.array(names))).cells().texts) < 60
