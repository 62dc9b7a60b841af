"""A shop's own KPI definitions: read from YAML, and every fault in them named in one pass."""
