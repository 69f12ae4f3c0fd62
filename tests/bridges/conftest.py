"""Networks, problems and comparisons that the tests of both bridges share."""

from typing import NamedTuple

import numpy as np
import pytest
from unrolled.engine import gru, lstm, rnn
from unrolled.engine.bidirectional import Bidirectional
from unrolled.engine.contract import width
from unrolled.engine.masking import Masked
from unrolled.engine.stack import Stack

CELLS = {"rnn": rnn, "lstm": lstm, "gru": gru}
SHAPES = {  # layers, and whether they read both ways
    "plain": (None, False),
    "both ways": (None, True),
    "two layers": (2, False),
    "three layers": (3, False),
    "two layers both ways": (2, True),
}
WRONG_SHAPES = [
    ("W_xr", (4,), r"W_xr must have shape \(D, H\); got \(4,\)"),
    ("W_xz", (3, 5), r"W_xz must have shape \(3, 4\), since W_xr has \(3, 4\); got \(3, 5\)"),
    ("W_hr", (4, 3), r"W_hr must have shape \(4, 4\), since W_xr has \(3, 4\); got \(4, 3\)"),
    ("b_z", (5,), r"b_z must have shape \(4,\), since W_xr has \(3, 4\); got \(5,\)"),
    ("b_hn", (1,), r"b_hn must have shape \(4,\), since W_xr has \(3, 4\); got \(1,\)"),
]


class Network(NamedTuple):
    """A network of ours that the libraries have too."""

    cell: object
    layers: int | None
    both: bool

    def build(self, mask=None):
        inner = self.cell if mask is None or self.both else Masked(self.cell, mask)
        if self.both:
            inner = Bidirectional(self.cell, mask=mask)
        return inner if self.layers is None else Stack(inner, self.layers)


@pytest.fixture(scope="session", params=CELLS.values(), ids=CELLS)
def cell(request):
    """Every cell in turn."""
    return request.param


@pytest.fixture(scope="session", params=SHAPES.values(), ids=SHAPES)
def network(cell, request):
    """Every cell in every shape."""
    return Network(cell, *request.param)


@pytest.fixture(params=WRONG_SHAPES, ids=lambda case: f"{case[0]} {case[1]}")
def wrong_shape(request):
    """A parameter of a GRU with D = 3 and H = 4, a shape that it must not have, the complaint."""
    return request.param


class Problem(NamedTuple):
    """What `forward` and `backward` take."""

    params: dict
    x: np.ndarray
    dh: np.ndarray
    state: tuple
    dstate: tuple


@pytest.fixture(scope="session")
def draw():
    """A function that draws a problem for a cell; no two sizes are equal."""

    def problem(cell, *, N=2, T=5, D=3, H=4, seed=7, dtype=np.float64):
        rng = np.random.default_rng(seed)

        def normal(*shape):
            return rng.standard_normal(shape).astype(dtype)

        params = cell.init_params(D, H, rng=rng, dtype=dtype)
        for value in params.values():  # biases start at zero, where some mistakes do not show
            value += 0.3 * normal(*value.shape)
        state, dstate = (tuple(normal(N, H) for _ in cell.STATE) for _ in range(2))
        x, dh = normal(N, T, D), normal(N, T, width(cell, H))
        return Problem(params, x, dh, state, dstate)

    return problem


def random_mask(N, T, rng, kind):
    """A mask (N, T) with at least one real step in each row, padded "behind", "in front" or both
    and in between ("anywhere")."""
    mask = np.arange(T) < rng.integers(1, T + 1, (N, 1))
    if kind == "in front":
        return mask[:, ::-1].copy()
    return rng.permuted(mask, axis=1) if kind == "anywhere" else mask


@pytest.fixture(scope="session", params=["behind", "in front", "anywhere"])
def draw_mask(request):
    """A function (N, T, seed) that draws a mask, padded in every way in turn."""
    return lambda N, T, seed: random_mask(N, T, np.random.default_rng(seed), request.param)


@pytest.fixture(scope="session")
def ours():
    """A function that solves a problem here: one dict with all arrays that come out."""

    def solve(cell, problem):
        h, tape = cell.forward(problem.x, problem.params, problem.state)
        dx, dstate, grads = cell.backward(problem.dh, tape, problem.params, problem.dstate)
        end = {f"end {i}": part for i, part in enumerate(tape.state)}
        start = {f"d start {i}": part for i, part in enumerate(dstate)}
        return {"h": h, "dx": dx} | end | start | grads

    return solve


@pytest.fixture(scope="session")
def assert_close():
    """A function that compares two dicts of arrays, relative to each array's largest value.

    Gradients far below one are sums of terms that are not: 0.1 is the least that counts.
    """

    def compare(found, expected):
        assert found.keys() == expected.keys()
        for name, array in found.items():
            other = np.asarray(expected[name])
            assert (array.dtype, array.shape) == (other.dtype, other.shape), name
            tolerance = 1e-10 if array.dtype == np.float64 else 1e-5
            apart, largest = np.abs(array - other).max(), np.abs(array).max()
            assert apart <= tolerance * max(largest, 0.1), f"{name}: {apart} apart"

    return compare


@pytest.fixture(scope="session")
def assert_equal():
    """A function that compares two dicts of parameters bit for bit."""

    def compare(found, expected):
        assert found.keys() == expected.keys()
        for name, array in found.items():
            other = expected[name]
            assert (array.dtype, array.shape) == (other.dtype, other.shape), name
            assert array.tobytes() == other.tobytes(), name

    return compare
