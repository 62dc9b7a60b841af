"""The sample shop: three years of an invented Norwegian web shop, made anew from a seed when needed."""

from kpi_tree.sample.generate import generate
from kpi_tree.sample.planning import sample_plan

__all__ = ["generate", "sample_plan"]
