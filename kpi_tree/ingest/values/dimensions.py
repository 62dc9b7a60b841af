"""Columns of words beside values of KPIs: which dimension each is, whatever language names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.mapping.layout import load_yaml, normal
from kpi_tree.ingest.values.observed import CURRENCY, words
from kpi_tree.records.tables import column_label, is_labelled

CURRENCY_HEADERS = frozenset({"currency", "valuta", "währung", "devise", "moneda", "通貨"})
LANGUAGES = ("en", "nb", "ja")


@lru_cache(maxsize=1)
def _known() -> Mapping[str, str]:
    """Normalised headers to the dimensions that they name."""
    source = load_yaml(Path(__file__).parent / "dimensions.yaml")
    found = dict.fromkeys(CURRENCY_HEADERS, CURRENCY)
    for dimension, names in source.items():
        own = (
            [column_label("orders", dimension, lang) for lang in LANGUAGES] if is_labelled(dimension) else []
        )
        for name in (dimension, *names, *own):
            found.setdefault(normal(str(name)), str(dimension))
    return found


def dimension_named(header: str) -> str | None:
    """The dimension that a header names in any of the languages that are known; None for another word.

    >>> [dimension_named(name) for name in ("Butikk", "店舗", "Warengruppe", "Sales channel", "Colour")]
    ['store', 'store', 'category', 'channel', None]
    """
    return _known().get(normal(header))


def dimensions_of(columns: Sequence[Column], times: int = 1) -> dict[str, pa.Array]:
    """The columns of words, by their names as names of dimensions, for so many values a row.

    A column whose header names a dimension that is known is one whatever it holds: stores may have numbers.
    """
    found: dict[str, pa.Array] = {}
    for column in columns:
        known = dimension_named(column.name)
        if known is None and column.kind not in ("text", "boolean"):
            continue
        name = known or normal(column.name).replace(" ", "_")
        texts = words(column.cells.texts, np.tile(column.cells.index, times))
        if name in found:  # two columns of one name: the later one's word stands where it has one
            texts = pc.coalesce(texts.cast(pa.string()), found[name].cast(pa.string())).dictionary_encode()
        found[name] = texts
    return found
