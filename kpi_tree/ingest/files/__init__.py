"""What the bytes of a file are, what is packed in them, and how text leaves again."""
