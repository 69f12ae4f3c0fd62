"""Dropout must be drawn anew in training, and nothing may be random in evaluation."""

import numpy as np

from .adapter import as_function, library_of
from .report import Report


def fresh_randomness(model, x):
    """Call a model twice as in training and twice as in evaluation.

    The two answers of training must differ: a mask that is drawn once and kept always drops the
    same units. The two of evaluation must be the same: no dropout, no random initial state.

    Parameters
    ----------
    model : function, PyTorch module or Keras model
        A function is called as model(x, training=True) and model(x, training=False).
    x : ndarray
        As the model takes it.
    """
    if library_of(model):
        train, test = (as_function(model, training=training) for training in (True, False))
    else:
        train, test = (
            as_function(lambda x, training=training: model(x, training=training))
            for training in (True, False)
        )
    x = np.asarray(x)
    pairs = [(run(x.copy()), run(x.copy())) for run in (train, test)]
    same = [np.array_equal(first, again) for first, again in pairs]
    findings = []
    if same[0]:
        findings.append(
            "two calls in training give the same answer: there is no dropout, or its mask is kept"
        )
    if not same[1]:
        far = np.abs(pairs[1][0] - pairs[1][1]).max()
        findings.append(f"two calls in evaluation give different answers, {far:.1g} apart")
    looked = "random in training, and the same twice in evaluation"
    return Report("fresh randomness", tuple(findings), looked)
