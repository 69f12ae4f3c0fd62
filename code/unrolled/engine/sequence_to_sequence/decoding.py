"""How a decoder writes alone: letter by letter, the likeliest one, or several drafts at a time.

What was chosen is read at the next step; nobody corrects it. Built up in chapter 19 (`greedy`), 20
(`beam`) and 27 (`sample_mixture`, where a pen goes). `language_model.sample` draws letters.
"""

from typing import NamedTuple

import numpy as np

from ..checks import as_integer, check_rng
from ..contract import check_carrying
from ..learning.mixture import biased, mixture
from ..learning.training import predict


def log_softmax(logits):
    """log softmax(logits) over the last axis, without overflow."""
    below = logits - logits.max(axis=-1, keepdims=True)
    return below - np.log(np.exp(below).sum(axis=-1, keepdims=True))


def greedy(x, params, *, model, start, end, limit, mask=None):
    """Write an answer to each row of x (N, T), always the likeliest letter next.

    Parameters
    ----------
    x : ndarray of int, shape (N, T)
    params : dict
    model : Seq2Seq
    start, end : int
        The id that is read first, and the one after which a row is finished.
    limit : int
        Letters after which to stop, at least 1.
    mask : ndarray of bool, shape (N, T), optional

    Returns
    -------
    written : ndarray of int, shape (N, L)
        L <= limit letters; after the end of a row, `end` is repeated.
    weights : ndarray, shape (N, L, T), or None without attention
    """
    _check_limit(limit)
    h, _, tape = model.encode(x, params, mask)
    state, letter = tape.state, np.full(len(x), start)
    done, written, weights = np.zeros(len(x), bool), [], []
    while len(written) < limit and not done.all():
        logits, tape = model.decode(letter[:, None], state, h, params, mask)
        letter, state = np.where(done, end, logits[:, 0].argmax(axis=1)), tape.state
        done |= letter == end
        written.append(letter)
        weights.append(tape.weights)
    looked = None if weights[0] is None else np.concatenate(weights, axis=1)
    return np.stack(written, axis=1), looked


class Draft(NamedTuple):
    """A text so far and the log of its probability."""

    ids: tuple
    log_p: float

    def score(self, alpha):
        """log_p / length^alpha: 0 is the log of the probability, 1 its mean for a letter."""
        return self.log_p / len(self.ids) ** alpha


def beam(step, state, *, width, start, end, limit, alpha=0.0):
    """Keep the `width` likeliest drafts at every step, and return the finished ones, best first.

    A text loses probability with each letter, so that the likeliest text is often a short one.
    With `alpha` above 0 finished drafts are compared by log_p / length^alpha instead. Open drafts
    are of one length and need none.

    Parameters
    ----------
    step : function
        step(ids (k,), state) -> log probabilities (k, K) of the next letter, and the next state.
    state : tuple of ndarray, shape (1, ...)
        Before the first letter. Each array has one row per draft.
    width : int
        1 is greedy.
    start, end : int
    limit : int
        Letters after which to stop; drafts that have not ended then count as finished.
    alpha : float
        How much length is made up for, from 0 on; 1 compares the means of a letter.

    Returns
    -------
    list of Draft
        Without the start, with the end.
    """
    _check_limit(limit)
    if not alpha >= 0:
        raise ValueError(f"alpha must be at least 0; got {alpha}")
    if as_integer("width", width) < 1:
        raise ValueError(f"width must be at least 1; got {width}")
    drafts, finished = [Draft((), 0.0)], []
    last = np.array([start])
    for _ in range(limit):
        log_p, state = step(last, state)
        total = log_p + np.array([draft.log_p for draft in drafts])[:, None]
        best = np.argsort(-total, axis=None, kind="stable")[:width]
        rows, letters = np.unravel_index(best, total.shape)
        grown = [
            Draft((*drafts[row].ids, int(letter)), float(total[row, letter]))
            for row, letter in zip(rows, letters, strict=True)
        ]
        finished += [draft for draft in grown if draft.ids[-1] == end]
        drafts = [draft for draft in grown if draft.ids[-1] != end]
        # By growing a draft loses probability, and its length makes up for at most limit^alpha.
        # So none whose best possible score is behind can overtake one that has ended.
        best_ended = max((draft.score(alpha) for draft in finished), default=-np.inf)
        if not drafts or (finished and best_ended >= drafts[0].log_p / limit**alpha):
            drafts = []
            break
        on = letters != end
        last, state = letters[on], tuple(part[rows[on]] for part in state)
    return sorted(finished + drafts, key=lambda draft: -draft.score(alpha))


def beam_of(model, x, params, *, width, start, end, limit, alpha=0.0):
    """`beam` for a model and one row x (T,) without padding."""
    h, _, tape = model.encode(np.asarray(x)[None], params)

    def step(ids, state):
        memory = np.broadcast_to(h, (len(ids), *h.shape[1:]))
        logits, tape = model.decode(ids[:, None], state, memory, params)
        return log_softmax(logits[:, 0]), tape.state

    how = {"start": start, "end": end, "limit": limit}
    return beam(step, tape.state, width=width, alpha=alpha, **how)


def sample_mixture(outputs, *, components, rng, bias=0.0, floor=-6.0):
    """Draw an offset and the pen from each mixture of outputs (..., 6 K + 1): shape (..., 3).

    `components` and `floor` are those of `losses.mixture_density`; a `bias` above 0 draws closer to
    the middles of the likelier components (see `mixture.biased`).
    """
    check_rng(rng)
    mixed = mixture(outputs, components=components, floor=floor)
    weights, mean, deviation, correlation, pen = biased(mixed, bias)
    below = np.cumsum(weights, axis=-1)[..., :-1] < rng.random(pen.shape)[..., None]
    one = below.sum(axis=-1)[..., None]
    first, second = rng.standard_normal((2, *pen.shape))
    rho = np.take_along_axis(correlation, one, -1)[..., 0]
    apart = first, rho * first + np.sqrt(1 - rho**2) * second
    drawn = [
        np.take_along_axis(mean[i], one, -1)[..., 0]
        + np.take_along_axis(deviation[i], one, -1)[..., 0] * apart[i]
        for i in (0, 1)
    ]
    return np.stack([*drawn, rng.random(pen.shape) < pen], axis=-1)


def write(offsets, length, params, *, cell, components, rng, bias=0.0, floor=-6.0):
    """Go on in a hand: read offsets (N, T, 3), then draw one and read it, `length` times.

    Returns the offsets that were drawn, (N, length, 3); the other arguments are those of
    `sample_mixture`, and `cell` with `params` a network with 6 K + 1 outputs.
    """
    _check_limit(length)
    check_carrying(cell, "go on in a hand")
    how = {"components": components, "rng": rng, "bias": bias, "floor": floor}
    outputs, state = predict(offsets, params, cell=cell)
    drawn = []
    for _ in range(length):
        drawn.append(sample_mixture(outputs[:, -1], **how).astype(offsets.dtype))
        outputs, state = predict(drawn[-1][:, None], params, cell=cell, state=state)
    return np.stack(drawn, axis=1)


def _check_limit(limit):
    if as_integer("limit", limit) < 1:
        raise ValueError(f"limit must be at least 1; got {limit}")
