"""HTTP for programs: send a file with a token, get the receipt that a person would get, as JSON."""

from __future__ import annotations

from kpi_tree.api.routes import ApiLimits, routes

__all__ = ["ApiLimits", "routes"]
