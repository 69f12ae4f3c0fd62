"""Which answers hear of which inputs: through time, between examples, and out of the padding."""

import numpy as np

from .kept import keeps
from .report import Report, listed
from .scale import change, rounding, unit
from .touching import Asked, Touching, as_batch, fair

TRIES = 8  # touches of a step before it counts as deaf: a maximum over time hears only large ones


@keeps
def causality(model, x, *, per_step=None, tolerance=1e-5, seed=0):
    """Touch one step after the other: no earlier answer may move, and some later one must.

    A step is touched by putting another step of x in its place, in every sequence; zeros at the
    ends of a sequence are padding and stay.

    Parameters
    ----------
    model : function, PyTorch module or Keras model
        See `as_function`. It returns (N, T, K) or (N, T), an answer at every step, or (N, K): then
        only whether it hears every step can be tested.
    x : ndarray, shape (N, T, D), or (N, T) ids
        T >= 2, and several different steps; best with N other than T.
    per_step : bool, optional
        Whether the second axis of the answers is time. If not given, the model is asked about T - 1
        steps, and the answers counted.
    tolerance : float
        Largest change of an earlier answer, relative to the typical size of its column, that counts
        as none. In half precision it is a few roundings at least.

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
    x = as_batch(x)
    T = x.shape[1]
    if T < 2:
        raise ValueError(f"x must have at least two steps; got shape {x.shape}")
    touching, asked = Touching(x, seed), Asked(model, x, per_step=per_step)
    before, tolerance = asked.before, fair(asked.before, tolerance)
    moves = np.stack([change(before, asked(touching.other(np.s_[:, t]))) for t in range(T)])
    own = moves[range(T), :, range(T)].swapaxes(0, 1) if asked.per_step else moves.max(axis=0)
    measure = unit(before, tolerance, own)
    numbers = (moves / measure).max(axis=(1, 3))

    def again(t):
        return max(
            (change(before, asked(touching.other(np.s_[:, t]))) / measure).max()
            for _ in range(TRIES)
        )

    padded = np.flatnonzero(~touching.own.any(axis=0))
    deaf, faint = _deaf(numbers, padded, rounding(before), again)
    findings, unsure = [], []
    if len(deaf):
        said = f"no answer moves with step {listed(deaf)}"
        if np.issubdtype(before.dtype, np.floating):
            findings.append(f"{said}: it is not read")
        else:
            unsure.append(f"{said}, but whole numbers move only with much: look at the logits")
    if len(faint):
        unsure.append(
            f"no answer moves with step {listed(faint)}, but those beside it fade below the last "
            f"digit: too faint to see{' in float32' if rounding(before) > 1e-9 else ''}"
        )
    if len(padded):
        unsure.append(f"step {listed(padded)} holds only padding and was not touched")
    if asked.per_step:
        if asked.doubt and any(_leaks(numbers, tolerance)):
            raise ValueError(asked.doubt)
        findings = [*_leaks(numbers, tolerance), *findings, *_forgets(numbers)]
    heard = (
        "no earlier answer moves" if unsure else "no earlier answer moves, and every step is heard"
    )
    looked = f"{T} steps touched: {heard}"
    return Report("causality", tuple(findings), looked, numbers, tuple(unsure))


def _leaks(numbers, tolerance):
    early = np.argwhere(np.tril(numbers, -1) > tolerance)
    if len(early):
        t, s = early[0]
        yield f"step {t} moves the answer at step {s}, by {numbers[t, s]:.1g}: it reads the future"


def _deaf(numbers, padded, eps, again):
    """Steps that no answer moves with: those that are not read, and those that may be too faint.

    What steps move fades from one to the next. Where it fades to less than a rounding, on either
    side of a silent run of steps, silence says nothing.
    """
    heard = numbers.max(axis=1)
    silent = np.setdiff1d(np.flatnonzero(heard == 0), padded)
    deaf, faint = [], []
    for run in np.split(silent, np.flatnonzero(np.diff(silent) > 1) + 1):
        if not len(run):
            continue
        sides = heard[run[-1] + 1 :][:2], heard[: run[0]][::-1][:2]
        if any(_fades(side, eps) for side in sides):
            faint += run.tolist()
        else:
            deaf += [t for t in run.tolist() if again(t) == 0]
    return deaf, faint


def _fades(side, eps):
    if not len(side) or not side[0]:
        return False
    ratio = min(side[0] / side[1], 1) if len(side) > 1 and side[1] else 1
    return side[0] * ratio < 32 * eps


def _forgets(numbers):
    if not np.triu(numbers, 1).any():
        yield "no step moves a later answer: nothing is carried on, or time is not the second axis"


@keeps
def batch_independence(model, x, *, per_step=None, tolerance=1e-5, seed=0):
    """Touch one example after the other: no other answer may move.

    Shuffled examples must get the same answers in the new order, and each must get it alone.
    Parameters as in `causality`.

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
    x = as_batch(x)
    N = len(x)
    if N < 2:
        raise ValueError(f"x must have at least two examples; got shape {x.shape}")
    touching, asked = Touching(x, seed), Asked(model, x, per_step=per_step)
    before = asked.before
    strict, loose = (fair(before, tolerance, reshaped=reshaped) for reshaped in (False, True))
    moves = np.stack([change(before, asked(touching.other(n))) for n in range(N)])
    measure = unit(before, strict, moves[range(N), range(N)])
    numbers = (moves / measure).max(axis=(2, 3))
    others = numbers * (1 - np.eye(N)) > strict
    findings = []
    if others.any():
        n = int(others.any(axis=1).argmax())
        far = numbers[n][others[n]].max()
        findings.append(
            f"example {n} moves the answer to example {listed(np.flatnonzero(others[n]))}, "
            f"by up to {far:.1g}"
        )
    order = np.roll(np.arange(N), 1)
    if (change(before[order], asked(x[order])) / measure[order]).max() > loose:
        findings.append("examples in another order get other answers")
    findings += _alone(asked, x, measure, loose)
    looked = f"{N} examples touched, shuffled and asked alone: none heard of another"
    return Report("batch independence", tuple(findings), looked, numbers)


def _alone(asked, x, measure, tolerance):
    try:
        far = (change(asked.before[:1], asked(x[:1])) / measure[:1]).max()
    except Exception as error:  # whatever a library raises, the reader should see it here
        error = error.__cause__ or error
        words = str(error).strip().split("\n")[0][:80]
        return [f"a batch of one example is refused: {type(error).__name__}: {words}"]
    return [f"example 0 alone gets another answer, {far:.1g} off"] if far > tolerance else []


@keeps
def padding(model, x, lengths, *, side="post", tell=False, per_step=None, tolerance=1e-5):
    """Each padded sequence must get the answer that it gets alone, without padding.

    Parameters
    ----------
    model : function, PyTorch module or Keras model
        Must accept sequences of any length. It returns (N, K), or (N, T, K) or (N, T), of which the
        steps that are no padding are compared.
    x : ndarray, shape (N, T, D), or (N, T) ids
    lengths : ndarray of int, shape (N,)
        From 1 to T; at least one of them below T.
    side : "post" or "pre"
        Where the padding stands.
    tell : bool
        Call the model as model(x, lengths).
    per_step, tolerance
        As in `causality`.

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
    longest = lengths.max() if lengths.min() < lengths.max() else T  # as pad_packed_sequence cuts
    x, T = (x[:, :longest] if side == "post" else x[:, T - longest :]), int(longest)
    asked = Asked(model, x, *([lengths] if tell else []), per_step=per_step)
    tolerance = fair(asked.before, tolerance, reshaped=True)
    measure, off = unit(asked.before, tolerance), np.empty(N)
    for n, length in enumerate(lengths):
        own = np.s_[:length] if side == "post" else np.s_[T - length :]
        alone = asked(x[n : n + 1, own], *([lengths[n : n + 1]] if tell else []))
        at = own if asked.per_step else np.s_[:]
        off[n] = (change(asked.before[n : n + 1, at], alone) / measure[n : n + 1, at]).max()
    wrong = np.flatnonzero(off > tolerance)
    findings = ()
    if len(wrong):
        findings = (
            f"sequence {listed(wrong)} gets another answer with padding than alone, up to "
            f"{off.max():.1g} off",
        )
    looked = f"{N} sequences asked alone: padding changes no answer"
    return Report("padding", findings, looked, off)
