"""``python -m kpi_tree COMMAND``: the command line."""

import sys

from kpi_tree.cli import run

if __name__ == "__main__":
    sys.exit(run())
