"""The sample shop's records as the exports of the systems such a shop uses.

Each writer takes the record tables and gives a file's text; :func:`export_vendor` writes them all. The
layouts
follow the vendors' own (column names, preambles, totals, date and number styles, encodings).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa

from kpi_tree.sample.vendor import office, reach, shopify, table
from kpi_tree.sample.vendor.cut import Cut

WRITERS: Mapping[str, tuple[Callable[[Cut], str], str]] = {
    "shopify_orders_export.csv": (shopify.orders, "utf-8"),
    "shopify_customers_export.csv": (shopify.customers, "utf-8"),
    "shopify_inventory_export.csv": (shopify.inventory, "utf-8"),
    "ordrelinjer.csv": (table.order_lines, "cp1252"),
    "ga4_traffic_acquisition.csv": (reach.ga4, "utf-8"),
    "google_ads_campaigns.csv": (reach.google_ads, "utf-8"),
    "meta_ads.csv": (reach.meta_ads, "utf-8"),
    "mailchimp_campaigns.csv": (reach.mailchimp, "utf-8"),
    "gsc_queries.csv": (reach.search_console, "utf-8-sig"),
    "zendesk_tickets_export.csv": (office.zendesk, "utf-8"),
    "toggl_detailed.csv": (office.toggl, "utf-8-sig"),
}
"""File name → what makes its text, and the encoding that the vendor uses."""


def export_vendor(
    tables: Mapping[str, pa.Table],
    directory: Path,
    *,
    first: date | None = None,
    end: date | None = None,
    files: tuple[str, ...] | None = None,
) -> list[Path]:
    """Write the shop's records as vendor exports.

    Args:
        tables: as :func:`kpi_tree.sample.generate` gives them.
        directory: made if it is not there; files of the same names are replaced.
        first, end: the business days ``[first, end)`` to export; None for all there are.
        files: names out of :data:`WRITERS`; None for all.

    Returns:
        The paths written.
    """
    cut = Cut(tables, first, end)
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name in files or tuple(WRITERS):
        make, encoding = WRITERS[name]
        path = directory / name
        path.write_bytes(make(cut).encode(encoding))
        written.append(path)
    return written


__all__ = ["WRITERS", "Cut", "export_vendor"]
