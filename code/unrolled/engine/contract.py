"""What every cell promises, so that whoever calls it need not know which one it is."""


def width(cell, H=1):
    """Outputs per time step of a cell of H hidden units: H, or 2 H where WIDTH is 2."""
    return H * getattr(cell, "WIDTH", 1)
