"""Networks that keep bits, their fixed points, and the gradient that they leave. See chapter 25.

OMP_NUM_THREADS=1 python -m unrolled.experiments flip-flop

Two bits in 16 units and three in 24, five starts each. All weights of the first are kept, and of
the second those of one trained network.
"""

import numpy as np

from unrolled.analysis import fixed_points
from unrolled.analysis.gradient_flow import backward_norms
from unrolled.datasets import flip_flop
from unrolled.engine import dense, rnn
from unrolled.explore import flip_flop as network

from . import record

UNITS = {2: 16, 3: 24}  # bits -> units
LOOKED = {2: 400, 3: 2000}  # starts of the search
SILENCE, LAG, TESTED = 10_000, 50, 256  # steps; steps back; sequences


def measure(params, bits):
    """Fixed points by unstable directions, the bits held, and the gradient in silence."""
    found = fixed_points.find(params, network.starts(params, LOOKED[bits]))
    jacobians = [fixed_points.linearize(h, params) for h in found]
    kinds = [fixed_points.unstable(J)[0] for J in jacobians]
    rates = [np.abs(np.linalg.eigvals(J)).max() for J in jacobians]
    stable = [rate for kind, rate in zip(kinds, rates, strict=True) if kind == 0]
    x, targets = flip_flop(TESTED, 40, bits=bits, chance=0.1, rng=np.random.default_rng(99))
    state = rnn.forward(x, params)[1].state
    held = [right(state, targets[:, -1], params)]
    for _ in range(SILENCE // 1000):
        state = rnn.forward(np.zeros((TESTED, 1000, bits)), params, state)[1].state
    held.append(right(state, targets[:, -1], params))
    left, rate = gradient_left(params, state, bits)
    return {
        "points": np.bincount(kinds, minlength=bits + 1).tolist(),
        "indices": sum(map(fixed_points.index, jacobians)),
        "slowest stable": round(float(max(stable)), 4) if stable else None,
        "held": held,
        "gradient left": float(f"{left:.3g}"),
        "per step": round(float(rate), 4),
    }


def right(state, targets, params):
    """The share of bits whose sign is right."""
    said = dense.forward(state[0], params)
    return round(float((np.sign(said) == targets).mean()), 4)


def gradient_left(params, state, bits):
    """Share of the gradient's length LAG silent steps back, and its factor per step at the end.

    The largest over the sequences: the one whose resting place forgets the slowest.
    """
    tape = rnn.forward(np.zeros((TESTED, LAG + 1, bits)), params, state)[1]
    ways = []
    for n in range(0, TESTED, 8):
        own = rnn.Tape(tape.x[:, [n]], tape.h[:, [n]])
        norms = backward_norms(own, params, params["W_hy"][:, :1].T)
        ways.append((norms[0] / norms[-1], (norms[0] / norms[10]) ** 0.1))
    return max(ways)


def main():
    """Train every start, look for its points, keep the weights of two bits."""
    weights, results = {}, []
    for bits, units in UNITS.items():
        for start in range(network.STARTS):
            snapshots = network.train(start, bits=bits, units=units)
            for updates, params in snapshots.items():
                if bits == network.BITS or (start, updates) == network.CUBE:
                    name = network.key(updates, start, bits)
                    weights |= {name + part: value for part, value in params.items()}
                key = {"bits": bits, "start": start, "updates": updates}
                results.append(key | measure(params, bits))
                print(results[-1])
    settings = {
        "units": UNITS, "searched from": LOOKED, "silent steps": SILENCE, "lag": LAG,
        "batch": network.N, "T": network.T, "chance": network.CHANCE,
        "optimizer": f"Adam({network.RATE})", "max_norm": network.MAX_NORM,
        "points": "number of fixed points with 0, 1, 2, ... unstable directions",
        "indices": "their sum; 1 if none is missing",
        "held": "share of bits right after 40 steps, and after the silence",
        "gradient left": "largest share of its length at the lag, in silence at rest",
    }  # fmt: skip
    record.write_weights("flip-flop", weights)
    record.write("flip-flop", settings=settings, results=results)
