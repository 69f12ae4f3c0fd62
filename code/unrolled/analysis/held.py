"""What the state of an encoder and of a decoder tells of each letter of a word. See chapter 19."""

import numpy as np

RIDGE = 1e-3


def readable(states, letters, tested):
    """The share of words of which a linear readout of the state names a letter.

    Parameters
    ----------
    states : ndarray, shape (N, H)
        One state for each word.
    letters : ndarray of int, shape (N, n)
        The letters of the words.
    tested : int
        The readout is fitted on all words but the last `tested`, and tried on these.

    Returns
    -------
    ndarray, shape (n,)
        For each place of the word. A network could tell more than a linear readout finds.
    """
    ones = np.concatenate([states, np.ones((len(states), 1), states.dtype)], axis=1)
    known = np.unique(letters)
    wanted = (letters[:, :, None] == known).astype(float).reshape(len(letters), -1)
    fit, new = ones[:-tested], ones[-tested:]
    weights = np.linalg.solve(fit.T @ fit + RIDGE * np.eye(fit.shape[1]), fit.T @ wanted[:-tested])
    scores = (new @ weights).reshape(tested, -1, len(known))
    return (known[scores.argmax(axis=2)] == letters[-tested:]).mean(axis=0)


def through(model, params, x, read):
    """The states while words of one length are read, and then while they are written.

    Parameters
    ----------
    model : Seq2Seq
        Without attention.
    params : dict
    x, read : ndarray of int, shapes (N, n) and (N, U)
        What the encoder and what the decoder read.

    Returns
    -------
    ndarray, shape (n + U, N, H)
        After t letters; with an encoder that reads both ways, when each half has read t of them,
        the one from the left and the other from the right.
    """
    h, _, tape = model.encode(x, params)
    if model.both_ways:
        half = h.shape[2] // 2
        h = np.concatenate([h[:, :, :half], h[:, ::-1, half:]], axis=2)
    _, decoder = model.decode(read, tape.state, h, params)
    return np.concatenate([h, decoder.joined], axis=1).swapaxes(0, 1)
