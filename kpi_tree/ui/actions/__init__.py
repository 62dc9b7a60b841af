"""Actions, experiments, check-ins, and the meeting's file."""
