"""Names of tables and columns in messages: put into the reader's language when the message is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kpi_tree.records.tables import column_label, table_label


@dataclass(frozen=True, slots=True)
class TableName:
    """A record table in a message.

    >>> TableName("orders").in_language("nb")
    'Ordre'
    """

    table: str

    def in_language(self, lang: str) -> str:
        """Its label."""
        return table_label(self.table, lang)

    def __str__(self) -> str:
        return self.in_language("en")


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """Columns of a record table in a message; ``a|b`` stands for either of two.

    >>> ColumnNames("order_lines", ("quantity", "unit_price|unit_cost")).in_language("en")
    'Quantity, Unit price / Unit cost'
    """

    table: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, table: str, columns: Iterable[str]) -> ColumnNames:
        """From any columns."""
        return cls(table, tuple(columns))

    def in_language(self, lang: str) -> str:
        """Their labels, comma between."""
        return ", ".join(
            " / ".join(column_label(self.table, part, lang) for part in entry.split("|"))
            for entry in self.columns
        )

    def __str__(self) -> str:
        return self.in_language("en")
