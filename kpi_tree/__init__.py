"""From a goal to the number that proves it: KPI trees with data, targets and verdicts.

Importing the package pulls in none of its heavy parts; take what you need from its layers
(``kpi_tree.plan``, ``kpi_tree.metrics``, ``kpi_tree.workspace`` ...).
"""

__version__ = "0.1.0"
