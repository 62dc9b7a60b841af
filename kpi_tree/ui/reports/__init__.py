"""The reports page: the list, one of them, and the records behind a cell."""
