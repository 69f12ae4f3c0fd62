"""Recurrent networks in NumPy. Each cell is a module with the same names; `diff` two of them."""
