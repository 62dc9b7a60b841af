"""Data: bring a file in, see what it would do, load it, correct it, and take it back if it was wrong."""

from __future__ import annotations

from kpi_tree.ui.data import datapage
from kpi_tree.ui.shell import address
from kpi_tree.ui.shell.session import current

datapage.show(current())
address.follow("batch", "row", "show")
