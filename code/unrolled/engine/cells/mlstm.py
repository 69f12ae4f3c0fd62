"""The matrix memory of the xLSTM, mLSTM (Beck et al. 2024), in three forms with one result.

    C_t = f_t C_{t-1} + i_t k_t^T v_t          the memory, a sum of outer products
    n_t = f_t n_{t-1} + i_t k_t                how much was written under which key
    h_t = q_t C_t / max(|q_t n_t|, 1)          what is read

Here i_t = exp(input gate) and f_t = sigmoid(forget gate). Gates and q, k, v are functions of the
inputs alone, so the memory need not be run step by step. Since exp overflows, all forms store C and
n divided by exp(m_t), where m_t is the largest exponent so far.

N sequences in a batch, T time steps, d numbers in a query, key or value. The paper divides keys by
sqrt(d), which is left to the caller. The gradient is that of the chunks, which keep the memory only
between chunks. See chapter 23.
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
    state, h = state or empty(len(q), q.shape[2], q.dtype), np.empty_like(v)
    for steps in _cut(q.shape[1], length):
        given = [part[:, steps] for part in (q, k, v, i, f)]
        seen = _weighed(*given[:2], *given[3:], state)
        h[:, steps] = _read(*given[:3:2], state, seen)[0]
        state = _written(*given[1:3], state, seen)
    return h, state


def chunks_backward(dh, q, k, v, i, f, state=None, *, length=64, dstate=None):
    """The gradient of `chunks`, which runs them once more for the memories between them.

    The exponents m count as constants: with another m, C and n are other numbers, what they stand
    for is the same.

    Parameters
    ----------
    dh : ndarray, shape (N, T, d)
    q, k, v, i, f, state, length
        As given to `chunks`.
    dstate : tuple of dC (N, d, d), dn (N, d), optional
        With respect to the final C and n at the final m.

    Returns
    -------
    dq, dk, dv : ndarray, shape (N, T, d)
    di, df : ndarray, shape (N, T)
    dstate : tuple of dC, dn
        With respect to the given C and n.
    """
    _check(q, k, v, i, f)
    _check(dh, k, v, i, f)
    parts = _cut(q.shape[1], length)
    states = [state or empty(len(q), q.shape[2], q.dtype)]
    for steps in parts:
        seen = _weighed(*(a[:, steps] for a in (q, k, i, f)), states[-1])
        states.append(_written(k[:, steps], v[:, steps], states[-1], seen))
    grads = [np.empty_like(a) for a in (q, k, v, i, f)]
    dC, dn = dstate or [np.zeros_like(part) for part in states[-1][:2]]
    for steps, before in zip(reversed(parts), reversed(states[:-1]), strict=True):
        given = [a[:, steps] for a in (q, k, v, i, f)]
        *found, dC, dn = _chunk_backward(dh[:, steps], *given, before, dC, dn)
        for whole, part in zip(grads, found, strict=True):
            whole[:, steps] = part
    return *grads, (dC, dn)


def _cut(T, length):
    return [slice(start, start + length) for start in range(0, T, length)]


def _weighed(q, k, i, f, state):
    """How a chunk's steps weigh what came before: scores (N, T, T), the share `kept` of the memory
    at each step (N, T), what of it is left at the end and how much is written (N, T), exponents."""
    since = np.cumsum(log_sigmoid(f), axis=1)
    before = since + state[2][:, None]  # the exponent of what the memory held
    exponent = since[:, :, None] - since[:, None, :] + i[:, None, :]
    exponent[:, ~np.tri(exponent.shape[1], dtype=bool)] = -np.inf
    largest = np.maximum(before, exponent.max(axis=2))
    decays = np.exp(exponent - largest[..., None])
    last = largest[:, -1:]
    keep, write = np.exp(before[:, -1:] - last), np.exp(exponent[:, -1] - last)
    return (q @ k.swapaxes(1, 2)) * decays, decays, np.exp(before - largest), keep, write, largest


def _read(q, v, state, seen):
    """h (N, T, d), what it is divided by (N, T), and the sum before its bound (N, T)."""
    scores, _, kept, _, _, largest = seen
    total = kept * (q @ state[1][..., None])[..., 0] + scores.sum(axis=2)
    scale = np.maximum(np.abs(total), np.exp(-largest))
    return (kept[..., None] * (q @ state[0]) + scores @ v) / scale[..., None], scale, total


def _written(k, v, state, seen):
    """The memory behind a chunk."""
    *_, keep, write, largest = seen
    keys = k * write[..., None]
    C = keep[..., None] * state[0] + keys.swapaxes(1, 2) @ v
    return C, keep * state[1] + keys.sum(axis=1), largest[:, -1]


def _chunk_backward(dh, q, k, v, i, f, state, dC, dn):
    """dq, dk, dv, di, df of one chunk, and dC, dn of the memory before it."""
    seen = scores, decays, kept, keep, write, _ = _weighed(q, k, i, f, state)
    h, scale, total = _read(q, v, state, seen)
    C, n, _ = state
    dfound = dh / scale[..., None]
    dtotal = np.where(np.abs(total) == scale, -(dfound * h).sum(axis=2) * np.sign(total), 0)
    dscores = np.tril(dfound @ v.swapaxes(1, 2) + dtotal[..., None])
    dpairs, dexponent = dscores * decays, dscores * scores
    dkeys = v @ dC.swapaxes(1, 2) + dn[:, None]
    dwrite = (dkeys * k).sum(axis=2) * write

    of_memory = dfound @ C.swapaxes(1, 2) + dtotal[..., None] * n[:, None]
    dq = dpairs @ k + kept[..., None] * of_memory
    dk = dpairs.swapaxes(1, 2) @ q + dkeys * write[..., None]
    dv = scores.swapaxes(1, 2) @ dfound + (k * write[..., None]) @ dC
    di = dexponent.sum(axis=1) + dwrite
    dsince = dexponent.sum(axis=2) - di + kept * (of_memory * q).sum(axis=2)
    at_end = keep[:, 0] * ((dC * C).sum(axis=(1, 2)) + (dn * n).sum(axis=1)) + dwrite.sum(axis=1)
    dsince[:, -1] += at_end
    df = np.cumsum(dsince[:, ::-1], axis=1)[:, ::-1] * np.exp(log_sigmoid(-f))
    kept_q = q * kept[..., None]
    dC_prev = keep[..., None] * dC + kept_q.swapaxes(1, 2) @ dfound
    dn_prev = keep * dn + (kept_q * dtotal[..., None]).sum(axis=1)
    return dq, dk, dv, di, df, dC_prev, dn_prev


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
