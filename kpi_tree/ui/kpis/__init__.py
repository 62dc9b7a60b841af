"""The KPI page: the list, one of them, and the shop's own definitions."""
