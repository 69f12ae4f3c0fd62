"""Chapter 6: truncated backpropagation through time."""

import numpy as np

from unrolled.analysis import truncation
from unrolled.engine import dense, rnn, training
from unrolled.engine.bptt import blocks

from .checking import Wrong
from .comparing import array, number, result_of, whole, wholes


def truncated_1(answer):
    """How many losses reach no step but their own, for two settings."""
    expected = [int((truncation.reach(60, k1, 20) == 0).sum()) for k1 in (20, 10)]
    of_first = {
        1: "that would be right if the blocks were looked at as one.",
        20: "that is how many losses are in a block; which of them have no step before them?",
    }
    of_second = {
        6: "a pass with k1 = 10 looks back past the start of its own ten losses.",
        0: "even the pass with the longest view has nothing before the start of the sequence.",
    }
    what = ["the first number", "the second number"]
    wholes(answer, expected, what=what, mistakes=[of_first, of_second])


def truncated_2(answer):
    """The share of a window's answers that lie inside the window."""
    for lag, k in ((8, 10), (2, 4), (0, 5), (30, 10)):
        mistakes = {
            (k - lag + 1) / k: "that is one step too many: at step 0 a window holds one input.",
            (k - lag - 1) / k: "that is one step too few: at which step is the first answer seen?",
            lag / k: "that is the share of the answers that lie outside.",
            (k - lag) / k: "a share is not negative: what if the lag is longer than the window?",
        }
        share = result_of(answer, lag, k)
        what = f"the share for lag = {lag}, k = {k}"
        number(share, max(0, k - lag) / k, what=what, mistakes=mistakes)


def truncated_3(answer):
    """Visits of a backward pass in which every loss travels by itself."""
    for T, k2 in ((2000, 20), (50, 7), (9, 1)):
        visits = sum(min(stop, k2) for _, stop in blocks(T, 1))
        mistakes = {
            T * k2: "the first losses have fewer than k2 steps to look at.",
            T: "that is the count for blocks; here each loss has a pass of its own.",
            T * k2 - k2 * (k2 + 1) // 2: "one pass is thought to lack more than it does.",
            (T - k2) * k2: "the first passes look at fewer than k2 steps, but they do look.",
        }
        what = f"the count for T = {T}, k2 = {k2}"
        whole(result_of(answer, T, k2), visits, what=what, mistakes=mistakes)


def truncated_4(answer):
    """Forecasts of a network that forgets everything after each step."""
    rng = np.random.default_rng(4)
    weights = rnn.init_params(1, 8, rng=rng) | dense.init_params(8, 1, rng=rng)
    x = rng.standard_normal((1, 12, 1))
    expected = training.predict(x[0, :, None], weights, cell=rnn)[0][:, 0, 0]
    found = result_of(answer, x, weights)
    carried = training.predict(x, weights, cell=rnn)[0].ravel()
    same_size = isinstance(found, np.ndarray) and found.size == carried.size
    if same_size and np.allclose(found.ravel(), carried):
        raise Wrong("the state of the step before is still in these forecasts.")
    array(found, expected, what="the array of forecasts")
