"""A target, laid down the tree: what each driver has to be for the top to reach it. No clock, no I/O."""

from kpi_tree.allocation.history import BEST, Standing, best_of, standing
from kpi_tree.allocation.model import STRATEGIES, Allocation, By, Conflict, Driver, Limit, Task
from kpi_tree.allocation.solve import allocate

__all__ = [
    "BEST",
    "STRATEGIES",
    "Allocation",
    "By",
    "Conflict",
    "Driver",
    "Limit",
    "Standing",
    "Task",
    "allocate",
    "best_of",
    "standing",
]
