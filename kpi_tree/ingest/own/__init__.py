"""Tables of the shop's own, designed from a file."""
