"""Why a number moved, and what if."""
