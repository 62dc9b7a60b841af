"""Which columns mean what: layouts of vendors, those made on the spot, mappings that people correct."""
