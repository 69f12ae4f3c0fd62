"""Lyapunov exponents of random networks, alone and driven. See chapter 25.

OMP_NUM_THREADS=1 python -m unrolled.experiments exponents

A chaotic orbit is another one on another processor, and its exponent differs in the last digits:
so they are recorded, with the rate at which a gradient grows on its way back along the same orbit.
"""

import numpy as np

from unrolled.analysis import lyapunov
from unrolled.engine import rnn

from . import record

H, T, SETTLE, DRAWS = 100, 2000, 500, 10
GAINS = (0.8, 1.0, 1.2, 1.5, 2.0, 3.0)
SCALES = (0.0, 0.5, 1.0)
WHOLE = (1.5, 2.0, 3.0)  # gains at which all exponents are computed, without inputs


def orbit(gain, scale, seed):
    """A network and its tape of T steps, once it has settled."""
    rng = np.random.default_rng(seed)
    params = rnn.init_params(1, H, rng=rng)
    params["W_hh"] *= gain
    x, start = scale * rng.standard_normal((1, SETTLE + T, 1)), rng.uniform(-1, 1, (1, H))
    tape = rnn.forward(x, params, (start,))[1]
    return params, tape.window(SETTLE, SETTLE + T), rng


def main():
    """Measure every gain, input scale and draw."""
    results = []
    for gain in GAINS:
        for scale in SCALES:
            for seed in range(DRAWS):
                params, tape, rng = orbit(gain, scale, seed)
                count = H if scale == 0 and gain in WHOLE else 1
                found, _ = lyapunov.exponents(tape, params, count=count)
                back = lyapunov.gradient_rate(tape, params, rng.standard_normal((1, H)))
                radius = np.abs(np.linalg.eigvals(params["W_hh"])).max()
                run = {
                    "gain": gain, "scale": scale, "draw": seed, "radius": round(float(radius), 3),
                    "exponent": round(float(found[0]), 4), "gradient": round(back, 4),
                }  # fmt: skip
                if count == H:
                    run["positive"] = int((found > 0.001).sum())
                    run["dimension"] = round(lyapunov.dimension(found), 1)
                results.append(run)
                print(run)
    settings = {
        "H": H, "steps": T, "settled for": SETTLE, "exponent": "the largest, per step",
        "gradient": "mean logarithm of its factor per step back",
        "positive": "exponents above 0.001", "dimension": "by Kaplan and Yorke",
    }  # fmt: skip
    record.write("exponents", settings=settings, results=results)
