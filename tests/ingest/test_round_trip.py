"""A table written in any dialect and locale is read back as it was, or refused; never wrong."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_tree.errors import Refused
from kpi_tree.ingest import read, rows
from kpi_tree.ingest.answers.limits import LIMITS
from kpi_tree.ingest.text.dialect import Dialect
from kpi_tree.ingest.text.encoding import Encoding
from kpi_tree.ingest.text.fast import build_fast
from kpi_tree.ingest.text.gather import build
from kpi_tree.ingest.text.lines import Faults, numbered
from kpi_tree.ingest.text.outline import Outline
from kpi_tree.ingest.text.table import as_rows
from tests.ingest.corpus import amount_text

WORDS = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyzæøåÆØÅäöüéè ,;|'\"\n-.&/()"), min_size=1, max_size=14
).map(lambda text: f"w{text.strip()}w")
DATES = {
    "%Y-%m-%d": None,
    "%d.%m.%Y": None,
    "%Y/%m/%d": None,
    "%d/%m/%Y": "dmy",
    "%m/%d/%Y": "mdy",
    "%d-%m-%Y": "dmy",
    "%Y%m%d": None,
    "%d %b %Y": None,
}
NUMBERS = [("", "."), ("", ","), (",", "."), (".", ","), (" ", ","), ("\xa0", ","), ("'", ".")]
AROUND = ["{}", "kr {}", "{} €", "£{}", "NOK {}"]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[tuple[str, date, Decimal, str]], dict[str, str]]:
    count = draw(st.integers(2, 12))
    records = [
        (
            draw(WORDS),
            draw(st.dates(date(2001, 1, 1), date(2035, 12, 31))),
            Decimal(draw(st.integers(-(10**9), 10**9))).scaleb(-2),
            draw(st.one_of(st.just(""), WORDS)),
        )
        for _ in range(count)
    ]
    thousands, decimal = draw(st.sampled_from(NUMBERS))
    how = {
        "thousands": thousands,
        "decimal": decimal,
        "date": draw(st.sampled_from(sorted(DATES))),
        "delimiter": draw(st.sampled_from([",", ";", "\t", "|"])),
        "end": draw(st.sampled_from(["\n", "\r\n"])),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        "around": draw(st.sampled_from(AROUND)),
        "quoting": draw(st.sampled_from(["0", "1"])),
        "title": draw(st.sampled_from(["", "Rapport\n", "# kostnader\n#\n"])),
    }
    return records, how


@settings(max_examples=25)
@given(tables())
def test_a_table_in_any_dialect_reads_back(
    drawn: tuple[list[tuple[str, date, Decimal, str]], dict[str, str]],
) -> None:
    records, how = drawn
    out = io.StringIO()
    out.write(how["title"])
    writer = csv.writer(
        out, delimiter=how["delimiter"], lineterminator=how["end"], quoting=int(how["quoting"])
    )
    header = ["Slag", "Dag", "Beløp", "Merknad"]
    texts = [
        [
            k,
            d.strftime(how["date"]),
            amount_text(a, how["thousands"], how["decimal"], around=how["around"]),
            n,
        ]
        for k, d, a, n in records
    ]
    writer.writerows([header, *texts])
    encoding = how["encoding"] if how["around"] != "{} €" or how["encoding"] != "latin-1" else "utf-8"
    data = out.getvalue().encode(encoding)
    assert list(rows(data, "a.csv")) == [header, *texts]
    columns = dict(zip(header, ("kind", "incurred_on", "amount", "note"), strict=True))
    mapping = {"table": "costs", "columns": columns, "options": {}}
    try:
        done = read(data, "a.csv", mapping=mapping, timezone="UTC")
    except Refused:
        options = {"date_order": DATES[how["date"]] or "dmy", "decimal": how["decimal"]}
        done = read(data, "a.csv", mapping={**mapping, "options": options}, timezone="UTC")
    found = [
        (r["kind"], r["incurred_on"], r["amount"], r["note"] or "") for r in done.tables["costs"].to_pylist()
    ]
    assert found == [(k, d, a, n) for k, d, a, n in records]


CELLS = st.text(st.sampled_from('abc",; \n0'), max_size=5)


@settings(max_examples=80)
@given(
    st.lists(
        st.lists(CELLS, min_size=3, max_size=3).filter(lambda row: any(c.strip() for c in row)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_quick_way_cuts_cells_as_the_careful_way(records: list[list[str]], end: str) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows([["A", "B", "C"], *records])
    data = out.getvalue().encode()
    outline, dialect, encoding = Outline(["A", "B", "C"], 1), Dialect(",", '"'), Encoding("utf-8")
    quick = build_fast(data, encoding, dialect, outline)
    careful = build(numbered(data, encoding, dialect, Faults(), LIMITS), outline, LIMITS, "a.csv")
    if quick is not None:
        assert list(as_rows(quick)) == list(as_rows(careful)) == records
        assert quick.lines.tolist() == careful.lines.tolist()
        assert all(isinstance(column, pa.ChunkedArray) for column in quick.columns)
