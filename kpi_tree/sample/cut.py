"""The small cut of the sample shop that ships with the project, and the files of the whole for who wants
them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kpi_tree.sample.generate import generate
from kpi_tree.sample.vendor import export_vendor

KNOWN_ON = date(2026, 11, 22)
FIRST, END = date(2026, 11, 2), date(2026, 11, 16)
"""Two weeks; the checkout failed from the 8th to the 11th."""

REACH = 60
"""Days made for it: refunds of the cut's orders need no more."""

FILES = (
    "shopify_orders_export.csv",
    "ordrelinjer.csv",
    "ga4_traffic_acquisition.csv",
    "google_ads_campaigns.csv",
    "meta_ads.csv",
    "mailchimp_campaigns.csv",
    "shopify_inventory_export.csv",
    "zendesk_tickets_export.csv",
)


def write_cut(directory: Path) -> list[Path]:
    """Write the files of the cut; always the same bytes.

    Returns:
        The paths written.
    """
    made = generate(KNOWN_ON, days=REACH)
    return export_vendor(made, directory, first=FIRST, end=END, files=FILES)
