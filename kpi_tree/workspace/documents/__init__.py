"""Files that leave: the tree in every form, and the meeting."""
