"""How far along a node is, as shares for a bar."""

from kpi_tree.workspace.judged.shares import Shares, rollup_of, shares

__all__ = ["Shares", "rollup_of", "shares"]
