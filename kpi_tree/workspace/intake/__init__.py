"""Files on their way in: looked at, mapped, loaded, mended, taken back, traced to their rows."""
