"""The tree page: canvas, panel, outline, templates, history."""
