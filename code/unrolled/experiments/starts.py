"""Starting weights, drawn as Keras draws them, for any library. See chapter 15."""

import numpy as np

from unrolled.engine import gru, lstm
from unrolled.engine.stack import add_prefix

EMBEDDING = 0.05  # Keras draws an embedding uniformly from -0.05 to 0.05, PyTorch N(0, 1)


def embedding(V, D, *, rng):
    """W_e (V, D)."""
    return {"W_e": rng.uniform(-EMBEDDING, EMBEDDING, (V, D)).astype(np.float32)}


def layer(cell, D, H, *, rng):
    """The parameters of one cell as Keras starts a layer.

    Input weights are uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010), where
    the fan-out counts all gates; recurrent weights are rows of one orthogonal matrix (Saxe et al.
    2014); biases are zero, but 1 in the forget gate.
    """
    params = cell.init_params(D, H, rng=rng, dtype=np.float32)
    gates = [name[-1] for name in params if name.startswith("W_x")]
    limit = np.sqrt(6 / (D + len(gates) * H))
    Q, R = np.linalg.qr(rng.standard_normal((len(gates) * H, H)))
    recurrent = (Q * np.sign(np.diag(R))).T
    for k, gate in enumerate(gates):
        params[f"W_x{gate}"] = rng.uniform(-limit, limit, (D, H)).astype(np.float32)
        params[f"W_h{gate}"] = recurrent[:, k * H : (k + 1) * H].astype(np.float32)
    if cell is lstm:
        params["b_f"][:] = 1
    assert cell is not gru or not params["b_hn"].any()
    return params


def layers(cell, D, H, *, rng, count=2, bidirectional=False):
    """The parameters of a `Stack`, of `Bidirectional` cells if asked for."""
    params, width = {}, 2 if bidirectional else 1
    for i in range(count):
        inputs = width * H if i else D
        if bidirectional:
            for direction in ("forward", "backward"):
                own = layer(cell, inputs, H, rng=rng)
                params |= add_prefix(own, f"layer_{i}.{direction}")
        else:
            params |= add_prefix(layer(cell, inputs, H, rng=rng), f"layer_{i}")
    return params


def readout(H, *, rng):
    """W_hy (H, 1) and b_y (1,) of one logit."""
    limit = np.sqrt(6 / (H + 1))
    W_hy = rng.uniform(-limit, limit, (H, 1)).astype(np.float32)
    return {"W_hy": W_hy, "b_y": np.zeros(1, np.float32)}
