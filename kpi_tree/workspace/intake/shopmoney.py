"""Amounts that a file of KPI values gives in a currency: the shop's own, one with a rate, or refused."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpi_tree.catalogue import Kpi
from kpi_tree.errors import Refused
from kpi_tree.i18n import msg
from kpi_tree.ingest.cells.currencies import SHARED
from kpi_tree.ingest.values.observed import CURRENCY
from kpi_tree.issues import Issue
from kpi_tree.workspace.base.types import Settings


def in_shop_money(
    found: pa.Table, settings: Settings, kpis: Mapping[str, Kpi], place: str
) -> tuple[pa.Table, list[Issue]]:
    """Observations whose amounts are in the shop's currency, with what was done to them.

    Args:
        found: as a reading gives them; a column of currencies says what amounts are in.
        place: the file's name.

    Raises:
        Refused: they are in another currency, and no rate of it is known.
    """
    if CURRENCY not in found.column_names:
        return found, []
    texts = found.column(CURRENCY).cast(pa.string())
    money = [name for name, kpi in kpis.items() if kpi.unit.startswith("money")]
    mine = pc.and_(pc.is_in(found.column("kpi").cast(pa.string()), pa.array(money)), pc.is_valid(texts))
    names = {text.upper() for text in texts.filter(mine).unique().to_pylist()}
    issues: list[Issue] = []
    if not settings.currency and names:
        issues.append(_not_set(sorted(names), place))
    others = names - {settings.currency} if settings.currency else set()
    other = next((name for name in sorted(others) if settings.currency not in SHARED.get(name, ())), "")
    if other:
        rate = settings.rates.get(other)
        if rate is None:
            raise _unknown(other, settings.currency, place)
        found = _times(found, np.asarray(mine, bool), rate)
        issues.append(_converted(other, settings.currency, rate, place))
    # What is the shop's own money now is no breakdown: it would stand beside the same values without it.
    own = pc.or_(mine, pc.equal(pc.utf8_upper(texts), settings.currency))
    kept = pc.if_else(pc.fill_null(own, False), pa.scalar(None, pa.string()), texts)
    at = found.column_names.index(CURRENCY)
    if kept.null_count == found.num_rows:
        return found.remove_column(at), issues
    return found.set_column(at, CURRENCY, kept.dictionary_encode()), issues


def _times(found: pa.Table, mine: np.ndarray[tuple[int], np.dtype[np.bool_]], rate: float) -> pa.Table:
    """The amounts of some rows times a rate; of a quotient its numerator is the amount."""
    for name in ("value", "numerator"):
        values = found.column(name)
        changed = pc.if_else(pa.array(mine), pc.multiply(values, rate), values)
        found = found.set_column(found.column_names.index(name), name, changed)
    return found


def _not_set(names: list[str], place: str) -> Issue:
    return Issue(
        "info",
        "currency_not_set",
        msg("The amounts are in {names}; the shop has no currency yet.", names=", ".join(names)),
        place,
        msg("Set the shop's currency in the settings."),
    )


def _converted(name: str, own: str, rate: float, place: str) -> Issue:
    words = msg("Amounts in {name} were taken times {rate}, the shop's rate to {own}.",
                name=name, rate=f"{rate:g}", own=own)  # fmt: skip
    return Issue("info", "converted", words, place)


def _unknown(name: str, own: str, place: str) -> Refused:
    return Refused(
        msg("The amounts are in {name}, and this shop counts in {own}.", name=name, own=own),
        place=place,
        remedy=msg("Enter a rate for {name} in the settings, or load them in {own}.", name=name, own=own),
    )
