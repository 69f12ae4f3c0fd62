"""Chapter 20: a museum of bugs."""

import numpy as np

from unrolled import checks
from unrolled.engine import losses, rnn
from unrolled.museum.touched import N, T, touched

from .checking import Wrong
from .comparing import choice, number, result_of, whole

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
    choice(answer, red, REACH, what="the name of the check", mistakes=mistakes)


def museum_2(answer):
    """Whose answer moves when rows are shuffled: a function of n and t."""
    for n in range(N):
        for t in range(T):
            moves = touched("stateful rows shuffled", False, n, t)[1]
            what = f"the example for n = {n}, t = {t}"
            mistakes = {n: f"{what}: example {n} moves its own answer only in the last block."}
            (right,) = np.flatnonzero(moves)
            if right == n:
                mistakes = ()
            whole(result_of(answer, n, t), int(right), what=what, mistakes=mistakes)


def museum_3(answer):
    """A test for superposition: is a model free of any nonlinearity?"""
    rng = np.random.default_rng(3)
    W, U, b = (rng.standard_normal(shape) / 2 for shape in ((3, 4), (4, 4), (4,)))
    a, c = rng.standard_normal((2, 2, 5, 3))

    def network(curve, b):
        def model(x):
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
            raise Wrong(f"expected True or False for {name}; got a {type(found).__name__}.")
        if found != right and "with a bias" in name:
            raise Wrong(
                f"for {name} it says {found}: what is added when the input is zero, the bias, is "
                "counted twice on one side and once on the other."
            )
        if found != right:
            raise Wrong(f"for {name} it says {found}.")


def _called(answer, model, a, c):
    """What the answer says of a model: `result_of` would call the model's arrays changed."""
    if not callable(answer):
        return result_of(answer)
    return result_of(lambda: answer(model, a.copy(), c.copy()))


def museum_4(answer):
    """The lowest loss behind two sigmoids, for a share q of ones."""
    for q in (0.0, 0.5, 0.9, 1.0):
        n = 1000
        targets = (np.arange(n) < q * n).astype(float)[:, None]
        best = np.where(targets == 1, 1.0, 0.0)  # what the first sigmoid can reach at most
        right = losses.binary_cross_entropy(best, targets)[0]
        mistakes = {
            0.0: "zero would be the bound of one sigmoid; what can the second one return at most?",
            np.log(2): "that is the loss of a coin; for the ones more is possible.",
        }
        mistakes = {value: said for value, said in mistakes.items() if not np.isclose(value, right)}
        what = f"the loss for q = {q:g}"
        number(result_of(answer, q), right, what=what, mistakes=mistakes)
