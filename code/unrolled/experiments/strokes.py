"""Networks that go on in a hand: one normal or a mixture for where the pen goes. See chapter 27.

    OMP_NUM_THREADS=1 python -m unrolled.experiments strokes

Every update reads practice lines in hands that are drawn anew. The weights of the first start of
each are kept.
"""

from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from unrolled.datasets import strokes
from unrolled.engine import dense, losses, lstm
from unrolled.engine.decoding import write
from unrolled.engine.optimizers import Adam, clip_by_global_norm
from unrolled.engine.training import evaluate, loss_and_gradients

from . import record

N, T, H, LINES, MAX_NORM, FLOOR = 16, 120, 64, 5000, 1.0, -4.0
SIZES, STARTS = (8, 1), range(5)  # components; starts
RATES = {1700: 0.005, 2200: 0.002, 2500: 0.0005}  # up to this update
READ, WRITTEN, TESTED = 60, 120, 64  # steps that are read, then written; lines


def train(components, start):
    """Parameters after the last update, in float32."""
    rng, data = np.random.default_rng([start, 0]), np.random.default_rng([start, 1])
    outputs = 6 * components + 1
    params = lstm.init_params(3, H, rng=rng, dtype=np.float32)
    params |= dense.init_params(H, outputs, rng=rng, dtype=np.float32)
    upright = strokes.practice_lines(LINES, T + 1, rng=data, upright=True)[0].astype(np.float32)
    loss, optimizer = partial(losses.mixture_density, components=components, floor=FLOOR), Adam()
    for update in range(max(RATES)):
        optimizer.lr = next(rate for end, rate in RATES.items() if update < end)
        hands = strokes.hands(N, rng=data).astype(np.float32)
        lines = strokes.leaned(upright[data.integers(LINES, size=N)], hands)
        value, grads, _ = loss_and_gradients(
            lines[:, :-1], lines[:, 1:], params, cell=lstm, loss=loss
        )
        optimizer.update(params, clip_by_global_norm(grads, MAX_NORM)[0])
        if update % 200 == 0:
            print(components, start, update, round(value, 3), flush=True)
    return params


def measure(params, components):
    """The loss on new lines, and how well the hand is kept in what is written on."""
    lines, hands = strokes.practice_lines(TESTED, READ + WRITTEN, rng=np.random.default_rng(99))
    lines = lines.astype(np.float32)
    loss = partial(losses.mixture_density, components=components, floor=FLOOR)
    found = {"loss": float(evaluate(lines[:, :-1], lines[:, 1:], params, cell=lstm, loss=loss))}
    how = {"cell": lstm, "components": components, "floor": FLOOR}
    drawn = write(lines[:, :READ], WRITTEN, params, rng=np.random.default_rng(1), **how)
    half = WRITTEN // 2
    parts = {"first": drawn[:, :half], "second": drawn[:, half:]}
    for name, part in parts.items():
        leaning = np.corrcoef(strokes.slant(part), hands[:, 0])[0, 1]
        found[f"slant, {name} half"] = round(float(leaning), 3)
        ratio = swing(part) / swing(lines[:, :READ])
        found[f"size, {name} half"] = round(float(np.median(ratio)), 3)
    found["lifts"] = round(float(drawn[..., 2].mean() / lines[..., 2].mean()), 3)
    return {name: round(value, 4) for name, value in found.items()}


def swing(offsets):
    """The deviation of dy while the pen is down, (N,)."""
    return np.array([each[each[:, 2] == 0, 1].std() for each in offsets])


def main():
    """Train and measure every start."""
    settings = {
        "N": N, "T": T, "H": H, "practice lines": LINES, "optimizer": "Adam", "rates": RATES,
        "max_norm": MAX_NORM,
        "floor": FLOOR, "dtype": "float32", "read": READ, "written": WRITTEN, "lines": TESTED,
        "loss": "nats a step, in the height of a small letter of size 1; on new lines",
        "slant": "correlation of the true slant with that of what is written",
        "size": "median ratio of the deviation of dy, written to read",
        "lifts": "ratio of how often the pen is lifted, written to the lines themselves",
        "weights": "start 0, in float16",
    }  # fmt: skip
    runs, weights = record.Runs("strokes", settings=settings), {}
    left = [(K, start) for start in STARTS for K in SIZES if not recorded(runs, K, start)]
    with ProcessPoolExecutor() as pool:
        trained = pool.map(train, [K for K, _ in left], [start for _, start in left])
        for (K, start), params in zip(left, trained, strict=True):
            if start == 0:
                weights |= {f"{K}/{name}": p.astype(np.float16) for name, p in params.items()}
                record.write_weights("strokes", weights)
            print(runs.once(partial(measure, params, K), components=K, start=start))


def recorded(runs, components, start):
    """Whether a record has this run; start 0 is run again with its weights, both or none."""
    found = [run["components"] for run in runs.done if run["start"] == start]
    return len(found) == len(SIZES) if start == 0 else components in found
