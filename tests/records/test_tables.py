"""The record tables hold what the catalogue needs, and their templates can be read back."""

from __future__ import annotations

import csv
import io

import pytest

from kpi_tree.errors import NotFound
from kpi_tree.i18n import LANGUAGES
from kpi_tree.records import arrow_schema, column_label, conform, table, table_label, tables, template_csv
from kpi_tree.records.tables import ARROW_TYPES, _words


@pytest.mark.parametrize("name", tables())
def test_every_table_is_whole(name: str) -> None:
    found = table(name)
    assert set(found.key) <= set(found.columns)
    assert found.time is None or found.columns[found.time].type in {"instant", "day"}
    assert {column.type for column in found.columns.values()} <= set(ARROW_TYPES)
    assert arrow_schema(name).names == [*found.columns, "_row"]


@pytest.mark.parametrize("name", tables())
def test_the_template_has_two_rows_that_fit_the_table(name: str) -> None:
    header, *rows = csv.reader(io.StringIO(template_csv(name)))
    assert header == list(table(name).columns)
    assert len(rows) == 2
    import pyarrow as pa

    cells = {h: pa.array([r[i] or None for r in rows], pa.string()) for i, h in enumerate(header)}
    assert conform(name, pa.table(cells)).num_rows == 2
    allowed = {one.name: {*one.values, ""} for one in table(name).columns.values() if one.values}
    assert all(row[header.index(column)] in words for row in rows for column, words in allowed.items())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_and_column_is_named_in_every_language(lang: str) -> None:
    words = _words()
    for found in tables().values():
        assert words["tables"][found.name][lang]
        for column in found.columns:
            assert words["columns"][column][lang], column
    assert table_label("orders", "ja") == "注文"
    assert column_label("orders", "customer_id", "nb") == "Kundenummer"


def test_an_unknown_table_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="orders"):
        table("order")
