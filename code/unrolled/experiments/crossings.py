"""Networks at a fork, trained by three losses. See chapter 27.

    OMP_NUM_THREADS=1 python -m unrolled.experiments crossings

A path goes up or down and tosses a coin at every fourth step; a GRU is to say the next step.
"""

from functools import partial

import numpy as np

from unrolled.datasets import strokes
from unrolled.engine import dense, gru, losses
from unrolled.engine.decoding import sample_mixture, write
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.training import loss_and_gradients, predict

from . import record

N, T, H, EVERY, UPDATES, RATE, FLOOR = 32, 40, 24, 4, 700, 0.01, -4.0
WAYS = {"squared error": 0, "one normal": 1, "mixture of 4": 4}  # components
STARTS, TESTED, FREE, NEAR = range(5), 200, 100, 0.2


def loss_of(components):
    """Squared error of dx and dy for 0 components, else the mixture's."""
    if components:
        return partial(losses.mixture_density, components=components, floor=FLOOR)
    return lambda outputs, targets: losses.mean_squared_error(outputs, targets[..., :2])


def train(components, start):
    """Parameters, and the loss on new paths."""
    rng, data = np.random.default_rng([start, 0]), np.random.default_rng([start, 1])
    params = gru.init_params(3, H, rng=rng)
    params |= dense.init_params(H, 6 * components + 1 if components else 2, rng=rng)
    loss, optimizer = loss_of(components), Adam(RATE)
    for update in range(UPDATES):
        optimizer.lr = RATE if update < 0.7 * UPDATES else RATE / 10
        paths = strokes.crossings(N, T + 1, every=EVERY, rng=data)
        _, grads, _ = loss_and_gradients(paths[:, :-1], paths[:, 1:], params, cell=gru, loss=loss)
        optimizer.update(params, clip_by_global_norm(grads, 1.0)[0])
    return params


def measure(params, components):
    """The loss on new paths, and how often a draw is on a road."""
    rng = np.random.default_rng(99)
    paths = strokes.crossings(TESTED, T + 1, every=EVERY, rng=rng)
    outputs, _ = predict(paths[:, :-1], params, cell=gru)
    forks = np.arange(EVERY - 1, T, EVERY)  # what comes after these is up to the coin
    if components:
        drawn = sample_mixture(outputs, components=components, rng=rng, floor=FLOOR)
        how = {"cell": gru, "components": components, "rng": rng, "floor": FLOOR}
        free = write(paths[:, :1], FREE, params, **how)
    else:
        drawn, free = outputs, alone(paths[:, :1], params)
    return {
        "loss": round(float(loss_of(components)(outputs, paths[:, 1:])[0]), 4),
        "at forks": on_road(drawn[:, forks]),
        "elsewhere": on_road(np.delete(drawn, forks, axis=1)),
        "alone": on_road(free),
        "up": round(float((drawn[:, forks, 1] > 0).mean()), 4),
    }


def alone(first, params):
    """The path of a network that reads what it has predicted."""
    step, state, steps = first, None, []
    for _ in range(FREE):
        outputs, state = predict(step, params, cell=gru, state=state)
        step = np.concatenate([outputs, np.zeros_like(outputs[..., :1])], axis=-1)
        steps.append(outputs)
    return np.concatenate(steps, axis=1)


def on_road(steps):
    """The share of steps that go up or down by 1, to within NEAR."""
    return round(float((np.abs(np.abs(steps[..., 1]) - 1) < NEAR).mean()), 4)


def main():
    """Every loss, every start."""
    settings = {
        "N": N, "T": T, "H": H, "every": EVERY, "updates": UPDATES, "optimizer": f"Adam({RATE})",
        "rate": "a tenth after 70 % of the updates", "floor": FLOOR, "near": NEAR,
        "at forks": "share of draws at a fork, of one path each, that go up or down by 1 within "
        "`near`; the prediction itself for squared error",
        "alone": f"the same over {FREE} steps that the network writes by itself",
    }  # fmt: skip
    runs = record.Runs("crossings", settings=settings)
    for start in STARTS:
        for name, components in WAYS.items():

            def run(components=components, start=start):
                return measure(train(components, start), components)

            print(runs.once(run, loss_by=name, start=start))
