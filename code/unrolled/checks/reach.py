"""Which answers hear of which inputs: through time, between examples, and out of the padding."""

import numpy as np

from .adapter import as_function
from .report import Report, listed
from .touching import answers, as_batch, moved, steady, touch


def causality(model, x, *, tolerance=1e-5, seed=0):
    """Touch one step after the other: no earlier answer may move, and some later one must.

    Parameters
    ----------
    model : function, PyTorch module or Keras model
        See `as_function`. It returns (N, T, K), or (N, K): then only whether it hears every step
        can be tested.
    x : ndarray, shape (N, T, D), or (N, T) ids
        T >= 2; best with N other than T.
    tolerance : float
        Largest change of an earlier answer, relative to the largest answer, that counts as none.

    Returns
    -------
    Report
        `numbers` (T, T) holds how far the answer at each step, in the columns, moves when a step,
        in the rows, is touched; (T, 1) for a model with one answer.

    Raises
    ------
    ValueError
        If x or the answers have another shape, or the model is not the same function twice.
    """
    x, rng = as_batch(x), np.random.default_rng(seed)
    T = x.shape[1]
    if T < 2:
        raise ValueError(f"x must have at least two steps; got shape {x.shape}")
    function, before = steady(model, x)
    rows = [moved(before, answers(function, touch(x, np.s_[:, t], rng)), (0, 2)) for t in range(T)]
    numbers = np.stack(rows)
    findings = [*_deaf(numbers)]
    if numbers.shape[1] > 1:
        findings = [*_leaks(numbers, tolerance), *findings, *_forgets(numbers)]
    looked = f"{T} steps touched: no earlier answer moves, and every step is heard"
    return Report("causality", tuple(findings), looked, numbers)


def _leaks(numbers, tolerance):
    early = np.argwhere(np.tril(numbers, -1) > tolerance)
    if len(early):
        t, s = early[0]
        yield f"step {t} moves the answer at step {s}, by {numbers[t, s]:.1g}: it reads the future"


def _deaf(numbers):
    deaf = np.flatnonzero(numbers.max(axis=1) == 0)
    if len(deaf):
        yield f"no answer moves with step {listed(deaf)}: it is not read"


def _forgets(numbers):
    if not np.triu(numbers, 1).any():
        yield "no step moves a later answer: nothing is carried on, or time is not the second axis"


def batch_independence(model, x, *, tolerance=1e-5, seed=0):
    """Touch one example after the other: no other answer may move.

    Shuffled examples must get the same answers in the new order, and each must get it alone.

    Returns
    -------
    Report
        `numbers` (N, N) holds how far the answer to each example, in the columns, moves when an
        example, in the rows, is touched.

    Raises
    ------
    ValueError
        As `causality`; and if there are fewer than two examples.
    """
    x, rng = as_batch(x), np.random.default_rng(seed)
    N = len(x)
    if N < 2:
        raise ValueError(f"x must have at least two examples; got shape {x.shape}")
    function, before = steady(model, x)
    numbers = np.stack(
        [moved(before, answers(function, touch(x, n, rng)), (1, 2)) for n in range(N)]
    )
    others = numbers * (1 - np.eye(N)) > tolerance
    findings = []
    if others.any():
        n = int(others.any(axis=1).argmax())
        far = numbers[n][others[n]].max()
        findings.append(
            f"example {n} moves the answer to example {listed(np.flatnonzero(others[n]))}, "
            f"by up to {far:.1g}"
        )
    order = np.roll(np.arange(N), 1)
    if moved(before[order], answers(function, x[order]), None) > tolerance:
        findings.append("examples in another order get other answers")
    findings += _alone(function, x, before, tolerance)
    looked = f"{N} examples touched, shuffled and asked alone: none heard of another"
    return Report("batch independence", tuple(findings), looked, numbers)


def _alone(function, x, before, tolerance):
    try:
        alone = answers(function, x[:1])
    except Exception as error:  # whatever a library raises, the reader should see it here
        words = str(error).strip().split("\n")[0][:80]
        return [f"a batch of one example is refused: {type(error).__name__}: {words}"]
    far = moved(before[:1], alone, None)
    return [f"example 0 alone gets another answer, {far:.1g} off"] if far > tolerance else []


def padding(model, x, lengths, *, side="post", tell=False, tolerance=1e-5):
    """Each padded sequence must get the answer that it gets alone, without padding.

    Parameters
    ----------
    model : function, PyTorch module or Keras model
        Must accept sequences of any length. It returns (N, K), or (N, T, K), of which the steps
        that are no padding are compared.
    x : ndarray, shape (N, T, D), or (N, T) ids
    lengths : ndarray of int, shape (N,)
        From 1 to T; at least one of them below T.
    side : "post" or "pre"
        Where the padding stands.
    tell : bool
        Call the model as model(x, lengths).

    Returns
    -------
    Report
        `numbers` (N,) holds how far off each answer is.
    """
    x, lengths = as_batch(x), np.asarray(lengths)
    N, T = x.shape[:2]
    if side not in ("post", "pre"):
        raise ValueError(f"side must be 'post' or 'pre'; got {side!r}")
    if lengths.shape != (N,) or not np.issubdtype(lengths.dtype, np.integer):
        raise ValueError(
            f"lengths must be {N} integers; got {lengths.dtype}, shape {lengths.shape}"
        )
    if lengths.min() < 1 or lengths.max() > T or lengths.min() == T:
        raise ValueError(f"lengths must lie in 1..{T}, one of them below {T}; got {lengths}")
    function = as_function(model)
    together = answers(function, x, *([lengths] if tell else []))
    off = np.empty(N)
    for n, length in enumerate(lengths):
        own = np.s_[:length] if side == "post" else np.s_[T - length :]
        alone = answers(function, x[n : n + 1, own], *([lengths[n : n + 1]] if tell else []))
        there = together[n : n + 1] if together.shape[1] == 1 else together[n : n + 1, own]
        off[n] = moved(alone, there, None)
    wrong = np.flatnonzero(off > tolerance)
    findings = ()
    if len(wrong):
        findings = (
            f"sequence {listed(wrong)} gets another answer with padding than alone, up to "
            f"{off.max():.1g} off",
        )
    looked = f"{N} sequences asked alone: padding changes no answer"
    return Report("padding", findings, looked, off)
