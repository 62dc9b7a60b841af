"""Files too large to be held: read in pieces, twice, with what lies between on disk in a folder of its own.

First the file is cut into parts, and each column gets a profile that adds up over them
(:mod:`kpi_tree.ingest.cells.profile`), so that how it is read is decided by all of it. Then the parts are
typed, put into drawers by what belongs together (the lines of an order), and each drawer becomes records
by the same SQL as any small file. What comes out is what reading the file at once would give.
"""
