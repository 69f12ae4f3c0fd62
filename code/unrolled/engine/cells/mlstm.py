"""The matrix memory of the xLSTM, mLSTM (Beck et al. 2024), in three forms with one result.

    C_t = f_t C_{t-1} + i_t k_t^T v_t          the memory, a sum of outer products
    n_t = f_t n_{t-1} + i_t k_t                how much was written under which key
    h_t = q_t C_t / max(|q_t n_t|, 1)          what is read

Here i_t = exp(input gate) and f_t = sigmoid(forget gate). Gates and q, k, v are functions of the
inputs alone, so the memory need not be run step by step. Since exp overflows, all forms store C and
n divided by exp(m_t), where m_t is the largest exponent so far.

N sequences in a batch, T time steps, d numbers in a query, key or value. The paper divides keys by
sqrt(d), which is left to the caller. Forward only: nothing here is trained. See chapter 23.
"""

import numpy as np

STATE = ("C", "n", "m")  # the parts of a state: (N, d, d), (N, d), (N,)


def empty(N, d, dtype=np.float64):
    """The state before the first step."""
    return np.zeros((N, d, d), dtype), np.zeros((N, d), dtype), np.zeros(N, dtype)


def step(q_t, k_t, v_t, i_t, f_t, state):
    """Write one key and value, read one query.

    Parameters
    ----------
    q_t, k_t, v_t : ndarray, shape (N, d)
    i_t, f_t : ndarray, shape (N,)
        The gates before their exp and sigmoid.
    state : tuple of C (N, d, d), n (N, d), m (N,)

    Returns
    -------
    h_t : ndarray, shape (N, d)
    state : tuple
    """
    C, n, m_prev = state
    m = np.maximum(log_sigmoid(f_t) + m_prev, i_t)
    keep = np.exp(log_sigmoid(f_t) + m_prev - m)[:, None]
    write = np.exp(i_t - m)[:, None]
    n = keep * n + write * k_t
    C = keep[..., None] * C + (write * k_t)[:, :, None] * v_t[:, None, :]
    scale = np.maximum(np.abs((q_t * n).sum(axis=1)), np.exp(-m))
    return (q_t[:, None, :] @ C)[:, 0] / scale[:, None], (C, n, m)


def recurrent(q, k, v, i, f, state=None):
    """`step` over whole sequences: h (N, T, d) and the final state. Memory does not grow with T."""
    _check(q, k, v, i, f)
    state = state or empty(len(q), q.shape[2], q.dtype)
    h = np.empty_like(v)
    for t in range(q.shape[1]):
        h[:, t], state = step(q[:, t], k[:, t], v[:, t], i[:, t], f[:, t], state)
    return h, state


def parallel(q, k, v, i, f):
    """All steps at once from an empty memory, as attention with decays in its mask: h (N, T, d)."""
    _check(q, k, v, i, f)
    since = np.cumsum(log_sigmoid(f), axis=1)
    exponent = since[:, :, None] - since[:, None, :] + i[:, None, :]
    exponent[:, ~np.tri(q.shape[1], dtype=bool)] = -np.inf  # a step does not read later ones
    largest = exponent.max(axis=2, keepdims=True)
    scores = (q @ k.swapaxes(1, 2)) * np.exp(exponent - largest)
    scale = np.maximum(np.abs(scores.sum(axis=2, keepdims=True)), np.exp(-largest))
    return scores @ v / scale


def chunks(q, k, v, i, f, state=None, *, length=64):
    """Attention inside chunks of `length` steps, the memory between them: h and the final state."""
    _check(q, k, v, i, f)
    C, n, m = state or empty(len(q), q.shape[2], q.dtype)
    h = np.empty_like(v)
    for start in range(0, q.shape[1], length):
        steps = slice(start, start + length)
        q_c, k_c, v_c, i_c = q[:, steps], k[:, steps], v[:, steps], i[:, steps]
        since = np.cumsum(log_sigmoid(f[:, steps]), axis=1)
        before = since + m[:, None]  # the exponent of what the memory held
        exponent = since[:, :, None] - since[:, None, :] + i_c[:, None, :]
        exponent[:, ~np.tri(exponent.shape[1], dtype=bool)] = -np.inf
        largest = np.maximum(before, exponent.max(axis=2))
        kept = np.exp(before - largest)[..., None]
        scores = (q_c @ k_c.swapaxes(1, 2)) * np.exp(exponent - largest[..., None])
        found = kept * (q_c @ C) + scores @ v_c
        total = kept[..., 0] * (q_c @ n[..., None])[..., 0] + scores.sum(axis=2)
        h[:, steps] = found / np.maximum(np.abs(total), np.exp(-largest))[..., None]

        m_next = largest[:, -1]
        write = k_c * np.exp(exponent[:, -1] - m_next[:, None])[..., None]
        keep = np.exp(before[:, -1] - m_next)[:, None]
        C = keep[..., None] * C + write.swapaxes(1, 2) @ v_c
        n, m = keep * n + write.sum(axis=1), m_next
    return h, (C, n, m)


def log_sigmoid(a):
    """The logarithm of the sigmoid, without overflow."""
    return -np.logaddexp(0, -a).astype(a.dtype)


def _check(q, k, v, i, f):
    """Raise ValueError unless q, k and v are (N, T, d) and the gates (N, T)."""
    if q.ndim != 3 or not q.shape == k.shape == v.shape or not i.shape == f.shape == q.shape[:2]:
        raise ValueError(
            "q, k and v must have one shape (N, T, d), the gates i and f (N, T); "
            f"got {q.shape}, {k.shape}, {v.shape}, {i.shape}, {f.shape}"
        )
