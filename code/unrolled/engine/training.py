"""Training a cell with a readout on a stream, in the three regimes that chapter 6 tells apart.

Full BPTT is one block as long as the stream; truncated BPTT carries the state's value from block to
block but not its gradient; independent windows start every block from zero.
"""

from . import dense
from .optimizers import clip_by_global_norm


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
    cell : module
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


def train_on_stream(
    x, targets, params, *, cell, loss, optimizer, k, epochs=1, carry=True, max_norm=None
):
    """Cut a stream into blocks of k steps and update the parameters, in place, after each block.

    Parameters
    ----------
    x : ndarray, shape (N, T, D)
        N streams side by side, in order.
    k : int
        Steps per block, 1 <= k <= T; k = T is full BPTT. The last block may be shorter.
    carry : bool
        Whether a block starts from the state in which the one before it ended. Each epoch starts
        from zero.
    max_norm : float, optional
        Clip the gradient to this global norm.

    Returns
    -------
    list of float
        The mean loss per step of each epoch, as seen during training.

    Raises
    ------
    ValueError
        If k does not fit the stream or targets are of another length.
    """
    T = x.shape[1]
    if not 1 <= k <= T:
        raise ValueError(f"k must lie in 1..T = 1..{T}; got {k}")
    if targets.shape[:2] != x.shape[:2]:
        raise ValueError(
            f"targets must have the (N, T) of x, {x.shape[:2]}; got {targets.shape[:2]}"
        )
    history = []
    for _ in range(epochs):
        state, total = None, 0.0
        for start in range(0, T, k):
            block = slice(start, min(start + k, T))
            value, grads, end = loss_and_gradients(
                x[:, block], targets[:, block], params, cell=cell, loss=loss, state=state
            )
            if max_norm is not None:
                grads, _ = clip_by_global_norm(grads, max_norm)
            optimizer.update(params, grads)
            state = end if carry else None
            total += value * (block.stop - block.start)
        history.append(total / T)
    return history
