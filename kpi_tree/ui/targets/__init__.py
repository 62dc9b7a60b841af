"""The goals page: targets, their editor, allocation, known events."""
