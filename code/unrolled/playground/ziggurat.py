"""The widths of NumPy's 256 ziggurat layers, read through its public interface.

A normal number is, but in rare cases, one raw draw: eight bits name the layer, one the sign, and
what the other 52 say is multiplied by the layer's width (Marsaglia and Tsang 2000).
"""

import numpy as np

MANTISSA = 2**40  # so small that it is inside every layer, and its product with a width is exact


def layers():
    """All 256 widths, a list of float."""
    return [_normal(layer | MANTISSA << 9) / MANTISSA for layer in range(256)]


def _normal(raw):
    """The normal number that PCG64 gives when its next 64 bits are `raw`."""
    bits = np.random.PCG64()
    # Where the upper half of a state is zero, the output is the lower half. The state moves before
    # it gives its output, so take it back by one.
    bits.state = bits.state | {"state": {"state": raw, "inc": 1}, "has_uint32": 0, "uinteger": 0}
    bits.advance(-1)
    return float(np.random.Generator(bits).standard_normal())
