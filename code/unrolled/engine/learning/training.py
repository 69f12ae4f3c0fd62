"""Training a cell with a readout: on a stream, in the three regimes of chapter 6, or on batches.

Full BPTT is one block as long as the stream; truncated BPTT carries the state's value from block to
block but not its gradient; independent windows start every block from zero.
"""

import sys
from pathlib import Path

import numpy as np

from ..checks import as_integer, check_finite, check_rng
from ..contract import check_carrying
from ..through_time.bptt import blocks
from . import checkpoint as checkpoints
from . import dense
from .optimizers import clip_by_global_norm
from .progress import bar


def predict(x, params, *, cell, state=None):
    """Logits (N, T, K) of a cell with a readout, and the final state."""
    h, tape = cell.forward(x, params, state)
    return dense.forward(h, params), tape.state


def loss_and_gradients(x, targets, params, *, cell, loss, state=None):
    """One forward and one backward pass over a block.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
    targets : ndarray
        As `loss` takes them: (N, T) class indices, or (N, T, K) values.
    params : dict
        The cell's and the readout's parameters together.
    cell : module or object
        `unrolled.engine.rnn` or another cell.
    loss : function
        From `unrolled.engine.losses`.
    state : tuple, optional
        The state before the first step. No gradient goes back into it.

    Returns
    -------
    value : float
    grads : dict with the keys of params
    state : tuple
        The state after the last step.
    """
    h, tape = cell.forward(x, params, state)
    value, dlogits = loss(dense.forward(h, params), targets)
    dh, grads_readout = dense.backward(dlogits, h, params)
    _, _, grads_cell = cell.backward(dh, tape, params)
    return value, grads_cell | grads_readout, tape.state


def evaluate(x, targets, params, *, cell, loss, k=None):
    """Mean loss per step over a stream read in blocks of k steps (whole if not given), in order.

    The state is carried from block to block; nothing is learned. Raises ValueError if k does not
    fit the stream or targets are of another length.
    """
    x, targets, T, k = _stream(x, targets, len(x[0]) if k is None else k)
    state, total = None, 0.0
    if k < T:
        check_carrying(cell, "be evaluated in blocks")
    for start, stop in blocks(T, k):
        logits, state = predict(x[:, start:stop], params, cell=cell, state=state)
        total += loss(logits, targets[:, start:stop])[0] * (stop - start)
    return total / T


def train_on_stream(
    x,
    targets,
    params,
    *,
    cell,
    loss,
    optimizer,
    k,
    epochs=1,
    carry=True,
    max_norm=None,
    checkpoint=None,
    progress=False,
):
    """Cut a stream into blocks of k steps and update the parameters, in place, after each block.

    Ctrl-C ends the training early and keeps what was learned.

    Parameters
    ----------
    x : ndarray, shape (N, T, D), or (N, T) ids for an `Embedded` cell
        N streams side by side, in order.
    k : int
        Steps per block, 1 <= k <= T; k = T is full BPTT. The last block may be shorter.
    carry : bool
        Whether a block starts from the state in which the one before it ended. Each epoch starts
        from zero.
    max_norm : float, optional
        Clip the gradient to this global norm.
    checkpoint : str or Path, optional
        A file that is written after each epoch. If it exists, training goes on from there.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    list of float
        The mean loss per step of each epoch, as seen during training.

    Raises
    ------
    ValueError
        If k does not fit the stream, targets are of another length, or the checkpoint is of
        another network.
    """
    x, targets, T, k = _stream(x, targets, k)
    if carry and k < T:
        check_carrying(cell, "carry its state into a later block; use carry=False")

    def epoch(show):
        state, total = None, 0.0
        for start, stop in show(blocks(T, k)):
            now = slice(start, stop)
            value, grads, end = loss_and_gradients(
                x[:, now], targets[:, now], params, cell=cell, loss=loss, state=state
            )
            _update(params, grads, optimizer, max_norm)
            state = end if carry else None
            total += value * (stop - start)
        return total / T

    return _run(epoch, epochs, params, optimizer, checkpoint, progress)


def train_on_batches(
    x,
    targets,
    params,
    *,
    cell,
    loss,
    optimizer,
    batch,
    rng,
    epochs=1,
    mask=None,
    max_norm=None,
    progress=False,
):
    """Draw sequences in a new order each epoch and update the parameters, in place, per batch.

    Ctrl-C ends the training early and keeps what was learned.

    Parameters
    ----------
    x : ndarray, shape (N, T, D), or (N, T) ids for an `Embedded` cell
    targets : ndarray
        As `loss` takes them, with N in front; (N, 1) classes for a `Final` cell.
    batch : int
        Sequences per update, 1 <= batch <= N. The last batch may be smaller.
    rng : numpy.random.Generator
    mask : ndarray of bool, shape (N, T), optional
        False where a sequence is padded. `cell` is then a function from the mask of a batch to a
        cell, for example ``lambda mask: Final(Masked(lstm, mask))``.

    Returns
    -------
    list of float
        The mean loss per sequence of each epoch, as seen during training.
    """
    x, targets, N, batch = np.asarray(x), np.asarray(targets), len(x), as_integer("batch", batch)
    check_rng(rng)
    if not 1 <= batch <= N:
        raise ValueError(f"batch must lie in 1..N = 1..{N}; got {batch}")
    if len(targets) != N:
        raise ValueError(f"targets must have the N of x, {N}; got {len(targets)}")
    check_finite(x=x, targets=targets)
    mask = None if mask is None else np.asarray(mask)
    if mask is not None and mask.shape != x.shape[:2]:
        raise ValueError(f"a mask has the (N, T) of x, {x.shape[:2]}, but got shape {mask.shape}")
    if hasattr(cell, "forward") != (mask is None):
        raise ValueError(
            "without a mask, cell is a cell; with one, a function from the mask of a batch to a "
            f"cell; got {cell} {'without' if mask is None else 'with'} a mask"
        )

    def epoch(show):
        order, total = rng.permutation(N), 0.0
        for start in show(range(0, N, batch)):
            rows = order[start : start + batch]
            own = cell if mask is None else cell(mask[rows])
            value, grads, _ = loss_and_gradients(
                x[rows], targets[rows], params, cell=own, loss=loss
            )
            _update(params, grads, optimizer, max_norm)
            total += value * len(rows)
        return total / N

    return _run(epoch, epochs, params, optimizer, None, progress)


def _stream(x, targets, k):
    """x, targets, T and k, after checking that they fit."""
    x, targets = np.asarray(x), np.asarray(targets)
    if x.ndim < 2:
        raise ValueError(f"x must be (N, T, D), or (N, T) ids; got shape {x.shape}")
    T = x.shape[1]
    k = as_integer("k", k)
    if not 1 <= k <= T:
        raise ValueError(f"k must lie in 1..T = 1..{T}; got {k}")
    if targets.shape[:2] != x.shape[:2]:
        raise ValueError(
            f"targets must have the (N, T) of x, {x.shape[:2]}; got {targets.shape[:2]}"
        )
    check_finite(x=x, targets=targets)
    return x, targets, T, k


def _update(params, grads, optimizer, max_norm):
    if max_norm is not None:
        grads, _ = clip_by_global_norm(grads, max_norm)
    optimizer.update(params, grads)


def _run(epoch, epochs, params, optimizer, checkpoint, progress):
    """Run `epoch` until there are `epochs` values of the loss; stop early at Ctrl-C."""
    if isinstance(optimizer, type) or not hasattr(optimizer, "update"):
        raise ValueError(f"optimizer must be one that was made, as Adam(0.01); got {optimizer!r}")
    if as_integer("epochs", epochs) < 0:
        raise ValueError(f"epochs must not be negative; got {epochs}")
    history = []
    if checkpoint is not None and Path(checkpoint).exists():
        history = checkpoints.load(checkpoint, params, optimizer)
    try:
        while len(history) < epochs:
            history.append(epoch(bar(f"epoch {len(history) + 1} of {epochs}", history, progress)))
            if checkpoint is not None:
                checkpoints.save(checkpoint, params, optimizer, history)
    except KeyboardInterrupt:
        print(f"stopped by hand after {len(history)} whole epochs", file=sys.stderr)
    return history
