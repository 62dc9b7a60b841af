"""The shop's own KPIs and tables."""
