"""Chapter 12: a lag dial."""

import numpy as np

from unrolled.datasets import echo
from unrolled.engine import initializers, rnn

from .checking import Wrong
from .comparing import array, near, number, result_of, whole


def lag_dial_1(answer):
    """The share of answers whose gradient reaches a bit four steps back, in blocks of ten."""
    k, lag = 10, 4
    reached = np.mean(np.arange(k) >= lag)
    mistakes = {
        1.0: "an answer near the start of its block cannot reach so far.",
        0.0: "an answer near the end of its block reaches nearly ten steps back.",
        100 * reached: "the share should lie between 0 and 1.",
        1 - reached: "this is the share of the answers whose gradient does not reach the bit.",
        reached - 1 / k: "count the places of a block from 0: one place is missing.",
        reached + 1 / k: "count the places of a block from 0: one place is too many.",
    }
    number(answer, reached, what="the share", mistakes=mistakes)


def lag_dial_2(answer):
    """How far back a random network of spectral radius 0.5 can be read by least squares."""
    lags = (1, 2, 4, 8, 16, 32)
    longest = max(lag for lag in lags if _read(0.5, lag) > 0.9)
    mistakes = dict.fromkeys(
        [lag for lag in lags if lag < longest],
        "the bits of a longer lag can be read, too: their trace is faint, but nothing disturbs it.",
    )
    whole(answer, longest, what="the lag", mistakes=mistakes)


def _read(radius, lag, H=32, warm=50):
    """The skill at which the bits `lag` steps back are read from a network that learned nothing."""
    rng = np.random.default_rng(12)
    params = rnn.init_params(1, H, rng=rng)
    params["W_hh"] *= radius / initializers.spectral_radius(params["W_hh"])
    params["W_xh"] *= 0.3
    x, _ = echo(20, 400, lag=1, rng=rng)
    states = rnn.forward(x, params)[0][:, warm:].reshape(-1, H)
    bits = x[:, warm - lag : x.shape[1] - lag].reshape(-1)
    half = len(bits) // 2
    weights = np.linalg.lstsq(states[:half], bits[:half], rcond=None)[0]
    return 2 * np.mean(np.sign(states[half:] @ weights) == bits[half:]) - 1


def lag_dial_3(answer):
    """The forget bias that keeps a share of the cell over a lag."""
    for lag, share in ((80, 0.5), (20, 0.1), (1, 0.8)):
        f = share ** (1 / lag)
        mistakes = {
            f: "this is the gate, and the gate is the sigmoid of the bias.",
            np.log(share / (1 - share)): "the gate acts at every step of the lag, not once.",
        }
        bias = result_of(answer, lag, share)
        number(bias, np.log(f / (1 - f)), what=f"the bias for {lag}, {share}", mistakes=mistakes)


def lag_dial_4(answer):
    """An activation with which one unit keeps the parity of all its bits."""
    sums, states = np.array([-2.0, 0.0, 2.0]), [-1.0, 1.0, -1.0]
    found = _states(answer, sums)
    if any(np.array_equal(found, rising(sums)) for rising in (np.positive, np.sign, np.tanh)):
        raise Wrong("an activation that only rises cannot turn the state around at every 1.")
    if not near(found, states):
        _say_where(found, sums)
    array(found, states, what="what the activation returns for sums of -2, 0 and 2")
    rng = np.random.default_rng(12)
    h = -np.ones(50)
    for t in range(1, 21):
        x_t = rng.choice([-1.0, 1.0], size=50)
        found = _states(answer, h + x_t)
        h = np.where(x_t > 0, -h, h)
        array(found, h, what=f"the state after {t} step{'s' * (t > 1)}")


def _states(answer, sums):
    """What the activation returns for `sums`, asked for one at a time if it takes no array."""
    try:
        return result_of(answer, sums, what="the activation")
    except Wrong as wrong:
        try:
            answer(0.0)
        except Exception:
            raise wrong from None
    return [result_of(answer, total, what="the activation") for total in sums.tolist()]


def _say_where(found, sums):
    """Raise Wrong for a sum whose state cannot be right, if there is a number for each sum."""
    try:
        values = np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        return
    if values.shape != sums.shape:
        return
    for total, value in zip(sums, values, strict=True):
        if not np.isclose(abs(value), 1, rtol=5e-3):
            given = f"for a sum of {total:g} the activation returns {value:.3g}"
            raise Wrong(f"{given}; states are -1 and 1.")
    if values[1] < 0:
        raise Wrong("a bit of 1 does not turn a state of -1 around.")
    if values[2] > 0:
        raise Wrong("a bit of 1 does not turn a state of 1 around.")
    raise Wrong("a bit of -1 does not leave a state of -1 as it is.")
