"""All exhibits, each with the check that is red on its broken form and green on the mended one."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from unrolled import checks
from unrolled.datasets.series import load_co2
from unrolled.engine import losses, lstm, rnn

from . import chance, gradients, reading, scaling, wiring
from .losses import learner, squared_error

N, T, D = 3, 6, 4  # H = D, so that wrong wires fit


class Exhibit(NamedTuple):
    """A bug: its name, the name of the check that catches it, and run(mended) -> its report."""

    name: str
    check: str
    run: Callable


def _data():
    rng = np.random.default_rng(7)
    return rng.standard_normal((N, T, D)), rnn.init_params(D, D, rng=rng), rng


def _leaked(mended):
    return gradients.check(rnn if mended else gradients.LEAKED)


def _forgotten(mended):
    return gradients.check(lstm if mended else gradients.FORGOTTEN)


def _wired(mended):
    x, cell_0, rng = _data()
    cell_1, start = rnn.init_params(D, D, rng=rng), {"state_1": np.zeros((N, D))}

    def model(x, parts):
        return wiring.two_cells(x, cell_0, cell_1, (parts["state_1"],), mended=mended)

    return checks.dead_parts(model, x, start)


def _swapped(mended):
    x, params, _ = _data()
    return checks.causality(partial(wiring.across, params=params, mended=mended), x)


def _wrong_end(mended):
    x, _, rng = _data()
    params = reading.both.init_params(D, D, rng=rng)

    def backward_half(x):
        return reading.wrong_end(x, params, mended=mended)[:, D:]

    return checks.causality(backward_half, x)


def _padding(mended):
    x, params, _ = _data()
    model = partial(reading.at_the_last_step, params=params, mended=mended)
    return checks.padding(model, x, [6, 4, 2], tell=True)


def _shuffled(mended):
    rng = np.random.default_rng(7)
    stream = rng.integers(0, 50, 401)
    rng = None if mended else rng
    return checks.continuation(reading.stateful_batches(stream, 8, 5, rng=rng))


def _mask(mended):
    x, params, rng = _data()
    return checks.fresh_randomness(chance.Dropping(params, 0.5, rng=rng, mended=mended), x)


def _start(mended):
    x, params, rng = _data()
    return checks.fresh_randomness(chance.random_start(params, rng=rng, mended=mended), x)


def _loss(mended):
    logits = np.array([[-6.0, 6.0, 0.0, 0.0]])
    loss = losses.cross_entropy if mended else squared_error
    step, _ = learner(loss, logits, np.array([0]), lr=1.0)
    return checks.overfit_one_batch(step, below=0.1)


def _scaler(mended):
    values = load_co2()[1][:, None]
    train, rest = np.split(values, [len(values) * 2 // 3])
    return checks.scaler_leak(scaling.scaler(train, rest, mended=mended), train, rest)


def _batch_size(mended):
    x, params, _ = _data()
    model = (lambda x: rnn.forward(x, params)[0]) if mended else wiring.fixed_batch(params, N)
    return checks.batch_independence(model, x)


EXHIBITS = (
    Exhibit("the leaked loop variable", "gradients", _leaked),
    Exhibit("the LSTM whose steps do not hear each other", "gradients", _forgotten),
    Exhibit("the second cell at the first one's input", "dead_parts", _wired),
    Exhibit("batch and time swapped", "causality", _swapped),
    Exhibit("the wrong end of a bidirectional layer", "causality", _wrong_end),
    Exhibit("the last state read from padding", "padding", _padding),
    Exhibit("stateful batches, shuffled", "continuation", _shuffled),
    Exhibit("the dropout mask that never changes", "fresh_randomness", _mask),
    Exhibit("the random start of every answer", "fresh_randomness", _start),
    Exhibit("softmax with squared error", "overfit_one_batch", _loss),
    Exhibit("the scaler that has seen the future", "scaler_leak", _scaler),
    Exhibit("a batch size in the state", "batch_independence", _batch_size),
)
