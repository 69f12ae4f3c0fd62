"""What a network keeps between two steps, and what it computes for the next one. Closing chapter.

Three networks with as many weights are counted: L layers of 12 d² each, as those of a Transformer
of width d with a network four times as wide have (4 d² for attention, 8 d² for the rest).
"""

from typing import NamedTuple

import numpy as np

DILATIONS = 10  # the steps between a convolution's two inputs are 1, 2, 4, ... 512, then 1 again
NAMES = ("recurrent", "convolution", "attention")


class Kept(NamedTuple):
    """Numbers kept for one sequence, and multiplications for its next step."""

    numbers: object
    products: object


def weights(d, layers):
    """The weights of each of the three networks."""
    return 12 * d**2 * layers


def after(n, d, layers):
    """What each network keeps after n steps: {name: Kept}.

    Parameters
    ----------
    n : int or ndarray
        Steps read so far.
    d, layers : int
        Width and layers of the Transformer that the others equal in weights.

    Notes
    -----
    A GRU of H units reading H inputs has 6 H² weights, so H = sqrt(2) d, and keeps H numbers a
    layer. A causal convolution of two inputs and C channels has 2 C² weights, so C = sqrt(6) d, and
    keeps its inputs of the last 1, 2, 4, ... steps. Attention keeps a key and a value of d numbers
    each for every step and layer (the cache), and multiplies the new query with every key, and
    every value with its weight: 2 n d products more.

    Raises
    ------
    ValueError
        If n is negative, or d or layers is less than 1.
    """
    if np.any(np.asarray(n) < 0) or d < 1 or layers < 1:
        raise ValueError(
            f"after needs n >= 0, d >= 1 and layers >= 1; got n={n}, d={d}, layers={layers}"
        )
    n, common = np.asarray(n, float), weights(d, layers)
    apart = 2.0 ** (np.arange(layers) % DILATIONS)
    buffered = np.minimum(n[..., None], apart).sum(axis=-1)
    cache = 2 * n * d * layers
    return {
        "recurrent": Kept(np.sqrt(2) * d * layers + 0 * n, common + 0 * n),
        "convolution": Kept(np.sqrt(6) * d * buffered, common + 0 * n),
        "attention": Kept(cache, common + cache),
    }
