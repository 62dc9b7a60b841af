"""Experiments: read out one that was run, or plan the next."""

from __future__ import annotations

from kpi_tree.ui.actions import experimentpage
from kpi_tree.ui.shell.session import current

experimentpage.show(current())
