"""Check-ins: what waits for a person's word, and all that was said."""

from __future__ import annotations

from kpi_tree.ui.actions import checkinpage
from kpi_tree.ui.shell.session import current

checkinpage.show(current())
