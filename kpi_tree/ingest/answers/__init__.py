"""What a file may be answered: limits, refusals, questions, and the words of every reason."""
