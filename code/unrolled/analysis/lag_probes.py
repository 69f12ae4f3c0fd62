"""Three questions to a network with an answer `lag` steps back. Built up in chapter 12.

`readable` asks the state, `share_from` the gradient, and `suspects` adds what other trainings of
the same network came to.
"""

import numpy as np

HALF, FAINT = 0.5, 0.1


def readable(states, wanted):
    """How much of what is wanted a linear readout finds in the states: 0 for guessing, 1 for all.

    The readout is fitted by least squares on the first half of the sequences, and judged on the
    second.

    Parameters
    ----------
    states : ndarray, shape (N, H)
    wanted : ndarray, shape (N,)
        Classes, if they are integers: the share that is named right, above chance. Else numbers:
        the share of their variance that is explained.
    """
    inputs, half = np.c_[states, np.ones(len(states))], len(states) // 2
    classes = wanted.dtype.kind == "i"
    outputs = np.eye(wanted.max() + 1)[wanted] if classes else wanted
    weights = np.linalg.lstsq(inputs[:half], outputs[:half])[0]
    read, asked = inputs[half:] @ weights, wanted[half:]
    if classes:
        chance = 1 / outputs.shape[1]
        found = (np.mean(read.argmax(axis=1) == asked) - chance) / (1 - chance)
    else:
        found = 1 - np.mean((read - asked) ** 2) / np.var(asked)
    return max(0.0, float(found))


def share_from(dx, t):
    """The share of the gradient's length, added up over all inputs, that arrives at input t.

    dx is (N, T, D), the gradient of each sequence; the lengths are averaged over sequences. None if
    no gradient is left in any of them.
    """
    lengths = np.linalg.norm(dx.astype(np.float64), axis=2).mean(axis=0)
    return float(lengths[t] / lengths.sum()) if lengths.sum() > 0 else None


def suspects(longer, curriculum, read, share, even):
    """What a failed network may lack, by elimination.

    Parameters
    ----------
    longer, curriculum : float
        The shares of starts that a longer run and a curriculum bring to the criterion.
    read : float
        How well the state can be read after training (`readable`).
    share, even : float
        The share of the gradient before training that comes from the lag (`share_from`), and what
        it would be if all steps had the same.

    Returns
    -------
    str
        "training" where a longer run does it. Else those of "memory", "gradient" and "task" that no
        probe clears, joined by "or", and "open" if they clear all three.
    """
    if longer >= HALF:
        return "training"
    found = ["memory"] if read < HALF and curriculum < HALF else []
    found += ["gradient"] if share < FAINT * even else []
    found += ["task"] if curriculum >= HALF else []
    return " or ".join(found) or "open"
