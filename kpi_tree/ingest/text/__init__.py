"""From bytes to rows of text: container, encoding, dialect, lines, and where the table stands in it."""
