"""``python -m kpi_tree COMMAND``: the command line."""

import sys

try:
    from kpi_tree.cli import run
    from kpi_tree.hidden import take_in_arrow

    if __name__ == "__main__":
        take_in_arrow(sys.argv[1:])
except KeyboardInterrupt:  # Ctrl-C while the program is still being loaded, before it knows a language
    sys.exit("Stopped. Nothing was left half-done.")

if __name__ == "__main__":
    sys.exit(run())
