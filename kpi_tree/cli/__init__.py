"""The command line: a full face of the product over the same verbs as the pages.

Standard output carries the answer and, with ``--json``, exactly one JSON document; progress and
messages go to standard error. Exit status: 0 done, 1 refused or failed, 2 wrong usage.
"""

from kpi_tree.cli.app import run

__all__ = ["run"]
