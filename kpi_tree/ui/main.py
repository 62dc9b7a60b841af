"""The script that every page runs in: language, navigation, what stands beside every page."""

from __future__ import annotations

from kpi_tree.ui import frame

frame.run()
