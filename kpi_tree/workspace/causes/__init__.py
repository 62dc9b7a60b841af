"""Why a number moved, what if, and which driver a goal asks for."""
