"""Trees to begin with: the four goals, an online shop, and other kinds of business."""

from kpi_tree.plan.templates.build import Template, build, list_templates, needs

__all__ = ["Template", "build", "list_templates", "needs"]
