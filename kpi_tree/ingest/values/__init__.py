"""Values of KPIs that a file gives as such, and the templates for them."""
