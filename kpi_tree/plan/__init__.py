"""What we want: nodes, targets, the tree, its formulas, rules, templates and file."""
