"""How long an untrained network with a fitted readout forecasts chaos. See chapter 26.

    OMP_NUM_THREADS=1 python -m unrolled.experiments reservoir

Three tasks, nine spectral radii, twenty draws of the network and of what it learns from. Input
scale and ridge are chosen for every radius alike, on draws and forecasts that are not counted.
"""

from functools import partial
from math import comb

import numpy as np

from unrolled.analysis import free_running
from unrolled.datasets import lorenz, mackey_glass
from unrolled.engine import reservoir, rnn

from . import record

RADII = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.8)
RIDGES = (1e-12, 1e-10, 1e-8, 1e-6, 1e-4)
H, T, WASHOUT, STEPS = 200, 3000, 200, 600
DRAWS, FEWER, TUNING, STARTS = 20, 8, 2, 20
SCALES = {
    "x, y, z": (0.1, 0.3, 1.0, 3.0),
    "x": (0.1, 0.3, 1.0, 3.0),
    "Mackey-Glass": (0.03, 0.1, 0.3, 1.0),
}
ALL, ONE, BLOOD = SCALES
CONTROLS = {
    "50 units": {"H": 50},
    "100 units": {"H": 100},
    "steps of 0.01": {"step": 0.01},
    "steps of 0.05": {"step": 0.05},
    "noise of 1 %": {"noise": 0.01},
    "noise of 10 %": {"noise": 0.1},
    "500 steps to learn from": {"T": 500},
    "ridge of 1e-15": {"ridges": (1e-15,)},
    "noise of 10 %, fit alone": {"noise": 0.1, "begin_noise": 0.0},
    "noise of 10 %, start alone": {"begin_noise": 0.1},
}
LAGS, GAPS = (*range(1, 11), 30, 100), (1, 2, 4, 6, 8)  # of a rival's window
MOST = 250  # features of a rival
NOISY_RIDGES = (1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)  # of a rival where there is noise


def series(task, seed, T=T, step=0.02, noise=0.0, begin_noise=None):
    """What to learn from (1, WASHOUT + T + 1, D), what to begin from and what is true.

    All in standard deviations of what is learned from; noise is on what the network reads, and what
    it reads before a forecast may have another amount of it.
    """
    rng = np.random.default_rng([26, seed])
    if task == BLOOD:
        x = mackey_glass(1 + STARTS, max(T + 1, STEPS) + WASHOUT, rng=rng)
    else:
        x = lorenz(1 + STARTS, max(T + 1, STEPS) + WASHOUT, rng=rng, step=step)
        x = x[:, :, :1] if task == ONE else x
    mean, deviation = free_running.spread(x[:1])
    x = (x - mean) / deviation
    begin_noise = noise if begin_noise is None else begin_noise
    drawn = rng.standard_normal(x.shape)
    learn = (x + noise * drawn)[:1, : WASHOUT + T + 1]
    begin = (x + begin_noise * drawn)[1:, :WASHOUT]
    return learn, begin, x[1:, WASHOUT : WASHOUT + STEPS]


def valid_times(data, radius, scale, ridges, seed, H=H):
    """Steps that the forecasts from all starts hold, (ridges, STARTS)."""
    learn, begin, truth = data
    rng = np.random.default_rng(seed)
    params = reservoir.init_params(learn.shape[2], H, radius=radius, scale=scale, rng=rng)
    h, _ = rnn.forward(learn[:, :-1], params)
    state = rnn.forward(begin, params)[1].state
    found = []
    for ridge in ridges:
        readout = reservoir.fit_readout(h[:, WASHOUT:], learn[:, WASHOUT + 1 :], ridge=ridge)
        outputs, _ = reservoir.generate(state, params | readout, truth.shape[1])
        found.append(free_running.valid_time(outputs, truth))
    return np.array(found)


def tuned(task, radius, H=H, ridges=RIDGES, **changes):
    """The input scale and the ridge of the best median, on draws that are not counted."""
    draws = [(series(task, 1000 + seed, **changes), 1000 + seed) for seed in range(TUNING)]
    medians = {}
    for scale in SCALES[task]:
        times = [valid_times(data, radius, scale, ridges, seed, H) for data, seed in draws]
        for ridge, held in zip(ridges, np.concatenate(times, axis=1), strict=True):
            medians[scale, ridge] = (np.median(held), held.mean())
    return max(medians, key=medians.get)


def measured(task, radius, draws, H=H, ridges=RIDGES, **changes):
    """The tuned settings, and the median steps of each draw."""
    scale, ridge = tuned(task, radius, H, ridges, **changes)
    steps = [
        float(np.median(valid_times(series(task, s, **changes), radius, scale, [ridge], s, H)))
        for s in range(draws)
    ]
    return {"scale": scale, "ridge": ridge, "steps": steps}


def main():
    """Measure all radii, what becomes of the first task if other things change, and rivals."""
    settings = {
        "H": H, "T": T, "washout": WASHOUT, "starts of each draw": STARTS, "at most": STEPS,
        "scales": SCALES, "ridges": RIDGES, "draws for tuning": TUNING, "limit": 0.4,
        "step": "0.02 units of time for Lorenz, 1 for Mackey and Glass",
        "steps": "median over the starts of how long a forecast holds, one for each draw",
    }  # fmt: skip
    runs = record.Runs("reservoir", settings=settings)
    for task in SCALES:
        for radius in RADII:
            key = {"part": "sweep", "task": task, "radius": radius}
            print(runs.once(partial(measured, task, radius, DRAWS), **key), flush=True)
    for control, changes in CONTROLS.items():
        for radius in (0.0, 0.8):
            key = {"part": "controls", "control": control, "radius": radius}
            print(runs.once(partial(measured, ALL, radius, FEWER, **changes), **key), flush=True)
    for task in SCALES:
        for kind, degree in (
            ("last value", 0),
            ("line", 1),
            *((f"degree {d}", d) for d in (2, 3, 4)),
        ):
            key = {"part": "rivals", "task": task, "rival": kind}
            print(runs.once(partial(rival, task, degree), **key), flush=True)
    for control, changes in CONTROLS.items():
        if "noise" in control:
            for degree in (2, 3):
                key = {"part": "noisy rivals", "control": control, "rival": f"degree {degree}"}
                run = partial(rival, ALL, degree, FEWER, NOISY_RIDGES, **changes)
                print(runs.once(run, **key), flush=True)


def rival(task, degree, counted=DRAWS, ridges=RIDGES, **changes):
    """A window and its powers without a reservoir, tuned on the same draws."""
    shapes = [
        (lags, gap)
        for lags in LAGS
        for gap in GAPS
        if (lags > 1 or gap == 1) and (lags - 1) * gap < WASHOUT
        if comb(lags * (3 if task == ALL else 1) + degree, degree) <= MOST
    ]
    draws = [series(task, 1000 + seed, **changes) for seed in range(TUNING)]
    options = {
        (*shape, ridge): np.concatenate([_rival(data, degree, *shape, ridge) for data in draws])
        for shape in (shapes if degree else shapes[:1])
        for ridge in (ridges if degree else ridges[:1])
    }
    best = max(options, key=lambda option: (np.median(options[option]), options[option].mean()))
    steps = [
        float(np.median(_rival(series(task, s, **changes), degree, *best))) for s in range(counted)
    ]
    return dict(zip(("lags", "gap", "ridge"), best, strict=True)) | {"steps": steps}


def _rival(data, degree, lags, gap, ridge):
    """Steps that its forecasts hold, (STARTS,); of degree 0 it repeats the last value."""
    learn, begin, truth = data
    if degree == 0:
        return free_running.valid_time(np.repeat(begin[:, -1:], truth.shape[1], axis=1), truth)
    features = partial(free_running.powers, degree=degree)
    readout = free_running.fit(features, learn, lags=lags, gap=gap, ridge=ridge)
    outputs = free_running.run(features, readout, begin, truth.shape[1], lags=lags, gap=gap)
    return free_running.valid_time(outputs, truth)
