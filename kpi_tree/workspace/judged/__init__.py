"""The evaluated tree: every node's value, verdict, forecast and card."""
