"""A goal in a sentence: which KPI, how much, by when, against what; and what must be asked."""

from kpi_tree.plan.goals.model import Choice, Goal, Question, baseline_period
from kpi_tree.plan.goals.understand import understand

__all__ = ["Choice", "Goal", "Question", "baseline_period", "understand"]
