import numpy as np
import pytest
from unrolled.engine import gru, linear, lstm, mingru, rnn, signed_mingru

CELLS = {
    "rnn": rnn, "lstm": lstm, "gru": gru, "linear": linear, "mingru": mingru,
    "signed_mingru": signed_mingru,
}  # fmt: skip


@pytest.fixture(scope="session", params=CELLS.values(), ids=CELLS.keys())
def cell(request):
    """Every cell in turn."""
    return request.param


@pytest.fixture(scope="session", params=[rnn, lstm, gru], ids=["rnn", "lstm", "gru"])
def torch_cell(request):
    """Every cell that PyTorch has as well."""
    return request.param


@pytest.fixture(scope="session")
def problem():
    """A function that draws what `forward` and `backward` take; no two sizes are equal."""

    def draw(cell, rng, N=2, T=5, D=3, H=4, dtype=np.float64):
        def normal(*shape):
            return rng.standard_normal(shape).astype(dtype)

        params = cell.init_params(D, H, rng=rng, dtype=dtype)
        for value in params.values():  # biases start at zero, where some mistakes do not show
            value += 0.3 * normal(*value.shape)
        state, dstate = (tuple(normal(N, H) for _ in cell.STATE) for _ in range(2))
        return normal(N, T, D), params, state, normal(N, T, H), dstate

    return draw
