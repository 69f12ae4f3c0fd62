"""The layers of NumPy's normal numbers, as read and as the method says they are."""

import math

import numpy as np
from unrolled.playground.ziggurat import layers

WIDTHS = layers()
TAIL = 3.6541528853610088  # where the tail begins, for 256 layers (Marsaglia and Tsang 2000)


def density(x):
    return math.exp(-x * x / 2)


def test_there_are_256_widths_that_grow_up_to_the_tail():
    assert len(WIDTHS) == 256
    edges = [width * 2**52 for width in WIDTHS]
    assert edges[1:] == sorted(edges[1:])
    assert abs(edges[255] - TAIL) < 1e-12


def test_all_layers_have_the_same_area():
    """What is below the first edge and the tail together, and each strip between two edges."""
    edges = [width * 2**52 for width in WIDTHS]
    tail = math.sqrt(math.pi / 2) * math.erfc(TAIL / math.sqrt(2))
    area = TAIL * density(TAIL) + tail
    assert math.isclose(edges[0] * density(TAIL), area, rel_tol=1e-12)
    for below, above in zip(edges[:1:-1], edges[-2:0:-1], strict=True):
        assert math.isclose(below * (density(above) - density(below)), area, rel_tol=1e-9)


def test_a_normal_number_is_but_in_rare_cases_a_raw_draw_times_a_width():
    raw = np.random.default_rng([3, 1]).bit_generator.random_raw(1000).tolist()
    same = 0
    for place, bits in enumerate(raw):
        rng = np.random.default_rng([3, 1])
        rng.bit_generator.advance(place)
        sign = -1 if bits >> 8 & 1 else 1
        same += rng.standard_normal() == sign * (bits >> 9 & 2**52 - 1) * WIDTHS[bits & 255]
    assert 980 <= same < 1000
