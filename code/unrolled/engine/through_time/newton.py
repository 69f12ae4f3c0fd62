"""The vanilla RNN, all steps at once: guess every state, correct all, repeat.

The states solve h_t = F(h_{t-1}, x_t) for all t. Newton's method makes the equations linear at a
guess; what it has to add then obeys a linear recurrence,

    shift_t = shift_{t-1} J_t + r_t,    r_t = F(h_{t-1}, x_t) - h_t,

which is a scan (Lim et al. 2024, who call it DEER). The diagonal of J_t alone makes the scan cheap
(Gonzalez et al. 2024); no Jacobian at all means to put every state through one step, again and
again. All three have the first k states right after k rounds, and none can have them wrong.
Built up in chapter 25.
"""

import numpy as np

from ..cells import rnn
from ..checks import check_inputs
from . import scan

JACOBIANS = ("full", "diagonal", "none")


def forward(x, params, state=None, *, jacobian="full", rounds=None, tol=1e-10, method="tree"):
    """What `rnn.forward` returns, without a loop over time.

    Parameters
    ----------
    x, params, state
        As in `rnn.forward`.
    jacobian : {"full", "diagonal", "none"}
        How much of the Jacobians a round uses.
    rounds : int, optional
        At most so many; T if not given, which are always enough up to rounding.
    tol : float
        Stop when no state is farther than this from one step after the state before it.
    method : {"tree", "loop"}
        How full Jacobians are combined: in levels, as machines with many arms would, or one step
        after the other, which takes less work. The sums are the same.

    Returns
    -------
    h : ndarray, shape (N, T, H)
    tape : rnn.Tape
        For `rnn.backward`.
    residuals : ndarray, shape (rounds + 1,)
        The largest |F(h_{t-1}, x_t) - h_t| of the first guess and after each round.

    Raises
    ------
    ValueError
        As `rnn.forward`, or if jacobian or method is none of those, or rounds is negative.
    """
    if rounds is not None and rounds < 0:
        raise ValueError(f"rounds must not be negative; got {rounds}")
    residuals = []
    for h, residual in guesses(x, params, state, jacobian=jacobian, method=method):
        residuals.append(residual)
        if residual <= tol or len(residuals) > (len(h) - 1 if rounds is None else rounds):
            break
    tape = rnn.Tape(x.transpose(1, 0, 2).copy(), h)
    return h[1:].transpose(1, 0, 2), tape, np.array(residuals)


def guesses(x, params, state=None, *, jacobian="full", method="tree"):
    """The guess before the first round and after each: pairs of h (T + 1, N, H) and its residual.

    It never ends. The first guess is zero. All guesses are kept within [-1, 1], where every state
    lies; where a linear recurrence overflows on its way, the step alone is taken.
    """
    check_inputs(x, params, weight="W_xh", state=state, recurrent="W_hh")
    if jacobian not in JACOBIANS or method not in ("tree", "loop"):
        raise ValueError(
            f"jacobian must be one of {', '.join(JACOBIANS)} and method tree or loop; "
            f"got {jacobian!r} and {method!r}"
        )
    W = params["W_hh"]
    N, T, _ = x.shape
    drive = x.transpose(1, 0, 2) @ params["W_xh"] + params["b_h"]
    h = np.zeros((T + 1, N, len(W)), W.dtype)
    if state is not None:
        h[0] = state[0]
    while True:
        after = np.tanh(h[:-1] @ W + drive)  # one step from every state at once
        yield h, float(np.abs(after - h[1:]).max())
        h = np.concatenate([h[:1], np.clip(after + _carried(h, after, W, jacobian, method), -1, 1)])


def _carried(h, after, W, jacobian, method):
    """What each step gets of the correction of the state before it, (T, N, H): shift_{t-1} J_t."""
    if jacobian == "none":
        return np.zeros_like(after)
    slopes = 1 - after**2
    residual = after - h[1:]
    with np.errstate(over="ignore", invalid="ignore"):
        if jacobian == "diagonal":
            diagonal = np.diag(W) * slopes
            carried = diagonal * scan.linear(diagonal, residual)[:-1]
        elif method == "loop":
            carried = _loop(W, slopes, residual)
        else:
            J = W * slopes[:, :, None, :]
            shift = tree(J, residual[:, :, None, :])
            carried = np.concatenate([np.zeros_like(shift[:1]), shift[:-1] @ J[1:]])[:, :, 0]
    return np.where(np.isfinite(carried), carried, 0)


def _loop(W, slopes, residual):
    """shift_{t-1} J_t, one step after the other."""
    carried, shift = np.empty_like(residual), np.zeros_like(residual[0])
    for t in range(len(residual)):
        np.multiply(shift @ W, slopes[t], out=carried[t])
        shift = carried[t] + residual[t]
    return carried


def tree(J, drive):
    """shift_t = shift_{t-1} J_t + drive_t for all t, in about 2 log2(T) levels of matrix products.

    Combine neighbors, solve for every second step, and fill in the others. J (T, ..., H, H) and
    drive (T, ..., 1, H) -> shift (T, ..., 1, H).
    """
    T = len(J)
    if T == 1:
        return drive.copy()
    left, right = slice(0, T - 1, 2), slice(1, T, 2)
    shift = np.empty_like(drive)
    shift[right] = tree(J[left] @ J[right], drive[left] @ J[right] + drive[right])
    shift[0] = drive[0]
    others = slice(2, T, 2)
    shift[others] = shift[1 : T - 1 : 2] @ J[others] + drive[others]
    return shift
