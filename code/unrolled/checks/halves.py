"""Is a sequence that is cut in two, with the state handed on, the same sequence?"""

import numpy as np

from .adapter import as_tensor, library_of, mode, plain
from .answer import described, to_numpy
from .kept import keeps
from .report import Report, listed
from .scale import change, unit
from .touching import as_batch, fair


@keeps
def two_halves(model, x, *, tolerance=1e-5):
    """Cut x in two before every step, hand the state on: the answers must be those of the whole.

    The second half begins with one step and ends with one, so a model with one way for a single
    step and another for many is asked in both.

    Parameters
    ----------
    model : function or PyTorch module
        Called as model(x, state), with None for the state of a beginning; returns (answers, state),
        answers (N, T, ...). The state may be anything that it takes back; it is handed on as it is.
        A layer such as `torch.nn.LSTM(..., batch_first=True)` is called so. For a cell of the
        engine write a function that returns (h, tape.state) of cell.forward(x, params, state).
    x : ndarray, shape (N, T, D), or (N, T) ids
        T >= 2.
    tolerance : float
        Largest difference, relative to the typical size of a column, that counts as none.

    Returns
    -------
    Report
        `numbers` (T - 1,) holds how far the answers are off when the cut is before step 1, 2, ...;
        none if the whole sequence has an answer that is no number, or a half is refused.

    Raises
    ------
    ValueError
        If x has fewer than two steps, or the model does not return answers (N, T, ...) and a state.
    """
    x = as_batch(x)
    T = x.shape[1]
    if T < 2:
        raise ValueError(f"x must have at least two steps; got shape {x.shape}")
    ask = _asked(model)
    whole = ask(x, None)[0]
    lost = np.flatnonzero(~np.isfinite(whole).all(axis=(0, 2)))
    if len(lost):
        return Report(
            "two halves", (f"from step {lost[0]} on the answer is no finite number",), "", None
        )
    tolerance = fair(whole, tolerance, reshaped=True)
    measure = unit(whole, tolerance)
    off = np.empty(T - 1)
    for cut in range(1, T):
        try:
            first, state = ask(x[:, :cut], None)
            rest = ask(x[:, cut:], state)[0]
        except ValueError as error:
            found = f"cut before step {cut}, a half is refused: {error}"
            return Report("two halves", (found,), "", None)
        far = change(whole, np.concatenate([first, rest], axis=1)) / measure
        off[cut - 1] = np.nan_to_num(far, nan=np.inf).max()
    wrong = 1 + np.flatnonzero(off > tolerance)
    findings = ()
    if len(wrong):
        findings = (
            f"cut before step {listed(wrong)}, two halves are not the whole, by up to "
            f"{off.max():.1g}",
        )
    places = "1 place" if T == 2 else f"{T - 1} places"
    return Report("two halves", findings, f"cut at {places}: two halves are the whole", off)


def _asked(model):
    """The model as a function from x and a state to answers (N, T, K) of NumPy, and a state."""
    torch, inner = library_of(model) == "torch", plain(model)

    def ask(x, state):
        try:
            if torch:
                with mode(inner, training=False):
                    returned = inner(as_tensor(x, inner), state)
            else:
                returned = model(x.copy(), state)
        except Exception as error:
            words = f"{type(error).__name__}: {str(error).strip().split(chr(10))[0][:100]}"
            raise ValueError(f"model(x, state) fails on x of shape {x.shape}: {words}") from error
        if not isinstance(returned, tuple | list) or len(returned) != 2:
            raise ValueError(
                "the model must return two things, (answers, state), for model(x, state); got "
                f"{described(returned)}"
            )
        answers = to_numpy(returned[0])
        if answers.ndim < 2 or answers.shape[:2] != x.shape[:2]:
            raise ValueError(
                f"for x of shape {x.shape} the answers must have shape (N, T, ...) with N = "
                f"{x.shape[0]} and T = {x.shape[1]}; got {answers.shape}"
            )
        return answers.reshape(*x.shape[:2], -1), returned[1]

    return ask
