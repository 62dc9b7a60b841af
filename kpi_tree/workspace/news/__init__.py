"""Alerts, digests, and what changed since the last visit."""
