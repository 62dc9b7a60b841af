"""Plans: made, changed, named, brought in, kept and gone back to."""
