"""Where the hidden state goes: paths in the plane that holds most of them."""

import numpy as np


def principal_components(states, count=2):
    """The directions along which states vary most.

    Parameters
    ----------
    states : ndarray, shape (n, H)

    Returns
    -------
    mean : ndarray, shape (H,)
    components : ndarray, shape (H, count)
        Orthonormal columns, the largest variance first; the sign is such that the largest element
        of each is positive. `(states - mean) @ components` are the coordinates.

    Raises
    ------
    ValueError
        If there are fewer than `count` states or units.
    """
    if count > min(states.shape):
        raise ValueError(f"{count} components need as many states and units; got {states.shape}")
    mean = states.mean(axis=0)
    _, _, rows = np.linalg.svd(states - mean, full_matrices=False)
    components = rows[:count].T
    largest = np.abs(components).argmax(axis=0)
    return mean, components * np.sign(components[largest, np.arange(components.shape[1])])
