"""Cells: what one time step does. Each is a module with the same names; `diff` two of them."""
