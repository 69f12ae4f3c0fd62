"""Chapter 20: attention and search."""

import numpy as np

from unrolled.engine import dot_attention
from unrolled.engine.decoding import beam

from .checking import Wrong
from .comparing import array, near, number, result_of, whole

# The writer of the first exercise: start, end, a, b, c.
CHANCES = np.array(
    [
        [0, 0, 0.4, 0.35, 0.25],
        [0, 1, 0, 0, 0],
        [0, 0.25, 0.25, 0.25, 0.25],
        [0, 0.4, 0.2, 0.2, 0.2],
        [0, 1, 0, 0, 0],
    ]
)


def attention_1(answer):
    """The smallest beam that finds the likeliest text."""
    with np.errstate(divide="ignore"):
        table = np.log(CHANCES)

    def step(ids, state):
        return table[ids], state

    found = [beam(step, (), width=w, start=0, end=1, limit=9)[0].log_p for w in range(1, 9)]
    needed = 1 + int(np.argmax(np.isclose(found, max(found))))
    mistakes = {
        1: "with one draft it is greedy: which text does it end with, and is another likelier?",
        **dict.fromkeys(range(needed + 1, 100), "so many find it, too, but fewer are enough."),
        2: "compare the first letters only, as the first cut does: which two of them survive?",
    }
    whole(answer, needed, what="the number of drafts", mistakes=mistakes)


def attention_2(answer):
    """The best of several finished texts when length is made up for as Wu et al. (2016) do it."""
    rng = np.random.default_rng(11)
    for k in (9, 5, 9, 9, 9, 9):
        lengths = rng.integers(1, 30, k)
        log_p = -rng.uniform(0.3, 0.6, k) * (lengths + 1)
        for alpha in (0.0, 0.65, 1.0):
            found = result_of(answer, log_p, lengths, alpha)
            score = log_p / ((5 + lengths) / 6) ** alpha
            mistakes = dict.fromkeys(range(-k, k), "another text has a higher score.") | {
                int((log_p / lengths**alpha).argmax()): "this divides by the length itself.",
                int(log_p.argmax()): "this is the likeliest text, as if alpha were 0.",
                int((log_p * ((5 + lengths) / 6) ** alpha).argmax()): "this multiplies: the long "
                "ones lose even more.",
                int(score.argmin()): "this is the text with the lowest score.",
            }
            what = f"the place of the best of {k} texts for alpha = {alpha:g}"
            whole(found, int(score.argmax()), what=what, mistakes=mistakes)


def attention_3(answer):
    """The gradients of a score with a matrix between its two sides."""
    rng = np.random.default_rng(3)
    N, U, T, H = 2, 3, 5, 4
    s, h, W = (rng.standard_normal(shape) for shape in ((N, U, H), (N, T, H), (H, H)))
    dscores = rng.standard_normal((N, U, T))
    found = result_of(answer, dscores, s, h, W)
    if not isinstance(found, tuple | list) or len(found) != 3:
        raise Wrong("expected three arrays as a tuple: ds, dh and dW.")
    dq, dh, _ = dot_attention.scores_backward(dscores, s @ W, h, {})
    dW = s.reshape(-1, H).T @ dq.reshape(-1, H)
    if near(found[0], dq):
        raise Wrong("ds stops too early: W lies between s and the dot product.")
    if near(found[1], dscores.transpose(0, 2, 1) @ s):
        raise Wrong("dh leaves out W, which stands between s and h.")
    _not_turned(found[0], dq @ W.T, dq @ W, "ds")
    _not_turned(found[1], dh, dscores.transpose(0, 2, 1) @ (s @ W.T), "dh")
    if np.shape(found[2]) == (N, H, H):
        raise Wrong("dW has a matrix for each sequence: all of them share one W.")
    if np.shape(found[2]) == (H, H) and np.allclose(found[2], dW.T):
        raise Wrong("dW is transposed: its first axis belongs to s, its second to h.")
    array(found[2], dW, what="dW")


def _not_turned(found, expected, turned, what):
    if np.shape(found) == turned.shape and np.allclose(found, turned):
        raise Wrong(f"{what} has W the wrong way round.")
    array(found, expected, what=what)


def attention_4(answer):
    """The standard deviation of a dot product of H independent pairs."""
    for H in (64, 10, 400):
        mistakes = {
            H: "this is the variance; the standard deviation is asked for.",
            1: "this is one product; a score is a sum of H of them.",
            1 / np.sqrt(H): "this is what one would multiply by, not how large the scores are.",
        }
        found = result_of(answer, H)
        number(found, np.sqrt(H), what=f"the standard deviation for H = {H}", mistakes=mistakes)
