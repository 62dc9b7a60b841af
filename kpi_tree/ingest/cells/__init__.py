"""From the text of cells to values: every decision is made for a whole column at once."""
