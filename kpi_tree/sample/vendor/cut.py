"""Rows of the record tables for some business days, as plain dicts with local times."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import yaml

from kpi_tree.records import table as record_table
from kpi_tree.sample.shop import ZONE

HERE = ZoneInfo(ZONE)


@dataclass(frozen=True)
class Cut:
    """Some days of the shop."""

    tables: Mapping[str, pa.Table]
    first: date | None = None
    end: date | None = None

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """A table's rows of these days; tables without a time come whole. Instants are in the shop's zone."""
        data = self.tables[name]
        column = record_table(name).time
        if column:
            data = self._within(data, column)
        instants = [field.name for field in data.schema if pa.types.is_timestamp(field.type)]
        for row in data.to_pylist():
            for each in instants:
                if row[each] is not None:
                    row[each] = row[each].astimezone(HERE)
            yield row

    def _within(self, data: pa.Table, column: str) -> pa.Table:
        of_days = pa.types.is_date(data.schema.field(column).type)
        for bound, compare in ((self.first, pc.greater_equal), (self.end, pc.less)):
            if bound is not None:
                edge: Any = bound if of_days else datetime.combine(bound, time(), HERE)
                data = data.filter(compare(data[column], pa.scalar(edge, data.schema.field(column).type)))
        return data

    def span(self, name: str) -> tuple[date, date]:
        """First and last day of the cut, from a table's days where no bounds were given."""
        column = record_table(name).time or ""
        found = [row[column] for row in self.rows(name)]
        low, high = min(found), max(found)
        return self.first or low, high if self.end is None else date.fromordinal(self.end.toordinal() - 1)


@lru_cache(maxsize=1)
def _headers() -> Mapping[str, list[str]]:
    text = Path(__file__).with_name("headers.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, list[str]] = yaml.safe_load(text)
    return loaded


def header(name: str) -> list[str]:
    """The columns of an export.

    >>> len(header("shopify_orders")), header("google_ads")[0]
    (79, 'Day')
    """
    return list(_headers()[name])


def to_csv(rows: Iterable[Sequence[Any]], *, delimiter: str = ",", end: str = "\n", quoting: int = 0) -> str:
    """Rows as CSV text.

    >>> to_csv([['a', 'b,c'], [1, None]])
    'a,"b,c"\\n1,\\n'
    """
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def two(value: Decimal | float | None) -> str:
    """An amount with two decimals.

    >>> two(Decimal("1020.5000"))
    '1020.50'
    """
    return f"{value or 0:.2f}"


def grouped(value: Decimal | float) -> str:
    """The same with commas between thousands.

    >>> grouped(Decimal("1020.5"))
    '1,020.50'
    """
    return f"{value:,.2f}"


def share(part: float, whole: float, places: int = 2) -> str:
    """A percentage, or the dashes that stand for none.

    >>> share(7, 1234), share(0, 0)
    ('0.57%', '--')
    """
    return f"{100 * part / whole:.{places}f}%" if whole else "--"
