"""File bytes to records or observations, with issues: the reader of business files as they come from the
field."""

from kpi_tree.ingest.answers.limits import LIMITS, Limits
from kpi_tree.ingest.inspection import Inspection
from kpi_tree.ingest.mapping.mapping import FileMapping, drift, fingerprint, mapping_from, propose
from kpi_tree.ingest.reading import Reading, inspect, numbered_rows, read, rows

__all__ = [
    "LIMITS",
    "FileMapping",
    "Inspection",
    "Limits",
    "Reading",
    "drift",
    "fingerprint",
    "inspect",
    "mapping_from",
    "numbered_rows",
    "propose",
    "read",
    "rows",
]
