"""Dropout must be drawn anew in training, and nothing may be random in evaluation."""

import numpy as np

from .adapter import as_function, library_of
from .kept import keeps, kept
from .report import Report
from .scale import change

TRIES = 5  # calls in training: a small share of dropped units may be the same twice by chance


@keeps
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
    library = library_of(model)
    if library:
        train, test = (as_function(model, training=training) for training in (True, False))
    else:
        train, test = (
            as_function(lambda x, training=training: model(x, training=training))
            for training in (True, False)
        )
    x, findings = np.asarray(x), []
    start = test(x.copy()) if library else None
    with kept(model if library else None) as own:
        first = train(x.copy())
        same = all(np.array_equal(first, train(x.copy())) for _ in range(TRIES))
        lost = own.changed(buffers=False)
        own.restore(buffers=True)  # batch norm may count in training
        if library and not lost and _apart(start, test(x.copy())):
            again = test(x.copy()), test(x.copy())
            if not _apart(*again):
                findings.append("calls in training change the answer in evaluation, and for good")
    findings += [f"a forward pass in training changes {name}, and for good" for name in lost[:3]]
    if same:
        findings.append(
            "two calls in training give the same answer: there is no dropout, or its mask is kept"
        )
    far = _apart(test(x.copy()), test(x.copy()))
    if far:
        findings.append(f"two calls in evaluation give different answers, {far:.1g} apart")
    looked = "random in training, and the same twice in evaluation"
    return Report("fresh randomness", tuple(findings), looked)


def _apart(first, again):
    return float(change(first, again).max(initial=0))
