"""The sample shop: three years of an invented Norwegian web shop, made anew from a seed whenever it is
needed."""

from kpi_tree.sample.generate import generate

__all__ = ["generate"]
