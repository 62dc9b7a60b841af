"""Names offered while a formula is typed."""

from kpi_tree.ui.tree.offered.component import offer_names

__all__ = ["offer_names"]
