"""One table of a file: its rows, totals and the lines around it, typed, with what there is to say."""
