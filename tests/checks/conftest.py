import numpy as np
import pytest
from unrolled.engine import rnn
from unrolled.engine.bidirectional import Bidirectional

both = Bidirectional(rnn)


def tensors(x, ids=False):
    """Random x (N, T, D), or (N, T) ids."""
    N, T, D = x
    rng = np.random.default_rng(3)
    return rng.integers(1, 12, (N, T)) if ids else rng.standard_normal((N, T, D))


@pytest.fixture
def x():
    return tensors((3, 6, 4))


@pytest.fixture
def ids():
    return tensors((3, 6, 4), ids=True)


@pytest.fixture
def params(rng):
    return rnn.init_params(4, 4, rng=rng)


@pytest.fixture
def right(params):
    return lambda x: rnn.forward(x, params)[0]


@pytest.fixture
def swapped(params):
    return lambda x: rnn.forward(x.swapaxes(0, 1), params)[0].swapaxes(0, 1)


@pytest.fixture
def two_way(rng):
    params = both.init_params(4, 4, rng=rng)
    return lambda x: both.forward(x, params)[0]


@pytest.fixture
def torch():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    return torch


@pytest.fixture
def keras():
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(0)
    return keras
