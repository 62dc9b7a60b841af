"""Labels of rows that are no records: words for totals, of all rows or of a group, and taxes below them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.ingest.cells.columns import Column
from kpi_tree.ingest.cells.folding import FOLDED
from kpi_tree.ingest.cells.shapes import BoolArray, Cells
from kpi_tree.ingest.cells.words import group_of_total, is_tax_label, is_total_label

LABELS = 4
"""Columns from the left in which a word for a total is looked for."""


def labels_among(cells: Cells) -> BoolArray:
    """Which texts of a column are a word for a total; the slow test is for few."""
    found = np.zeros(len(cells.texts), bool)
    # The words hold no digits, so that a shape tells for all its texts whether one may stand in them.
    shapes = pa.array(cells.shapes, pa.string())
    likely = np.asarray(pc.match_substring_regex(shapes, f"{_LIKELY}|{FOLDED}"), bool)
    places = np.flatnonzero(likely[cells.shape_of])
    texts = cells.texts.take(pa.array(places))
    few = pc.and_(pc.less(pc.utf8_length(texts), 80), pc.match_substring_regex(texts, _LIKELY))
    for place, text in zip(
        places[np.asarray(few, bool)].tolist(), texts.filter(few).to_pylist(), strict=True
    ):
        found[place] = is_total_label(text)
        if not found[place] and (group := group_of_total(text)):
            found[place] = bool(pc.any(pc.equal(cells.texts, group)).as_py())
    return found


_LIKELY = (
    r"(?i)tota|sum|gesamt|summ|alt|alle|ensemble|total|yhte|razem|итого|計|计|celkem|összesen|toplam|합|총|소계|ergeb|resul|sald|solde|balanc|繰越|ukupno|σύνολο|samtals|kokku|всего|トータル"
    r"|全体|overall|delres|snitt|average|avg|mean|medi|imum|medel|gennem|mittel|moyen|promed|gemid|keski|平均|中央値|最大|最小"
)


def taxes_below(columns: list[Column], total: BoolArray) -> BoolArray:
    """Rows below the last total that name a tax: a part of it."""
    mask = np.zeros(len(total), bool)
    for row in range(int(np.flatnonzero(total)[-1]) + 1 if total.any() else len(total), len(total)):
        labels = [c.cells.texts[int(c.cells.index[row])].as_py() for c in columns[:LABELS]]
        if not is_tax_label(next((text for text in labels if text), "")):
            break
        mask[row] = True
    return mask
