"""Targets: set, carried over, laid down the tree, promised."""
