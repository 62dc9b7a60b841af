"""File bytes to records or observations, with issues: the reader of business files as they come from the field."""

from kpi_tree.ingest.limits import LIMITS, Limits
from kpi_tree.ingest.mapping import Mapping_, drift, fingerprint, mapping_from, propose
from kpi_tree.ingest.reading import Inspection, Reading, inspect, numbered_rows, read, rows

__all__ = [
    "LIMITS",
    "Inspection",
    "Limits",
    "Mapping_",
    "Reading",
    "drift",
    "fingerprint",
    "inspect",
    "mapping_from",
    "propose",
    "read",
    "rows",
]
