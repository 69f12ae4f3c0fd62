"""Chapter 21: a museum of bugs."""

import numpy as np

from unrolled import checks
from unrolled.engine import losses, rnn
from unrolled.museum.touched import BLOCK, N, T, touched

from .checking import Wrong
from .comparing import choice, kind_of, near, number, result_of, whole

REACH = ("causality", "batch_independence", "padding")


def centered(x, params):
    """An RNN that reads its inputs less their mean over the batch, the model of exercise 1."""
    return rnn.forward(x - x.mean(axis=0), params)[0]


def museum_1(answer):
    """The one check that is red for a model that subtracts the mean of the batch."""
    rng = np.random.default_rng(7)
    params, x = rnn.init_params(3, 4, rng=rng), rng.standard_normal((4, 6, 3))
    reports = {
        "causality": checks.causality(lambda x: centered(x, params), x),
        "batch_independence": checks.batch_independence(lambda x: centered(x, params), x),
    }
    (red,) = (name for name, report in reports.items() if not report.ok)
    mistakes = {
        "causality": "causality touches a step of all examples and asks about earlier steps; the "
        "mean of a step holds no other step.",
        "padding": "padding asks each sequence alone, and would stumble over this; but it asks "
        "about lengths, and every sequence here has the same.",
    }
    if isinstance(answer, str):  # a report prints the name with a space
        answer = answer.strip().replace(" ", "_").replace("-", "_")
    choice(answer, red, REACH, what="the name of the check", mistakes=mistakes)


def museum_2(answer):
    """Whose answer moves when rows are shuffled: a function of n and t."""
    asked = [(n, t) for n in range(N) for t in range(T)]
    found = [result_of(answer, n, t) for n, t in asked]
    _recognize(found, asked)
    for (n, t), value in zip(asked, found, strict=True):
        said = f"for n = {n}, t = {t} it says {value}"
        moves = touched("stateful rows shuffled", False, n, t)[1]
        (right,) = np.flatnonzero(moves)
        mistakes = dict.fromkeys(range(-T, N + T), f"{said}; the examples are 0 to {N - 1}.")
        mistakes |= dict.fromkeys(range(N), f"{said}; another answer moves.")
        whole(value, int(right), what=f"the example for n = {n}, t = {t}", mistakes=mistakes)


def _recognize(found, asked):
    """Raise Wrong if all that was found for the (n, t) that were asked is one typical mistake."""
    n, t = np.transpose(asked)
    block = t // BLOCK
    mistakes = {
        "an example moves its own answer only from the last block.": n,
        "this is the row of the touched step; who sits in it at the end?": (n + block) % N,
        "this does not ask in which block step t lies.": (n - 2) % N,
        "the examples move through the rows the other way.": (n - block + 2) % N,
        "step t is its place in the whole sequence; its block is asked for.": (n + t - 2) % N,
    }
    for sentence, mistaken in mistakes.items():
        if near(found, mistaken):
            raise Wrong(sentence)


def museum_3(answer):
    """A test for superposition: is a model free of any nonlinearity?"""
    rng = np.random.default_rng(3)
    W, U, b = (rng.standard_normal(shape) / 2 for shape in ((3, 4), (4, 4), (4,)))
    a, c = rng.standard_normal((2, 2, 5, 3))

    def network(curve, b):
        def model(x):
            if np.ndim(x) != 3:
                raise ValueError(f"x must have shape (N, T, D); got {np.shape(x)}")
            h = [np.zeros((len(x), 4))]
            for x_t in x.swapaxes(0, 1):
                h.append(curve(x_t @ W + h[-1] @ U + b))
            return np.stack(h[1:], axis=1)

        return model

    cases = (
        ("an RNN with tanh", network(np.tanh, b), False),
        ("a recurrence without tanh or bias", network(lambda z: z, 0 * b), True),
        ("a recurrence with a bias and without tanh", network(lambda z: z, b), True),
        ("a recurrence with a ReLU", network(lambda z: np.maximum(z, 0), b), False),
    )
    for name, model, right in cases:
        found = _called(answer, model, a, c)
        if not isinstance(found, (bool, np.bool_)):
            raise Wrong(f"expected True or False for {name}; got {kind_of(found)}.")
        if found != right and "with a bias" in name:
            raise Wrong(
                f"for {name} it says {found}: what is added when the input is zero, the bias, is "
                "not counted equally often on both sides."
            )
        if found != right:
            told = "; sums that differ by rounding alone are equal" * (not found)
            raise Wrong(f"for {name} it says {found}{told}.")


def _called(answer, model, a, c):
    """What the answer says of a model: `result_of` would call the model's arrays changed."""
    if not callable(answer):
        return result_of(answer)
    try:
        found = answer(model, a.copy(), c.copy())
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise Wrong(f"answer called with the model, a and c raises {said}") from None
    return result_of(lambda: found)


def museum_4(answer):
    """The lowest loss behind two sigmoids, for a share q of ones."""
    # The best that the first sigmoid can return, and the loss takes for a logit, is the target.
    one, zero = (losses.binary_cross_entropy(*np.full((2, 1, 1), y))[0] for y in (1.0, 0.0))
    for q in (0.9, 0.5, 0.0, 1.0):
        right = q * one + (1 - q) * zero
        mistakes = {
            0.0: "zero would be the bound of one sigmoid; what can the second one return at most?",
            zero: "that is the loss of a coin; for the ones more is possible.",
            one: "the first sigmoid returns no number below 0: what do the zeros cost?",
            q * one: "the zeros cost something, too.",
            (1 - q) * zero: "the ones cost something, too.",
            (1 - q) * one + q * zero: "ones and zeros are taken the other way round.",
            right / np.log(2): "this is in bits, and not in nats.",
        }
        mistakes = {value: said for value, said in mistakes.items() if not np.isclose(value, right)}
        what = f"the loss for q = {q:g}"
        number(result_of(answer, q), right, what=what, mistakes=mistakes)
