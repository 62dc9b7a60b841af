"""The data page: files, receipts, mappings, sources, templates, tokens."""
