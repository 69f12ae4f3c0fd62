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
AWAY, BETWEEN, FAR = 0.01, 4, 110  # of a way out: where it begins; starts in a step; steps
GRID = np.linspace(-1.4, 1.4, 11)  # answers whose states are let go in silence
FLOWS, FALL = 16, 2  # steps of each; those that lead to where the state is slow are not drawn


@cache
def constants():
    """For each network its weights, fixed points, eigenvalues there, and directions that grow."""
    known = {}
    for number, updates in enumerate(UPDATES):
        params = flip_flop.trained(updates, START)
        points = fixed_points.find(params, flip_flop.starts(params))
        kinds, eigenvalues = np.full(MOST, np.nan), np.full((2, MOST, H), np.nan)
        ways, places = np.full((WAYS, H), np.nan), np.full((WAYS, H), np.nan)
        rates, count = np.full(WAYS, np.nan), 0
        for i, h_star in enumerate(points):
            J = fixed_points.linearize(h_star, params)
            kinds[i], directions = fixed_points.unstable(J)
            values = np.linalg.eigvals(J)
            values = values[np.lexsort((values.imag, -np.abs(values)))]
            eigenvalues[:, i] = values.real, values.imag
            for way in directions:
                rates[count] = np.linalg.norm(way @ J)
                ways[count], places[count], count = way, h_star, count + 1
        known |= {f"{name}_{number}": value for name, value in params.items()}
        known |= {f"points_{number}": padded(points), f"kinds_{number}": kinds}
        known |= {f"real_{number}": eigenvalues[0], f"imaginary_{number}": eigenvalues[1]}
        known |= {f"ways_{number}": ways, f"places_{number}": places, f"rates_{number}": rates}
        known |= {f"lift_{number}": np.linalg.pinv(params["W_hy"])}
    single = {name: np.float32(value) for name, value in known.items()}  # halves a page's weight
    return {name: value.astype(float) for name, value in single.items()}


def padded(points):
    """Points (count, H) with rows of NaN up to MOST."""
    return np.concatenate([points, np.full((MOST - len(points), H), np.nan)])


def let_go(lift, b_y):
    """For each place of a grid over the answers the smallest state that gives them, (n, H)."""
    answers = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2)
    return np.clip((answers - b_y) @ lift, -1, 1)


@cache
def scenery(number):
    """What does not depend on the pushes: ways out and flow lines, seen as the two answers.

    A way out begins at several places within one step of its point, which makes a smooth line of
    what the network does in leaps.
    """
    own = {name: constants()[f"{name}_{number}"] for name in ("ways", "places", "rates", "lift")}
    params = weights(number)
    first = AWAY * own["rates"][:, None] ** (np.arange(BETWEEN) / BETWEEN)
    beside = np.stack([first, -first])[..., None] * own["ways"][:, None]
    states = (own["places"][:, None] + beside).reshape(-1, H)
    out = seen(states, FAR, params).reshape(2 * WAYS, BETWEEN, FAR, 2)
    out = out.transpose(0, 2, 1, 3).reshape(2 * WAYS, -1, 2)
    flow = seen(let_go(own["lift"], params["b_y"]), FLOWS, params)[:, FALL:]
    return joined(out), joined(flow)


def seen(states, steps, params):
    """The answers at some states and after each of their next steps in silence, (n, steps, 2)."""
    way = [states]
    for _ in range(steps - 1):
        way.append(np.tanh(way[-1] @ params["W_hh"] + params["b_h"]))
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


def skeleton(points, params, steps=80):
    """How many directions grow at each point, and the ways out of those with a single one.

    Returns
    -------
    growing : ndarray of int, shape (n,)
    ways : ndarray, shape (2 * count, steps + 1, K)
        The answers, from the point on.
    """
    growing, places, beside = [], [], []
    for h_star in points:
        count, directions = fixed_points.unstable(fixed_points.linearize(h_star, params))
        growing.append(count)
        if count == 1:
            places += [h_star, h_star]
            beside += [h_star + 0.001 * directions[0], h_star - 0.001 * directions[0]]
    shape = (-1, points.shape[1])
    first = dense.forward(np.reshape(places, shape), params)[:, None]
    ways = seen(np.reshape(beside, shape), steps, params)
    return np.array(growing), np.concatenate([first, ways], axis=1)
