"""Chapter 2: one step of a recurrent network."""

import numpy as np

from unrolled.engine import rnn

from .checking import Wrong
from .comparing import array, near, number, result_of, whole


def one_step_1(answer):
    """The shape of the states of one long sequence, and the number of parameters."""
    N, T, D, H = 1, 100, 5, 7
    params = rnn.init_params(D, H, rng=np.random.default_rng(1))
    expected = rnn.forward(np.zeros((N, T, D)), params)[0].shape
    count = sum(param.size for param in params.values())
    try:
        shape, found = answer
    except (TypeError, ValueError):
        raise Wrong("expected the answer as a pair, a shape and a whole number.") from None
    if not isinstance(shape, (tuple, list)) and np.ndim(shape) == 0:
        raise Wrong("the shape comes first, as a tuple, and then the number of parameters.")
    for mistaken, sentence in (
        ((T, H), "the shape lacks an axis: one sequence is a batch of one."),
        ((T, N, H), "the shape has time first; in this book the batch comes first."),
        ((N, T, D), "the shape is that of the inputs."),
        ((N, H), "the shape is that of one state; there is one at every step."),
    ):
        if tuple(map(str, shape)) == tuple(map(str, mistaken)):
            raise Wrong(sentence)
    array(shape, expected, what="the tuple of axes")
    mistakes = {count * T: "all steps share their parameters."}
    for size in (param.size for param in params.values()):
        mistakes[count - size] = "the number of parameters lacks one of the three arrays."
        mistakes[size] = "that is the number in one of the three arrays."
    for K in range(1, 11):
        larger = "that is more than params holds: it has one bias, and no readout."
        mistakes |= {count + K * H: larger, count + K * (H + 1): larger}
    whole(found, count, what="the number of parameters", mistakes=mistakes)


def one_step_2(answer):
    """Parameters of a network whose third input is gone."""
    rng = np.random.default_rng(2)
    params = rnn.init_params(3, 4, rng=rng)
    W_xh = params["W_xh"]
    found = result_of(answer, params)
    if not isinstance(found, dict) or not set(params) <= set(found):
        raise Wrong(f"expected a dictionary with {', '.join(params)}.")
    for sentence, mistaken in {
        "W_xh still has a row for the third input.": W_xh,
        "W_xh still has a row for the third input, if one of zeros.": W_xh * [[1], [1], [0]],
        "W_xh has lost two hidden units; it has a row for each input.": W_xh[:, :2],
        "W_xh has lost the first input, not the third.": W_xh[1:],
        "W_xh has lost the second input, not the third.": W_xh[[0, 2]],
    }.items():
        if near(found["W_xh"], mistaken):
            raise Wrong(sentence)
    if not all(isinstance(found[name], np.ndarray) for name in params):
        raise Wrong(f"expected an array for each of {', '.join(params)}.")
    three = {name: found[name] for name in params}
    result_of(rnn.forward, rng.standard_normal((2, 5, 2)), three, what="rnn.forward")
    for name, param in (params | {"W_xh": W_xh[:2]}).items():
        array(found[name], param, what=name)


def one_step_3(answer):
    """Where a unit without input is after a thousand steps."""
    params = {"W_xh": np.zeros((1, 1)), "W_hh": np.ones((1, 1)), "b_h": np.zeros(1)}
    h, _ = rnn.forward(np.zeros((1, 1000, 1)), params, (np.array([[0.5]]),))
    mistakes = {
        0.5: "it does not stay there: the tanh of 0.5 is less than 0.5.",
        float(h[0, 0, 0]): "that is where it is after a single step.",
        0.0: "it comes near 0 but has not arrived: the tanh of a number above 0 is above 0.",
        1.0: "the tanh of a positive number is less than the number, so it cannot rise.",
    }
    number(answer, h[0, -1, 0], rtol=0.01, what="the state", mistakes=mistakes)


def one_step_4(answer):
    """A softmax over two classes with one exponential."""
    for a, b in ((2.0, -1.0), (0.3, 0.8), (1001.0, 1000.0), (-1000.0, -1001.0)):
        what = f"the probability for logits {a:g} and {b:g}"
        expected = 1 / (1 + np.exp(b - a))
        with np.errstate(all="ignore"):
            found = result_of(answer, a, b)
            mistakes = {
                1 - expected: f"{what} is that of the second class.",
                1 / (1 + np.exp(-a)): f"{what} does not depend on the second logit.",
                b - a: f"expected {what}, not z itself.",
                a - b: f"expected {what}, not z itself.",
            }
        if isinstance(found, float) and np.isnan(found):
            raise Wrong(f"{what} is not a number: each exponential overflows by itself.")
        number(found, expected, what=what, mistakes=mistakes)
