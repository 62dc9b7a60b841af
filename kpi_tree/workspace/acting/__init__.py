"""Actions, what they did, the best plan, experiments, check-ins."""
