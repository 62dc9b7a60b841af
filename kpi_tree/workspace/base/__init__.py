"""What all verbs stand on: rights, the home and its settings, caches, names, plain types."""
