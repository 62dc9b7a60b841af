"""Templates of ours that come back filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from kpi_tree.ingest.mapping.layout import normal
from kpi_tree.ingest.mapping.mapping import FileMapping
from kpi_tree.records.tables import column_label, tables


def template_mapping(names: Sequence[str]) -> FileMapping | None:
    """The mapping of a template of ours that came back filled: every column of one table, and no other.

    >>> found = template_mapping(["Market", "Month", "Value", "Currency"])
    >>> found.table, found.columns["Month"]
    ('market_size', 'month')
    >>> template_mapping(["Market", "Month", "Value"]) is None
    True
    """
    given = {normal(name): name for name in names}
    for table, columns in _templates().get(frozenset(given), ()):
        return FileMapping(table, {given[head]: target for head, target in columns.items()})
    return None


@lru_cache(maxsize=1)
def _templates() -> Mapping[frozenset[str], list[tuple[str, dict[str, str]]]]:
    """Normalised headers of every template, in every language and by the columns' own names."""
    found: dict[frozenset[str], list[tuple[str, dict[str, str]]]] = {}
    for table in tables().values():
        for lang in ("", "en", "nb", "ja"):
            heads = {
                normal(column_label(table.name, one, lang) if lang else one): one for one in table.columns
            }
            if len(heads) == len(table.columns) > 1:
                found.setdefault(frozenset(heads), []).append((table.name, heads))
    return found
