"""The alerts page: alerts, channels, digests, what was told."""
