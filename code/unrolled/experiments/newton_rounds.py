"""How many rounds Newton's method needs to run a network in parallel. See chapter 25.

OMP_NUM_THREADS=1 python -m unrolled.experiments newton-rounds

Random networks of 32 units from calm to chaotic, sequences of four lengths, three Jacobians, ten
draws. In chaos a round more or less hangs on rounding, so they are recorded.
"""

import numpy as np

from unrolled.analysis import lyapunov
from unrolled.engine import newton, rnn

from . import record

H, SCALE, DRAWS, LONG = 32, 0.5, 10, 4000
GAINS = (0.5, 0.8, 1.0, 1.2, 1.4, 1.6, 2.0, 2.5, 3.0)
LENGTHS = (100, 200, 400, 800)


def draw(gain, seed):
    """Parameters and the inputs of LONG steps, of which shorter sequences are the beginning."""
    rng = np.random.default_rng(seed)
    params = rnn.init_params(1, H, rng=rng)
    params["W_hh"] *= gain
    return params, SCALE * rng.standard_normal((1, LONG, 1))


def main():
    """Count the rounds of every network, length and Jacobian."""
    results = []
    for gain in GAINS:
        for seed in range(DRAWS):
            params, x = draw(gain, seed)
            (largest,), _ = lyapunov.exponents(rnn.forward(x, params)[1], params, count=1)
            run = {"gain": gain, "draw": seed, "exponent": round(float(largest), 4)}
            for jacobian in newton.JACOBIANS:
                run[jacobian] = [
                    len(newton.forward(x[:, :T], params, jacobian=jacobian, method="loop")[2]) - 1
                    for T in LENGTHS
                ]
            results.append(run)
            print(run)
    settings = {
        "H": H, "input scale": SCALE, "lengths": LENGTHS, "tol": 1e-10,
        "exponent": f"largest Lyapunov exponent over {LONG} steps",
        "full, diagonal, none": "rounds at each length, by the Jacobian that is used",
    }  # fmt: skip
    record.write("newton-rounds", settings=settings, results=results)
