"""The overview, and its presentation."""
