"""A shop of any size for the benchmark of the KPIs, and the same KPIs as SQL written by hand."""
