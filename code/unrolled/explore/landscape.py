"""What chapter 25 shows of a network with two bits: where it can rest, and which ways lead there.

States are seen as the network's two answers, which are a point in a plane.
"""

from functools import cache

import numpy as np

from unrolled.analysis import fixed_points
from unrolled.engine import dense

from . import flip_flop

H, START = flip_flop.H, 4  # the start of the training that is shown
UPDATES = flip_flop.UPDATES
MOST, WAYS = 9, 6  # points, and directions out of them, that are drawn
FAR, EVERY, AWAY = 150, 3, 1e-3  # of a way out: steps, steps between two marks, where it begins
GRID, FLOWS = np.linspace(-1.4, 1.4, 9), 14  # where the state is let go, and steps that are drawn


@cache
def constants():
    """For each network its weights, fixed points, eigenvalues there, and directions that grow."""
    known = {}
    for number, updates in enumerate(UPDATES):
        params = flip_flop.trained(updates, START)
        points = fixed_points.find(params, flip_flop.starts(params))
        kinds, eigenvalues = np.full(MOST, np.nan), np.full((2, MOST, H), np.nan)
        ways, places = np.full((WAYS, H), np.nan), np.full((WAYS, H), np.nan)
        count = 0
        for i, h_star in enumerate(points):
            J = fixed_points.linearize(h_star, params)
            kinds[i], directions = fixed_points.unstable(J)
            values = np.linalg.eigvals(J)
            values = values[np.lexsort((values.imag, -np.abs(values)))]
            eigenvalues[:, i] = values.real, values.imag
            for direction in directions:
                ways[count], places[count], count = direction, h_star, count + 1
        known |= {f"{name}_{number}": value for name, value in params.items()}
        known |= {f"points_{number}": padded(points), f"kinds_{number}": kinds}
        known |= {f"real_{number}": eigenvalues[0], f"imaginary_{number}": eigenvalues[1]}
        known |= {f"ways_{number}": ways, f"places_{number}": places}
        known |= {f"held_{number}": held(params)}
    return known


def padded(points):
    """Points (count, H) with rows of NaN up to MOST."""
    return np.concatenate([points, np.full((MOST - len(points), H), np.nan)])


def held(params):
    """For every place of a grid over the two answers the smallest state that gives them, (n, H)."""
    answers = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2)
    return np.clip((answers - params["b_y"]) @ np.linalg.pinv(params["W_hy"]), -1, 1)


@cache
def scenery(number):
    """What does not depend on the pushes: flow lines and ways out, seen as the two answers."""
    own = {name: constants()[f"{name}_{number}"] for name in ("ways", "places", "held")}
    params = weights(number)
    places = np.concatenate([own["places"] + sign * AWAY * own["ways"] for sign in (1, -1)])
    out = seen(np.concatenate([own["places"], own["places"]]), places, FAR, params)[:, ::EVERY]
    flow = seen(own["held"], own["held"], FLOWS, params)[:, 2:]  # two steps lead to the slow part
    return joined(out), joined(flow)


def seen(first, states, steps, params):
    """The answers at some states and on the silent way from others, (n, 1 + steps, 2)."""
    way = [first]
    for _ in range(steps):
        way.append(states)
        states = np.tanh(states @ params["W_hh"] + params["b_h"])
    return dense.forward(np.stack(way, axis=1), params)


def joined(ways):
    """Ways (n, steps, 2) as two rows of numbers, with a gap behind each."""
    gaps = np.full((len(ways), 1, 2), np.nan)
    return np.concatenate([ways, gaps], axis=1).reshape(-1, 2).T


def of(number):
    """Fixed points, how many of their directions grow, and the eigenvalues there."""
    names = ("points", "kinds", "real", "imaginary")
    return {name: constants()[f"{name}_{number}"] for name in names}


def weights(number):
    """The parameters of one of the networks."""
    names = ("W_xh", "W_hh", "b_h", "W_hy", "b_y")
    return {name: constants()[f"{name}_{number}"] for name in names}
