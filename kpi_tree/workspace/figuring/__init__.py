"""Figures without a plan: values, reports, formulas, troubles of their sources."""
