"""All exhibits, each with the check that is red on its broken form and green on the mended one."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from unrolled import checks
from unrolled.datasets.series import load_co2
from unrolled.engine import losses, lstm, mingru, rnn, scan

from . import chance, gradients, loopless, reading, scaling, wiring
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


def _late(mended):
    rng = np.random.default_rng(7)
    params = {"decay": rng.random((T, N, D)), "drive": rng.standard_normal((T, N, D))}
    dh = rng.standard_normal((T, N, D))

    def loss_and_gradients(p):
        h = scan.linear(p["decay"], p["drive"])
        back = loopless.way_back(dh, p["decay"], mended=mended)
        return (dh * h[1:]).sum(), {"decay": back * h[:-1], "drive": back}

    return checks.gradients(loss_and_gradients, params)


def _modes(mended):
    x, _, rng = _data()
    params = mingru.init_params(D, D, rng=rng)

    def model(x, state):
        return loopless.either_mode(x, state, params, mended=mended)

    return checks.two_halves(model, x)


def _division(mended):
    x = np.random.default_rng(7).standard_normal((N, 4 * T, D), dtype=np.float32)

    def forgetting(x, state):
        x = x.swapaxes(0, 1)
        h = loopless.by_division(np.full_like(x, 0.01), x, state, mended=mended)
        return h.swapaxes(0, 1), h[-1]

    return checks.two_halves(forgetting, x)


def _traces(mended):
    rng = np.random.default_rng(7)
    x, pull = rng.standard_normal((2, T, D))
    params = {"low": rng.random(D)}
    high = rng.random(D)

    def loss_and_gradients(p):
        layers = (p["low"], high)
        h = x
        for decay in layers:
            h = scan.linear(np.broadcast_to(decay, (T, D)), h)[1:]
        found = loopless.traces(x, pull, *layers, mended=mended)
        return (pull * h).sum(), {"low": found.sum(axis=0)}

    return checks.gradients(loss_and_gradients, params)


def _gate(mended):
    x = np.random.default_rng(7).standard_normal((1, 4 * T, 2), dtype=np.float32)

    def read(x, state):
        gate, value = 90 + x[0, :, 0], x[0, :, 1]
        h, state = loopless.weighted_mean(gate, value, 0.9, state, mended=mended)
        return h[None, :, None], state

    return checks.two_halves(read, x)


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
    Exhibit("decays that are not shifted", "gradients", _late),
    Exhibit("two modes that take one state differently", "two_halves", _modes),
    Exhibit("a recurrence divided by its own product", "two_halves", _division),
    Exhibit("traces carried through a stack", "gradients", _traces),
    Exhibit("an exponential gate without its maximum", "two_halves", _gate),
)
