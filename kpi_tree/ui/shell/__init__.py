"""What every page stands on: who looks, the address, words, links, undo, failures, theme."""
