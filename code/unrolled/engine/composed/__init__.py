"""Cells made of cells, with the functions of a cell: on top of each other, both ways, around."""
